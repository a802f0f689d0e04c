/* SPDX-License-Identifier: MIT */
/*
 * fork, vfork, exec in all its forms, posix_spawn, wait: what each side sees; arguments and environment
 * with odd bytes; scripts; errors.
 */
#include "t.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void ended(const char *what, int st)
{
    if (WIFEXITED(st))
        printf("%s: exit %d\n", what, WEXITSTATUS(st));
    else if (WIFSIGNALED(st))
        printf("%s: signal %d\n", what, WTERMSIG(st));
    else
        printf("%s: %x\n", what, st);
    fflush(stdout);
}

static void wait_for(const char *what, pid_t p)
{
    int st = -1;
    if (waitpid(p, &st, 0) != p)
        show(what, -1);
    ended(what, st);
}

static int child(int argc, char **argv)
{
    if (!strcmp(argv[1], "args")) {
        for (int i = 0; i < argc; i++) {
            printf("[%d] ", i);
            for (char *p = i ? argv[i] : "self"; *p; p++)
                *p >= ' ' && *p <= '~' ? putchar(*p) : printf("\\%02x", (unsigned char)*p);
            puts("");
        }
        for (char **e = environ; *e; e++)
            if (!strncmp(*e, "ODD", 3))
                printf("%s(%zu)\n", *e, strlen(*e));
        return 17;
    }
    if (!strcmp(argv[1], "kill"))
        raise(atoi(argv[2]));
    if (!strcmp(argv[1], "mask")) {
        sigset_t now;
        sigprocmask(SIG_BLOCK, NULL, &now);
        struct sigaction a, b;
        sigaction(SIGUSR1, NULL, &a), sigaction(SIGUSR2, NULL, &b);
        printf("%d %d %d %d\n", sigismember(&now, SIGTERM), sigismember(&now, SIGHUP),
               a.sa_handler == SIG_IGN, b.sa_handler == SIG_DFL);
        return fcntl(10, F_GETFD) == -1 ? 1 : fcntl(11, F_GETFD) != -1 ? 2 : 3;
    }
    return 99;
}

static pid_t run(char *const argv[], char *const envp[], int how)
{
    fflush(stdout);
    pid_t p = how == 1 ? vfork() : fork();
    if (p)
        return p;
    if (how == 2)
        fexecve(open("/proc/self/exe", O_RDONLY), argv, envp);
    else
        execve("/proc/self/exe", argv, envp);
    _exit(120);
}

static void nothing(int s)
{
    (void)s;
}

static char self[4096];
static char *const odd[] = {"self",         "args",      "",           " ",        "a b",
                            "\xff\xfe\x01", "tab\there", "quote'\"\\", "\xc3\xa4", NULL};
static char *const env[] = {"ODD=1", "ODD_EMPTY=", "ODD2=x=y\xff", NULL};

static void arguments(void)
{
    for (int how = 0; how < 3; how++)
        wait_for("args", run(odd, env, how));
}

static void killed(void)
{
    wait_for("killed", run((char *[]){"self", "kill", "9", NULL}, env, 0));
    wait_for("aborted", run((char *[]){"self", "kill", "6", NULL}, env, 1));
    wait_for("real-time", run((char *[]){"self", "kill", "40", NULL}, env, 0));
}

/* Through exec go the mask, that a signal is ignored, and descriptors without FD_CLOEXEC; handlers do not. */
static void inherited(void)
{
    signal(SIGUSR1, SIG_IGN), signal(SIGUSR2, nothing);
    sigset_t term;
    sigemptyset(&term), sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    dup2(1, 10), dup2(1, 11);
    fcntl(11, F_SETFD, FD_CLOEXEC);
    wait_for("mask", run((char *[]){"self", "mask", NULL}, env, 0));
    close(10), close(11);
}

static void spawn_errors(void)
{
    pid_t p;
    printf("spawn of a missing program: %s\n",
           strerrorname_np(posix_spawn(&p, "/nonexistent/program", NULL, NULL, odd, env)));
    printf("spawn of a directory: %s\n", strerrorname_np(posix_spawn(&p, "/tmp", NULL, NULL, odd, env)));
    printf("spawnp: %s\n", strerrorname_np(posix_spawnp(&p, "no-such-command-at-all", NULL, NULL, odd, env)));
}

static void spawned_into_file(void)
{
    pid_t p;
    posix_spawn_file_actions_t fa;
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_addopen(&fa, 1, "out", O_WRONLY | O_CREAT, 0600);
    show("spawn", posix_spawn(&p, self, &fa, NULL, odd, env));
    wait_for("spawned", p);
    char buf[200] = {0};
    int fd = open("out", O_RDONLY);
    show("read", read(fd, buf, sizeof buf));
    printf("%.12s\n", buf);
    close(fd);
}

static void script(void)
{
    int fd = open("script", O_WRONLY | O_CREAT, 0755), st;
    dprintf(fd, "#!%s args  from script \n", self);
    close(fd);
    fflush(stdout);
    if (fork() == 0) {
        execle("./script", "name", "more", "words", (char *)NULL, env);
        _exit(121);
    }
    wait(&st);
    ended("script", st);
}

static void exec_errors(void)
{
    close(open("text", O_WRONLY | O_CREAT, 0755));
    close(open("plain", O_WRONLY | O_CREAT, 0644));
    show("exec of nothing", execve("missing", odd, env));
    show("exec of a directory", execve("/", odd, env));
    show("exec of an empty file", execve("./text", odd, env));
    show("exec without permission", execve("./plain", odd, env));
    show("exec of a bad pointer", execve((char *)8, odd, env));
    int fd = open("bad", O_WRONLY | O_CREAT, 0755);
    dprintf(fd, "#!/nonexistent/interpreter\n");
    close(fd);
    show("exec of a script without interpreter", execve("./bad", odd, env));
}

static void shell(void)
{
    char buf[200];
    system("echo from the shell; exit 3");
    FILE *f = popen("echo piped", "r");
    fputs(fgets(buf, sizeof buf, f), stdout);
    show("pclose", pclose(f));
}

static void vfork_shares_memory(void)
{
    static int shared = 1;
    pid_t v = vfork();
    if (v == 0) {
        shared = 2;
        _exit(5);
    }
    wait_for("vfork", v);
    printf("shared %d\n", shared);
    fflush(stdout);
}

static void several_children(void)
{
    for (int i = 0; i < 5; i++)
        if (fork() == 0)
            _exit(i * 10);
    int sum = 0, st;
    while (wait(&st) > 0)
        sum += WEXITSTATUS(st);
    printf("sum %d\n", sum);
    show("no child", wait(&st));
}

static void stopped_and_continued(void)
{
    int st;
    pid_t p = fork();
    if (p == 0) {
        raise(SIGSTOP);
        usleep(100000); /* so that the parent sees it continued before it ends */
        _exit(8);
    }
    waitpid(p, &st, WUNTRACED);
    printf("stopped %d %d\n", WIFSTOPPED(st), WSTOPSIG(st));
    kill(p, SIGCONT);
    siginfo_t info;
    struct rusage ru;
    waitid(P_PID, (id_t)p, &info, WCONTINUED);
    printf("%d %d\n", info.si_code == CLD_CONTINUED, info.si_pid == p);
    waitid(P_PID, (id_t)p, &info, WEXITED | WNOWAIT);
    printf("%d %d\n", info.si_code == CLD_EXITED, info.si_status);
    good("wait4", wait4(p, &st, 0, &ru));
    printf("%d\n", ru.ru_maxrss > 100);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argc, argv);
    setvbuf(stdout, NULL, _IOFBF, 4096);
    readlink("/proc/self/exe", self, sizeof self - 1);
    arguments();
    killed();
    inherited();
    spawn_errors();
    spawned_into_file();
    script();
    exec_errors();
    shell();
    vfork_shares_memory();
    several_children();
    stopped_and_continued();
    printf("%d %d %d\n", getppid() > 0, getpgrp() > 0, getsid(0) > 0);
    return 0;
}
