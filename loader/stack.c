/* SPDX-License-Identifier: MIT */
/*
 * The first stack of a guest program, as arm64 Linux lays it out (fs/binfmt_elf.c, create_elf_tables): from
 * the top down eight zero bytes, the file's name, the environment, the arguments, the platform, 16 random
 * bytes; then the auxiliary vector, envp, argv and argc, with sp at argc, 16-aligned.
 *
 * It is a plain mapping of RLIMIT_STACK's size: a mapping that grows would need the host's guard gap rules explained to
 * the guest's list of mappings.  Limits on memory count a stack as it grows; the host counts all of it from the start, so it
 * may take only a part of them.  Below it nothing is mapped, as far as the guest can see, and nothing is put there
 * without its asking (space_set_gap): handlers of stack overflow tell one by that, and compilers raise the limit while they
 * run and count on room for what they then use (stack_limit); the kernel leaves 128 MiB.
 * AT_RSEQ_* are left out, because rseq is refused; AT_HWCAP names what the translator implements.
 */
#include "loader/stack.h"

#include "abi/a64/frame.h"
#include "dbt/a64/feature.h"
#include "loader/space.h"
#include "loader/space_lock.h"
#include "syscall/host.h"
#include "syscall/user.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#define STACK_MIN   (1ull << 20)
#define STACK_MAX   (1ull << 30)
#define STACK_USUAL (8ull << 20)
#define ROOM        (128ull << 20)
#define GUARD       (1ull << 20)
#define AS_SMALL    (16ull << 30)
#define ARGS_MAX    (6ull << 20) /* as the kernel: three quarters of the default stack */

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

/* A quarter of what the host lets this process have: the rest is for the program and for xrun. */
static uint64_t stack_bearable(void)
{
    static const int resource[] = {RLIMIT_AS, RLIMIT_DATA};
    uint64_t size = STACK_MAX;
    for (size_t i = 0; i < sizeof resource / sizeof *resource; i++) {
        struct rlimit r;
        if (getrlimit(resource[i], &r) == 0 && r.rlim_cur / 4 < size)
            size = r.rlim_cur / 4;
    }
    return size < STACK_USUAL ? STACK_USUAL : size;
}

static uint64_t stack_size(void)
{
    struct rlimit r;
    uint64_t size = STACK_USUAL, bearable = stack_bearable();
    if (getrlimit(RLIMIT_STACK, &r) == 0)
        size = r.rlim_cur;
    size = size < STACK_MIN ? STACK_MIN : size > bearable ? bearable : size;
    return page_up(size);
}

/* How far down the stack may ever reach: the host counts the gap, so there is only a guard where it counts closely. */
static uint64_t room_size(uint64_t stack)
{
    struct rlimit r;
    bool small = getrlimit(RLIMIT_AS, &r) == 0 && r.rlim_max < AS_SMALL;
    return (stack < ROOM && !small ? ROOM : stack) + GUARD;
}

/* Makes a part of the room the stack's.  It is no new mapping, so MCL_FUTURE and limits on memory say nothing of it. */
static bool take_room(gaddr start, gaddr end, int prot)
{
    if (host_raw(SYS_mprotect, start, end - start, space_host_prot(prot), 0, 0, 0) != 0)
        return false;
    space_note(start, end - start, prot, 0);
    /* A huge page for the few pages that most programs use would count as memory of theirs. */
    madvise((void *)start, end - start, MADV_NOHUGEPAGE);
    return true;
}

static bool stack_map(bool exec)
{
    const struct space_limits limits = space_limits;
    uint64_t size = stack_size(), room = room_size(size);
    space_limits = (struct space_limits){~0ull, ~0ull};
    int64_t r = space_mmap(0, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    space_limits = limits;
    if (HOST_ERROR(r))
        return false;
    gaddr end = (gaddr)r + room;
    space_set_gap((gaddr)r, end);
    space_layout.stack_start = end - size;
    space_layout.stack_end = end;
    return take_room(end - size, end, PROT_READ | PROT_WRITE | (exec ? PROT_EXEC : 0));
}

void stack_limit(void)
{
    gaddr start = space_layout.stack_start, end = space_layout.stack_end,
          least = space_gap_start(start) + GUARD;
    uint64_t size = stack_size();
    int prot = space_prot(start);
    if (prot < 0 || least >= start || size <= end - start)
        return;
    gaddr lower = size < end - least ? end - size : least;
    /* Of two threads that come here at once, one maps. */
    if (!atomic_compare_exchange_strong(&space_layout.stack_start, &start, lower))
        return;
    if (take_room(lower, start, prot))
        space_lock_stack(lower, start);
    else
        space_layout.stack_start = start;
}

static gaddr push(gaddr sp, const void *bytes, size_t n)
{
    sp -= n;
    memcpy((void *)sp, bytes, n);
    return sp;
}

static size_t count(char **list)
{
    size_t n = 0;
    while (list[n])
        n++;
    return n;
}

/* Bytes that the strings and the two vectors take. */
static uint64_t list_bytes(char **list)
{
    uint64_t n = 8;
    for (; *list; list++)
        n += strlen(*list) + 1 + 8;
    return n;
}

/* Pushes the strings so that the first ends up lowest. */
static gaddr push_strings(gaddr sp, char **list)
{
    for (size_t i = count(list); i-- > 0;)
        sp = push(sp, list[i], strlen(list[i]) + 1);
    return sp;
}

/* Writes the addresses of n strings that stand one behind the other, and a NULL. */
static uint64_t *put_pointers(uint64_t *to, gaddr string, size_t n)
{
    while (n--) {
        *to++ = string;
        string += strlen((const char *)string) + 1;
    }
    *to++ = 0;
    return to;
}

struct strings {
    gaddr execfn, platform, random;
};

static void put_auxv(uint64_t *to, const struct elf_program *p, const struct strings *s)
{
    const uint64_t v[][2] = {
        {AT_SYSINFO_EHDR, space_layout.vdso},
        {AT_MINSIGSTKSZ, A64_MINSIGSTKSZ},
        {AT_HWCAP, a64_hwcap(1)},
        {AT_PAGESZ, PAGE},
        {AT_CLKTCK, (uint64_t)sysconf(_SC_CLK_TCK)},
        {AT_PHDR, p->phdr},
        {AT_PHENT, sizeof(Elf64_Phdr)},
        {AT_PHNUM, p->phnum},
        {AT_BASE, p->interp_base},
        {AT_FLAGS, 0},
        {AT_ENTRY, p->own_entry},
        {AT_UID, getuid()},
        {AT_EUID, geteuid()},
        {AT_GID, getgid()},
        {AT_EGID, getegid()},
        {AT_SECURE, getauxval(AT_SECURE)},
        {AT_RANDOM, s->random},
        {AT_HWCAP2, a64_hwcap(2)},
        {AT_EXECFN, s->execfn},
        {AT_PLATFORM, s->platform},
        {AT_NULL, 0},
    };
    static_assert(sizeof v == sizeof space_layout.auxv, "as many as there are");
    memcpy(space_layout.auxv, v, sizeof v);
    memcpy(to, v, sizeof v);
}

int64_t stack_build(const struct stack_args *a)
{
    struct space_layout *l = &space_layout;
    struct strings s;
    uint8_t random[16] = {0};
    size_t argc = count(a->argv), envc = count(a->envp);
    if (!stack_map(a->program->exec_stack))
        return -ENOMEM;
    uint64_t limit = (l->stack_end - l->stack_start) / 4 * 3;
    if (list_bytes(a->argv) + list_bytes(a->envp) > (limit < ARGS_MAX ? limit : ARGS_MAX))
        return -E2BIG;
    gaddr sp = l->stack_end - 8;
    s.execfn = sp = push(sp, a->execfn, strlen(a->execfn) + 1);
    l->env_end = sp;
    l->env_start = l->arg_end = sp = push_strings(sp, a->envp);
    l->arg_start = sp = push_strings(sp, a->argv);
    s.platform = sp = push(sp, "aarch64", 8);
    if (getrandom(random, sizeof random, GRND_NONBLOCK) < 0)
        memcpy(random, (const void *)getauxval(AT_RANDOM), sizeof random);
    s.random = sp = push(sp & ~15ull, random, sizeof random);
    sp = (sp - 8 * (1 + argc + 1 + envc + 1) - sizeof l->auxv) & ~15ull;
    uint64_t *to = (uint64_t *)sp;
    *to++ = argc;
    to = put_pointers(to, l->arg_start, argc);
    to = put_pointers(to, l->env_start, envc);
    put_auxv(to, a->program, &s);
    l->stack_top = sp;
    return (int64_t)sp;
}
