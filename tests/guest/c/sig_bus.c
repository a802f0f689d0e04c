/* SPDX-License-Identifier: MIT */
/* SIGBUS past the end of a mapped file, and file contents seen through a shared mapping. */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;
static char *map;
static volatile long where;
static volatile int code;

static void on_bus(int s, siginfo_t *info, void *uc)
{
    (void)s, (void)uc;
    where = (char *)info->si_addr - map, code = info->si_code;
    siglongjmp(back, 1);
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &sa, NULL);
    FILE *f = tmpfile();
    int fd = fileno(f);
    ftruncate(fd, 5000);
    map = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    strcpy(map + 4990, "inside");
    char buf[8];
    pread(fd, buf, 7, 4990);
    printf("%s %d\n", buf, map[8191]);
    for (int i = 0; i < 3; i++) {
        if (sigsetjmp(back, 1) == 0)
            map[8192 + i * 100] = 1;
        printf("%ld %d\n", where, code == BUS_ADRERR);
        if (sigsetjmp(back, 1) == 0)
            printf("%d", *(volatile int *)(map + 3 * 4096 + 8 * i));
        printf("%ld\n", where);
    }
    ftruncate(fd, 4 * 4096);
    map[8192] = 'x';
    pread(fd, buf, 1, 8192);
    printf("%c\n", buf[0]);
    ftruncate(fd, 0);
    signal(SIGBUS, SIG_DFL);
    fflush(stdout);
    return map[0];
}
