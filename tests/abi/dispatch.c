/* SPDX-License-Identifier: MIT */
/*
 * System calls from the registers of a guest to their result, without translator, loader and signals: those
 * are replaced here by the least that links.  What is checked is what differs between the guest and the host.
 */
#include "syscall/dispatch.h"
#include "syscall/limits.h"
#include "syscall/proc_files.h"

#include "abi/a64/structs.h"
#include "abi/abi.h"
#include "dbt/dbt.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/exec_self.h"
#include "syscall/seccomp.h"
#include "syscall/signal.h"
#include "syscall/strace_args.h"
#include "syscall/user.h"
#include "tests/abi/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* clang-format off */
#define OTHERS(F) \
    F(exit) F(exit_group) F(restart_syscall) F(sigaltstack) F(rt_sigsuspend) F(rt_sigaction) \
    F(rt_sigprocmask) F(rt_sigpending) F(rt_sigtimedwait) F(rt_sigreturn) F(brk) F(munmap) \
    F(mremap) F(clone) F(execve) F(mmap) F(mprotect) F(madvise) F(mlockall) F(munlockall) F(mlock) \
    F(mlock2) F(munlock) F(msync) F(mincore) F(process_madvise) F(execveat) F(clone3) F(seccomp) F(getrlimit) F(setrlimit) \
    F(prlimit64)
/* clang-format on */
#define OTHER(name)                                                                                          \
    int64_t sys_##name(struct task *t, const uint64_t a[6])                                                  \
    {                                                                                                        \
        (void)a;                                                                                             \
        t->last_nr = -1;                                                                                     \
        return -ENOSYS;                                                                                      \
    }
OTHERS(OTHER)

struct space_layout space_layout;
struct space_own space_own;
_Atomic bool space_code_is_fixed, space_read_is_exec;
void space_ask_code_is_fixed(void) {}
static gaddr noted, forgotten;
static uint64_t noted_len;

void space_note(gaddr addr, uint64_t len, int prot, uint64_t object)
{
    (void)prot;
    (void)object;
    noted = addr;
    noted_len = len;
}
bool space_fits(uint64_t len)
{
    return len != 0;
}
bool space_lock_fits(uint64_t len)
{
    return len != 0;
}
void space_lock_new(gaddr start, uint64_t len)
{
    (void)start, (void)len;
}
void dbt_invalidate(gaddr start, size_t len)
{
    (void)start, (void)len;
}
int64_t drop_code(gaddr start, uint64_t len, int advice)
{
    (void)start, (void)len, (void)advice;
    return 1;
}
int64_t space_unmap_by(long nr, gaddr addr, uint64_t len)
{
    forgotten = len == noted_len ? addr : 0;
    return host_raw(nr, addr, 0, 0, 0, 0, 0);
}
gaddr space_end = SPACE_TOP;
gaddr space_place(uint64_t len)
{
    (void)len;
    return 0;
}
bool space_forbidden(gaddr start, uint64_t len)
{
    return start + len < start;
}
gaddr space_find(uint64_t device, uint64_t inode, uint64_t offset, gaddr guess)
{
    (void)device, (void)inode, (void)offset, (void)guess;
    return 0;
}

bool space_is_shared(gaddr addr)
{
    (void)addr;
    return false;
}

void *host_alloc(size_t size)
{
    (void)size;
    return NULL;
}

void host_free(void *p, size_t size)
{
    (void)p, (void)size;
}

bool limits_kept(int64_t pid, const char *line, struct rlimit *r)
{
    (void)pid, (void)line, (void)r;
    return false;
}

int space_maps_fd(int64_t pid, int host, bool smaps)
{
    (void)pid, (void)host;
    return smaps ? -ENOMEM : open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
}

static int64_t next_result; /* what the next call that may block gives instead of being made */

int64_t host_syscall(struct task *t, long nr, const uint64_t a[6])
{
    int64_t r = next_result;

    (void)t;
    next_result = 0;
    return r ? r : host_raw(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}
int64_t signal_mask_enter(struct task *t, gaddr set, uint64_t size, uint64_t *host)
{
    (void)t;
    return size != 8 ? -EINVAL : user_read(host, set, 8);
}
void signal_mask_leave(struct task *t, int64_t result)
{
    (void)t, (void)result;
}

enum verdict seccomp_judge(struct task *t, uint64_t nr, const uint64_t a[6], int64_t *result)
{
    (void)t, (void)nr, (void)a, (void)result;
    return VERDICT_GO;
}
int64_t seccomp_receive(struct task *t, const uint64_t a[6])
{
    (void)t, (void)a;
    return 0;
}

struct proc_thread proc_thread(int64_t pid, int64_t tid)
{
    (void)pid;
    (void)tid;
    return (struct proc_thread){.keep = {~0ull, ~0ull, ~0ull, ~0ull}};
}

int64_t seccomp_prctl(struct task *t, uint64_t mode, gaddr program)
{
    (void)t, (void)mode, (void)program;
    return -EINVAL;
}

void exec_keep_self(struct task *t)
{
    (void)t;
}
int64_t exec_self_open(struct task *t)
{
    (void)t;
    return -ENOENT;
}
void dbt_part(void) {}
void dbt_stop(void) {}
void dbt_go_on(void) {}

static struct cpu cpu;
static struct task task = {.cpu = &cpu};

#define ARG(x) ((uint64_t)(uintptr_t)(x))

static int64_t call(unsigned nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    uint64_t args[6] = {a, b, c, d, e, f};

    cpu.a64.x[8] = nr;
    memcpy(cpu.a64.x, args, sizeof args);
    syscall_dispatch(&task);
    return (int64_t)cpu.a64.x[0];
}

static int64_t open_call(const char *path, uint64_t flags)
{
    return call(56, (uint64_t)AT_FDCWD, ARG(path), flags, 0600, 0, 0);
}

static void check_files(void)
{
    struct a64_stat st;
    uint64_t how[3] = {A64_O_DIRECTORY | O_CLOEXEC, 0, 0};
    char exe[64] = "";
    int fds[2];
    int64_t fd;

    CHECK(open_call("/dev/null", A64_O_DIRECTORY) == -ENOTDIR);
    CHECK(open_call("/proc/self/exe", A64_O_NOFOLLOW) == -ELOOP);
    CHECK(open_call("/nowhere/at/all", 0) == -ENOENT);
    CHECK(call(56, (uint64_t)AT_FDCWD, 1, 0, 0, 0, 0) == -EFAULT);
    fd = open_call("/", A64_O_DIRECTORY);
    CHECK(fd >= 0 && call(25, (uint64_t)fd, F_GETFL, 0, 0, 0, 0) == (A64_O_DIRECTORY | A64_O_LARGEFILE));
    CHECK(call(80, (uint64_t)fd, ARG(&st), 0, 0, 0, 0) == 0 && S_ISDIR(st.st_mode));
    CHECK(call(79, (uint64_t)fd, ARG("dev/null"), ARG(&st), 0, 0, 0) == 0 && S_ISCHR(st.st_mode));
    CHECK(call(79, (uint64_t)fd, ARG(""), ARG(&st), AT_EMPTY_PATH, 0, 0) == 0 && S_ISDIR(st.st_mode));
    CHECK(call(79, (uint64_t)fd, ARG("dev/null"), 8, 0, 0, 0) == -EFAULT);
    CHECK(call(57, (uint64_t)fd, 0, 0, 0, 0, 0) == 0);
    CHECK(call(437, (uint64_t)AT_FDCWD, ARG("/dev/null"), ARG(how), 24, 0, 0) == -ENOTDIR);
    CHECK(call(437, (uint64_t)AT_FDCWD, ARG("/dev/null"), ARG(how), 8, 0, 0) == -EINVAL);
    CHECK(call(59, ARG(fds), A64_O_DIRECT, 0, 0, 0, 0) == 0 && (fcntl(fds[1], F_GETFL) & O_DIRECT));
    CHECK(call(25, (uint64_t)fds[1], F_SETFL, O_NONBLOCK, 0, 0, 0) == 0 &&
          fcntl(fds[1], F_GETFL) == (O_NONBLOCK | O_WRONLY));
    CHECK(call(78, (uint64_t)AT_FDCWD, ARG("/proc/self/exe"), ARG(exe), sizeof exe, 0, 0) == 12);
    CHECK(!strcmp(exe, "/the/program"));
    CHECK(call(78, (uint64_t)AT_FDCWD, ARG("/proc/self/exe"), ARG(exe), 0, 0, 0) == -EINVAL);
}

/* Reads what a file of /proc shows the guest. */
static char *show(const char *path)
{
    static char text[1 << 16];
    int64_t fd = open_call(path, O_CLOEXEC), n;

    CHECK(fd >= 0 && (fcntl((int)fd, F_GETFD) & FD_CLOEXEC));
    n = read((int)fd, text, sizeof text - 1);
    close((int)fd);
    text[n > 0 ? n : 0] = 0;
    return text;
}

static void check_proc(void)
{
    static const char strings[] = "prog\0arg\0VAR=1";
    uint64_t auxv[2 * SPACE_AUXV] = {0};
    const char *s;

    memcpy(space_layout.auxv, (uint64_t[]){16 /* AT_HWCAP */, 3, 26 /* AT_HWCAP2 */, 1}, 32);
    space_layout.arg_start = ARG(strings);
    space_layout.arg_end = space_layout.env_start = ARG(strings + 9);
    space_layout.env_end = ARG(strings + sizeof strings);
    space_layout.code_start = 0x400000;
    CHECK(!memcmp(show("/proc/self/cmdline"), "prog\0arg", 9));
    CHECK(!strcmp(show("/proc/self/environ"), "VAR=1"));
    CHECK(((uint64_t *)(void *)show("/proc/self/auxv"))[1] == 3);
    abi_a64_midr(0x410fd034);
    s = show("/proc/cpuinfo");
    CHECK(strstr(s, "Features\t: fp asimd dcpodp\n") && strstr(s, "CPU part\t: 0xd03\n"));
    s = strrchr(show("/proc/self/stat"), ')');
    CHECK(s && strstr(s, " 4194304 ") && strchr(s, '\n') && s[strlen(s) - 1] == '\n');
    CHECK(strstr(show("//proc/self/maps"), " r--p "));
    CHECK(open_call("/proc/self/maps", O_RDWR) == -EACCES);
    CHECK(open_call("/proc/self/smaps", 0) == -ENOMEM);
    CHECK(call(167, 0x41555856, ARG(auxv), sizeof auxv, 0, 0, 0) == sizeof auxv && auxv[1] == 3);
}

static void check_epoll(void)
{
    struct a64_epoll_event in = {EPOLLIN, 0, 0x1122334455667788}, out[8];
    uint64_t mask = 0;
    int ep = epoll_create1(0), fds[8][2];

    for (int i = 0; i < 8; i++) {
        CHECK(pipe(fds[i]) == 0 && write(fds[i][1], "x", 1) == 1);
        in.data = 0x1122334455667700 + (uint64_t)i;
        CHECK(call(21, (uint64_t)ep, EPOLL_CTL_ADD, (uint64_t)fds[i][0], ARG(&in), 0, 0) == 0);
    }
    memset(out, 0xff, sizeof out);
    CHECK(call(22, (uint64_t)ep, ARG(out), 8, 0, ARG(&mask), 8) == 8);
    for (unsigned i = 0; i < 8; i++)
        CHECK(out[i].events == EPOLLIN && out[i].data == 0x1122334455667700u + i);
    CHECK(call(22, (uint64_t)ep, ARG(out), 8, 0, ARG(&mask), 4) == -EINVAL);
    CHECK(call(21, (uint64_t)ep, EPOLL_CTL_DEL, (uint64_t)fds[0][0], 0, 0, 0) == 0);
    CHECK(call(21, (uint64_t)ep, EPOLL_CTL_ADD, (uint64_t)fds[0][0], 0, 0, 0) == -EFAULT);
}

static void check_ipc(void)
{
    struct a64_semid_ds ds;
    int sem = semget(IPC_PRIVATE, 3, 0600), shm = shmget(IPC_PRIVATE, 10000, 0600);
    int64_t at;

    CHECK(call(191, (uint64_t)sem, 0, IPC_STAT, ARG(&ds), 0, 0) == 0);
    CHECK(ds.sem_nsems == 3 && (ds.sem_perm.mode & 0777) == 0600 && ds.sem_perm.uid == geteuid());
    ds.sem_perm.mode = 0640;
    CHECK(call(191, (uint64_t)sem, 0, IPC_SET, ARG(&ds), 0, 0) == 0);
    CHECK(call(191, (uint64_t)sem, 0, IPC_STAT, ARG(&ds), 0, 0) == 0 && (ds.sem_perm.mode & 0777) == 0640);
    CHECK(call(191, (uint64_t)sem, 1, SETVAL, 7, 0, 0) == 0 &&
          call(191, (uint64_t)sem, 1, GETVAL, 0, 0, 0) == 7);
    CHECK(semctl(sem, 0, IPC_RMID) == 0);

    at = call(196, (uint64_t)shm, 0, 0, 0, 0, 0);
    CHECK(at > 0 && noted == (uint64_t)at && noted_len == 12288);
    CHECK(call(197, (uint64_t)at, 0, 0, 0, 0, 0) == 0 && forgotten == noted);
    CHECK(call(197, (uint64_t)at, 0, 0, 0, 0, 0) == -EINVAL);
    shmctl(shm, IPC_RMID, NULL);
}

/* Each detail of a signature is one that --strace can show. */
static void check_signatures(void)
{
    for (unsigned nr = 0; nr < call_count(); nr++) {
        const struct call *c = call_find(nr);
        for (const char *dot = c ? strchr(c->sig, '.') : NULL; dot; dot = strchr(dot + 1, '.'))
            if (!arg_detail_known(dot + 1, strcspn(dot + 1, ",:"))) {
                fprintf(stderr, "%s: %s\n", c->name, dot);
                failures++;
            }
    }
}

static void check_misc(void)
{
    struct utsname u;
    uint64_t context = 0;

    CHECK(call(160, ARG(&u), 0, 0, 0, 0, 0) == 0 && !strcmp(u.machine, "aarch64"));
    CHECK(call(160, 8, 0, 0, 0, 0, 0) == -EFAULT);
    CHECK(call(172, 0, 0, 0, 0, 0, 0) == getpid());
    CHECK(call(293, 0, 0, 0, 0, 0, 0) == -ENOSYS);
    CHECK(call(167, 50, 0, 0, 0, 0, 0) == -EINVAL);
    CHECK(call(0, 16, ARG(&context), 0, 0, 0, 0) == 0 && noted == context && noted_len > 0);
    CHECK(call(1, context, 0, 0, 0, 0, 0) == 0 && forgotten == context);
}

static void check_restart(void)
{
    next_result = -XRUN_ERESTARTSYS;
    CHECK(call(63, 77, 0, 0, 0, 0, 0) == -XRUN_ERESTARTSYS && task.last_nr == 63 && task.orig_x0 == 77);
    CHECK(call(172, 0, 0, 0, 0, 0, 0) == getpid() && task.last_nr == -1);
    CHECK(call(139, 5, 0, 0, 0, 0, 0) == 5); /* replaced its registers: x0 is left alone */
}

/* The PATH lines, on a sysroot that holds one file and one link. */
static void check_paths(void)
{
    char made[] = "/tmp/xrun-paths-XXXXXX", text[64] = "";
    struct a64_stat st;
    struct statx stx;
    int64_t fd;

    if (!mkdtemp(made) || chdir(made) < 0 || mkdir("xetc", 0755) < 0 ||
        symlink("/xetc/file", "xetc/link") < 0)
        exit(2);
    close(open("xetc/file", O_CREAT | O_WRONLY, 0640));
    options.sysroot = made;
    fd = open_call("/xetc/link", O_RDWR);
    CHECK(fd >= 0 && write((int)fd, "abc", 3) == 3 && close((int)fd) == 0);
    CHECK(open_call("/xetc/link", A64_O_NOFOLLOW) == -ELOOP);
    CHECK(open_call("/xetc/link", O_CREAT | O_EXCL | O_WRONLY) == -EEXIST);
    CHECK(call(79, (uint64_t)AT_FDCWD, ARG("/xetc/link"), ARG(&st), 0, 0, 0) == 0 && st.st_size == 3);
    CHECK(call(79, (uint64_t)AT_FDCWD, ARG("/xetc/link"), ARG(&st), AT_SYMLINK_NOFOLLOW, 0, 0) == 0 &&
          st.st_size == 10);
    CHECK(call(79, (uint64_t)AT_FDCWD, ARG("xetc/link"), ARG(&st), 0, 0, 0) == 0 && st.st_size == 3);
    CHECK(call(291, (uint64_t)AT_FDCWD, ARG("/xetc/link"), 0, STATX_SIZE, ARG(&stx), 0) == 0 &&
          stx.stx_size == 3);
    CHECK(call(78, (uint64_t)AT_FDCWD, ARG("/xetc/link"), ARG(text), sizeof text, 0, 0) == 10);
    CHECK(!strcmp(text, "/xetc/file"));
    CHECK(call(48, (uint64_t)AT_FDCWD, ARG("/xetc/link"), R_OK, 0, 0, 0) == 0);
    CHECK(call(45, ARG("/xetc/link"), 1, 0, 0, 0, 0) == 0);
    CHECK(call(34, (uint64_t)AT_FDCWD, ARG("/xetc"), 0755, 0, 0, 0) == -EEXIST);
    CHECK(call(34, (uint64_t)AT_FDCWD, ARG("xetc/new"), 0755, 0, 0, 0) == 0);
    CHECK(call(38, (uint64_t)AT_FDCWD, ARG("/xetc/file"), (uint64_t)AT_FDCWD, ARG("xetc/moved"), 0, 0) == 0);
    CHECK(call(79, (uint64_t)AT_FDCWD, ARG("/xetc/link"), ARG(&st), 0, 0, 0) == -ENOENT);
    CHECK(call(37, (uint64_t)AT_FDCWD, ARG("/xetc/moved"), (uint64_t)AT_FDCWD, ARG("xetc/file"), 0, 0) == 0);
    CHECK(call(49, ARG("/xetc/new"), 0, 0, 0, 0, 0) == 0 && call(17, ARG(text), sizeof text, 0, 0, 0, 0) > 0);
    CHECK(!strncmp(text, made, strlen(made)) && !strcmp(text + strlen(made), "/xetc/new"));
    CHECK(call(35, (uint64_t)AT_FDCWD, ARG("/xetc/file"), 0, 0, 0, 0) == 0);
    CHECK(call(35, (uint64_t)AT_FDCWD, ARG("/xetc/moved"), 0, 0, 0, 0) == 0);
    CHECK(call(35, (uint64_t)AT_FDCWD, ARG("/xetc/link"), 0, 0, 0, 0) == 0);
    CHECK(call(35, (uint64_t)AT_FDCWD, ARG("/xetc/new"), AT_REMOVEDIR, 0, 0, 0) == 0);
    CHECK(call(35, (uint64_t)AT_FDCWD, ARG("/xetc"), AT_REMOVEDIR, 0, 0, 0) == 0);
    options.sysroot = NULL;
    CHECK(chdir("/") == 0 && rmdir(made) == 0);
}

/* Runs calls with stderr in a file, and compares what they wrote. */
static void check_trace(void)
{
    static const char want[] =
        "7 openat(AT_FDCWD, \"/proc/no\\twhere\", O_WRONLY|O_CREAT|O_TRUNC|O_NOFOLLOW|O_CLOEXEC, 0600) = -1 "
        "ENOENT (No such file or directory)\n"
        "7 write(-1, \"a\\n\\000b\", 4) = -1 EBADF (Bad file descriptor)\n"
        "7 rseq() = -1 ENOSYS (the kernel would look for critical sections at host addresses)\n"
        "7 kill(0, 0) = 0\n"
        "xrun: unknown system call 999\n"
        "7 syscall_999(0x1, 0x2, 0x0, 0x0, 0x0, 0x0) = -1 ENOSYS\n"
        "7 syscall_999(0x1, 0x2, 0x0, 0x0, 0x0, 0x0) = -1 ENOSYS\n";
    char got[4096] = "";
    int saved = dup(2), out = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    ssize_t n;

    dup2(out, 2);
    task.tid = 7;
    options.strace = true;
    open_call("/proc/no\twhere", O_WRONLY | O_CREAT | O_TRUNC | A64_O_NOFOLLOW | O_CLOEXEC);
    call(64, (uint64_t)-1, ARG("a\n\0b"), 4, 0, 0, 0);
    call(293, 0, 0, 0, 0, 0, 0);
    call(129, 0, 0, 0, 0, 0, 0);
    call(999, 1, 2, 0, 0, 0, 0);
    call(999, 1, 2, 0, 0, 0, 0);
    options.strace = false;
    dup2(saved, 2);
    n = pread(out, got, sizeof got - 1, 0);
    if (n < 0 || strcmp(got, want) != 0) {
        fprintf(stderr, "strace wrote:\n%s", got);
        failures++;
    }
}

int main(void)
{
    options.exe = "/the/program";
    check_files();
    check_proc();
    check_epoll();
    check_ipc();
    check_misc();
    check_signatures();
    check_restart();
    check_paths();
    check_trace();
    return failures != 0;
}
