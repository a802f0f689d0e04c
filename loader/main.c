/* SPDX-License-Identifier: MIT */
/*
 * Sets a guest program up and runs it.
 *
 * The order matters: the address space is taken stock of before anything of the guest's is mapped; the
 * translator and the signal handlers stand before the program is loaded, because clearing its bss touches
 * guest memory; the file's descriptor is closed before the guest's first instruction, which must find its
 * descriptors as it left them.
 *
 * PROGRAM is a path, as for qemu-user; an absolute one is looked up in the sysroot first, like all of the
 * guest's.  A script's interpreter is run instead, as the kernel does it.
 */
#include "abi/a64/structs.h"
#include "abi/abi.h"
#include "dbt/a64/feature.h"
#include "loader/elf.h"
#include "loader/options.h"
#include "loader/space.h"
#include "loader/stack.h"
#include "loader/store.h"
#include "loader/vdso.h"
#include "syscall/dispatch.h"
#include "syscall/exec_look.h"
#include "syscall/host.h"
#include "syscall/limits.h"
#include "syscall/proc_files.h"
#include "syscall/process.h"
#include "syscall/seccomp.h"
#include "syscall/signal.h"
#include "syscall/sysroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/rseq.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Noreturn void open_failed(const char *path, int why)
{
    die(exit_unopened(why), "%s: %s", path, strerror(why));
}

/* Opens what the guest would call `path`.  It must be executable by somebody, as for qemu-user, which asks no more, either: not
 * whether by us, nor whether the file system is mounted so. */
static int open_guest(const char *path)
{
    char host[PATH_MAX];
    int r = 0;
    if (path[0] == '/')
        r = sysroot_path(path, host);
    else if (strlen(path) >= sizeof host)
        r = -ENAMETOOLONG;
    else
        strcpy(host, path);
    int fd = r < 0 ? -1 : open(host, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0)
        open_failed(path, r < 0 ? -r : errno);
    if (fstat(fd, &st) < 0)
        open_failed(path, errno);
    if (S_ISDIR(st.st_mode))
        die(EXIT_CANNOT, "%s: is a directory", path);
    if (!(st.st_mode & 0111))
        open_failed(path, EACCES);
    return fd;
}

/* While fd is a script, puts its interpreter in front of the arguments and opens that. */
static int resolve_scripts(int fd, struct command *c)
{
    const char *path = c->program;
    for (int level = 0;; level++) {
        char *line = malloc(SCRIPT_LINE + 1), *interp, *arg;
        ssize_t n = line ? pread(fd, line, SCRIPT_LINE, 0) : -1;
        if (n < 2 || line[0] != '#' || line[1] != '!') {
            free(line);
            return fd;
        }
        if (level == SCRIPT_LEVELS || script_line(line, (size_t)n, &interp, &arg) != 0)
            die(EXIT_CANNOT, "%s: cannot make sense of its #! line", path);
        size_t rest = 0;
        while (c->argv[rest])
            rest++;
        char **v = calloc(rest + 3, sizeof *v);
        if (!v)
            die(EXIT_OWN, "no memory");
        size_t k = 0;
        v[k++] = interp;
        if (arg)
            v[k++] = arg;
        v[k++] = (char *)path;
        if (rest)
            memcpy(v + k, c->argv + 1, (rest - 1) * sizeof *v);
        c->argv = v;
        close(fd);
        path = interp;
        fd = open_guest(interp);
    }
}

/* The thread's name is the end of execfn; of what was started by its descriptor alone (fexecve), that of the file at `exe`, as
 * since Linux 6.14. */
static void set_name(const char *execfn, const char *exe)
{
    static const char by_fd[] = "/dev/fd/", gone[] = " (deleted)";
    const char *fd = strncmp(execfn, by_fd, sizeof by_fd - 1) == 0 ? execfn + sizeof by_fd - 1 : NULL;
    const char *path = exe && fd && !fd[strspn(fd, "0123456789")] ? exe : execfn, *slash = strrchr(path, '/');
    char name[NAME_MAX + sizeof gone];
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : path);
    size_t n = strlen(name), k = sizeof gone - 1;
    if (path == exe && n > k && strcmp(name + n - k, gone) == 0)
        name[n - k] = 0;
    prctl(PR_SET_NAME, name);
}

/* Where fd leads, for /proc/self/exe; and xrun itself, for exec. */
static void set_paths(int fd, const struct command *c)
{
    char link[64];
    static char exe[PATH_MAX], self[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, exe, sizeof exe - 1);
    options.exe = n > 0 ? exe : NULL;
    proc_keep_exe(fd);
    n = readlink("/proc/self/exe", self, sizeof self - 1);
    /* Without /proc: the path by which the kernel was asked to run xrun, unless it was asked for the guest's program. */
    options.self = n > 0 ? self : c->by_kernel ? NULL : realpath((const char *)getauxval(AT_EXECFN), NULL);
    set_name(c->execfn, options.exe);
}

static struct task *start_translator(struct command *c)
{
    c->dbt.fetchable = space_fetchable;
    size_t bearable = limits_cache();
    if (bearable && (!c->dbt.cache_size || bearable < c->dbt.cache_size))
        c->dbt.cache_size = bearable;
    c->dbt.guarded = space_guarded;
    c->dbt.stays = space_is_file;
    if (!bearable && !c->no_store && !getenv("XRUN_NO_STORE") && c->seccomp_fd < 0)
        c->dbt.store = store_open;
    space_guard_prot = a64_has(FEAT_BTI) ? A64_PROT_BTI : 0;
    c->dbt.syscall = syscall_serve;
    c->dbt.rouse = signal_rouse;
    c->dbt.alias = space_alias;
    abi_a64_midr(a64_midr);
    const char *why = dbt_init(&c->dbt);
    if (why)
        die(EXIT_OWN, "%s", why);
    struct task *t = process_init();
    if (!t)
        die(EXIT_OWN, "no memory for the processor state");
    return t;
}

static void load(struct task *t, int fd, const struct command *c)
{
    struct elf_program program;
    static struct load_error error;
    if (!elf_load(fd, options.exe ? options.exe : c->program, &program, &error))
        die(error.status, "%s", error.text);
    if (!vdso_map())
        die(EXIT_OWN, "%s: no memory for the vDSO", c->program);
    int64_t sp = stack_build(
        &(struct stack_args){.argv = c->argv, .envp = environ, .execfn = c->execfn, .program = &program});
    if (HOST_ERROR(sp))
        die(EXIT_CANNOT, "%s: cannot build its stack: %s", c->program, strerror((int)-sp));
    t->cpu->pc = program.entry;
    t->cpu->a64.x[31] = (uint64_t)sp;
    if (getrandom(t->cpu->a64.pac_key, sizeof t->cpu->a64.pac_key, GRND_NONBLOCK) < 0)
        memcpy(t->cpu->a64.pac_key, (const void *)getauxval(AT_RANDOM), 16);
}

/*
 * Makes ps, pgrep and /proc/PID/{cmdline,environ,auxv} show the guest, to everybody.  xrun's break stays its
 * own.  Kernels without this refuse, and show xrun's command line.
 */
static void show_in_proc(void)
{
    const struct space_layout *l = &space_layout;
    uint64_t brk = (uint64_t)sbrk(0);
    struct prctl_mm_map m = {.start_code = l->code_start,
                             .end_code = l->code_end,
                             .start_data = l->data_start,
                             .end_data = l->data_end,
                             .start_brk = brk,
                             .brk = brk,
                             .start_stack = l->stack_top,
                             .arg_start = l->arg_start,
                             .arg_end = l->arg_end,
                             .env_start = l->env_start,
                             .env_end = l->env_end,
                             .auxv = (void *)l->auxv,
                             .auxv_size = sizeof l->auxv,
                             .exe_fd = (uint32_t)-1};
    prctl(PR_SET_MM, PR_SET_MM_MAP, &m, sizeof m, 0);
}

/* The C library has asked for it, and nobody uses it: but the kernel would write it in every child of fork, whose page is one more
 * to copy, and when threads change places.  Registered were 32 bytes at least (rseq(2)). */
static void end_rseq(void)
{
    unsigned size = __rseq_size < 32 ? 32 : __rseq_size;
    if (__rseq_size)
        syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset, size, RSEQ_FLAG_UNREGISTER,
                RSEQ_SIG);
}

int main(int argc, char **argv)
{
    struct command c;
    end_rseq();
    options_parse(&c, argc, argv);
    limits_init();
    if (!c.execfn)
        c.execfn = c.program;
    int fd = c.fd >= 0 ? c.fd : open_guest(c.program);
    fd = resolve_scripts(fd, &c);
    set_paths(fd, &c);
    space_init();
    struct task *t = start_translator(&c);
    load(t, fd, &c);
    close(fd);
    if (c.seccomp_fd >= 0 && !seccomp_restore(t, c.seccomp_fd))
        die(EXIT_OWN, "the program's seccomp filters cannot be read");
    show_in_proc();
    space_ask_code_is_fixed();
    task_run(t);
}
