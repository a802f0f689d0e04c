/* SPDX-License-Identifier: MIT */
/*
 * Code mapped twice, written and flushed through the one mapping, run through the other: Arm's caches are
 * physically tagged, so that works.
 */
#include "t.h"

#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    int fd = memfd_create("code", 0);
    ftruncate(fd, 4096);
    uint32_t *w = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
             *x = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    long sum = 0;
    for (uint32_t i = 0; i < 200; i++) {
        w[0] = 0xd2800000u | i << 5, w[1] = 0xd65f03c0; /* mov x0, #i; ret */
        __builtin___clear_cache((char *)w, (char *)(w + 2));
        sum += ((long (*)(void))x)();
    }
    printf("%ld\n", sum);
    return 0;
}
