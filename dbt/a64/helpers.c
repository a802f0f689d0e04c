/* SPDX-License-Identifier: MIT */
/*
 * C functions behind system registers and CRC32.  FPCR and FPSR are in helpers_fp.c.
 */
#include "dbt/cpu.h"

#include <time.h>

/* CNTVCT_EL0 at 1 GHz. */
void a64_helper_counter(struct cpu *cpu, union vec io[4])
{
    struct timespec now;
    (void)cpu;
    clock_gettime(CLOCK_MONOTONIC, &now);
    io[0].u64[0] = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* CRC32: io[1] the sum so far, io[2] the data, the parameter the number of data bytes.  Polynomial
 * 0x04c11db7, reflected. */
void a64_helper_crc32(struct cpu *cpu, union vec io[4])
{
    static const uint32_t nibble[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = io[1].u32[0];
    uint64_t bytes = io[0].u64[0];
    (void)cpu;
    for (uint64_t i = 0; i < bytes; i++) {
        crc ^= io[2].u8[i];
        crc = crc >> 4 ^ nibble[crc & 15];
        crc = crc >> 4 ^ nibble[crc & 15];
    }
    io[0].u64[0] = crc;
}

/* CRC32C, the same way: the polynomial of the host's own instruction. */
__attribute__((target("sse4.2"))) void a64_helper_crc32c(struct cpu *cpu, union vec io[4])
{
    uint32_t crc = io[1].u32[0];
    uint64_t bytes = io[0].u64[0];
    (void)cpu;
    if (bytes == 8)
        crc = (uint32_t)__builtin_ia32_crc32di(crc, io[2].u64[0]);
    else
        for (uint64_t i = 0; i < bytes; i++)
            crc = __builtin_ia32_crc32qi(crc, io[2].u8[i]);
    io[0].u64[0] = crc;
}
