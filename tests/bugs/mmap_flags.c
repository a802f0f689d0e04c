/* SPDX-License-Identifier: MIT */
/* Flags of mmap that only x86-64 has are unknown ones here: ignored, but not where flags are checked. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    static const int flags[] = {0, 0x40, 0x80, 0xc0};
    int fd = open("file", O_CREAT | O_RDWR, 0600);
    good("ftruncate", ftruncate(fd, 4096));
    for (int i = 0; i < 4; i++) {
        char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | flags[i], -1, 0);
        printf("%#x: %s\n", flags[i], p == MAP_FAILED ? strerrorname_np(errno) : (uintptr_t)p >> 32 ? "high" : "low");
        p = mmap(NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE | flags[i], fd, 0);
        printf("%#x, checked: %s\n", flags[i], p == MAP_FAILED ? strerrorname_np(errno) : "ok");
    }
    return 0;
}
