/* SPDX-License-Identifier: MIT */
/*
 * Seccomp: filters of random instructions, right and wrong, and what each action does to threads, children and
 * programs.  The kernel judges natively, xrun itself under xrun; the words of the data that differ by machine (number,
 * architecture, pc) are looked at for their meaning only.
 */
#include "tests/abi/show.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#ifdef __aarch64__
#define OWN_ARCH        AUDIT_ARCH_AARCH64
#define ARG0(context)   (context)->uc_mcontext.regs[0]
#define ARG1(context)   (context)->uc_mcontext.regs[1]
#define RESULT(context) (context)->uc_mcontext.regs[0]
#else
#define OWN_ARCH        AUDIT_ARCH_X86_64
#define ARG0(context)   (context)->uc_mcontext.gregs[REG_RDI]
#define ARG1(context)   (context)->uc_mcontext.gregs[REG_RSI]
#define RESULT(context) (context)->uc_mcontext.gregs[REG_RAX]
#endif
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RET(v)      BPF_STMT(BPF_RET | BPF_K, v)
#define FILTER(...)                                                                                          \
    install((struct sock_filter[]){__VA_ARGS__},                                                             \
            sizeof((struct sock_filter[]){__VA_ARGS__}) / sizeof(struct sock_filter), 0)
/* Calls by another name than the field. */
#define CALL(call, v) LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), RET(v)

static uint64_t seed = 0x9e3779b97f4a7c15ull;

static uint32_t rnd(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32) % below;
}

static long install(struct sock_filter *f, size_t n, unsigned flags)
{
    struct sock_fprog p = {(unsigned short)n, f};

    return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p);
}

/* Runs f in a child and says how that ended. */
static void in_child(const char *name, void (*f)(void))
{
    int status;

    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        f();
        fflush(stdout);
        _exit(7);
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        printf("%s: signal %d\n", name, WTERMSIG(status));
    else
        printf("%s: status %d\n", name, WEXITSTATUS(status));
}

/* -- random programs -- */

static uint32_t random_k(void)
{
    static const uint32_t corners[] = {0, 1, 31, 32, 0x7fffffff, 0x80000000, 0xffffffff, 4, 16};

    return rnd(3) ? rnd(64) : corners[rnd(sizeof corners / sizeof *corners)];
}

/* One instruction; `left` follow it.  One in forty is anything. */
static struct sock_filter random_insn(uint32_t left)
{
    static const uint16_t alu[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR,
                                   BPF_AND, BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG};
    static const uint16_t jump[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
    uint16_t source = rnd(2) ? BPF_X : BPF_K;

    if (rnd(40) == 0)
        return (struct sock_filter){(uint16_t)rnd(300), (uint8_t)rnd(left + 2), (uint8_t)rnd(left + 2),
                                    random_k()};
    switch (rnd(10)) {
    case 0: return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16 + 4 * rnd(rnd(30) ? 12 : 16));
    case 1: return (struct sock_filter)BPF_STMT((rnd(2) ? BPF_LD : BPF_LDX) | BPF_IMM, random_k());
    case 2: return (struct sock_filter)BPF_STMT(rnd(2) ? BPF_ST : BPF_STX, rnd(rnd(30) ? 4 : 17));
    case 3: return (struct sock_filter)BPF_STMT((rnd(2) ? BPF_LD : BPF_LDX) | BPF_MEM, rnd(4));
    case 4: return (struct sock_filter)BPF_STMT(BPF_MISC | (rnd(2) ? BPF_TAX : BPF_TXA), 0);
    case 5: return (struct sock_filter)BPF_STMT((rnd(2) ? BPF_LD : BPF_LDX) | BPF_W | BPF_LEN, 0);
    case 6:
        if (left > 4)
            return (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | jump[rnd(4)] | source), random_k(),
                                                (uint8_t)rnd(left - 3), (uint8_t)rnd(left - 3));
        /* fall through */
    default: {
        uint16_t op = alu[rnd(10)];
        if (op == BPF_NEG)
            source = BPF_K;
        uint32_t k = random_k();
        if ((op == BPF_LSH || op == BPF_RSH) && rnd(20))
            k &= 31;
        if (op == BPF_DIV && rnd(20))
            k |= 1;
        return (struct sock_filter)BPF_STMT((uint16_t)(BPF_ALU | op | source), k);
    }
    }
}

#define HEAD  9 /* writes some memory; all calls but one are allowed */
#define TAIL  3 /* twelve bits of the accumulator as an errno */
#define PROBE 0x1234567812345678

static struct sock_filter program[HEAD + 64 + TAIL];
static uint32_t body;

static void run_random(void)
{
    static const struct sock_filter head[HEAD] = {
        CALL(getpgid, 0), /* the return is replaced below */
        BPF_STMT(BPF_LD | BPF_IMM, 77),
        BPF_STMT(BPF_ST, 0),
        BPF_STMT(BPF_ST, 1),
        BPF_STMT(BPF_STX, 2),
        BPF_STMT(BPF_LDX | BPF_IMM, 5),
        BPF_STMT(BPF_STX, 3),
    };
    memcpy(program, head, sizeof head);
    program[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getpgid, 1, 0);
    program[2] = (struct sock_filter)RET(SECCOMP_RET_ALLOW);
    struct sock_filter *end = program + HEAD + body;
    end[0] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff);
    end[1] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
    end[2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
    if (show(install(program, HEAD + body + TAIL, 0), "install") != 0)
        return;
    long r = syscall(__NR_getpgid, PROBE, -1l, 0xfedcba9876543210, 4l, 5l, 0x8000000000000006);
    printf("  %ld %d\n", r, r == -1 ? errno : 0);
}

static void check_random(void)
{
    for (int i = 0; i < 500; i++) {
        body = 1 + rnd(60);
        for (uint32_t k = 0; k < body; k++)
            program[HEAD + k] = random_insn(body - k - 1 + TAIL);
        in_child("random", run_random);
    }
}

/* -- actions -- */

static volatile sig_atomic_t seen;

static void on_sys(int signo, siginfo_t *info, void *context)
{
    (void)context;
    seen = signo;
    printf("SIGSYS: code %d errno %d own number %d own arch %d address %d\n", info->si_code, info->si_errno,
           info->si_syscall == __NR_getpgid, info->si_arch == OWN_ARCH, info->si_call_addr != NULL);
}

static void trap(void)
{
    struct sigaction a = {.sa_sigaction = on_sys, .sa_flags = SA_SIGINFO};

    sigaction(SIGSYS, &a, NULL);
    FILTER(CALL(getpgid, SECCOMP_RET_TRAP | 0x1234), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
    printf("seen %d\n", seen);
}

/* A handler that makes the call itself: it finds the arguments, and its result is the call's. */
static void on_sys_emulate(int signo, siginfo_t *info, void *context)
{
    ucontext_t *u = context;

    (void)signo, (void)info;
    printf("arguments %d %d\n", (int)ARG0(u), (int)ARG1(u));
    RESULT(u) = ARG0(u) + ARG1(u);
}

static void trap_emulated(void)
{
    struct sigaction a = {.sa_sigaction = on_sys_emulate, .sa_flags = SA_SIGINFO};

    sigaction(SIGSYS, &a, NULL);
    FILTER(CALL(setpgid, SECCOMP_RET_TRAP), RET(SECCOMP_RET_ALLOW));
    printf("result %ld\n", syscall(__NR_setpgid, 30, 12));
}

static void trap_blocked(void)
{
    struct sigaction a = {.sa_sigaction = on_sys, .sa_flags = SA_SIGINFO};
    sigset_t set;

    sigaction(SIGSYS, &a, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGSYS);
    sigprocmask(SIG_BLOCK, &set, NULL);
    FILTER(CALL(getpgid, SECCOMP_RET_TRAP), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}

static void trap_ignored(void)
{
    signal(SIGSYS, SIG_IGN);
    FILTER(CALL(getpgid, SECCOMP_RET_TRAP), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}

static void errnos(void)
{
    FILTER(LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getpgid, 1, 0), RET(SECCOMP_RET_ALLOW),
           LOAD(args[0]), BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
           BPF_STMT(BPF_RET | BPF_A, 0));
    for (long e = 0; e < 5000; e += 97) {
        long r = syscall(__NR_getpgid, e);
        printf("errno %ld: %ld %d\n", e, r, r == -1 ? errno : 0);
    }
}

static void kill_process(void)
{
    FILTER(CALL(getpgid, SECCOMP_RET_KILL_PROCESS), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}
static void kill_only_thread(void)
{
    FILTER(CALL(getpgid, SECCOMP_RET_KILL_THREAD), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}
static void unknown_action(void)
{
    FILTER(CALL(getpgid, 0x00020000), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}
static void trace(void)
{
    FILTER(CALL(getpgid, SECCOMP_RET_TRACE), RET(SECCOMP_RET_ALLOW));
    show(syscall(__NR_getpgid, 0), "traced");
}
static void notify(void)
{
    FILTER(CALL(getpgid, SECCOMP_RET_USER_NOTIF), RET(SECCOMP_RET_ALLOW));
    show(syscall(__NR_getpgid, 0), "notified");
}
static void logged(void)
{
    FILTER(CALL(getpgid, SECCOMP_RET_LOG), RET(SECCOMP_RET_ALLOW));
    good(syscall(__NR_getpgid, 0), "logged");
}

static void show_status(void)
{
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");

    while (fgets(line, sizeof line, f))
        if (strncmp(line, "Seccomp", 7) == 0)
            fputs(line, stdout);
    fclose(f);
}

/* The strictest wins, and among equals the newest. */
static void several(void)
{
    show_status();
    FILTER(CALL(getpgid, SECCOMP_RET_ERRNO | 5), RET(SECCOMP_RET_ALLOW));
    FILTER(CALL(getpgid, SECCOMP_RET_ERRNO | 6), RET(SECCOMP_RET_ALLOW));
    FILTER(CALL(getpgid, SECCOMP_RET_LOG), RET(SECCOMP_RET_ALLOW));
    show(syscall(__NR_getpgid, 0), "several");
    show(prctl(PR_GET_SECCOMP), "mode");
    show_status();
    FILTER(CALL(getpgid, SECCOMP_RET_TRAP), RET(SECCOMP_RET_ALLOW));
    syscall(__NR_getpgid, 0);
}

static void *other_thread(void *arg)
{
    (void)arg;
    syscall(__NR_getpgid, 0);
    printf("the thread is still there\n");
    return NULL;
}

static void kill_thread(void)
{
    pthread_t p;

    FILTER(CALL(getpgid, SECCOMP_RET_KILL_THREAD), RET(SECCOMP_RET_ALLOW));
    pthread_create(&p, NULL, other_thread, NULL);
    pthread_join(p, NULL);
    printf("the process is still there\n");
}

static void strict(void)
{
    fflush(stdout);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    if (write(1, "strict\n", 7) != 7)
        syscall(__NR_exit, 1);
    syscall(__NR_exit, 9);
}
static void strict_broken(void)
{
    fflush(stdout);
    syscall(__NR_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL);
    syscall(__NR_getpgid, 0);
}

/* -- children -- */

static void deny(unsigned flags)
{
    struct sock_filter f[] = {CALL(getpgid, SECCOMP_RET_ERRNO | 33), RET(SECCOMP_RET_ALLOW)};

    show(install(f, sizeof f / sizeof *f, flags), "install %u", flags);
}

static void forked(void)
{
    deny(0);
    fflush(stdout);
    if (fork() == 0) {
        show(syscall(__NR_getpgid, 0), "child");
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

static void *probe(void *arg)
{
    pthread_barrier_t *b = arg;

    if (b) {
        pthread_barrier_wait(b);
        pthread_barrier_wait(b);
    }
    show(syscall(__NR_getpgid, 0), "thread");
    return NULL;
}

static void threads(void)
{
    pthread_t p;

    deny(0);
    pthread_create(&p, NULL, probe, NULL);
    pthread_join(p, NULL);
}

static void sync_threads(void)
{
    pthread_barrier_t b;
    pthread_t p;

    pthread_barrier_init(&b, NULL, 2);
    pthread_create(&p, NULL, probe, &b);
    pthread_barrier_wait(&b);
    deny(SECCOMP_FILTER_FLAG_TSYNC);
    pthread_barrier_wait(&b);
    pthread_join(p, NULL);
}

/* A thread with a filter of its own cannot be brought in line. */
static void *own_filter(void *arg)
{
    pthread_barrier_t *b = arg;

    FILTER(RET(SECCOMP_RET_ALLOW));
    pthread_barrier_wait(b);
    pthread_barrier_wait(b);
    return NULL;
}

static void sync_fails(void)
{
    struct sock_filter f[] = {RET(SECCOMP_RET_ALLOW)};
    pthread_barrier_t b;
    pthread_t p;

    pthread_barrier_init(&b, NULL, 2);
    pthread_create(&p, NULL, own_filter, &b);
    pthread_barrier_wait(&b);
    printf("a thread: %d\n", install(f, 1, SECCOMP_FILTER_FLAG_TSYNC) > 0);
    show(install(f, 1, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH), "with TSYNC_ESRCH");
    pthread_barrier_wait(&b);
    pthread_join(p, NULL);
}

/* no_new_privs goes with the filters. */
static void *later_rights(void *arg)
{
    struct sock_filter f[] = {RET(SECCOMP_RET_ALLOW)};

    pthread_barrier_wait(arg);
    pthread_barrier_wait(arg);
    show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), "no_new_privs");
    show(install(f, 1, 0), "install");
    return NULL;
}

static void sync_rights(void)
{
    pthread_barrier_t b;
    pthread_t p;

    if (setresuid(65534, 65534, 65534) != 0)
        printf("setresuid: %s\n", strerrorname_np(errno));
    pthread_barrier_init(&b, NULL, 2);
    pthread_create(&p, NULL, later_rights, &b);
    pthread_barrier_wait(&b);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    deny(SECCOMP_FILTER_FLAG_TSYNC);
    pthread_barrier_wait(&b);
    pthread_join(p, NULL);
}

static void *answer_one(void *arg)
{
    struct seccomp_notif n = {0};
    struct seccomp_notif_resp r = {.val = 4242};

    ioctl(*(int *)arg, SECCOMP_IOCTL_NOTIF_RECV, &n);
    r.id = n.id;
    ioctl(*(int *)arg, SECCOMP_IOCTL_NOTIF_SEND, &r);
    return NULL;
}

/* So do filters with a listener, although only a newer one is brought to the thread. */
static void sync_listener(void)
{
    struct sock_filter f[] = {CALL(getpgid, SECCOMP_RET_USER_NOTIF), RET(SECCOMP_RET_ALLOW)},
                       all[] = {RET(SECCOMP_RET_ALLOW)};
    pthread_barrier_t b;
    pthread_t p, q;

    pthread_barrier_init(&b, NULL, 2);
    pthread_create(&p, NULL, probe, &b);
    pthread_barrier_wait(&b);
    int fd = (int)install(f, sizeof f / sizeof *f, SECCOMP_FILTER_FLAG_NEW_LISTENER);
    show(install(all, 1, SECCOMP_FILTER_FLAG_TSYNC), "sync");
    pthread_create(&q, NULL, answer_one, &fd);
    pthread_barrier_wait(&b);
    pthread_join(p, NULL);
}

static const char *self;

static void executed(void)
{
    deny(0);
    FILTER(CALL(getsid, SECCOMP_RET_ERRNO | 44), RET(SECCOMP_RET_ALLOW));
    fflush(stdout);
    execl(self, self, "probe", NULL);
}

static void too_many(void)
{
    static struct sock_filter f[BPF_MAXINSNS];
    long r, n = 0;

    for (size_t i = 0; i < BPF_MAXINSNS; i++)
        f[i] = (struct sock_filter)RET(SECCOMP_RET_ALLOW);
    show(install(f, 0, 0), "no instructions");
    show(install(NULL, 1, 0), "nowhere");
    show(install(f, BPF_MAXINSNS + 1, 0), "too many instructions");
    while ((r = install(f, BPF_MAXINSNS, 0)) == 0)
        n++;
    show(r, "after %ld", n);
}

static void check_questions(void)
{
    static const uint32_t actions[] = {SECCOMP_RET_KILL_PROCESS,
                                       SECCOMP_RET_KILL_THREAD,
                                       SECCOMP_RET_TRAP,
                                       SECCOMP_RET_ERRNO,
                                       SECCOMP_RET_TRACE,
                                       SECCOMP_RET_LOG,
                                       SECCOMP_RET_ALLOW,
                                       1,
                                       0x00010000};
    struct seccomp_notif_sizes sizes;

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        show(syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &actions[i]), "action %#x", actions[i]);
    show(syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &actions[0]), "action, flags");
    show(syscall(__NR_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes), "sizes");
    printf("  %u %u %u\n", sizes.seccomp_notif, sizes.seccomp_notif_resp, sizes.seccomp_data);
    for (int op = 3; op < 8; op++)
        show(syscall(__NR_seccomp, op, 0, NULL), "operation %d", op);
    for (unsigned bit = 0; bit < 10; bit++)
        if (bit != 3) /* a listener: xrun has none */
            show(syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 1u << bit, NULL), "flag %u", bit);
    show(prctl(PR_GET_SECCOMP), "mode");
    show(prctl(PR_SET_SECCOMP, 0, 0), "mode 0");
    show(prctl(PR_SET_SECCOMP, 3, 0), "mode 3");
    show(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL), "no filter");
}

/* Without rights, and without having given them up for ever. */
static void unprivileged(void)
{
    struct sock_filter f[] = {RET(SECCOMP_RET_ALLOW)};

    if (setresuid(65534, 65534, 65534) != 0)
        printf("setresuid: %s\n", strerrorname_np(errno));
    show(install(f, 1, 0), "install");
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show(install(f, 1, 0), "install");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*f)(void);
    } tests[] = {
        {"trap", trap},
        {"trap_emulated", trap_emulated},
        {"trap_blocked", trap_blocked},
        {"trap_ignored", trap_ignored},
        {"errnos", errnos},
        {"kill_process", kill_process},
        {"kill_only_thread", kill_only_thread},
        {"unknown_action", unknown_action},
        {"trace", trace},
        {"notify", notify},
        {"logged", logged},
        {"several", several},
        {"kill_thread", kill_thread},
        {"strict", strict},
        {"strict_broken", strict_broken},
        {"forked", forked},
        {"threads", threads},
        {"sync_threads", sync_threads},
        {"sync_fails", sync_fails},
        {"sync_listener", sync_listener},
        {"executed", executed},
        {"too_many", too_many},
        {"unprivileged", unprivileged},
    };

    self = argv[0];
    if (argc == 2 && !strcmp(argv[1], "probe")) {
        show(syscall(__NR_getpgid, 0), "executed");
        show(syscall(__NR_getsid, 0), "executed");
        show(prctl(PR_GET_SECCOMP), "mode");
        return 3;
    }
    check_questions();
    in_child("unprivileged", unprivileged);
    in_child("sync_rights", sync_rights);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        in_child(tests[i].name, tests[i].f);
    check_random();
    return 0;
}
