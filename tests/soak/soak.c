/* SPDX-License-Identifier: MIT */
/*
 * soak threads|fork|exec|signals N: does it N times, and fails if memory, mappings or descriptors grow by more than 1%
 * from a tenth of the way on.  What is measured is the whole process, so the emulator's share is in it.
 *
 * threads: joined and detached ones, with signals blocked and not, a few at a time.  exec: fork and exec of this
 * program, by fork, vfork and posix_spawn in turn.
 */
#include "../guest/c/t.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define FEW  8
#define MANY 64

struct use {
    long resident, mappings, fds; /* pages, lines, open files */
};

static long lines(const char *path)
{
    FILE *f = fopen(path, "r");
    long n = 0;
    for (int c; f && (c = getc(f)) != EOF;)
        n += c == '\n';
    fclose(f);
    return n;
}

static struct use measure(void)
{
    struct use u = {.mappings = lines("/proc/self/maps")};
    FILE *f = fopen("/proc/self/statm", "r");
    if (fscanf(f, "%*d %ld", &u.resident) != 1)
        exit(2);
    fclose(f);
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d))
        u.fds++;
    closedir(d);
    return u;
}

static bool grown(const char *what, long before, long after, long slack)
{
    bool bad = after > before + before / 100 + slack;
    printf("%s: %ld, %ld%s\n", what, before, after, bad ? ": GROWN" : "");
    return bad;
}

static long finished;
static bool hold;
static void *thread(void *arg)
{
    sigset_t all;
    while (__atomic_load_n(&hold, __ATOMIC_ACQUIRE))
        usleep(100);
    sigfillset(&all);
    if ((intptr_t)arg & 1)
        pthread_sigmask(SIG_BLOCK, &all, NULL);
    char *p = malloc(1000);
    memset(p, 1, 1000);
    free(p);
    __atomic_fetch_add(&finished, 1, __ATOMIC_RELEASE);
    return arg;
}

static bool some_threads(long i, int n)
{
    pthread_t t[MANY];
    long want = finished + n;
    for (int k = 0; k < n; k++) {
        if (pthread_create(&t[k], NULL, thread, (void *)(i + k)))
            return false;
        if (k & 1)
            pthread_detach(t[k]);
    }
    __atomic_store_n(&hold, false, __ATOMIC_RELEASE);
    for (int k = 0; k < n; k += 2)
        pthread_join(t[k], NULL);
    while (__atomic_load_n(&finished, __ATOMIC_ACQUIRE) < want)
        usleep(100);
    return true;
}

/* First many at once: some memory of threads that have ended is kept, and this is as much as it will ever be. */
static bool threads(long i)
{
    hold = i == 0;
    return (i > 0 || some_threads(i, MANY)) && some_threads(i, FEW);
}

static char *self;
extern char **environ;
static bool exec_one(long i)
{
    char *argv[] = {self, "nothing", "1", NULL};
    pid_t pid = -1;
    int status;
    if (i % 3 == 2) {
        if (posix_spawn(&pid, self, NULL, NULL, argv, environ))
            return false;
    } else if ((pid = i % 3 ? vfork() : fork()) == 0) {
        execv(self, argv);
        _exit(99);
    }
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool fork_one(long i)
{
    pid_t pid = fork();
    int status;
    if (pid == 0)
        _exit((int)(i & 63));
    return waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == (i & 63);
}

static volatile long signals_seen;
static void on_signal(int s)
{
    (void)s;
    signals_seen++;
}
static bool signals(long i)
{
    signal(SIGUSR1, on_signal);
    for (int k = 0; k < FEW; k++)
        raise(SIGUSR1);
    return signals_seen == i + FEW;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*run)(long i);
        int each;
    } kinds[] = {
        {"threads", threads, FEW}, {"exec", exec_one, 1}, {"fork", fork_one, 1}, {"signals", signals, FEW}};
    static char path[4096];
    if (argc < 3 || readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        return 2;
    self = path;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(argv[1], kinds[k].name) != 0)
            continue;
        long n = atol(argv[2]);
        struct use before = {0}, after;
        for (long i = 0; i < n; i += kinds[k].each) {
            if (!kinds[k].run(i)) {
                printf("%s %ld failed\n", argv[1], i);
                return 1;
            }
            if (!before.fds && i >= n / 10) {
                measure(); /* which uses memory itself, the first time */
                before = measure();
            }
        }
        after = measure();
        bool bad = grown("pages", before.resident, after.resident, 32);
        bad |= grown("mappings", before.mappings, after.mappings, 8);
        bad |= grown("descriptors", before.fds, after.fds, 0);
        return bad;
    }
    return 0; /* "nothing" */
}
