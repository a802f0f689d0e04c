/* SPDX-License-Identifier: MIT */
/*
 * The A64 guest as the translator sees it: one instruction in, IR out; the registers worth pinning; the C
 * helpers.
 *
 * An instruction either appends all of its IR or nothing: what a function appended before it found its
 * encoding unallocated is cut off again, constants of the pool included.
 *
 * Pins follow what gcc and clang make of the procedure call standard: x0-x3 and SP are in nearly every basic
 * block, then come the first callee-saved registers, then the scratch registers that argument-poor code
 * reaches for. x29 and x30 are touched once a call, where a cell in memory costs next to nothing.
 * Of the vector registers v0-v7 (arguments) and v16-v31 (scratch) are what loops keep their values in; v8-v15
 * are callee-saved and rare, but for v8; loops may choose from them, too (x86/lower_loop.c).
 */
#include "dbt/guest.h"

#include "a64_decode.h"
#include "dbt/a64/base.h"
#include "dbt/a64/bti.h"
#include "dbt/a64/nzcv.h"
#include "dbt/a64/sp.h"

#include <string.h>

#define X(name) void a64_helper_##name(struct cpu *cpu, union vec io[4]);
#include "dbt/a64/helpers.h"
#undef X

static helper_fn *const helpers[HELPER_COUNT] = {
#define X(name) a64_helper_##name,
#include "dbt/a64/helpers.h"
#undef X
};

#define XR(n) ((int32_t)A64_X(n))
static const int32_t pin_int[] = {XR(0),  XR(1),  XR(2),  XR(3),  XR(31), XR(19), XR(4),  XR(20), XR(30),
                                  XR(5),  XR(8),  XR(21), XR(6),  XR(22), XR(7),  XR(29), XR(9),  XR(10),
                                  XR(11), XR(12), XR(13), XR(14), XR(15), XR(16), XR(17), XR(18), XR(23),
                                  XR(24), XR(25), XR(26), XR(27), XR(28), 0};

#define VR(n) ((int32_t)A64_V(n))
static const int32_t pin_vec[] = {VR(0),  VR(1),  VR(2),  VR(3),  VR(4),  VR(5),  VR(6),  VR(7),  VR(16),
                                  VR(17), VR(18), VR(19), VR(20), VR(21), VR(22), VR(23), VR(24), VR(25),
                                  VR(26), VR(27), VR(28), VR(29), VR(30), VR(31), VR(8),  VR(9),  VR(10),
                                  VR(11), VR(12), VR(13), VR(14), VR(15), 0};

static unsigned a64_insn(struct ir *ir, gaddr pc, const void *code, size_t avail, bool *end)
{
    struct tr t = {.ir = ir, .pc = pc};
    if (avail < sizeof t.word)
        return 0;
    memcpy(&t.word, code,
           sizeof t.word); /* A64 code is little-endian, as the host is, whatever the data's order */
    uint32_t count = ir->count, pool_count = ir->pool_count;
    if (!a64_decode(&t)) {
        ir->count = count;
        ir->pool_count = pool_count;
        return 0;
    }
    sp_check(&t, count);
    if (t.end)
        *end = true;
    return sizeof t.word;
}

static uint64_t a64_variant(void)
{
    uint64_t switched = __atomic_load_n(&a64_pac_switched, __ATOMIC_RELAXED);
    uint64_t asked = __atomic_load_n(&a64_fp_asked, __ATOMIC_RELAXED);
    return (a64_features * GOLDEN ^ a64_midr) * GOLDEN ^ asked << 1 ^ switched;
}

const struct dbt_guest dbt_guest_a64 = {
    .name = "aarch64",
    .insn = a64_insn,
    .flags = nzcv_at,
    .alone = a64_alone,
    .pin_int = pin_int,
    .pin_vec = pin_vec,
    .helpers = helpers,
    .helper_count = HELPER_COUNT,
    .land = bti_land,
    .careful = sp_misaligned,
    .variant = a64_variant,
    .ignored_bits = 8,
};
