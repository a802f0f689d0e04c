/* SPDX-License-Identifier: MIT */
/*
 * The IR's operations: one row an operation.
 *
 * IR_OPS(X) expands X(NAME, "text", "types", result, a, b, c, flags) for each.  The text form, the verifier, the
 * passes and the tests all read these columns; what an operation computes is said here and done in eval.c.
 *
 *   types:   which types the instruction may have, a string of
 *            W  I32    L  I64    I  both    F  F16, F32, F64    1 2 4 8  V8, V16, V32, V64    V  all four
 *            -  none   *  any: it is not looked at
 *   result:  T  a value of the instruction's type
 *            B  a truth value (type I32, exactly 0 or 1), whatever the instruction's type says (the operands' type)
 *            F  a flags value (T_FL): N Z C V of some computation; occupies no register
 *            -  nothing
 *   a b c:   T  operand of the instruction's type (any V type fits any other V type)
 *            I  I32 or I64       L  I64       B  truth value       V  any V type
 *            X  F16, F32, F64 or V (an xmm value)       D  any of I32, I64, F16, F32, F64, V
 *            F  flags
 *            lower case: the operand may be absent (ref 0)
 *            -  no operand
 *   flags:   F_P  pure: may be merged, moved or dropped    F_G  reads or writes guest state (the struct cpu)
 *            F_M  reads or writes guest memory, may fault  F_X  may leave the block
 *            F_E  ends the block                           F_S  other effect; never dropped
 *
 * Types: I32 and I64 in general registers; F16, F32, F64 in the low lane of an xmm register with the lanes above
 * undefined; V8 V16 V32 V64 all 128 bits of an xmm register seen as lanes of that many bits (integer or floating
 * point, as the operation says).  An operation with type V works lane by lane.  The upper half of an I32's host
 * register is undefined.
 *
 * Other fields of an instruction: `size` (log2 of bytes), `cc` (a condition or a selector), `imm`.
 */
#ifndef DBT_IR_OPS_H
#define DBT_IR_OPS_H

/* clang-format off */
#define IR_OPS(X) \
  /* -- constants ------------------------------------------------------------------------------------------------- */ \
  X(NOP,     "nop",     "*",    '-', '-', '-', '-', F_P)  /* a deleted instruction */ \
  X(CONST,   "const",   "I",    'T', '-', '-', '-', F_P)  /* imm (I32: zero-extended) */ \
  X(PC,      "pc",      "L",    'T', '-', '-', '-', F_P)  /* the guest address imm; a constant tied to the image's place */ \
  X(VCONST,  "vconst",  "V",    'T', '-', '-', '-', F_P)  /* entry imm of the block's pool of 128-bit constants */ \
  /* -- guest state: imm is a byte offset into struct cpu, a multiple of 8; PUT of pinned cells is always I64 or V wide -- */ \
  X(INSN,    "insn",    "*",    '-', '-', '-', '-', F_S)  /* what follows belongs to the guest instruction at address imm; */ \
                                                          /* cc: it has trapped often, so do without host traps (1, 2) */ \
  X(GET,     "get",     "IFV",  'T', '-', '-', '-', F_G)  /* read the cell (a narrow type reads its low bytes) */ \
  X(PUT,     "put",     "IFV",  '-', 'T', '-', '-', F_G)  /* write the cell; cc = PUT_IDLE: nobody sees it */ \
  X(GETFL,   "getfl",   "*",    'F', '-', '-', '-', F_G)  /* the guest's NZCV */ \
  X(PUTFL,   "putfl",   "*",    '-', 'F', '-', '-', F_G)  /* set the guest's NZCV */ \
  /* -- integers; scalar or lane by lane --------------------------------------------------------------------------- */ \
  X(ADD,     "add",     "IV",   'T', 'T', 'T', '-', F_P) \
  X(SUB,     "sub",     "IV",   'T', 'T', 'T', '-', F_P) \
  X(MUL,     "mul",     "IV",   'T', 'T', 'T', '-', F_P)  /* low half of the product */ \
  X(AND,     "and",     "IV",   'T', 'T', 'T', '-', F_P) \
  X(OR,      "or",      "IV",   'T', 'T', 'T', '-', F_P) \
  X(XOR,     "xor",     "IV",   'T', 'T', 'T', '-', F_P) \
  X(ANDN,    "andn",    "IV",   'T', 'T', 'T', '-', F_P)  /* a & ~b */ \
  X(NOT,     "not",     "IV",   'T', 'T', '-', '-', F_P) \
  X(NEG,     "neg",     "IV",   'T', 'T', '-', '-', F_P) \
  X(CLZ,     "clz",     "IV",   'T', 'T', '-', '-', F_P)  /* leading zeros; of 0: the width */ \
  X(CLS,     "cls",     "IV",   'T', 'T', '-', '-', F_P)  /* leading bits equal to the sign bit, not counting it */ \
  X(RBIT,    "rbit",    "IV",   'T', 'T', '-', '-', F_P)  /* reverse the bits (V8: of each byte) */ \
  /* -- integers; scalar only --------------------------------------------------------------------------------------- */ \
  X(CTZ,     "ctz",     "I",    'T', 'T', '-', '-', F_P)  /* trailing zeros; of 0: the width */ \
  X(SHL,     "shl",     "I",    'T', 'T', 'I', '-', F_P)  /* amounts are taken modulo the type's width */ \
  X(SHR,     "shr",     "I",    'T', 'T', 'I', '-', F_P) \
  X(SAR,     "sar",     "I",    'T', 'T', 'I', '-', F_P) \
  X(ROR,     "ror",     "I",    'T', 'T', 'I', '-', F_P) \
  X(EXTR,    "extr",    "I",    'T', 'T', 'T', '-', F_P)  /* low word of (a:b) >> imm, 0 <= imm < width; a is the high part */ \
  X(LEA,     "lea",     "I",    'T', 'T', 'T', '-', F_P)  /* a + (b << cc), cc 1..3 */ \
  X(UDIV,    "udiv",    "I",    'T', 'T', 'T', '-', F_P)  /* x / 0 = 0 */ \
  X(SDIV,    "sdiv",    "I",    'T', 'T', 'T', '-', F_P)  /* x / 0 = 0, min / -1 = min */ \
  X(UMULH,   "umulh",   "L",    'T', 'T', 'T', '-', F_P)  /* high half of the product */ \
  X(SMULH,   "smulh",   "L",    'T', 'T', 'T', '-', F_P) \
  X(BSWAP,   "bswap",   "I",    'T', 'T', '-', '-', F_P)  /* reverse the bytes */ \
  X(REV16,   "rev16",   "I",    'T', 'T', '-', '-', F_P)  /* swap the bytes of each halfword */ \
  X(SEXT,    "sext",    "I",    'T', 'I', '-', '-', F_P)  /* sign-extend the low 1 << size bytes of a */ \
  X(ZEXT,    "zext",    "I",    'T', 'I', '-', '-', F_P)  /* zero-extend the low 1 << size bytes of a */ \
  X(TRUNC,   "trunc",   "W",    'T', 'L', '-', '-', F_P)  /* low half of an I64 */ \
  X(SEL,     "sel",     "IFV",  'T', 'B', 'T', 'T', F_P)  /* a ? b : c; any type */ \
  X(CMP,     "cmp",     "I",    'B', 'T', 'T', '-', F_P)  /* condition cc on the flags of a - b (Arm's meaning of C) */ \
  X(CMPZ,    "cmpz",    "I",    'B', 'T', 'T', '-', F_P)  /* (a & b) == 0; with cc = CC_NE: != 0 */ \
  /* -- flags -------------------------------------------------------------------------------------------------------- */ \
  X(FLADD,   "fladd",   "I",    'F', 'T', 'T', '-', F_P)  /* NZCV of a + b in the instruction's type */ \
  X(FLSUB,   "flsub",   "I",    'F', 'T', 'T', '-', F_P)  /* of a - b; C is set where there is no borrow */ \
  X(FLADC,   "fladc",   "I",    'F', 'T', 'T', 'B', F_P)  /* of a + b + c */ \
  X(FLSBC,   "flsbc",   "I",    'F', 'T', 'T', 'B', F_P)  /* of a - b - !c, which is a + ~b + c */ \
  X(FLLOGIC, "fllogic", "I",    'F', 'T', '-', '-', F_P)  /* N and Z of a; C = V = 0 */ \
  X(FLFCMP,  "flfcmp",  "F",    'F', 'T', 'T', '-', F_P)  /* Arm's FCMP of a and b; cc = 1: signalling (FCMPE) */ \
  X(FLSEL,   "flsel",   "*",    'F', 'B', 'F', '-', F_P)  /* a ? b : the NZCV in bits 3..0 of imm (CCMP) */ \
  X(FLNZCV,  "flnzcv",  "*",    'F', 'I', '-', '-', F_P)  /* from bits 31..28 of a */ \
  X(NZCV,    "nzcv",    "L",    'T', 'F', '-', '-', F_P)  /* in bits 31..28, others 0 */ \
  X(COND,    "cond",    "*",    'B', 'F', '-', '-', F_P)  /* condition cc on the flags a */ \
  /* -- floating point: scalar (F16 F32 F64) or lane by lane (V16 V32 V64); Arm's results, NaNs included ------------- */ \
  X(FADD,    "fadd",    "F248", 'T', 'T', 'T', '-', F_P)  /* all under the guest's FPCR, setting its FPSR */ \
  X(FSUB,    "fsub",    "F248", 'T', 'T', 'T', '-', F_P) \
  X(FMUL,    "fmul",    "F248", 'T', 'T', 'T', '-', F_P) \
  X(FDIV,    "fdiv",    "F248", 'T', 'T', 'T', '-', F_P) \
  X(FSQRT,   "fsqrt",   "F248", 'T', 'T', '-', '-', F_P) \
  X(FABS,    "fabs",    "F248", 'T', 'T', '-', '-', F_P)  /* sign bit only (not of NaNs with FPCR.AH), no exceptions */ \
  X(FNEG,    "fneg",    "F248", 'T', 'T', '-', '-', F_P) \
  X(FMA,     "fma",     "F248", 'T', 'T', 'T', 'T', F_P)  /* fused a*b + c; cc bit 0: -(a) first; bit 1: -(c) first */ \
  X(FMIN,    "fmin",    "F248", 'T', 'T', 'T', '-', F_P)  /* FPMin: NaN wins, -0 < +0; with FPCR.AH b wins both */ \
  X(FMAX,    "fmax",    "F248", 'T', 'T', 'T', '-', F_P) \
  X(FMINNM,  "fminnm",  "F248", 'T', 'T', 'T', '-', F_P)  /* FPMinNum: a quiet NaN loses against a number */ \
  X(FMAXNM,  "fmaxnm",  "F248", 'T', 'T', 'T', '-', F_P) \
  X(FCMP,    "fcmp",    "F",    'B', 'T', 'T', '-', F_P)  /* condition cc on Arm's FCMP flags; imm = 1: signalling */ \
  X(FCMPV,   "fcmpv",   "F248", 'T', 'T', 'T', '-', F_P)  /* per lane (scalar types too): all ones where a cc b; cc: EQ, GE, GT */ \
  X(FMAH,    "fmah",    "4",    'T', 'V', 'V', 'V', F_P)  /* fused a*b + c of f16, the low halves of a and b; cc as FMA */ \
  X(FRINT,   "frint",   "F248", 'T', 'T', '-', '-', F_P)  /* cc: enum ir_round; imm = 1: raise inexact (FRINTX); size 2, 3: */ \
                                                          /* what fits no signed 32, 64 bits: invalid, the least of these */ \
  X(FCVT,    "fcvt",    "F",    'T', 'X', '-', '-', F_P)  /* scalar precision change; size: source (1 f16, 2 f32, 3 f64) */ \
  X(FCVTL,   "fcvtl",   "48",   'T', 'V', '-', '-', F_P)  /* V32 from 4 f16, V64 from 2 f32: the low half of a */ \
  X(FCVTN,   "fcvtn",   "24",   'T', 'V', '-', '-', F_P)  /* to V16 from 4 f32, to V32 from 2 f64: in the low half, rest 0 */ \
  X(FTOI,    "ftoi",    "I248", 'T', 'X', '-', '-', F_P)  /* saturating, NaN to 0; cc: ir_round; imm: 1 signed; size: source; */ \
                                                          /* type I32, I64, or V lanes of the source's width; imm 3: F64 to */ \
                                                          /* I32 modulo 2^32; imm >> 8: fraction bits of the result */ \
  X(ITOF,    "itof",    "F248", 'T', 'D', '-', '-', F_P)  /* imm: 1 signed; scalar: from I32 or I64 (size: 2, 3); V: same lanes; */ \
                                                          /* to F16, imm >> 8: fraction bits of the operand */ \
  /* -- moves between and inside registers ---------------------------------------------------------------------------- */ \
  X(BITCAST, "bitcast", "IF",   'T', 'D', '-', '-', F_P)  /* I32<->F32, I64<->F64, I32->F16 (low half), F16->I32 (zero-ext.) */ \
  X(LOW,     "low",     "F",    'T', 'V', '-', '-', F_P)  /* F16, F32, F64: lane 0 of a vector */ \
  X(VZEXT,   "vzext",   "V",    'T', 'X', '-', '-', F_P)  /* the low 1 << size bytes of a, the rest 0 */ \
  X(VFROM,   "vfrom",   "V",    'T', 'I', '-', '-', F_P)  /* lane 0 from an integer, the rest 0 */ \
  X(VDUPR,   "vdupr",   "V",    'T', 'I', '-', '-', F_P)  /* every lane from an integer's low bits */ \
  X(VDUP,    "vdup",    "V",    'T', 'V', '-', '-', F_P)  /* every lane from lane imm of a */ \
  X(VGET,    "vget",    "I",    'T', 'V', '-', '-', F_P)  /* lane imm (of 1 << size bytes) of a; cc = 1: sign-extended */ \
  X(VINS,    "vins",    "V",    'T', 'V', 'V', '-', F_P)  /* a with lane (imm & 15) replaced by lane (imm >> 4) of b */ \
  X(VINSR,   "vinsr",   "V",    'T', 'V', 'I', '-', F_P)  /* a with lane imm replaced by an integer's low bits */ \
  X(VCAT,    "vcat",    "V",    'T', 'V', 'V', '-', F_P)  /* low half of a, then low half of b above it */ \
  X(VHIGH,   "vhigh",   "V",    'T', 'V', '-', '-', F_P)  /* upper half of a in the low half, rest 0 */ \
  X(VEXT,    "vext",    "V",    'T', 'V', 'V', '-', F_P)  /* bytes imm .. imm+15 of (b:a), a low */ \
  X(VZIP1,   "vzip1",   "V",    'T', 'V', 'V', '-', F_P)  /* as the A64 instructions, on full registers */ \
  X(VZIP2,   "vzip2",   "V",    'T', 'V', 'V', '-', F_P) \
  X(VUZP1,   "vuzp1",   "V",    'T', 'V', 'V', '-', F_P) \
  X(VUZP2,   "vuzp2",   "V",    'T', 'V', 'V', '-', F_P) \
  X(VTRN1,   "vtrn1",   "V",    'T', 'V', 'V', '-', F_P) \
  X(VTRN2,   "vtrn2",   "V",    'T', 'V', 'V', '-', F_P) \
  X(VTBL,    "vtbl",    "1",    'T', 'V', 'V', '-', F_P)  /* byte i = b[i] < 128 ? a[b[i] % 16] : 0 */ \
  X(VREV,    "vrev",    "V",    'T', 'V', '-', '-', F_P)  /* reverse the lanes inside each group of 1 << size bytes */ \
  /* -- vectors of integers ------------------------------------------------------------------------------------------- */ \
  X(VSHLI,   "vshli",   "V",    'T', 'V', '-', '-', F_P)  /* by imm, 0 .. lane width (the width gives 0) */ \
  X(VSHRI,   "vshri",   "V",    'T', 'V', '-', '-', F_P) \
  X(VSARI,   "vsari",   "V",    'T', 'V', '-', '-', F_P)  /* the width gives all sign bits */ \
  X(VUSHL,   "vushl",   "V",    'T', 'V', 'V', '-', F_P)  /* A64 USHL: by the signed low byte of each lane of b */ \
  X(VSSHL,   "vsshl",   "V",    'T', 'V', 'V', '-', F_P)  /* A64 SSHL */ \
  X(VABS,    "vabs",    "V",    'T', 'V', '-', '-', F_P)  /* min stays min */ \
  X(VCMP,    "vcmp",    "V",    'T', 'V', 'V', '-', F_P)  /* all ones where a cc b; cc: EQ, GT GE (signed), HI CS (unsigned) */ \
  X(VTST,    "vtst",    "V",    'T', 'V', 'V', '-', F_P)  /* all ones where a & b is not 0 */ \
  X(VBSL,    "vbsl",    "V",    'T', 'V', 'V', 'V', F_P)  /* (a & b) | (~a & c) */ \
  X(SMIN,    "smin",    "IV",   'T', 'T', 'T', '-', F_P)  /* scalar types too */ \
  X(SMAX,    "smax",    "IV",   'T', 'T', 'T', '-', F_P) \
  X(UMIN,    "umin",    "IV",   'T', 'T', 'T', '-', F_P) \
  X(UMAX,    "umax",    "IV",   'T', 'T', 'T', '-', F_P) \
  X(SQADD,   "sqadd",   "V",    'T', 'V', 'V', '-', F_P)  /* saturating; the caller compares to find out about QC */ \
  X(UQADD,   "uqadd",   "V",    'T', 'V', 'V', '-', F_P) \
  X(SQSUB,   "sqsub",   "V",    'T', 'V', 'V', '-', F_P) \
  X(UQSUB,   "uqsub",   "V",    'T', 'V', 'V', '-', F_P) \
  X(URHADD,  "urhadd",  "V",    'T', 'V', 'V', '-', F_P)  /* (a + b + 1) >> 1 without overflow */ \
  X(SXTL,    "sxtl",    "248",  'T', 'V', '-', '-', F_P)  /* widen the low half of a; type: the wide lanes */ \
  X(UXTL,    "uxtl",    "248",  'T', 'V', '-', '-', F_P) \
  X(XTN,     "xtn",     "124",  'T', 'V', '-', '-', F_P)  /* narrow into the low half, rest 0; type: the narrow lanes */ \
  X(SQXTN,   "sqxtn",   "124",  'T', 'V', '-', '-', F_P)  /* signed to signed, saturating */ \
  X(UQXTN,   "uqxtn",   "124",  'T', 'V', '-', '-', F_P)  /* unsigned to unsigned */ \
  X(SQXTUN,  "sqxtun",  "124",  'T', 'V', '-', '-', F_P)  /* signed to unsigned */ \
  X(SMULL,   "smull",   "4",    'T', 'V', 'V', '-', F_P)  /* products of the 16-bit lanes 0 .. 3 */ \
  X(UMULL,   "umull",   "4",    'T', 'V', 'V', '-', F_P) \
  X(SMULE,   "smule",   "8",    'T', 'V', 'V', '-', F_P)  /* products of the 32-bit lanes 0 and 2 */ \
  X(UMULE,   "umule",   "8",    'T', 'V', 'V', '-', F_P) \
  X(VDOT,    "vdot",    "4",    'T', 'V', 'V', 'V', F_P)  /* lane c + the sum of its 4 bytes' products; cc: signed bytes, */ \
                                                          /* bit 0 those of a, bit 1 of b */ \
  X(CNT,     "cnt",     "1",    'T', 'V', '-', '-', F_P)  /* bits set in each byte */ \
  X(SADALL,  "sadall",  "8",    'T', 'V', '-', '-', F_P)  /* lane 0 the sum of the 8 low bytes, lane 1 of the 8 high ones */ \
  /* -- vectors: rotation, any function of three bits, cryptography (eval_crypto.c) ------------------------------------ */ \
  X(VROLI,   "vroli",   "V",    'T', 'V', '-', '-', F_P)  /* lanes rotated left by imm, 0 .. lane width - 1 */ \
  X(VTERN,   "vtern",   "V",    'T', 'V', 'V', 'V', F_P)  /* each bit: bit (4 a + 2 b + c) of imm, a truth table of 8 bits */ \
  X(VSHUF,   "vshuf",   "4",    'T', 'V', 'V', '-', F_P)  /* lane k is number (imm >> 2k & 3) of a (k < 2) or b */ \
  X(CLMUL,   "clmul",   "8",    'T', 'V', 'V', '-', F_P)  /* 128-bit product without carries of lanes imm & 1, imm >> 4 */ \
  X(AES,     "aes",     "1",    'T', 'V', 'V', '-', F_P)  /* a round: ShiftRows, SubBytes; cc bit 1: MixColumns; ^ b; */ \
                                                          /* cc bit 0: the inverse of each */ \
  X(AESMIX,  "aesmix",  "1",    'T', 'V', '-', '-', F_P)  /* MixColumns; cc = 1: the inverse */ \
  X(SHA1R,   "sha1r",   "4",    'T', 'V', 'V', 'V', F_P)  /* 4 rounds of a = A B C D, E in lane 0 of b, c = W + K; */ \
                                                          /* cc: 0 choose, 1 parity, 2 majority */ \
  X(SHA256R, "sha256r", "4",    'T', 'V', 'V', 'V', F_P)  /* 2 rounds of a = H G D C, b = F E B A, c = W + K; F E B A */ \
  X(SHA256U0, "sha256u0", "4",    'T', 'V', 'V', '-', F_P) /* lane k: a[k] + sigma0 of number k + 1 of (b:a) */ \
  X(SHA256U1, "sha256u1", "4",    'T', 'V', 'V', '-', F_P) /* lane k: a[k] + sigma1 of number k + 2 of (result:b) */ \
  X(SM4S,    "sm4s",    "1",    'T', 'V', '-', '-', F_P)  /* SM4's S-box of each byte */ \
  X(CRC32C,  "crc32c",  "W",    'T', 'T', 'L', '-', F_P)  /* the sum a with the low 1 << size bytes of b */ \
  /* -- guest memory: address a + (b << cc) + imm, 64 bits, wrapping -------------------------------------------------- */ \
  X(LD,      "ld",      "IFV",  'T', 'L', 'l', '-', F_M)  /* 1 << size bytes, zero-extended to the type */ \
  X(LDS,     "lds",     "I",    'T', 'L', 'l', '-', F_M)  /* sign-extended to I32 or I64 */ \
  X(ST,      "st",      "IFV",  '-', 'L', 'l', 'D', F_M)  /* the low 1 << size bytes of c; type: c's */ \
  X(STLR,    "stlr",    "IFV",  '-', 'L', '-', 'D', F_M)  /* store that no load behind a later FENCE passes, cc = 1 or 2; */ \
                                                          /* address a + imm */ \
  X(LDX,     "ldx",     "I8",   'T', 'L', '-', '-', F_M | F_G) /* load and set the monitor; size 4 (type V64): the pair */ \
  X(STX,     "stx",     "I8",   'B', 'L', '-', 'D', F_M | F_G) /* store c if the monitor still holds; 0 done, 1 not; type: c's */ \
  X(CLREX,   "clrex",   "*",    '-', '-', '-', '-', F_G) \
  X(ATOM,    "atom",    "I",    'T', 'L', 'I', '-', F_M)  /* cc: enum ir_atom; the old value, zero-extended; size 0..3 */ \
  X(CAS,     "cas",     "I8",   'T', 'L', 'D', 'D', F_M)  /* if [a] == b then [a] = c; the old value; size 0..4 (4: type V64) */ \
  X(COPY,    "copy",    "L",    'T', 'L', 'L', 'L', F_S)  /* copies up to c bytes from b to a; how many are left, where it */ \
                                                          /* is too much or memory fails; up to 128 however they overlap, */ \
                                                          /* more upwards; ignores the addresses' top bytes */ \
  X(FILL,    "fill",    "L",    'T', 'L', 'L', 'L', F_S)  /* the same with the low byte of b in each byte */ \
  X(PREFETCH, "prefetch", "*",    '-', 'L', 'l', '-', F_S) /* a hint that memory is needed soon; size: enum ir_prefetch */ \
  X(FENCE,   "fence",   "*",    '-', '-', '-', '-', F_S)  /* cc = 1: full; 0: orders the translator's own passes only; */ \
                                                          /* 2: for STLRs before it (enum ir_fence) */ \
  /* -- leaving: imm is the guest address where the guest goes on; operand c: flags to store on the way --------------- */ \
  X(POLL,    "poll",    "*",    '-', '-', '-', 'f', F_X)  /* leave, to go on at imm, if cpu->poll is set */ \
  X(EXIT_IF, "exit_if", "*",    '-', 'B', '-', 'f', F_X)  /* go to imm if a */ \
  X(LEAVE_IF, "leave_if", "*",    '-', 'B', 'l', 'f', F_X) /* if a: leave for reason cc, pc = imm, exit_arg = b; */ \
                                                          /* with a size: if a, and bits size .. 3 of b are all set */ \
  X(EXPECT,  "expect",  "*",    '-', 'L', '-', 'f', F_X)  /* go to a unless that is imm, whose code follows */ \
  X(JUMP,    "jump",    "*",    '-', '-', '-', 'f', F_E) \
  X(CALL,    "call",    "*",    '-', '-', 'L', 'f', F_E)  /* b: the return address, a PC */ \
  X(CALLR,   "callr",   "*",    '-', 'L', 'L', 'f', F_E)  /* go to a; b: the return address, a PC */ \
  X(RET,     "ret",     "*",    '-', 'L', '-', 'f', F_E)  /* go to a, expected to be the innermost open call's return address */ \
  X(JUMPR,   "jumpr",   "*",    '-', 'L', '-', 'f', F_E)  /* go to a */ \
  X(TRAP,    "trap",    "*",    '-', 'i', '-', 'f', F_E)  /* leave for reason cc (enum exit_reason), pc = imm, exit_arg = a */ \
  /* -- calls whose code follows in the unit (traces) ---------------------------------------------------------------- */ \
  X(OPEN,    "open",    "*",    '-', '-', '-', '-', F_S)  /* a call begins; imm: its return address */ \
  X(CLOSE,   "close",   "*",    '-', '-', '-', '-', F_S)  /* the innermost open one returns */ \
  /* -- other ways through a loop (traces) ---------------------------------------------------------------------------- */ \
  X(LABEL,   "label",   "*",    '-', '-', '-', '-', F_S)  /* EXIT_IF and JUMP to imm lead here, behind an end; no value of what */ \
                                                          /* stands before is known, and no call is open */ \
  /* -- the rest --------------------------------------------------------------------------------------------------------*/ \
  X(HELPER,  "helper",  "-IFV", 'T', 'd', 'd', 'd', F_S)  /* C function; see enum ir_effect in ir.h for cc and imm */
/* clang-format on */

#endif
