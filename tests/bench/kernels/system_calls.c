/* SPDX-License-Identifier: MIT */
/* getppid and one-byte reads. */
#include "bench.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int fd = open("/dev/zero", O_RDONLY);
    char c = 1;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 1500000); r > 0; r--) {
        sum += (uint64_t)syscall(SYS_getppid) != 0;
        sum += (uint64_t)read(fd, &c, 1);
    }
    return bench_end(sum);
}
