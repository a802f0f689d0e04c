/* SPDX-License-Identifier: MIT */
/*
 * elf_load with 20,000 damaged programs, under the address and undefined-behaviour sanitizers.
 *
 * The address space is a model: it checks what it is asked for (aligned, inside the span that was reserved)
 * and maps nothing. So every mapping that a damaged header could cause is seen, and none happens.  A mutation
 * changes some bytes or whole fields of the headers to values that are known to hurt, or cuts the file off.
 */
#include "loader/elf.h"
#include "loader/space.h"
#include "syscall/sysroot.h"
#include "syscall/task.h"
#include "syscall/user.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RUNS      20000
#define FILE_SIZE 12288
#define PLACE     0x7f0000000000ull

struct options options;
struct space_layout space_layout;
gaddr space_end = SPACE_TOP;
int space_guard_prot = 0x10;
static struct {
    gaddr start, end;
} reserved[2];
static unsigned reserved_count;
static unsigned loaded;

static void broken(const char *what)
{
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

static bool inside(gaddr start, uint64_t len)
{
    for (unsigned i = 0; i < reserved_count; i++)
        if (start >= reserved[i].start && start < reserved[i].end && len <= reserved[i].end - start)
            return true;
    return false;
}

int64_t space_mmap(gaddr addr, uint64_t len, int prot, int flags, int fd, off_t off)
{
    (void)prot;
    if (len == 0 || len % 4096 || addr % 4096 || off % 4096 || off < 0)
        broken("a mapping that is empty or not aligned");
    if (fd >= 0 && off + (off_t)len > ((off_t)FILE_SIZE + 4095))
        broken("a mapping beyond the end of the file");
    if ((flags & MAP_FIXED) && !(flags & MAP_FIXED_NOREPLACE)) {
        if (!inside(addr, len))
            broken("a segment outside the span");
        return (int64_t)addr;
    }
    if (!(flags & MAP_FIXED_NOREPLACE))
        addr = PLACE;
    if (addr >= SPACE_TOP || len > SPACE_TOP - addr)
        return -ENOMEM;
    if (addr < 65536)
        return -EPERM;
    reserved[reserved_count].start = addr;
    reserved[reserved_count++].end = addr + len;
    return (int64_t)addr;
}

int64_t space_munmap(gaddr addr, uint64_t len)
{
    if (!len || !inside(addr, len))
        broken("unmaps what is not its own");
    return 0;
}

int user_write(gaddr dst, const void *src, size_t n)
{
    (void)src;
    if (!inside(dst, n))
        broken("writes outside the span");
    return 0;
}

int sysroot_path(const char *path, char out[PATH_MAX])
{
    (void)path;
    strcpy(out, "/proc/self/fd/9"); /* the undamaged file */
    return 0;
}

/* A program with two segments, an interpreter, and the usual notes. */
static void make_program(uint8_t *file)
{
    Elf64_Ehdr *h = (Elf64_Ehdr *)file;
    Elf64_Phdr *p = (Elf64_Phdr *)(file + sizeof *h);
    memset(file, 0, FILE_SIZE);
    memcpy(h->e_ident, ELFMAG, SELFMAG);
    h->e_ident[EI_CLASS] = ELFCLASS64;
    h->e_ident[EI_DATA] = ELFDATA2LSB;
    h->e_ident[EI_VERSION] = EV_CURRENT;
    h->e_type = ET_DYN;
    h->e_machine = EM_AARCH64;
    h->e_version = EV_CURRENT;
    h->e_entry = 0x1000;
    h->e_phoff = sizeof *h;
    h->e_ehsize = sizeof *h;
    h->e_phentsize = sizeof *p;
    h->e_phnum = 5;
    p[0] = (Elf64_Phdr){PT_INTERP, PF_R, 0x800, 0x800, 0x800, 8, 8, 1};
    p[1] = (Elf64_Phdr){PT_LOAD, PF_R | PF_X, 0, 0, 0, 0x2000, 0x2000, 0x10000};
    p[2] = (Elf64_Phdr){PT_LOAD, PF_R | PF_W, 0x2000, 0x12000, 0x12000, 0x800, 0x5000, 0x10000};
    p[3] = (Elf64_Phdr){PT_TLS, PF_R, 0x2000, 0x12000, 0x12000, 0x10, 0x20, 8};
    p[4] = (Elf64_Phdr){PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16};
    memcpy(file + 0x800, "/lib/ld", 8);
}

static uint64_t random_state = 88172645463325252ull;
static uint64_t rnd(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % n;
}

static uint64_t nasty(void)
{
    static const uint64_t v[] = {0,
                                 1,
                                 0xfff,
                                 0x1000,
                                 0x10000,
                                 0x7ffffffff000,
                                 0x800000000000,
                                 0x7fffffff,
                                 0xffffffff,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 0xffffffffffffffff,
                                 0xfffffffffffff000,
                                 FILE_SIZE,
                                 FILE_SIZE - 1,
                                 FILE_SIZE + 1};
    uint64_t x = v[rnd(sizeof v / sizeof *v)];
    return rnd(3) ? x : x + rnd(0x2000) - 0x1000;
}

static size_t mutate(uint8_t *file)
{
    const size_t heads = sizeof(Elf64_Ehdr) + 5 * sizeof(Elf64_Phdr);
    for (uint64_t n = 1 + rnd(4); n--;) {
        uint64_t v = nasty();
        switch (rnd(4)) {
        case 0: file[rnd(heads)] = (uint8_t)rnd(256); break;
        case 1: memcpy(file + 48 + 2 * rnd(8), &v, 2); break;
        case 2: memcpy(file + 24 + 8 * rnd(3), &v, 8); break;
        default: {
            uint8_t *p = file + sizeof(Elf64_Ehdr) + rnd(5) * sizeof(Elf64_Phdr);
            size_t field = rnd(8);
            memcpy(p + (field < 2 ? 4 * field : 8 * (field - 1)), &v, field < 2 ? 4 : 8);
        }
        }
    }
    return rnd(8) ? FILE_SIZE : rnd(FILE_SIZE);
}

static void load(const uint8_t *file, size_t size, int run)
{
    struct elf_program program;
    static struct load_error error;
    int fd = memfd_create("program", MFD_CLOEXEC);
    if (fd < 0 || write(fd, file, size) != (ssize_t)size)
        broken("no memfd");
    reserved_count = 0;
    error.status = 0;
    error.text[0] = 0;
    if (elf_load(fd, "program", &program, &error))
        loaded++;
    else if ((error.status != 126 && error.status != 127) || !error.text[0])
        broken("an error without a message");
    if (run < 0 && error.status)
        broken(error.text);
    close(fd);
}

int main(void)
{
    static uint8_t file[FILE_SIZE];
    int good = memfd_create("good", 0);
    make_program(file);
    ((Elf64_Phdr *)(file + sizeof(Elf64_Ehdr)))[0].p_type = PT_NULL;
    if (good < 0 || write(good, file, FILE_SIZE) != FILE_SIZE || dup2(good, 9) != 9)
        broken("no memfd");
    make_program(file);
    load(file, FILE_SIZE, -1);
    for (int run = 0; run < RUNS; run++) {
        make_program(file);
        size_t size = mutate(file);
        load(file, size, run);
    }
    printf("%d damaged programs, %u of them loadable\n", RUNS, loaded - 1);
    return 0;
}
