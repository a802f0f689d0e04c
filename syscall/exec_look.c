/* SPDX-License-Identifier: MIT */
/*
 * Looks at what is to be executed: AArch64 ELF with an interpreter that exists; a script, whose interpreter is looked at in the
 * same way; anything else is the kernel's to run or to refuse (fs/exec.c, binfmt_elf.c and binfmt_script.c of the kernel).
 */
#include "syscall/exec_look.h"

#include "loader/elf.h"
#include "syscall/sysroot.h"
#include "syscall/task.h"
#include "syscall/text.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int64_t exec_open(int dirfd, const char *path, uint64_t flags)
{
    int64_t r = host_raw(SYS_openat, (uint64_t)(int64_t)dirfd, (uint64_t)path,
                         flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, 0, 0);
    return r == -ENXIO ? -EACCES : r;
}

static int64_t read_at(int64_t fd, void *to, size_t n, uint64_t off)
{
    return host_raw(SYS_pread64, (uint64_t)fd, (uint64_t)to, n, off, 0, 0);
}

/* May this open file be executed, as far as its type and mode say, and does nobody write to it?  Kernels before Linux 6.14 cannot
 * be asked the latter. */
static int64_t check_mode(int64_t fd)
{
    struct stat st;
    char self[32];
    const char *const argv[] = {"xrun", NULL};
    int64_t r = host_raw(SYS_execveat, (uint64_t)fd, (uint64_t) "", (uint64_t)argv, (uint64_t)(argv + 1),
                         AT_EMPTY_PATH | EXECVE_CHECK, 0);
    if (r != -EINVAL && r != -ENOSYS && r != -EPERM)
        return r;
    r = host_raw(SYS_fstat, (uint64_t)fd, (uint64_t)&st, 0, 0, 0, 0);
    if (r < 0)
        return r;
    if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111))
        return -EACCES;
    r = host_raw(SYS_faccessat2, (uint64_t)fd, (uint64_t) "", 1, AT_EMPTY_PATH | AT_EACCESS, 0, 0);
    if (r != -ENOSYS && r != -EPERM)
        return r;
    text_numbered(self, sizeof self, "/proc/self/fd/", (uint64_t)fd);
    return host_raw(SYS_faccessat, (uint64_t)AT_FDCWD, (uint64_t)self, 1, 0, 0, 0);
}

static bool is_guest_header(const Elf64_Ehdr *h, int64_t n)
{
    return n >= (int64_t)sizeof *h && memcmp(h->e_ident, ELFMAG, SELFMAG) == 0 &&
           h->e_ident[EI_CLASS] == ELFCLASS64 && h->e_ident[EI_DATA] == ELFDATA2LSB &&
           h->e_machine == EM_AARCH64;
}

/* The kernel's checks of a program's header and the existence of its interpreter. */
static int64_t check_guest(int64_t fd, const Elf64_Ehdr *h)
{
    char interp[PATH_MAX], host[PATH_MAX];
    if ((h->e_type != ET_EXEC && h->e_type != ET_DYN) || h->e_phentsize != sizeof(Elf64_Phdr) ||
        h->e_phnum == 0 || h->e_phnum > ELF_PHNUM_MAX)
        return -ENOEXEC;
    for (unsigned i = 0; i < h->e_phnum; i++) {
        Elf64_Phdr p;
        if (read_at(fd, &p, sizeof p, h->e_phoff + i * sizeof p) != (int64_t)sizeof p)
            return -ENOEXEC;
        if (p.p_type != PT_INTERP)
            continue;
        if (p.p_filesz < 2 || p.p_filesz > sizeof interp)
            return -ENOEXEC;
        if (read_at(fd, interp, p.p_filesz, p.p_offset) != (int64_t)p.p_filesz || interp[p.p_filesz - 1] != 0)
            return -ENOEXEC;
        int r = sysroot_path(interp, host);
        int64_t in = r < 0 ? r : exec_open(AT_FDCWD, host, 0);
        if (in < 0)
            return in;
        Elf64_Ehdr ih;
        int64_t mode = check_mode(in);
        bool good = is_guest_header(&ih, read_at(in, &ih, sizeof ih, 0));
        host_close(in);
        return mode < 0 ? mode : good ? 0 : -ELIBBAD;
    }
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

int64_t script_line(char *line, size_t n, char **interp, char **arg)
{
    memset(line + n, 0, SCRIPT_LINE + 1 - n);
    char *last = line + SCRIPT_LINE - 1, *end = memchr(line, '\n', strlen(line)), *p = line + 2;
    bool whole = end != NULL;
    if (!whole)
        end = last;
    while (end > p && is_blank(end[-1]))
        end--;
    while (is_blank(*p))
        p++;
    *interp = p;
    if (p >= end)
        return -ENOEXEC;
    while (p < end && *p && !is_blank(*p))
        p++;
    /* Without an end of line the interpreter's name may have been cut off. */
    if (!whole && p == last && *p && !is_blank(*p))
        return -ENOEXEC;
    *end = 0;
    *arg = NULL;
    if (*p) {
        *p++ = 0;
        while (is_blank(*p))
            p++;
        *arg = p;
    }
    return **interp ? 0 : -EACCES;
}

/* Puts the interpreter of a script in front and opens it instead. */
static int64_t enter_script(struct exec *x, unsigned level, size_t n)
{
    char *interp, *arg;
    int64_t r = script_line(x->line[level], n, &interp, &arg);
    if (r < 0)
        return r;
    /* The script's name takes argv[0]'s place: the guest's at first, then that of the script before. */
    unsigned add = arg ? 2 : 1;
    strcpy(x->script[level], level ? x->front[0] : x->execfn);
    if (level == 0) {
        x->skip = 1;
        x->front_count = 1;
    }
    memmove(&x->front[add + 1], &x->front[1], (x->front_count - 1) * sizeof x->front[0]);
    x->front[add] = x->script[level];
    if (arg)
        x->front[1] = arg;
    x->front[0] = interp;
    x->front_count += add;
    host_close(x->fd);
    x->fd = -1;
    r = sysroot_path(interp, x->path);
    if (r < 0)
        return r;
    x->redirected |= strcmp(x->path, interp) != 0;
    r = exec_open(AT_FDCWD, x->path, 0);
    if (r >= 0)
        x->fd = (int)r;
    return r < 0 ? r : 0;
}

int64_t exec_look(struct exec *x, bool script_gone)
{
    for (unsigned level = 0;; level++) {
        char head[SCRIPT_LINE] __attribute__((aligned(8)));
        int64_t r = check_mode(x->fd);
        if (r < 0)
            return r;
        int64_t n = read_at(x->fd, head, sizeof head, 0);
        if (n < 0)
            return n;
        const Elf64_Ehdr *h = (const void *)head;
        if (is_guest_header(h, n)) {
            r = check_guest(x->fd, h);
            return r < 0 ? r : KIND_GUEST;
        }
        if (n < 2 || head[0] != '#' || head[1] != '!')
            return level ? KIND_SCRIPT : KIND_NATIVE;
        if (level == SCRIPT_LEVELS)
            return -ELOOP;
        if (script_gone)
            return -ENOENT;
        memcpy(x->line[level], head, (size_t)n);
        r = enter_script(x, level, (size_t)n);
        if (r < 0)
            return r;
    }
}
