/* SPDX-License-Identifier: MIT */
/* A small file written and read in small pieces. */
#include "bench.h"

#include <unistd.h>

int main(int argc, char **argv)
{
    char name[] = "/tmp/bench-XXXXXX", piece[64];
    int fd = mkstemp(name);
    uint64_t sum = 0;
    if (fd < 0)
        return 1;
    unlink(name);
    for (long r = bench_rounds(argc, argv, 8400); r > 0; r--) {
        memset(piece, (int)(r & 127), sizeof piece);
        for (int i = 0; i < 16; i++)
            if (write(fd, piece, sizeof piece) != (ssize_t)sizeof piece)
                return 1;
        lseek(fd, 0, SEEK_SET);
        for (int i = 0; i < 16; i++)
            if (read(fd, piece, sizeof piece) == (ssize_t)sizeof piece)
                sum += (unsigned char)piece[i];
        lseek(fd, 0, SEEK_SET);
    }
    return bench_end(sum);
}
