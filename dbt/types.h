/* SPDX-License-Identifier: MIT */
/* Scalars and small shapes that every part of the translator shares. */
#ifndef DBT_TYPES_H
#define DBT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address in the guest's address space.  Numerically equal to the host address of the same byte. */
typedef uint64_t gaddr;

/* The guest's page is the host's. */
enum { PAGE = 4096 };
static inline uint64_t page_down(uint64_t a)
{
    return a & ~(uint64_t)(PAGE - 1);
}
static inline uint64_t page_up(uint64_t a)
{
    return page_down(a + PAGE - 1);
}

/* 2^64 over the golden ratio: multiplied by it, close numbers differ in the upper bits (Knuth, TAOCP 6.4). */
#define GOLDEN 0x9e3779b97f4a7c15u

/* A 128-bit vector register or a wide argument, in memory order (little-endian, lane 0 first). */
union vec {
    uint8_t u8[16];
    uint16_t u16[8];
    uint32_t u32[4];
    uint64_t u64[2];
    int8_t s8[16];
    int16_t s16[8];
    int32_t s32[4];
    int64_t s64[2];
    float f32[4];
    double f64[2];
} __attribute__((aligned(16)));

/* clang-format off */
/* Condition codes, numbered as A64 and A32 encode them; `cc ^ 1` is the opposite of every cc below CC_AL; only these
 * are conditions in the IR. */
enum cc {
    CC_EQ, CC_NE, CC_CS, CC_CC, CC_MI, CC_PL, CC_VS, CC_VC,
    CC_HI, CC_LS, CC_GE, CC_LT, CC_GT, CC_LE, CC_AL, CC_NV
};
/* clang-format on */

#endif
