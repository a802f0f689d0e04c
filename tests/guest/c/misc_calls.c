/* SPDX-License-Identifier: MIT */
/*
 * Limits, priorities, affinity, prctl, ids, randomness, membarrier, rseq, unknown calls and bad arguments.
 *
 * stderr: (xrun: unknown system call \d+\n)*
 */
#include "t.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

static int on_clone(void *arg)
{
    *(int *)arg = 5;
    return 9;
}

static void limits(void)
{
    struct rlimit r;
    show("getrlimit", getrlimit(RLIMIT_NOFILE, &r));
    r.rlim_cur = 100;
    show("setrlimit", setrlimit(RLIMIT_NOFILE, &r));
    prlimit(0, RLIMIT_NOFILE, NULL, &r);
    printf("%ld %d\n", (long)r.rlim_cur, getdtablesize());
    show("too many", fcntl(0, F_DUPFD, 200));
}

static void scheduling(void)
{
    cpu_set_t cpus;
    show("affinity", sched_getaffinity(0, sizeof cpus, &cpus));
    printf("%d\n", CPU_COUNT(&cpus) == sysconf(_SC_NPROCESSORS_ONLN));
    printf("%d %d %d\n", sched_getscheduler(0), sched_get_priority_max(SCHED_FIFO), sched_yield());
    errno = 0;
    printf("%d\n", getpriority(PRIO_PROCESS, 0));
    show("setpriority", setpriority(PRIO_PROCESS, 0, 3));
    printf("%d\n", getpriority(PRIO_PROCESS, 0));
}

static void prctl_options(void)
{
    char name[17] = {0};
    show("prctl", prctl(PR_SET_NAME, "a name that is too long")), prctl(PR_GET_NAME, name), puts(name);
    show("pdeathsig", prctl(PR_SET_PDEATHSIG, SIGTERM));
    int sig = 0;
    prctl(PR_GET_PDEATHSIG, &sig), printf("%d\n", sig);
    show("dumpable", prctl(PR_GET_DUMPABLE)), show("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)),
        show("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)),
        show("unknown prctl", prctl(987654, 0, 0, 0, 0));
}

static void ids(void)
{
    uid_t a, b, c;
    show("getresuid", getresuid(&a, &b, &c));
    printf("%d %d\n", a == getuid(), b == geteuid());
    printf("%d\n", getgroups(0, NULL) >= 0);
}

static void randomness(void)
{
    uint64_t x = 0, y = 0;
    show("getrandom", getrandom(&x, 8, 0)), getrandom(&y, 8, GRND_NONBLOCK), printf("%d\n", x != y);
    show("getrandom", getrandom((void *)8, 8, 0));
}

static void by_number(void)
{
    show("membarrier", syscall(SYS_membarrier, 0, 0, 0) > 0);
    show("unknown call", syscall(1000)), show("unknown call", syscall(-5l)),
        show("bad pointer", syscall(SYS_sysinfo, 8)), show("uname", syscall(SYS_uname, 1));
}

static void about_the_machine(void)
{
    struct sysinfo si;
    show("sysinfo", sysinfo(&si));
    printf("%d %d\n", si.mem_unit >= 1, si.totalram > 1000);
    unsigned cpu, node;
    show("getcpu", getcpu(&cpu, &node));
    printf("%d\n", cpu < 4096);
    char host[100];
    show("gethostname", gethostname(host, sizeof host));
    printf("%d\n", host[0] != 0);
}

static void clones(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    int value = 0, st;
    pid_t p = clone(on_clone, stack + sizeof stack, CLONE_VM | SIGCHLD, &value);
    printf("%d", waitpid(p, &st, 0) == p);
    printf(" %d %d\n", value, WEXITSTATUS(st));
    struct {
        uint64_t v[11];
    } args = {{0, 0, 0, 0, SIGCHLD}};
    p = (pid_t)syscall(SYS_clone3, &args, 64);
    if (p == 0)
        _exit(12);
    printf("%d", waitpid(p, &st, 0) == p);
    printf(" %d\n", WEXITSTATUS(st));
    show("clone with bad flags", syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));
}

static void process_errors(void)
{
    show("setsid", setsid() < 0 ? -1 : 0);
    show("tgkill", syscall(SYS_tgkill, getpid(), getpid(), 0)), show("tkill", syscall(SYS_tkill, -1, 0)),
        show("kill", kill(-getpid() - 1000000, 0));
    show("execveat", syscall(SYS_execveat, -1, "x", NULL, NULL, 0));
}

int main(void)
{
    limits();
    scheduling();
    prctl_options();
    ids();
    randomness();
    by_number();
    about_the_machine();
    clones();
    process_errors();
    return 0;
}
