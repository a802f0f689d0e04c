/* SPDX-License-Identifier: MIT */
/*
 * Which load-exclusives need more than a compare-and-swap at the end of their sequence.
 *
 * STXR compares memory with the value that LDXR saw.  Where the code between the two touches no other memory, that is
 * exact: what is stored was computed from that value and from registers alone, so if memory holds the same value again,
 * the whole sequence might as well have run just now.  Where it does touch memory (a lock-free stack loads the next
 * element), a value that went away and came back matters: the sequence must then run with nobody else running
 * (dbt/alone.c).  Compilers and libraries emit the first kind only; Arm ARM B2.9.5 warns against the second.
 *
 * The code behind the load is followed over direct branches within a window.  Ways that leave the window, call or return
 * end without a verdict: the failing way out of every compare-and-swap loop is one.
 */
#include "dbt/a64/base.h"

#include <string.h>

#define WINDOW 64 /* instructions; each has a bit in a word */

enum kind { PLAIN, ACCESS, STORE_EXCLUSIVE, SEQUENCE_END, BRANCH_ALWAYS, BRANCH_MAYBE };

static bool is_exclusive(uint32_t w, bool load)
{
    bool casp = !(w >> 31) && (w >> 21 & 1);
    return (w & 0x3f800000) == 0x08000000 && !casp && (w >> 22 & 1) == load;
}

/* *by: the branch's distance in instructions. */
static enum kind classify(uint32_t w, int64_t *by)
{
    *by = 0;
    if (is_exclusive(w, false))
        return STORE_EXCLUSIVE;
    if (is_exclusive(w, true) || (w & 0xfffff0ff) == 0xd503305f) /* CLREX */
        return SEQUENCE_END;
    if ((w & 0x0a000000) == 0x08000000 || (w & 0xffffffe0) == 0xd50b7420) /* loads and stores; DC ZVA */
        return ACCESS;
    if (w >> 26 == 0x05) { /* B */
        *by = (int32_t)(w << 6) >> 6;
        return BRANCH_ALWAYS;
    }
    if ((w & 0xff000000) == 0x54000000 || (w & 0x7e000000) == 0x34000000) { /* B.cond; CBZ, CBNZ */
        *by = (int32_t)(w << 8) >> 13;
        return BRANCH_MAYBE;
    }
    if ((w & 0x7e000000) == 0x36000000) { /* TBZ, TBNZ */
        *by = (int32_t)(w << 13) >> 18;
        return BRANCH_MAYBE;
    }
    /* BL; BR, BLR, RET and their like; SVC, BRK, HLT */
    if (w >> 26 == 0x25 || (w & 0xfe000000) == 0xd6000000 || (w & 0xff000000) == 0xd4000000)
        return SEQUENCE_END;
    return PLAIN;
}

/* Instructions that are reached without ([0]) and with ([1]) an access to other memory before them. */
struct reach {
    uint64_t at[2];
};

static void reach_add(struct reach *r, bool touched, int64_t i)
{
    if (i > 0 && i < WINDOW)
        r->at[touched] |= 1ull << i;
}

/* Follows instruction i; true: it is a store-exclusive behind an access. */
static bool follow(struct reach *r, uint32_t w, int64_t i)
{
    int64_t by;
    enum kind k = classify(w, &by);
    for (unsigned touched = 0; touched < 2; touched++) {
        if (!(r->at[touched] >> i & 1) || k == SEQUENCE_END)
            continue;
        if (k == STORE_EXCLUSIVE && touched)
            return true;
        if (k == BRANCH_ALWAYS || k == BRANCH_MAYBE)
            reach_add(r, touched, i + by);
        if (k != BRANCH_ALWAYS && k != STORE_EXCLUSIVE)
            reach_add(r, touched || k == ACCESS, i + 1);
    }
    return false;
}

/* Does the sequence that begins at this load-exclusive touch other memory? */
static __attribute__((noinline)) bool touches(const void *code, size_t avail)
{
    uint32_t w[WINDOW];
    int64_t n = (int64_t)(avail / 4 < WINDOW ? avail / 4 : WINDOW);
    memcpy(w, code, (size_t)n * 4);
    struct reach r = {{2, 0}}, before;
    do {
        before = r;
        for (int64_t i = 1; i < n; i++)
            if (follow(&r, w[i], i))
                return true;
    } while (before.at[0] != r.at[0] || before.at[1] != r.at[1]);
    return false;
}

bool a64_alone(const void *code, size_t avail, bool *beyond)
{
    uint32_t w;
    if (avail < sizeof w)
        return false;
    memcpy(&w, code, sizeof w);
    if (!is_exclusive(w, true))
        return false;
    *beyond = true;
    return touches(code, avail);
}
