/* SPDX-License-Identifier: MIT */
/*
 * What an instruction does to NZCV, told from its encoding: for the search for dead flags, which would otherwise build more
 * IR than the units themselves.
 *
 * Only the most frequent classes, and of these only what is allocated, are in the table; the IR answers for the rest.  The
 * tests of the decoder hold every answer against the IR.
 */
#include "dbt/a64/nzcv.h"

#include <string.h>

struct known {
    uint32_t mask, value;
    bool set;
};

/* Arm ARM C4.1.  V and Q registers are among the loads and stores. */
static const struct known known[] = {
    {0x3b800000, 0x39000000, false}, /* LDR, STR (unsigned immediate) */
    {0x3f800000, 0x11000000, false}, /* ADD, SUB (immediate) */
    {0x7a000000, 0x28000000, false}, /* LDP, STP: all forms */
    {0xff200000, 0xaa000000, false}, /* ORR (shifted register): MOV */
    {0xff208000, 0x2a000000, false}, /* ... of W registers */
    {0x3f800000, 0x31000000, true},  /* ADDS, SUBS (immediate) */
    {0x5fc00000, 0x52800000, false}, /* MOVZ, MOVK (not shifted, or by 16) */
    {0x1f000000, 0x10000000, false}, /* ADR, ADRP */
    {0xbfa00000, 0xab000000, true},  /* ADDS, SUBS (shifted register: LSL, LSR) */
    {0xbfa08000, 0x2b000000, true},  /* ... of W registers */
    {0xbfa00000, 0x8b000000, false}, /* ADD, SUB (likewise) */
    {0xbfa08000, 0x0b000000, false}, /* ... of W registers */
    {0x3ba00400, 0x38000400, false}, /* LDR, STR (pre- and post-indexed) */
    {0x3ba00c00, 0x38000000, false}, /* LDUR, STUR */
    {0x3ba04c00, 0x38204800, false}, /* LDR, STR (register) */
    {0xff200000, 0xea000000, true},  /* ANDS (shifted register): TST */
    {0xff208000, 0x6a000000, true},  /* ... of W registers */
};

unsigned nzcv_at(const void *code, size_t avail, bool *set)
{
    uint32_t word;
    if (avail < sizeof word)
        return 0;
    memcpy(&word, code, sizeof word);
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        if ((word & known[k].mask) == known[k].value) {
            *set = known[k].set;
            return sizeof word;
        }
    return 0;
}
