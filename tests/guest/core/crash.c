/* SPDX-License-Identifier: MIT */
/* Dies as it is told, with a second thread, much reserved memory and a little of each kind. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

int in_data = 0x1234567;
static volatile int running;
char *shared, *reserved;
char many[1 << 20]; /* more than the limit on the core file */

static void *other(void *arg)
{
    double x = 1;
    running = 1;
    for (;;)
        x = x * 1.5 + 1;
    return arg;
}

__attribute__((noinline)) void inner(void)
{
    __asm__ volatile(
        "movz x20, #0x4142\nmovk x20, #0x4344, lsl #48\nmov x1, #32\nfmov d9, #2.5\nstr x20, [x1]" ::
            : "x1", "x20", "v9", "memory");
}

int main(int argc, char **argv)
{
    pthread_t t;
    shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    strcpy(shared + 4096, "in shared memory");
    reserved = mmap(NULL, (size_t)1 << 40, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    memset(many, 1, sizeof many);
    strcpy(reserved + 123 * 4096, "in reserved memory");
    mmap(NULL, (size_t)1 << 42, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    pthread_create(&t, NULL, other, NULL);
    while (!running)
        sched_yield();
    if (argc > 1 && !strcmp(argv[1], "secret"))
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    write(1, "ready\n", 6);
    if (argc > 1 && !strcmp(argv[1], "abort"))
        abort();
    if (argc > 1 && !strcmp(argv[1], "wait"))
        for (;;)
            pause();
    inner();
    return 0;
}
