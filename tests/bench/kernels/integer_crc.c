/* SPDX-License-Identifier: MIT */
/* CRC-32 by table: a dependent chain of loads, shifts and xors. */
#include "bench.h"

static uint32_t table[256];
static unsigned char data[65536];

int main(int argc, char **argv)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    uint32_t seed = 1, crc = ~0u;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(bench_random(&seed) >> 24);
    for (long r = bench_rounds(argc, argv, 2200); r > 0; r--)
        for (size_t i = 0; i < sizeof data; i++)
            crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
    return bench_end(~crc);
}
