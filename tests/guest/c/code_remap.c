/* SPDX-License-Identifier: MIT */
/*
 * Code that is unmapped, with other code mapped from a file to the same address, as dlclose and dlopen do it: no cache
 * maintenance is asked for.  The calls go through a pointer (jump table) and through a direct branch from code beside it.
 */
#include "t.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define AT ((void *)0x5000000000)

static void *map_code(uint32_t value)
{
    uint32_t code[1024] = {
        0x52800000u | value << 5, /* mov w0, #value */
        0xd65f03c0u,              /* ret */
        0x17fffffeu,              /* b .-8 */
    };
    int fd = open("code", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, code, sizeof code) != sizeof code)
        exit(1);
    void *p = mmap(AT, sizeof code, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);
    close(fd);
    unlink("code");
    return p;
}

int main(void)
{
    unsigned wrong = 0;
    for (uint32_t i = 0; i < 200; i++) {
        char *p = map_code(i);
        if (p != AT)
            return 2;
        wrong += ((uint32_t(*)(void))p)() != i;
        wrong += ((uint32_t(*)(void))(p + 8))() != i;
        munmap(p, 4096);
    }
    printf("%u wrong\n", wrong);
    return 0;
}
