/* SPDX-License-Identifier: MIT */
/*
 * Inside the lowering of vectors and floating point: what lower_vec*.c and lower_fp*.c share.
 *
 * One function an operation or family, found through the table in lower_vec.c; it returns false, before it
 * has asked for a register, where it has no inline form.  Registers 16..31 exist only with AVX-512, and
 * instructions that have no EVEX form cannot take them: comparisons, blends and ptest go through the vx_*
 * functions here, which know another way. Mask registers: k1 to k6 are scratch; k7 is 1 (enc_v_lane0), all the
 * time that translated code runs with AVX-512.
 */
#ifndef DBT_X86_LOWER_VEC_H
#define DBT_X86_LOWER_VEC_H

#include "dbt/ir/fp_format.h"
#include "dbt/x86/enc_vec.h"
#include "dbt/x86/lower.h"

typedef bool vec_fn(struct lower *l, ir_ref ref, const struct ir_insn *i);

/* What the result's zero bytes are, from those of the operands. */
enum vec_clean {
    CLEAN_NO,
    CLEAN_BOTH,   /* 0 where both operands are (add, or ...) */
    CLEAN_EITHER, /* 0 where one operand is (and, mul) */
    CLEAN_A,      /* 0 where a is */
};

/* -- operands (lower_vec.c) -- */
xm vx_use(struct lower *l, ir_ref ref);
/* Both operands, the second one perhaps in memory; `commutes`: the first one may be i->b. */
void vx_use2(struct lower *l, const struct ir_insn *i, bool commutes, xmm *a, xm *b);
xm vx_const(struct lower *l, uint64_t lo, uint64_t hi);
/* A constant with v in each lane of 1 << lane bytes. */
xm vx_splat(struct lower *l, unsigned lane, uint64_t v);
/* From this byte on the value is known to be zero; ask after the operand was asked for (loading can lose it). */
unsigned vx_known(struct lower *l, ir_ref ref);
void vx_clean(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vec_clean how);
bool vx_binary(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op, bool commutes,
               enum vec_clean clean);
bool vx_unary(struct lower *l, ir_ref ref, const struct ir_insn *i, enum vop op, enum vec_clean clean);

/* -- sequences that differ with AVX-512 (lower_vec_cmp.c) -- */
/* Predicates as vpcmp's immediate has them. */
enum vx_pred { PRED_EQ = 0, PRED_LT = 1, PRED_LE = 2, PRED_NE = 4, PRED_GE = 5, PRED_GT = 6 };
void vx_cmpeq(struct lower *l, unsigned lane, xmm d, xmm a, xm b);
void vx_cmpgt(struct lower *l, unsigned lane, xmm d, xmm a, xm b); /* signed */
/* d holds a mask of whole lanes: d = d ? x : y. */
void vx_blend(struct lower *l, xmm d, xmm x, xmm y);
/* The same by the sign bit of each lane (2: 32 bits, 3: 64 bits) of d. */
void vx_blend_sign(struct lower *l, unsigned lane, xmm d, xmm x, xmm y);
/* EFLAGS.Z = (a & b) == 0 */
void vx_test(struct lower *l, xmm a, xmm b);
/* d = all bits of each lane the lane's sign bit, of lanes 1 .. 3 */
void vx_sign(struct lower *l, unsigned lane, xmm d, xmm a);

static inline enum vop vx_shl(unsigned lane)
{
    return (const enum vop[]){0, V_PSLLW, V_PSLLD, V_PSLLQ}[lane];
}
static inline enum vop vx_shr(unsigned lane)
{
    return (const enum vop[]){0, V_PSRLW, V_PSRLD, V_PSRLQ}[lane];
}
static inline enum vop vx_sub(unsigned lane)
{
    return (enum vop)(V_PSUBB + lane);
}
static inline enum vop vx_add(unsigned lane)
{
    return (enum vop)(V_PADDB + lane);
}
static inline void vx_zero(struct lower *l, xmm d)
{
    enc_v3r(lower_enc(l), V_PXOR, d, d, d);
}
/* Zero from byte 1 << size (2, 3) on. */
static inline void vx_zero_above(struct lower *l, unsigned size, xmm d)
{
    if (size == 3)
        enc_v2r(lower_enc(l), V_MOVQ, d, d);
    else
        enc_v3i(lower_enc(l), V_INSERTPS, d, d, xm_reg(d), 0x0e);
}
static inline void vx_mov(struct lower *l, xmm d, xmm s)
{
    if (d.n != s.n)
        enc_xmm_mov(lower_enc(l), d, s);
}
/* Is ref a VCONST of zeroes? */
bool vx_is_zero(struct lower *l, ir_ref ref);

/* -- operations -- */
/* lower_vec_int.c */
vec_fn vec_simple, vec_not, vec_neg, vec_mul, vec_clz, vec_cls, vec_rbit, vec_cnt, vec_abs, vec_minmax,
    vec_sqadd, vec_uqadd;
vec_fn vec_urhadd, vec_mull, vec_mule, vec_sadall, vec_dot;
/* lower_vec_shift.c */
vec_fn vec_shift, vec_ushl, vec_sshl;
/* lower_vec_cmp.c */
vec_fn vec_cmp, vec_tst, vec_bsl;
/* lower_vec_move.c */
vec_fn vec_bitcast, vec_low, vec_zext, vec_from, vec_dupr, vec_dup, vec_get, vec_ins, vec_insr, vec_cat,
    vec_high, vec_ext;
/* lower_vec_perm.c */
vec_fn vec_zip, vec_uzp, vec_trn, vec_tbl, vec_rev, vec_xtl, vec_xtn, vec_qxtn;
/* lower_crypto.c */
vec_fn vec_rol, vec_tern, vec_shuf, vec_clmul, vec_aes, vec_aesmix, vec_sha1r, vec_sha256r, vec_sha256u,
    vec_sm4s;
/* lower_fp.c */
vec_fn fpx_binary, fpx_sqrt, fpx_sign, fpx_minmax, fpx_minmaxnm, fpx_cmpv, fpx_frint;
/* lower_fp_fma.c */
vec_fn fpx_fma;
/* lower_fp_half.c: the forms of F16 and V16, of the functions above and below */
vec_fn half_binary, half_unary, half_compare, half_fma, half_minmax, half_from_int, half_fmah;
/* lower_fp_conv.c */
vec_fn fpx_cvt, fpx_cvtl, fpx_cvtn, fpx_ftoi, fpx_itof, fpx_frint_range;

/* -- floating point -- */
/* The instruction of a family _PS _PD _SS _SD: its place for a type; -1: the type has none. */
static inline int fpx_kind(enum ir_type t)
{
    return t == T_V32 ? 0 : t == T_V64 ? 1 : t == T_F32 ? 2 : t == T_F64 ? 3 : -1;
}
static inline bool fpx_is_scalar(int kind)
{
    return kind >= 2;
}
static inline bool fpx_is_double(int kind)
{
    return kind & 1;
}
/* A trap region whose operands and result are xmm registers; X86_TRAP_NONE where there is none. */
struct lower_trap fpx_trap(struct lower *l, const struct ir_insn *i, unsigned d, unsigned a, unsigned b,
                           unsigned c);
/*
 * One instruction of a family that stands in the order _PS _PD _SS _SD.  For scalars: with AVX-512 the packed
 * instruction on lane 0 only, which clears what is above, so that the VZEXT behind every scalar operation of
 * A64 costs nothing (measured on Zen 5: a chain of additions takes 0.9 ns a step with it, 2.4 with a vmovq
 * behind each); else the upper part is a's.
 */
void fpx_op3(struct lower *l, enum vop family, int kind, xmm d, xmm a, xmm b);
void fpx_op2(struct lower *l, enum vop family, int kind, xmm d, xmm a);
/* Notes for a scalar result of these what is known to be zero; a: where the upper part is from. */
void fpx_scalar_clean(struct lower *l, ir_ref ref, enum ir_type t, ir_ref a);
/* d = min(a, b), or max, of numbers; t is scratch, d may be an operand. */
void fpx_minmax_numbers(struct lower *l, int kind, bool is_min, xmm d, xmm a, xmm b, xmm t);
/* d = s rounded to integral; mode as vround's immediate (8: without inexact). */
void fpx_round(struct lower *l, int kind, xmm d, xmm s, unsigned mode);
/* The same with ties away from zero and no inexact; t and u are scratch; all registers differ. */
void fpx_round_away(struct lower *l, int kind, xmm d, xmm s, xmm t, xmm u);
unsigned fpx_round_mode(unsigned ir_round); /* vround's immediate; not for ROUND_A */
void fpx_compare(struct lower *l, int kind, xmm d, xmm a, xm b, unsigned pred);
/* A memory operand with v in lane 0 (scalar kinds) or in all lanes. */
xm fpx_const(struct lower *l, int kind, uint64_t f32, uint64_t f64);
enum {
    CMP_EQ_OQ = 0x00,
    CMP_UNORD_Q = 0x03,
    CMP_GE_OS = 0x0d,
    CMP_GT_OS = 0x0e,
    CMP_LT_OQ = 0x11,
    CMP_GE_OQ = 0x1d,
    CMP_GT_OQ = 0x1e
}; /* vcmp's predicates */
static inline xm fpx_infinity(struct lower *l, int kind)
{
    return fpx_const(l, kind, fp_infinity(2), fp_infinity(3));
}
/* The positive one. */
static inline xm fpx_default_nan(struct lower *l, int kind)
{
    return fpx_const(l, kind, fp_quiet_nan(2), fp_quiet_nan(3));
}
static inline xm fpx_magnitude(struct lower *l, int kind)
{
    return fpx_const(l, kind, 0x7fffffff, INT64_MAX);
}
static inline xm fpx_one(struct lower *l, int kind)
{
    return fpx_is_double(kind) ? vx_splat(l, 3, 0x3ffull << 52) : vx_splat(l, 2, 0x3f800000);
}
static inline xm fpx_sign_mask(struct lower *l, int kind)
{
    return fpx_const(l, kind, 0x80000000u, 1ull << 63);
}
/* Goes to `to` if a lane of a or b is a NaN; t is scratch. */
void fpx_branch_if_nan(struct lower *l, int kind, xmm a, xmm b, xmm t, label to);
/* Flags: ucomis a, b. */
void fpx_ucomis(struct lower *l, int kind, bool signalling, xmm a, xm b);

/* -- more of FPCR and FPSR (lower_fp_modes.c) -- */
/* Before the operation: notes operands that FZ takes for zero, where FPSR is to show it. */
void fpx_denormal_operands(struct lower *l, const struct ir_insn *i);
/* Does the inline form of this conversion from integers, if any, do the right thing where inexact results trap? */
bool fpx_itof_may_trap(struct lower *l, const struct ir_insn *i);
/* Has any thread set AH?  Goes to `to` if this one has. */
bool fpx_minds_alternate(struct lower *l);
void fpx_go_if_alternate(struct lower *l, label to);
/* Then, after FABS and FNEG of a to d, which differ: NaNs keep their signs if this thread has set it; t and u are scratch. */
void fpx_nan_signs(struct lower *l, const struct ir_insn *i, xmm d, xmm a, xmm t, xmm u);
/* After the operation: NaNs in its result become the default NaN if they have to. */
void fpx_default_nans(struct lower *l, ir_ref ref, const struct ir_insn *i);
/* After a product, a fused operation or a conversion from double to single precision: was the result tiny before it was
 * rounded?  The operands' registers must still be whole: no lower_def_x_over where fpx_minds_tiny. */
bool fpx_minds_tiny(struct lower *l);
struct fpx_tiny {
    bool on;
    xmm t, u;
    gpr g;
};
struct fpx_operands {
    xmm a, b, c;
};
struct fpx_tiny fpx_tiny_temps(struct lower *l);            /* with the temps, before def */
struct fpx_tiny fpx_tiny_of(struct lower *l, xmm t, xmm u); /* the same with temps that are there */
void fpx_tiny_check(struct lower *l, const struct fpx_tiny *y, const struct ir_insn *i, int kind, xmm d,
                    const struct fpx_operands *x);

/* The same for halves: to cold if a lane of the result is the least normal number. */
bool fpx_half_minds_tiny(struct lower *l, const struct ir_insn *i);
void fpx_half_tiny(struct lower *l, const struct ir_insn *i, xmm d, xmm t, label cold);

/* -- without traps (lower_fp_careful.c); fpx_* may be used elsewhere, too -- */
vec_fn careful_arith, careful_fma;
void fpx_note_invalid(struct lower *l);
/* Goes to `to` if the magnitude of a lane of s[0] .. s[n - 1] (at most 3) is above `limit`, as bits. */
void fpx_branch_above(struct lower *l, unsigned lane, bool is_scalar, const xmm *s, unsigned n,
                      uint64_t limit, const xmm t[2], label to);
/* A detour to C for what the inline form does not do.  lower_expect_call stands between uses and temps; the operands'
 * registers are to be whole at the jumps to cold.  X86_TRAP_NONE for operands that are not there. */
struct fpx_detour {
    label cold, done;
    struct lower_operands at;
    xmm t; /* fpx_ask's scratch */
};
struct fpx_detour fpx_detour_begin(struct lower *l, xmm a, xmm b, xmm c, xmm d);
void fpx_detour_end(struct lower *l, const struct fpx_detour *w,
                    const struct ir_insn *i); /* here is `done` */
/* The same in functions whose plain form has none, and where nothing happens unless one is wanted: the site is
 * careful, or the result may be a half that is tiny before rounding.  fpx_ask_expect between uses and temps, fpx_ask
 * before the first instruction that may trap. */
bool fpx_detour_wanted(struct lower *l, const struct ir_insn *i);
void fpx_ask_expect(struct lower *l, const struct ir_insn *i);
struct fpx_detour fpx_ask(struct lower *l, const struct ir_insn *i, unsigned lane, bool is_scalar,
                          const xmm *s, unsigned n, uint64_t limit, const xmm t[2], xmm d);
void fpx_ask_end(struct lower *l, const struct fpx_detour *w, const struct ir_insn *i);
/* Scalar conversions to integers: what does not fit by its exponent goes to cold (careful_fit); of that, what does fit
 * comes back to `fits`, the rest gets its answer in d and goes to `done`. */
struct careful_fit {
    int kind;
    bool is_signed, wide;
    xmm a;
    gpr exp, d; /* exp: scratch */
};
void careful_fit(struct lower *l, const struct careful_fit *f, label cold);
void careful_fit_cold(struct lower *l, const struct careful_fit *f, label fits, label done);
/* In cold code: a does not fit. */
void careful_saturate(struct lower *l, const struct careful_fit *f, label done);

#endif
