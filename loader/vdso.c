/* SPDX-License-Identifier: MIT */
/*
 * The guest's vDSO (vdso(7), AArch64): an ELF shared object with the version LINUX_2.6.39, made at start.
 *
 * Its time functions consist of SVC and RET.  Who serves system calls sees that pc lies behind one of these and does the
 * function through the host's own vDSO, so that no kernel is entered; what x8 holds does not matter, and it is no system
 * call to seccomp and strace.  So they take the way of system calls, which is the shortest out of translated code and back
 * (UDF instead of SVC, served by the run loop as undefined instructions are, took twice as long), and the translator knows
 * nothing of it.
 *
 * __kernel_rt_sigreturn is real code: unwinders and gdb recognise a signal frame by these two instructions,
 * and glibc's signal trampoline is this one.  There are no section headers; loaders need the dynamic section
 * only.
 */
#include "loader/vdso.h"

#include "loader/space.h"
#include "syscall/host.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <assert.h>
#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

#define SYMBOLS        5 /* with the empty one */
#define A64_RET        0xd65f03c0u
#define A64_NOP        0xd503201fu
#define A64_SVC_0      0xd4000001u
#define A64_MOV_X8_139 0xd2801168u

struct hash {
    uint32_t buckets, chains, bucket[1], chain[SYMBOLS];
};
struct versions {
    Elf64_Verdef base;
    Elf64_Verdaux base_aux;
    Elf64_Verdef linux_def;
    Elf64_Verdaux linux_aux;
};
struct image {
    Elf64_Ehdr ehdr;
    Elf64_Phdr phdr[2];
    Elf64_Dyn dynamic[10];
    Elf64_Sym sym[SYMBOLS];
    struct hash hash;
    uint16_t versym[SYMBOLS + 3];
    struct versions versions;
    char strings[256];
};
static_assert(sizeof(struct image) <= VDSO_CLOCK_GETTIME, "tables end before the code");
static_assert(offsetof(struct image, versions) % 8 == 0, "aligned");

static uint32_t add_string(struct image *v, uint32_t *used, const char *s)
{
    uint32_t at = *used;
    size_t n = strlen(s) + 1;
    memcpy(v->strings + at, s, n);
    *used += (uint32_t)n;
    return at;
}

static uint32_t elf_hash(const char *s)
{
    uint32_t h = 0;
    while (*s) {
        h = (h << 4) + (uint8_t)*s++;
        uint32_t g = h & 0xf0000000u;
        h = (h ^ g >> 24) & ~g;
    }
    return h;
}

static void fill_symbols(struct image *v, uint32_t *used)
{
    static const struct {
        const char *name;
        uint16_t at, size;
    } table[SYMBOLS] = {{"", 0, 0},
                        {"__kernel_clock_gettime", VDSO_CLOCK_GETTIME, 8},
                        {"__kernel_gettimeofday", VDSO_GETTIMEOFDAY, 8},
                        {"__kernel_clock_getres", VDSO_CLOCK_GETRES, 8},
                        {"__kernel_rt_sigreturn", VDSO_SIGRETURN, 8}};
    /* One bucket: the chain holds every symbol. */
    v->hash.buckets = 1;
    v->hash.chains = SYMBOLS;
    v->hash.bucket[0] = 1;
    for (uint32_t i = 1; i < SYMBOLS; i++) {
        v->sym[i] = (Elf64_Sym){.st_name = add_string(v, used, table[i].name),
                                .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                                .st_shndx = 1, /* any but SHN_UNDEF: defined here */
                                .st_value = table[i].at,
                                .st_size = table[i].size};
        v->versym[i] = 2;
        v->hash.chain[i] = i + 1 < SYMBOLS ? i + 1 : 0;
    }
}

static void fill_versions(struct image *v, uint32_t soname, uint32_t version)
{
    struct versions *w = &v->versions;
    uint32_t next = offsetof(struct versions, linux_def);
    w->base = (Elf64_Verdef){1, VER_FLG_BASE, 1, 1, elf_hash("linux-vdso.so.1"), sizeof w->base, next};
    w->base_aux = (Elf64_Verdaux){soname, 0};
    w->linux_def = (Elf64_Verdef){1, 0, 2, 1, elf_hash("LINUX_2.6.39"), sizeof w->linux_def, 0};
    w->linux_aux = (Elf64_Verdaux){version, 0};
}

static void fill_dynamic(struct image *v, uint32_t soname, uint32_t string_bytes)
{
    const Elf64_Dyn d[] = {{DT_SONAME, {soname}},
                           {DT_HASH, {offsetof(struct image, hash)}},
                           {DT_SYMTAB, {offsetof(struct image, sym)}},
                           {DT_SYMENT, {sizeof(Elf64_Sym)}},
                           {DT_STRTAB, {offsetof(struct image, strings)}},
                           {DT_STRSZ, {string_bytes}},
                           {DT_VERSYM, {offsetof(struct image, versym)}},
                           {DT_VERDEF, {offsetof(struct image, versions)}},
                           {DT_VERDEFNUM, {2}},
                           {DT_NULL, {0}}};
    static_assert(sizeof d == sizeof v->dynamic, "all of them");
    memcpy(v->dynamic, d, sizeof d);
}

static void fill_headers(struct image *v)
{
    v->ehdr =
        (Elf64_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                     .e_type = ET_DYN,
                     .e_machine = EM_AARCH64,
                     .e_version = EV_CURRENT,
                     .e_phoff = offsetof(struct image, phdr),
                     .e_ehsize = sizeof v->ehdr,
                     .e_phentsize = sizeof v->phdr[0],
                     .e_phnum = 2};
    v->phdr[0] = (Elf64_Phdr){
        .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_filesz = PAGE, .p_memsz = PAGE, .p_align = PAGE};
    v->phdr[1] = (Elf64_Phdr){.p_type = PT_DYNAMIC,
                              .p_flags = PF_R,
                              .p_offset = offsetof(struct image, dynamic),
                              .p_vaddr = offsetof(struct image, dynamic),
                              .p_paddr = offsetof(struct image, dynamic),
                              .p_filesz = sizeof v->dynamic,
                              .p_memsz = sizeof v->dynamic,
                              .p_align = 8};
}

static void put_code(uint8_t *page, uint32_t at, uint32_t first, uint32_t second)
{
    memcpy(page + at, &first, 4);
    memcpy(page + at + 4, &second, 4);
}

bool vdso_map(void)
{
    int64_t r = space_mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (HOST_ERROR(r))
        return false;
    struct image *v = (struct image *)r;
    uint32_t used = 1;
    fill_headers(v);
    fill_symbols(v, &used);
    uint32_t soname = add_string(v, &used, "linux-vdso.so.1"), version = add_string(v, &used, "LINUX_2.6.39");
    fill_versions(v, soname, version);
    fill_dynamic(v, soname, used);
    uint8_t *page = (uint8_t *)r;
    put_code(page, VDSO_CLOCK_GETTIME, A64_SVC_0, A64_RET);
    put_code(page, VDSO_GETTIMEOFDAY, A64_SVC_0, A64_RET);
    put_code(page, VDSO_CLOCK_GETRES, A64_SVC_0, A64_RET);
    put_code(page, VDSO_SIGRETURN - 4, A64_NOP, A64_MOV_X8_139);
    put_code(page, VDSO_SIGRETURN, A64_MOV_X8_139, A64_SVC_0);
    space_layout.vdso = (gaddr)r;
    return space_mprotect((gaddr)r, PAGE, PROT_READ | PROT_EXEC) == 0;
}

/* Like the kernel's vDSO, these touch the guest's memory directly: a bad pointer is SIGSEGV, not EFAULT, and the top byte of one
 * does not count. */
static int64_t put(gaddr to, const void *from, size_t n, gaddr *fault)
{
    to &= ~0ull >> 8;
    if (user_write(to, from, n))
        *fault = to;
    return 0;
}

static int64_t do_gettime(const uint64_t *x, gaddr *fault)
{
    struct timespec ts;
    /* The raw call tells the error; the C library's would leave it in errno, which threads share. */
    if (clock_gettime((clockid_t)x[0], &ts) != 0)
        return host_raw(SYS_clock_gettime, x[0], x[1], 0, 0, 0, 0);
    return put(x[1], &ts, sizeof ts, fault);
}

static int64_t do_timeofday(const uint64_t *x, gaddr *fault)
{
    struct timeval tv;
    if (x[1])
        return host_raw(SYS_gettimeofday, x[0], x[1], 0, 0, 0, 0);
    gettimeofday(&tv, NULL);
    return x[0] ? put(x[0], &tv, sizeof tv, fault) : 0;
}

static int64_t do_getres(const uint64_t *x, gaddr *fault)
{
    struct timespec ts;
    int64_t r = host_raw(SYS_clock_getres, x[0], (uint64_t)&ts, 0, 0, 0, 0);
    return r || !x[1] ? r : put(x[1], &ts, sizeof ts, fault);
}

void vdso_call(struct task *t)
{
    struct cpu *cpu = t->cpu;
    const uint64_t *x = cpu->a64.x;
    gaddr fault = 0;
    int64_t r;
    switch (cpu->pc - space_layout.vdso - 4) {
    case VDSO_CLOCK_GETTIME: r = do_gettime(x, &fault); break;
    case VDSO_GETTIMEOFDAY: r = do_timeofday(x, &fault); break;
    default: r = do_getres(x, &fault); break;
    }
    if (!fault) {
        cpu->a64.x[0] = (uint64_t)r;
        return;
    }
    cpu->pc -= 4;
    signal_force(t,
                 &(struct signal_fault){.signo = SIGSEGV, .code = SEGV_MAPERR, .addr = fault, .write = true});
}
