/* SPDX-License-Identifier: MIT */
/*
 * execve and execveat: a program of the guest's is run by a new xrun, a native one by the kernel.
 *
 * The file is opened once and looked at: AArch64 ELF with an interpreter that exists; a script, whose
 * interpreter is looked at in the same way; anything else is the kernel's to run or to refuse.  So every
 * error is known before anything is lost.  The new xrun gets the open file (--exec-fd), not its name: that is
 * the same file for certain, works for memfds, deleted files and descriptors that close on exec, and follows
 * the kernel, which opens before it looks.  argv[0] and AT_EXECFN travel as options; the environment is the
 * guest's own.  xrun itself is reached through /proc/self/exe, which works when its file is deleted, and by
 * its path where there is no /proc; behind a new root by a descriptor that was kept, and if the guest has closed that, by a
 * copy from a mapping that was kept.  A program that the kernel started with xrun behind a root without /proc knows neither;
 * what it starts is the kernel's to start, too.
 *
 * A program whose file gives other rights (set-user-id, set-group-id, capabilities) is the kernel's to run, because only it can
 * give them: by binfmt_misc, where xrun is registered with it.  Elsewhere, and under -L, which the one that is started so
 * would not know, it runs with the rights of who starts it, as from a file system mounted nosuid.
 *
 * Argument strings are not copied: the vector points into guest memory, which is the host's.
 */
#include "syscall/exec.h"
#include "abi/abi.h"
#include "loader/elf.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/dispatch.h"
#include "syscall/host.h"
#include "syscall/kept.h"
#include "syscall/limits.h"
#include "syscall/seccomp.h"
#include "syscall/signal.h"
#include "syscall/stats.h"
#include "syscall/sysroot.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#define FRONT_MAX  (2 * SCRIPT_LEVELS + 2)
#define SMALL_ARGS 256

#define EXECVE_CHECK 0x10000 /* AT_EXECVE_CHECK */

enum kind { KIND_NATIVE, KIND_GUEST, KIND_SCRIPT };
/* Descriptors that the new xrun inherits; negative: not there. */
enum { PASS_PROGRAM, PASS_FILTERS, PASS_SELF, PASS_COUNT };

struct exec {
    const char *front[FRONT_MAX]; /* what stands before the guest's own arguments; [0] is argv[0] */
    unsigned front_count;
    unsigned skip;       /* of the guest's own: their argv[0], once a script's interpreter has replaced it */
    bool redirected;     /* an interpreter was found in the sysroot, where the kernel does not look */
    int fd;              /* the file to run */
    char path[PATH_MAX]; /* on the host */
    char execfn[PATH_MAX]; /* as the guest called it */
    char line[SCRIPT_LEVELS][SCRIPT_LINE + 1];
    char script[SCRIPT_LEVELS][PATH_MAX];
    int64_t pass[PASS_COUNT];
    char pass_option[PASS_COUNT][32], execfn_option[PATH_MAX + 16];
};

/* Not to wait for who writes to a FIFO.  What has nothing to open, as a socket, can be executed as little. */
static int64_t open_at(int dirfd, const char *path, uint64_t flags)
{
    int64_t r = host_raw(SYS_openat, (uint64_t)(int64_t)dirfd, (uint64_t)path,
                         flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, 0, 0);
    return r == -ENXIO ? -EACCES : r;
}

static int64_t read_at(int64_t fd, void *to, size_t n, uint64_t off)
{
    return host_raw(SYS_pread64, (uint64_t)fd, (uint64_t)to, n, off, 0, 0);
}

/* A text with a number behind it, both of which fit. */
static void put_numbered(char *to, size_t size, const char *text, uint64_t number)
{
    struct text t = {.buf = to, .cap = size - 1, .fd = -1};
    text_str(&t, text);
    text_udec(&t, number);
    to[t.n] = 0;
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
    put_numbered(self, sizeof self, "/proc/self/fd/", (uint64_t)fd);
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
        int64_t in = r < 0 ? r : open_at(AT_FDCWD, host, 0);
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

/* -- scripts -- */

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
    r = open_at(AT_FDCWD, x->path, 0);
    if (r >= 0)
        x->fd = (int)r;
    return r < 0 ? r : 0;
}

/* Looks at x->fd until it is a program: its kind, or -errno. */
static int64_t look(struct exec *x, bool script_gone)
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

/* -- the vector -- */

/* A list in xrun's own memory, but not in the hole before it, is that of lists_plain: the guest's cannot be there (buffers.h). */
static int read_pointer(uint64_t *p, gaddr list, int64_t i)
{
    gaddr at = list + (uint64_t)i * 8;
    if (!space_is_own(at) || at - SPACE_OWN_START < SPACE_HOLE)
        return user_read(p, at, 8);
    memcpy(p, (const void *)at, 8);
    return 0;
}

/* Number of pointers before the NULL, or -errno. */
static int64_t count_args(gaddr argv)
{
    for (int64_t n = 0;; n++) {
        uint64_t p;
        if (!argv)
            return 0;
        if (read_pointer(&p, argv, n))
            return -EFAULT;
        if (!p)
            return n;
    }
}

enum { VECTOR_RUN, VECTOR_PLAIN };
struct vector {
    const char **arg;
    size_t count;
    const char *small[SMALL_ARGS];
    unsigned kind; /* where the task knows of it */
};

/* For at most n. */
static int64_t vector_init(struct vector *v, struct task *t, unsigned kind, size_t n)
{
    v->count = 0;
    v->kind = kind;
    v->arg = v->small;
    if (n <= SMALL_ARGS)
        return 0;
    t->exec[kind].size = page_up(n * sizeof *v->arg);
    t->exec[kind].map = host_alloc(t->exec[kind].size);
    v->arg = t->exec[kind].map;
    return v->arg ? 0 : -ENOMEM;
}

static void vector_free(const struct vector *v, struct task *t)
{
    if (t->exec[v->kind].map)
        host_free(t->exec[v->kind].map, t->exec[v->kind].size);
    t->exec[v->kind].map = NULL;
}

static void vector_add(struct vector *v, const char *s)
{
    v->arg[v->count++] = s;
}

static int64_t vector_add_guest(struct vector *v, gaddr argv, int64_t from, int64_t n)
{
    for (int64_t i = from; i < n; i++) {
        uint64_t p;
        if (read_pointer(&p, argv, i))
            return -EFAULT;
        vector_add(v, (const char *)p);
    }
    v->arg[v->count] = NULL;
    return 0;
}

/* Is there one among n pointers that the kernel cannot follow, because of its tag? */
static bool has_tags(const struct task *t, gaddr list, int64_t n)
{
    uint64_t p;
    while (n-- > 0)
        if (read_pointer(&p, list, n) == 0 && abi->pointer(t->cpu, p) != p)
            return true;
    return false;
}

/* Behind what v has. */
static int64_t add_plain(const struct task *t, struct vector *v, gaddr *list, int64_t n)
{
    size_t first = v->count;
    int64_t r = vector_add_guest(v, *list, 0, n);
    for (size_t i = first; r == 0 && i < v->count; i++)
        v->arg[i] = (const char *)abi->pointer(t->cpu, (uint64_t)v->arg[i]);
    *list = ptr(v->arg + first);
    v->count++;
    return r;
}

/* Makes argv and envp lists of pointers without tags, in v if they are not.  What else is wrong with them is found later. */
static int64_t lists_plain(struct task *t, struct vector *v, gaddr list[2])
{
    int64_t argc = count_args(list[0]), envc = count_args(list[1]);
    v->kind = VECTOR_PLAIN;
    if (argc < 0 || envc < 0 || !(has_tags(t, list[0], argc) || has_tags(t, list[1], envc)))
        return 0;
    int64_t r = vector_init(v, t, VECTOR_PLAIN, (size_t)argc + (size_t)envc + 2);
    if (r == 0)
        r = add_plain(t, v, &list[0], argc);
    return r == 0 ? add_plain(t, v, &list[1], envc) : r;
}

/* execve or execveat.  What xrun has changed for its own needs is as the guest sees it in the meantime. */
static int64_t host_exec(struct task *t, long nr, const uint64_t a[6])
{
    int64_t r = signal_exec_begin(t);
    if (r)
        return r;
    limits_exec_begin(t);
    stats_exec(t);
    r = host_syscall(t, nr, a);
    limits_exec_failed();
    signal_exec_failed(t);
    return r;
}

static int64_t exec_path(struct task *t, const char *path, const struct vector *v, gaddr envp)
{
    return host_exec(t, SYS_execve, (uint64_t[6]){(uint64_t)path, (uint64_t)v->arg, envp});
}

/* xrun's own file, where it was kept: open, and mapped. */
static struct {
    struct kept file;
    void *map;
    size_t size;
} self;

/* Not if it cannot be read. */
static void map_self(int64_t fd, size_t size)
{
    void *at = self.map ? NULL : host_alloc(size);
    if (!at)
        return;
    int64_t r = host_raw(SYS_mmap, (uint64_t)at, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, (uint64_t)fd, 0);
    if (r == (int64_t)at) {
        self.map = at;
        self.size = size;
    } else {
        host_free(at, size);
    }
}

void exec_kept_self(int fd)
{
    struct stat st;
    if (kept_take(&self.file, fd, &st))
        map_self(fd, (size_t)st.st_size);
}

static int64_t keep_self(void)
{
    int64_t fd = open_at(AT_FDCWD, "/proc/self/exe", 0);
    if (fd == -EACCES) /* it may be executed, but not read */
        fd = open_at(AT_FDCWD, "/proc/self/exe", O_PATH);
    if (fd >= 0)
        exec_kept_self((int)kept_up(fd));
    return fd;
}

/* Opens something, if no descriptor is left with a higher limit. */
static int64_t with_files(struct task *t, int64_t (*open)(void))
{
    struct rlimit files;
    int64_t fd = open();
    if (fd == -EMFILE && limits_exec_files(t, &files))
        fd = open();
    limits_exec_files_end(t);
    return fd;
}

void exec_keep_self(struct task *t)
{
    if (!kept_is_there(&self.file))
        with_files(t, keep_self);
}

/* Where the descriptor is closed, a new one of a copy. */
static void restore_self(void)
{
    enum { MEMFD_EXEC = 0x10 }; /* Linux 6.3 */
    if (!self.map || kept_is_there(&self.file) ||
        host_raw(SYS_faccessat, (uint64_t)AT_FDCWD, (uint64_t) "/proc/self/exe", 0, 0, 0, 0) == 0)
        return;
    int64_t fd = host_raw(SYS_memfd_create, (uint64_t) "xrun", MFD_CLOEXEC | MEMFD_EXEC, 0, 0, 0, 0);
    if (fd == -EINVAL)
        fd = host_raw(SYS_memfd_create, (uint64_t) "xrun", MFD_CLOEXEC, 0, 0, 0, 0);
    if (fd < 0)
        return;
    for (size_t done = 0; done < self.size;) {
        int64_t r = host_raw(SYS_write, (uint64_t)fd, (uint64_t)self.map + done, self.size - done, 0, 0, 0);
        if (r <= 0) {
            host_close(fd);
            return;
        }
        done += (size_t)r;
    }
    exec_kept_self((int)kept_up(fd));
}

/* Was there no file to run at that name?  (Where /proc is not mounted, it may be anything.) */
static bool no_such_file(int64_t r)
{
    return r == -ENOENT || r == -ENOTDIR || r == -ELOOP;
}

/* xrun by its name in /proc, by its own, or as it was kept. */
static int64_t exec_self(struct task *t, struct vector *v, gaddr envp)
{
    int64_t r = exec_path(t, "/proc/self/exe", v, envp);
    if (no_such_file(r) && options.self)
        r = exec_path(t, options.self, v, envp);
    if (no_such_file(r) && kept_is_there(&self.file))
        r = host_exec(
            t, SYS_execveat,
            (uint64_t[6]){(uint64_t)self.file.fd, (uint64_t) "", (uint64_t)v->arg, envp, AT_EMPTY_PATH});
    return r;
}

static int64_t open_self(void)
{
    int64_t fd = open_at(AT_FDCWD, "/proc/self/exe", O_PATH);
    if (no_such_file(fd) && options.self)
        fd = open_at(AT_FDCWD, options.self, O_PATH);
    if (no_such_file(fd) && kept_is_there(&self.file))
        fd = host_raw(SYS_fcntl, (uint64_t)self.file.fd, F_DUPFD_CLOEXEC, 0, 0, 0, 0);
    return fd;
}

int64_t exec_self_open(struct task *t)
{
    return with_files(t, open_self);
}

/* Opens what xrun is to inherit: 0, or -errno and nothing is open. */
static int64_t open_passed(const struct task *t, struct exec *x)
{
    x->pass[PASS_PROGRAM] = host_raw(SYS_fcntl, (uint64_t)x->fd, F_DUPFD, 3, 0, 0, 0);
    if (x->pass[PASS_PROGRAM] < 0)
        return x->pass[PASS_PROGRAM];
    x->pass[PASS_FILTERS] = seccomp_save(t);
    if (x->pass[PASS_FILTERS] < 0 && x->pass[PASS_FILTERS] != -ENOENT) {
        host_close(x->pass[PASS_PROGRAM]);
        return x->pass[PASS_FILTERS];
    }
    x->pass[PASS_SELF] = -ENOENT;
    restore_self();
    if (kept_is_there(&self.file))
        x->pass[PASS_SELF] = kept_copy(self.file.fd, F_DUPFD);
    return 0;
}

static void close_passed(const struct exec *x)
{
    for (int i = 0; i < PASS_COUNT; i++)
        if (x->pass[i] >= 0)
            host_close(x->pass[i]);
}

/* The options of the new xrun. */
static void add_options(struct exec *x, struct vector *v, const char *argv0)
{
    static const char *const names[PASS_COUNT] = {"--exec-fd=", "--seccomp-fd=", "--self-fd="};
    vector_add(v, "xrun");
    for (char **f = options.forward; f && *f; f++)
        vector_add(v, *f);
    for (int i = 0; i < PASS_COUNT; i++) {
        if (x->pass[i] < 0)
            continue;
        put_numbered(x->pass_option[i], sizeof x->pass_option[i], names[i], (uint64_t)x->pass[i]);
        vector_add(v, x->pass_option[i]);
    }
    strcpy(x->execfn_option, "--execfn=");
    strcat(x->execfn_option, x->execfn);
    vector_add(v, x->execfn_option);
    vector_add(v, "-0");
    vector_add(v, argv0);
    vector_add(v, "--");
    vector_add(v, x->path);
}

/* xrun with the program as an open file. */
static int64_t exec_guest(struct task *t, struct exec *x, struct vector *v, gaddr argv, int64_t argc,
                          gaddr envp)
{
    const char *argv0 = x->front_count ? x->front[0] : "";
    uint64_t p;
    int64_t r = open_passed(t, x);
    if (r < 0)
        return r;
    if (!x->front_count && argc > 0 && read_pointer(&p, argv, 0) == 0)
        argv0 = (const char *)p;
    add_options(x, v, argv0);
    for (unsigned i = 1; i < x->front_count; i++)
        vector_add(v, x->front[i]);
    r = vector_add_guest(v, argv, 1, argc);
    if (r == 0)
        r = exec_self(t, v, envp);
    close_passed(x);
    return r;
}

/* The kernel cannot be given the guest's filters, so a native program would run without them. */
static bool escapes_filters(const struct task *t)
{
    static bool said;
    if (t->filter)
        log_once(&said, "not supported: ", "native programs under the guest's seccomp filters");
    return t->filter;
}

/* A script with a native interpreter, but another that the kernel would not find: it starts the last one. */
static int64_t exec_native_script(struct task *t, struct exec *x, struct vector *v, gaddr argv, int64_t argc,
                                  gaddr envp)
{
    if (escapes_filters(t))
        return -EACCES;
    for (unsigned i = 0; i < x->front_count; i++)
        vector_add(v, x->front[i]);
    int64_t r = vector_add_guest(v, argv, x->skip, argc);
    return r < 0 ? r : exec_path(t, x->path, v, envp);
}

static int64_t exec_native(struct task *t, int dirfd, const struct path_arg *p, const uint64_t a[6],
                           uint64_t flags)
{
    if (escapes_filters(t))
        return -EACCES;
    return host_exec(t, SYS_execveat, (uint64_t[6]){(uint64_t)(int64_t)dirfd, p->use, a[0], a[1], flags});
}

/* Would the kernel give other rights to who runs this file? */
static bool gives_rights(int64_t fd)
{
    struct stat st;
    struct statfs fs;
    bool user, group;

    if (host_raw(SYS_fstat, (uint64_t)fd, (uint64_t)&st, 0, 0, 0, 0) < 0 ||
        host_raw(SYS_fstatfs, (uint64_t)fd, (uint64_t)&fs, 0, 0, 0, 0) < 0 || (fs.f_flags & ST_NOSUID) ||
        host_raw(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) != 0)
        return false;
    user = (st.st_mode & S_ISUID) && host_id(SYS_geteuid) != (int64_t)st.st_uid;
    group = (st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && host_id(SYS_getegid) != (int64_t)st.st_gid;
    return user || group ||
           host_raw(SYS_fgetxattr, (uint64_t)fd, (uint64_t) "security.capability", 0, 0, 0, 0) > 0;
}

/* Must the kernel itself start this program of the guest's, as far as it can? */
static bool is_kernels(const struct task *t, const struct exec *x)
{
    return !options.sysroot && !t->filter && !x->front_count && gives_rights(x->fd);
}

/* xrun cannot be reached, so it was not started: can the kernel start it?  It has it open where it is registered. */
static bool may_be_kernels(const struct task *t, int64_t r)
{
    return (no_such_file(r) || r == -EACCES) && !options.sysroot && !t->filter;
}

/* -- the calls -- */

/* A name for show: cut if it is too long. */
static void copy_cut(char *to, const char *from, size_t size)
{
    size_t n = strlen(from);
    n = n < size ? n : size - 1;
    memcpy(to, from, n);
    to[n] = 0;
}

/* Can the file be named by way of its descriptor, or its folder's, only? */
static bool names_fd(int dirfd, const char *guest)
{
    return dirfd != AT_FDCWD && guest[0] != '/';
}

/* The name that scripts and AT_EXECFN see. */
static void set_execfn(struct exec *x, int dirfd, const char *guest)
{
    x->execfn[0] = 0;
    if (names_fd(dirfd, guest)) {
        put_numbered(x->execfn, sizeof x->execfn, "/dev/fd/", (unsigned)dirfd);
        if (guest[0])
            strcat(x->execfn, "/");
    }
    copy_cut(x->execfn + strlen(x->execfn), guest, sizeof x->execfn - strlen(x->execfn));
}

/* A descriptor of the guest's once more: one of O_PATH can be executed, but only its like can be read. */
static int64_t open_again(int dirfd)
{
    char path[32];
    if (dirfd == AT_FDCWD)
        return -EACCES; /* a directory */
    int64_t r = host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_GETFL, 0, 0, 0, 0);
    if (r < 0 || !(r & O_PATH))
        return host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_DUPFD_CLOEXEC, 3, 0, 0, 0);
    put_numbered(path, sizeof path, "/proc/self/fd/", (unsigned)dirfd);
    return open_at(AT_FDCWD, path, 0);
}

/* The file's descriptor, or -errno.  An empty path means dirfd itself (flags have been checked). */
static int64_t open_program(int dirfd, const struct path_arg *p, uint64_t flags, struct exec *x)
{
    if (p->guest[0] == 0)
        return open_again(dirfd);
    const char *path = p->use == (uint64_t)p->host ? p->host : p->guest;
    copy_cut(x->path, path, sizeof x->path);
    return open_at(dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0);
}

static int64_t run(struct task *t, struct exec *x, gaddr argv, gaddr envp, int64_t kind)
{
    struct vector v;
    int64_t argc = count_args(argv), r;
    size_t options_max = 16;
    if (argc < 0)
        return argc;
    for (char **f = options.forward; f && *f; f++)
        options_max++;
    r = vector_init(&v, t, VECTOR_RUN, (size_t)argc + FRONT_MAX + options_max);
    if (r < 0)
        return r;
    r = kind == KIND_GUEST ? exec_guest(t, x, &v, argv, argc, envp)
                           : exec_native_script(t, x, &v, argv, argc, envp);
    vector_free(&v, t);
    return r;
}

/* a: argv, envp. */
static int64_t exec_plain(struct task *t, int dirfd, gaddr path, const uint64_t a[2], uint64_t flags)
{
    struct exec x;
    struct path_arg p;
    uint64_t rest[6] = {a[0], a[1]};
    if (flags & ~(uint64_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | EXECVE_CHECK))
        return -EINVAL;
    int64_t r = path_arg(&p, dirfd, path, !(flags & AT_SYMLINK_NOFOLLOW));
    if (r < 0)
        return r;
    if (p.error < 0)
        return p.error;
    if (p.guest[0] == 0 && !(flags & AT_EMPTY_PATH))
        return -ENOENT;
    if (flags & EXECVE_CHECK)
        return host_syscall(t, SYS_execveat,
                            (uint64_t[6]){(uint64_t)(int64_t)dirfd, p.use, a[0], a[1], flags});
    x.front_count = x.skip = 0;
    x.redirected = false;
    x.path[0] = 0;
    set_execfn(&x, dirfd, p.guest);
    bool script_gone = names_fd(dirfd, p.guest) &&
                       (host_raw(SYS_fcntl, (uint64_t)(int64_t)dirfd, F_GETFD, 0, 0, 0, 0) & FD_CLOEXEC);
    r = open_program(dirfd, &p, flags, &x);
    /* What cannot be read can perhaps be run by the kernel. */
    if (r == -EACCES)
        return exec_native(t, dirfd, &p, rest, flags);
    if (r < 0)
        return r;
    x.fd = (int)r;
    if (!x.path[0])
        strcpy(x.path, x.execfn);
    int64_t kind = r = look(&x, script_gone);
    bool native = kind == KIND_NATIVE || (kind == KIND_SCRIPT && !x.redirected);
    if (native || (kind == KIND_GUEST && is_kernels(t, &x)))
        r = exec_native(t, dirfd, &p, rest, flags);
    if ((kind == KIND_SCRIPT && !native) || (kind == KIND_GUEST && (r == kind || r == -ENOEXEC)))
        r = run(t, &x, a[0], a[1], kind);
    if (kind == KIND_GUEST && may_be_kernels(t, r)) {
        int64_t kernel = exec_native(t, dirfd, &p, rest, flags);
        r = kernel == -ENOEXEC ? r : kernel;
    }
    if (x.fd >= 0)
        host_close(x.fd);
    return r;
}

static int64_t exec_at(struct task *t, int dirfd, gaddr path, uint64_t a[2], uint64_t flags)
{
    struct vector v;
    struct rlimit files;
    int64_t r = lists_plain(t, &v, a);
    if (r == 0)
        r = exec_plain(t, dirfd, path, a, flags);
    if (r == -EMFILE && limits_exec_files(t, &files))
        r = exec_plain(t, dirfd, path, a, flags);
    limits_exec_files_end(t);
    vector_free(&v, t);
    return r;
}

int64_t sys_execve(struct task *t, const uint64_t a[6])
{
    return exec_at(t, AT_FDCWD, a[0], (uint64_t[2]){a[1], a[2]}, 0);
}

int64_t sys_execveat(struct task *t, const uint64_t a[6])
{
    return exec_at(t, (int)a[0], a[1], (uint64_t[2]){a[2], a[3]}, a[4]);
}
