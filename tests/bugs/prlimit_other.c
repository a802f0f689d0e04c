/* SPDX-License-Identifier: MIT */
/* prlimit of another guest's memory limits what the guest there maps, not what xrun needs for it. */
#define _GNU_SOURCE
#include "../guest/c/t.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *arg)
{
    return arg;
}

static void map(const char *what, size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("%s: %s\n", what, p == MAP_FAILED ? strerror(errno) : "mapped");
    if (p != MAP_FAILED)
        munmap(p, size);
}

static void look(void)
{
    struct rlimit as, data;
    pthread_t t;
    getrlimit(RLIMIT_AS, &as), getrlimit(RLIMIT_DATA, &data);
    printf("as %llx %llx, data %llx %llx\n", (unsigned long long)as.rlim_cur, (unsigned long long)as.rlim_max,
           (unsigned long long)data.rlim_cur, (unsigned long long)data.rlim_max);
    map("100M", 100 << 20), map("200M", 200 << 20), map("400M", 400 << 20);
    show("thread", pthread_create(&t, NULL, nothing, NULL));
    pthread_join(t, NULL);
    fflush(stdout);
    if (fork() == 0)
        exit(0);
    show("fork", wait(NULL) > 0);
}

/* As a child sets them. */
static void limit(uint64_t as, uint64_t data, uint64_t hard)
{
    fflush(stdout);
    if (fork() == 0) {
        struct rlimit was = {0, 0};
        show("as", prlimit(getppid(), RLIMIT_AS, &(struct rlimit){as, hard}, &was));
        printf("was %llx %llx\n", (unsigned long long)was.rlim_cur, (unsigned long long)was.rlim_max);
        show("data", prlimit(getppid(), RLIMIT_DATA, &(struct rlimit){data, hard}, NULL));
        show("read", prlimit(getppid(), RLIMIT_DATA, NULL, &was));
        printf("is %llx %llx\n", (unsigned long long)was.rlim_cur, (unsigned long long)was.rlim_max);
        show("soft above hard", prlimit(getppid(), RLIMIT_AS, &(struct rlimit){2, 1}, NULL));
        show("no address", prlimit(getppid(), RLIMIT_AS, (void *)16, NULL));
        exit(0);
    }
    wait(NULL);
    look();
}

int main(void)
{
    show("getrlimit without an address", syscall(SYS_getrlimit, RLIMIT_AS, NULL));
    show("setrlimit without an address", syscall(SYS_setrlimit, RLIMIT_AS, NULL));
    show("prlimit without any", syscall(SYS_prlimit64, 0, RLIMIT_AS, NULL, NULL));
    look();
    limit(300 << 20, RLIM_INFINITY, RLIM_INFINITY);
    limit(RLIM_INFINITY, 150 << 20, RLIM_INFINITY);
    limit(1ull << 40, 1ull << 40, 1ull << 41);
    return 0;
}
