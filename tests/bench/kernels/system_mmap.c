/* SPDX-License-Identifier: MIT */
/* Memory got, touched and given back. */
#include "bench.h"

#include <sys/mman.h>

int main(int argc, char **argv)
{
    const size_t size = 64 << 10;
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 8100); r > 0; r--) {
        unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return 1;
        for (size_t i = 0; i < size; i += 16384)
            p[i] = (unsigned char)r;
        sum += p[size / 2];
        mprotect(p, size / 2, PROT_READ);
        munmap(p, size);
    }
    return bench_end(sum);
}
