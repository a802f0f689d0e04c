/* SPDX-License-Identifier: MIT */
/*
 * Loads AArch64 programs: ET_EXEC at its addresses, ET_DYN (static PIE or with an interpreter) where arm64
 * Linux would put it in a 47-bit space; the interpreter wherever the host's kernel likes.
 *
 * Nothing in the headers is believed, and what concerns sections is not looked at, as in the kernel (libelf wants it to be
 * right, and does not read the files of some packers).  Every sum is checked for overflow, segments must
 * lie in the file and below the end of the address space.  (The kernel maps segments that reach beyond the
 * end of the file, and the program dies of SIGBUS later; a truncated file is named here instead.)  The whole
 * span is reserved first, without replacing anything, so that a collision is an error and not a crash; the
 * segments then go over it, later ones over earlier ones as in the kernel's binfmt_elf, and what no segment
 * covers is unmapped again.
 *
 * PT_TLS is the guest's C library's business.  Of PT_GNU_PROPERTY only BTI matters here: it guards the code of what the
 * kernel starts, a static program or the interpreter; the interpreter sees to everything else (Linux,
 * arch/arm64/kernel/process.c, arch_elf_adjust_prot).
 */
#include "loader/elf.h"

#include "loader/options.h"
#include "loader/space.h"
#include "syscall/host.h"
#include "syscall/sysroot.h"
#include "syscall/user.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIE_BASE         0x550000000000ull
#define PIE_RANDOM       (1ull << 28) /* pages */
#define PIE_RANDOM_SMALL (1ull << 18)
#define BRK_RANDOM       (1ull << 13) /* pages */
#define ALIGN_MAX        (1ull << 30)

struct file {
    const char *path;
    int fd;
    uint64_t size;
    Elf64_Ehdr ehdr;
    Elf64_Phdr *ph;
    size_t phnum;
    gaddr low, high; /* span of PT_LOAD, pages, before the bias */
    uint64_t align;
    gaddr bias;
    int guard; /* protection bit of its code beyond PROT_EXEC */
};

__attribute__((format(printf, 3, 4))) static void load_fail(struct load_error *e, int status,
                                                            const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(e->text, sizeof e->text, format, ap);
    va_end(ap);
    e->status = status;
}

static bool fail(const struct file *f, struct load_error *e, const char *why)
{
    load_fail(e, EXIT_CANNOT, "%s: %s", f->path, why);
    return false;
}

static const char *machine_name(unsigned machine)
{
    switch (machine) {
    case EM_X86_64: return "is an x86-64 program: it runs without xrun";
    case EM_386: return "is a 32-bit x86 program: it runs without xrun";
    case EM_ARM: return "is a 32-bit ARM program: xrun runs AArch64 only so far";
    case EM_RISCV: return "is a RISC-V program: xrun runs AArch64 only so far";
    case EM_PPC64: return "is a 64-bit PowerPC program: xrun runs AArch64 only";
    case EM_S390: return "is an s390 program: xrun runs AArch64 only";
    case EM_MIPS: return "is a MIPS program: xrun runs AArch64 only";
    case EM_LOONGARCH: return "is a LoongArch program: xrun runs AArch64 only";
    default: return "is for an unknown machine: xrun runs AArch64 only";
    }
}

static bool check_header(struct file *f, struct load_error *e)
{
    const Elf64_Ehdr *h = &f->ehdr;
    bool big = h->e_ident[EI_DATA] == ELFDATA2MSB;
    unsigned machine = big ? __builtin_bswap16(h->e_machine) : h->e_machine;
    if (machine != EM_AARCH64)
        return fail(f, e, machine_name(machine));
    if (h->e_ident[EI_CLASS] == ELFCLASS32)
        return fail(f, e, "is a 32-bit ELF file for AArch64 (ILP32), which Linux does not run");
    if (big)
        return fail(f, e, "is big-endian: xrun runs little-endian AArch64 only");
    if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB)
        return fail(f, e, "has a damaged or truncated ELF header");
    if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
        return fail(f, e,
                    h->e_type == ET_REL    ? "is an object file, not a program"
                    : h->e_type == ET_CORE ? "is a core dump, not a program"
                                           : "is not an executable ELF file");
    if (h->e_phentsize != sizeof(Elf64_Phdr))
        return fail(f, e, "has program headers of a wrong size");
    if (h->e_phnum == 0 || h->e_phnum > ELF_PHNUM_MAX)
        return fail(f, e, "has no usable program headers");
    return true;
}

static bool read_headers(struct file *f, struct load_error *e)
{
    ssize_t n = pread(f->fd, &f->ehdr, sizeof f->ehdr, 0);
    if (n < SELFMAG || memcmp(f->ehdr.e_ident, ELFMAG, SELFMAG) != 0)
        return fail(f, e, "is not an ELF file");
    if (n != (ssize_t)sizeof f->ehdr)
        return fail(f, e, "has a damaged or truncated ELF header");
    if (!check_header(f, e))
        return false;
    f->phnum = f->ehdr.e_phnum;
    f->ph = calloc(f->phnum, sizeof *f->ph);
    if (!f->ph)
        return fail(f, e, "no memory for its program headers");
    n = pread(f->fd, f->ph, f->phnum * sizeof *f->ph, (off_t)f->ehdr.e_phoff);
    return n == (ssize_t)(f->phnum * sizeof *f->ph)
               ? true
               : fail(f, e, "is truncated: its program headers lie beyond the end of the file");
}

static bool check_load(struct file *f, const Elf64_Phdr *p, struct load_error *e)
{
    if (p->p_filesz > p->p_memsz)
        return fail(f, e, "has a segment that is larger in the file than in memory");
    if (p->p_memsz >= SPACE_TOP || p->p_vaddr >= SPACE_TOP || p->p_memsz > SPACE_TOP - p->p_vaddr)
        return fail(f, e, "has a segment beyond the end of the address space");
    if (p->p_filesz && (p->p_offset > f->size || p->p_filesz > f->size - p->p_offset))
        return fail(f, e, "is truncated: a segment lies beyond the end of the file");
    if (p->p_filesz && (p->p_vaddr - p->p_offset) % PAGE)
        return fail(f, e, "has a segment whose address and file offset do not agree");
    return true;
}

/* The span of all PT_LOAD segments, and their strictest sane alignment. */
static bool find_span(struct file *f, struct load_error *e)
{
    f->low = UINT64_MAX;
    f->align = PAGE;
    for (size_t i = 0; i < f->phnum; i++) {
        const Elf64_Phdr *p = &f->ph[i];
        if (p->p_type != PT_LOAD || p->p_memsz == 0)
            continue;
        if (!check_load(f, p, e))
            return false;
        if (page_down(p->p_vaddr) < f->low)
            f->low = page_down(p->p_vaddr);
        if (page_up(p->p_vaddr + p->p_memsz) > f->high)
            f->high = page_up(p->p_vaddr + p->p_memsz);
        if (p->p_align > f->align && p->p_align <= ALIGN_MAX && (p->p_align & (p->p_align - 1)) == 0)
            f->align = p->p_align;
    }
    return f->high ? true : fail(f, e, "has nothing to load");
}

static bool file_open(struct file *f, int fd, const char *path, struct load_error *e)
{
    struct stat st;
    *f = (struct file){.path = path, .fd = fd};
    if (fstat(fd, &st) != 0)
        return fail(f, e, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return fail(f, e, "is a directory");
    if (!S_ISREG(st.st_mode))
        return fail(f, e, "is not a regular file");
    if (st.st_size == 0)
        return fail(f, e, "is empty");
    f->size = (uint64_t)st.st_size;
    return read_headers(f, e) && find_span(f, e);
}

static void file_close(struct file *f)
{
    free(f->ph);
}

/* -- mapping -- */

static uint64_t random_pages(uint64_t count)
{
    uint64_t r = 0;
    int persona = personality(0xffffffff);
    if (persona >= 0 && (persona & ADDR_NO_RANDOMIZE))
        return 0;
    if (getrandom(&r, sizeof r, GRND_NONBLOCK) != sizeof r)
        return 0;
    return r % count * PAGE;
}

static bool map_failed(const struct file *f, struct load_error *e, gaddr addr, int64_t r)
{
    const char *why = r == -EEXIST  ? "that memory is taken by xrun or the host"
                      : r == -EPERM ? "the host does not allow it (vm.mmap_min_addr)"
                                    : strerror((int)-r);
    load_fail(e, EXIT_CANNOT, "%s: cannot be mapped at %#lx: %s", f->path, (unsigned long)addr, why);
    return false;
}

/* In a small space, as Linux: from two thirds of it on. */
static gaddr pie_place(void)
{
    if (space_end == SPACE_TOP)
        return PIE_BASE + random_pages(PIE_RANDOM);
    return page_up(space_end / 3 * 2) + random_pages(PIE_RANDOM_SMALL);
}

/* Takes the span for itself and sets the bias. */
static bool reserve_span(struct file *f, bool interp, struct load_error *e)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    uint64_t len = f->high - f->low;
    gaddr at = f->low;
    if (f->ehdr.e_type == ET_DYN && interp) {
        int64_t r = space_mmap(0, len, PROT_NONE, flags, -1, 0);
        if (HOST_ERROR(r))
            return map_failed(f, e, 0, r);
        f->bias = (gaddr)r - f->low;
        return true;
    }
    if (f->ehdr.e_type == ET_DYN)
        at = (pie_place() & ~(f->align - 1)) + (f->low & (f->align - 1));
    int64_t r = space_mmap(at, len, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
    if (HOST_ERROR(r))
        return map_failed(f, e, at, r);
    f->bias = at - f->low;
    return true;
}

/* The rest of the last page of the file's part holds other bytes of the file. */
static bool clear_tail(gaddr from)
{
    static const char zero[PAGE];
    return from % PAGE == 0 || user_write(from, zero, page_up(from) - from) == 0;
}

static bool map_segment(const struct file *f, const Elf64_Phdr *p, struct load_error *e)
{
    int prot = (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
               (p->p_flags & PF_X ? PROT_EXEC | f->guard : 0);
    gaddr start = page_down(f->bias + p->p_vaddr), file_end = f->bias + p->p_vaddr + p->p_filesz;
    gaddr end = page_up(f->bias + p->p_vaddr + p->p_memsz), at = start;
    if (p->p_filesz) {
        at = page_up(file_end);
        int64_t r = space_mmap(start, at - start, prot, MAP_PRIVATE | MAP_FIXED, f->fd,
                               (off_t)page_down(p->p_offset));
        if (HOST_ERROR(r))
            return map_failed(f, e, start, r);
        if (p->p_memsz > p->p_filesz && (prot & PROT_WRITE) && !clear_tail(file_end))
            return fail(f, e, "is truncated: the end of its data cannot be cleared");
    }
    if (at < end) {
        int64_t r = space_mmap(at, end - at, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (HOST_ERROR(r))
            return map_failed(f, e, at, r);
    }
    return true;
}

/* Does the property note say that all code has landing pads?  (AArch64 ELF ABI: GNU_PROPERTY_AARCH64_FEATURE_1_AND) */
static bool has_landing_pads(const struct file *f, const Elf64_Phdr *p)
{
    enum { TYPE_0 = 5, BTI = 1, MAX = 1024 };
    const uint32_t FEATURE_1_AND = 0xc0000000;
    uint32_t note[MAX / 4];
    if (p->p_filesz < 16 || p->p_filesz > MAX || p->p_filesz % 8 ||
        pread(f->fd, note, p->p_filesz, (off_t)p->p_offset) != (ssize_t)p->p_filesz)
        return false;
    if (note[0] != 4 || note[2] != TYPE_0 || memcmp(&note[3], "GNU", 4) != 0)
        return false;
    size_t end = (p->p_filesz - 16 < note[1] ? p->p_filesz - 16 : note[1]) / 4 + 4;
    for (size_t at = 4; at + 3 <= end; at += 2 + (note[at + 1] + 7) / 8 * 2)
        if (note[at] == FEATURE_1_AND)
            return note[at + 1] >= 4 && (note[at + 2] & BTI);
    return false;
}

static void find_guard(struct file *f)
{
    for (size_t i = 0; i < f->phnum; i++)
        if (f->ph[i].p_type == PT_GNU_PROPERTY && has_landing_pads(f, &f->ph[i]))
            f->guard = space_guard_prot;
}

/* End of the segment that covers `at`; if none does, *next becomes the start of the following one. */
static gaddr covered_to(const struct file *f, gaddr at, gaddr *next)
{
    gaddr to = 0;
    *next = f->bias + f->high;
    for (size_t i = 0; i < f->phnum; i++) {
        const Elf64_Phdr *p = &f->ph[i];
        if (p->p_type != PT_LOAD || p->p_memsz == 0)
            continue;
        gaddr start = page_down(f->bias + p->p_vaddr), end = page_up(f->bias + p->p_vaddr + p->p_memsz);
        if (start <= at && at < end && end > to)
            to = end;
        else if (start > at && start < *next)
            *next = start;
    }
    return to;
}

static bool map_file(struct file *f, bool interp, struct load_error *e)
{
    if (!reserve_span(f, interp, e))
        return false;
    for (size_t i = 0; i < f->phnum; i++)
        if (f->ph[i].p_type == PT_LOAD && f->ph[i].p_memsz && !map_segment(f, &f->ph[i], e))
            return false;
    for (gaddr at = f->bias + f->low, next; at < f->bias + f->high;) {
        gaddr to = covered_to(f, at, &next);
        if (!to)
            space_munmap(at, next - at);
        at = to ? to : next;
    }
    return true;
}

/* -- the program -- */

static gaddr phdr_address(const struct file *f)
{
    for (size_t i = 0; i < f->phnum; i++) {
        const Elf64_Phdr *p = &f->ph[i];
        if (p->p_type == PT_LOAD && p->p_offset <= f->ehdr.e_phoff &&
            f->ehdr.e_phoff - p->p_offset < p->p_filesz)
            return f->bias + p->p_vaddr + (f->ehdr.e_phoff - p->p_offset);
    }
    return 0;
}

/* What the kernel calls data is the highest segment, whatever it holds. */
static void set_layout(const struct file *f)
{
    struct space_layout *l = &space_layout;
    l->code_start = UINT64_MAX;
    l->code_end = l->data_start = l->data_end = 0;
    for (size_t i = 0; i < f->phnum; i++) {
        const Elf64_Phdr *p = &f->ph[i];
        if (p->p_type != PT_LOAD)
            continue;
        gaddr start = f->bias + p->p_vaddr, end = start + p->p_filesz;
        if ((p->p_flags & PF_X) && start < l->code_start)
            l->code_start = start;
        if ((p->p_flags & PF_X) && end > l->code_end)
            l->code_end = end;
        if (start > l->data_start)
            l->data_start = start;
        if (end > l->data_end)
            l->data_end = end;
    }
    if (!l->code_end)
        l->code_start = 0;
    l->brk_start = f->bias + f->high + random_pages(BRK_RANDOM);
}

/* The interpreter's path as the guest knows it; empty: there is none. */
static bool interp_path(const struct file *f, char out[PATH_MAX], struct load_error *e)
{
    out[0] = 0;
    for (size_t i = 0; i < f->phnum; i++) {
        const Elf64_Phdr *p = &f->ph[i];
        if (p->p_type != PT_INTERP)
            continue;
        if (p->p_filesz < 2 || p->p_filesz > PATH_MAX || p->p_offset > f->size ||
            p->p_filesz > f->size - p->p_offset)
            return fail(f, e, "has a damaged PT_INTERP");
        ssize_t n = pread(f->fd, out, p->p_filesz, (off_t)p->p_offset);
        if (n != (ssize_t)p->p_filesz || out[n - 1] != 0)
            return fail(f, e, "has a damaged PT_INTERP");
        return true;
    }
    return true;
}

static bool load_interp(const char *program, const char *guest_path, struct elf_program *out,
                        struct load_error *e)
{
    char host[PATH_MAX];
    struct file f;
    int r = sysroot_path(guest_path, host), fd = r < 0 ? -1 : open(host, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        int why = r < 0 ? -r : errno;
        load_fail(e, exit_unopened(why), "%s: its interpreter %s: %s%s", program, guest_path, strerror(why),
                  options.sysroot ? "" : " (no sysroot is given: -L DIR)");
        return false;
    }
    bool good = file_open(&f, fd, host, e);
    if (good)
        find_guard(&f);
    good = good && map_file(&f, true, e);
    out->entry = f.bias + f.ehdr.e_entry;
    out->interp_base = f.bias;
    file_close(&f);
    close(fd);
    return good;
}

bool elf_load(int fd, const char *path, struct elf_program *out, struct load_error *e)
{
    struct file f;
    char interp[PATH_MAX];
    *out = (struct elf_program){0};
    bool good = file_open(&f, fd, path, e) && interp_path(&f, interp, e);
    if (good && !interp[0])
        find_guard(&f);
    good = good && map_file(&f, false, e);
    if (good) {
        set_layout(&f);
        out->own_entry = out->entry = f.bias + f.ehdr.e_entry;
        out->phdr = phdr_address(&f);
        out->phnum = (uint16_t)f.phnum;
        for (size_t i = 0; i < f.phnum; i++)
            if (f.ph[i].p_type == PT_GNU_STACK)
                out->exec_stack = f.ph[i].p_flags & PF_X;
        if (interp[0])
            good = load_interp(path, interp, out, e);
    }
    file_close(&f);
    return good;
}
