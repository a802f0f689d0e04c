/* SPDX-License-Identifier: MIT */
/* fork and spawn while other threads run, allocate and fork too: the child must not hang on a lock. */
#include "t.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int stop;
static int failed;

static void *busy(void *arg)
{
    uint64_t h = (uint64_t)arg;
    while (!stop) {
        void *p = malloc((h = mix(h, 1)) % 5000 + 1);
        memset(p, 1, 1);
        free(p);
        char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        m[0] = 1;
        munmap(m, 8192);
    }
    return NULL;
}

static void *child_thread(void *arg)
{
    return (char *)arg + 1;
}

static void *forker(void *arg)
{
    for (int i = 0; i < 20; i++) {
        int st;
        pid_t p = fork();
        if (p == 0) {
            char *m = malloc(10000);
            m[5] = (char)i;
            pthread_t t;
            void *r;
            if (pthread_create(&t, NULL, child_thread, m + 5) || pthread_join(t, &r) || r != m + 6)
                _exit(1);
            free(m);
            _exit(i + 2);
        }
        if (waitpid(p, &st, 0) != p || !WIFEXITED(st) || WEXITSTATUS(st) != i + 2)
            __atomic_fetch_add(&failed, 1, __ATOMIC_SEQ_CST);
        if (i % 5 == 0) {
            char *argv[] = {"/proc/self/exe", "child", NULL};
            if (posix_spawn(&p, "/proc/self/exe", NULL, NULL, argv, NULL) || waitpid(p, &st, 0) != p ||
                WEXITSTATUS(st) != 33)
                __atomic_fetch_add(&failed, 1, __ATOMIC_SEQ_CST);
        }
    }
    return arg;
}

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1])
        return 33;
    pthread_t b[2], f[2];
    for (long i = 0; i < 2; i++)
        pthread_create(&b[i], NULL, busy, (void *)(i + 1)), pthread_create(&f[i], NULL, forker, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(f[i], NULL);
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(b[i], NULL);
    printf("failed %d\n", failed);
    return 0;
}
