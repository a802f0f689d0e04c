/* SPDX-License-Identifier: MIT */
/*
 * Limits on memory mean the program's own: what it may map, what a child and an executed program inherit.  run by
 * limits.py natively and under xrun, with and without a limit from outside.
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MB (1ul << 20)

static void *map(size_t n, int prot)
{
    return mmap(NULL, n, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void try(const char *name, void *p)
{
    printf("%s: %s\n", name, p != MAP_FAILED ? "mapped" : strerrorname_np(errno));
}
static void set(const char *name, int resource, long cur, long max)
{
    struct rlimit r = {cur < 0 ? RLIM_INFINITY : (rlim_t)cur * MB,
                       max < 0 ? RLIM_INFINITY : (rlim_t)max * MB};
    show(name, setrlimit(resource, &r));
    getrlimit(resource, &r);
    printf("%ld %ld\n", (long)r.rlim_cur, (long)r.rlim_max);
}
static void *thread(void *arg)
{
    return arg;
}
static void child(const char *self)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (self)
            execl(self, self, "executed", NULL);
        _exit(self ? 99 : 7);
    }
    waitpid(pid, &status, 0);
    printf("child %x\n", (unsigned)status);
}

int main(int argc, char **argv)
{
    struct rlimit r;
    getrlimit(RLIMIT_AS, &r);
    printf("limit %ld\n", (long)r.rlim_cur);
    if (argc > 1 && strcmp(argv[1], "fork") == 0)
        return child(NULL), 0;
    if (argc > 1) {
        try("much", map(150 * MB, PROT_READ)), try("little", map(20 * MB, PROT_READ));
        return 3;
    }
    pthread_t t;
    printf("thread %d\n", pthread_create(&t, NULL, thread, NULL));
    pthread_join(t, NULL);
    try("40", map(40 * MB, PROT_READ | PROT_WRITE));
    child(NULL);
    set("soft", RLIMIT_AS, 130, 140);
    try("100", map(100 * MB, PROT_READ));
    char *p = map(50 * MB, PROT_READ);
    try("50", p), try("grown", mremap(p, 50 * MB, 120 * MB, MREMAP_MAYMOVE)), munmap(p, 50 * MB);
    set("above", RLIMIT_AS, 150, 140), set("up", RLIMIT_AS, 135, 140), set("down", RLIMIT_AS, 130, 140);
    child(NULL), child(argv[0]);
    set("data", RLIMIT_DATA, 70, 80);
    try("writable", map(60 * MB, PROT_READ | PROT_WRITE)), try("readable", map(30 * MB, PROT_READ));
    printf("brk %s\n", sbrk(60 * MB) == (void *)-1 ? strerrorname_np(errno) : "grown");
    printf("brk %s\n", sbrk(4 * MB) == (void *)-1 ? strerrorname_np(errno) : "grown");
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
    child(NULL);
    return 0;
}
