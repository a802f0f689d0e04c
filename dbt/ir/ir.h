/* SPDX-License-Identifier: MIT */
/*
 * The intermediate representation: linear SSA in one array.
 *
 * One struct ir holds one translation unit: a single-entry run of guest instructions with side exits (EXIT_IF, POLL)
 * that ends in one E-flagged operation.  An operand is the index of the instruction that computes it, always a
 * smaller one; index 0 is never a value and means "absent".  What must hold is checked by ir_verify.
 *
 *  - State is explicit.  A guest register is read with GET and written with PUT; PUTs stand in program order, so at
 *    every instruction that may fault or leave, the guest state is exactly what the PUTs before it made.  This is
 *    what makes faults precise and what every pass must keep.
 *  - Flags are values without a register (type FL).  A back end computes them where they are used, again and again if
 *    need be: they cost nothing until somebody asks.  The one liberty that the optimiser takes with state: the NZCV
 *    cell may be stale where every path overwrites it before reading it.
 *  - Guest addresses known at translation time are PC, not CONST, so that a translation can be moved with its image.
 *
 * Memory: a struct ir owns its arrays; it is meant to be reset and used again for the next unit.
 */
#ifndef DBT_IR_IR_H
#define DBT_IR_IR_H

#include "dbt/ir/ops.h"
#include "dbt/types.h"

#include <stdio.h>

typedef uint32_t ir_ref;

enum ir_op {
#define X(name, text, types, r, a, b, c, f) IR_##name,
    IR_OPS(X)
#undef X
        IR_OP_COUNT
};

/* T_NONE only where an operation has no result. */
enum ir_type { T_NONE, T_I32, T_I64, T_F16, T_F32, T_F64, T_V8, T_V16, T_V32, T_V64, T_FL };

/* A: ties away; CURRENT: FPCR.RMode */
enum ir_round { ROUND_N, ROUND_P, ROUND_M, ROUND_Z, ROUND_A, ROUND_CURRENT };

/* clang-format off */
enum ir_atom {
    ATOM_ADD, ATOM_AND, ATOM_OR, ATOM_XOR, ATOM_ANDN, ATOM_SMAX, ATOM_SMIN, ATOM_UMAX, ATOM_UMIN, ATOM_SWP
};
/* clang-format on */

/* PREFETCH: how near, or that it is needed once, or to be written. */
enum ir_prefetch { PREFETCH_NEAR, PREFETCH_MIDDLE, PREFETCH_FAR, PREFETCH_ONCE, PREFETCH_WRITE };

/*
 * HELPER: cc is a set of these; imm is the helper's number (low 16 bits) with a parameter above it.  Operands a, b, c go
 * to io[1..3] and the parameter to io[0].u64[0]; the result is read from io[0] (see helper_fn in cpu.h).
 */
enum ir_effect {
    EFFECT_NONE = 0,   /* a function of its operands (and FPCR, FPSR): touches no other guest state */
    EFFECT_READS = 1,  /* reads guest state: pinned registers are written back first */
    EFFECT_WRITES = 2, /* writes guest state: cached values are dead afterwards */
};
/* INSN: size, a set */
enum ir_insn_state {
    /* some of the PUTs before it went because of later ones (opt/forward.c), or NZCV, which is read further on, need not be in
     * its cell (opt/flags.c): do not leave here */
    INSN_INCOMPLETE = 1,
    /* if an access of it faults, NZCV must be what the last PUTFL says */
    INSN_NZCV = 2
};

/* FENCE: cc.  ACQUIRE stands before a load that acquires: a full one if nothing has ordered an STLR before it yet. */
enum ir_fence { FENCE_PASSES, FENCE_FULL, FENCE_ACQUIRE };

/* PUT: another PUT to the cell follows before anybody could look. */
enum { PUT_IDLE = 1 };
/* JUMPR, CALLR: cc: it has been seen to go to different places, last to imm. */
enum { JUMP_MANY = 1 };
/* PUTFL: cc: only faults of what is marked INSN_NZCV look at it. */
enum { PUTFL_FAULTS = 1 };
#define IR_HELPER_ID(imm)    ((unsigned)((imm)&0xffff))
#define IR_HELPER_PARAM(imm) ((uint64_t)(imm) >> 16)

struct ir_insn {
    uint8_t op;   /* enum ir_op */
    uint8_t type; /* enum ir_type; for comparisons and stores the type of the operands */
    uint8_t size;
    uint8_t cc;
    ir_ref a, b, c;
    int64_t imm;
};

/* Does the process have memory in which indirect jumps must find a landing pad (guest.h), and is the unit in it? */
enum ir_guard { GUARD_NONE, GUARD_ELSEWHERE, GUARD_HERE };

/* What is compiled as one: a unit of tier 1; one that counts how often it is entered; a trace of tier 2. */
enum ir_unit { UNIT_PLAIN, UNIT_HEAD, UNIT_TRACE };

struct ir {
    struct ir_insn *insn; /* [0] is a NOP */
    uint32_t count, cap;
    union vec *pool; /* 128-bit constants, each once */
    uint32_t pool_count, pool_cap;
    gaddr pc;       /* guest address of the unit's entry */
    uint8_t kind;   /* enum ir_unit */
    uint8_t guard;  /* for the builder: enum ir_guard */
    uint8_t labels; /* how many LABELs there are */
    bool shared;    /* for the builder: others may see memory while the guest works on it */
    bool careful;   /* for the builder: with the guest's checks that ordinary units are spared (guest.h) */
    uint32_t guest_bytes; /* length of the guest code that it covers, counted from pc when contiguous */
};

#define IR_OPEN_MAX   4 /* calls that may be open in a unit at once */
#define IR_LABELS_MAX 4 /* LABELs in a unit */

/* The last column of ops.h. */
enum ir_op_flag { F_P = 1, F_G = 2, F_M = 4, F_X = 8, F_E = 16, F_S = 32 };

struct ir_op_info {
    const char *name;  /* text form */
    const char *types; /* what the instruction's type may be */
    char result, a, b, c;
    uint8_t flags; /* set of enum ir_op_flag */
};
extern const struct ir_op_info ir_op_info[IR_OP_COUNT];
/* What passes ask for each instruction, in few cache lines. */
struct ir_op_traits {
    uint8_t flags;  /* as above */
    uint8_t fixed;  /* the result's type where it is not the instruction's */
    uint8_t varies; /* mask: 0xff where it is */
};
extern const struct ir_op_traits ir_op_traits[IR_OP_COUNT];
/* Has the operation any of these flags? */
static inline bool ir_op_has(enum ir_op op, unsigned flags)
{
    return ir_op_traits[op].flags & flags;
}
/* May it set exception flags in FPSR?  Then it is not without effect, though F_P. */
static inline bool ir_sets_fpsr(enum ir_op op)
{
    return (op >= IR_FADD && op <= IR_ITOF && op != IR_FABS && op != IR_FNEG) || op == IR_FLFCMP;
}
/* Has it no effect but its value? */
static inline bool ir_droppable(enum ir_op op)
{
    return (ir_op_has(op, F_P) && !ir_sets_fpsr(op)) || op == IR_GET || op == IR_GETFL;
}
extern const char *const ir_type_name[]; /* "i32" ... "v64", "fl" */
extern const uint8_t ir_type_bytes[];    /* 4, 8, 2, 4, 8, 16 ... ; 0 for T_NONE and T_FL */

static inline bool ir_type_is_int(enum ir_type t)
{
    return t == T_I32 || t == T_I64;
}
static inline bool ir_type_is_float(enum ir_type t)
{
    return t >= T_F16 && t <= T_F64;
}
static inline bool ir_type_is_vec(enum ir_type t)
{
    return t >= T_V8 && t <= T_V64;
}
static inline bool ir_type_is_xmm(enum ir_type t)
{
    return t >= T_F16 && t <= T_V64;
}
/* log2 of a lane's bytes: V8 0 ... V64 3. */
static inline unsigned ir_lane_size(enum ir_type t)
{
    return (unsigned)t - T_V8;
}
static inline enum ir_type ir_vec_type(unsigned lane_size)
{
    return (enum ir_type)(T_V8 + lane_size);
}
static inline enum ir_type ir_float_type(unsigned size)
{
    return (enum ir_type)(T_F16 + size - 1);
}
/* log2 of the bytes of a number in a value of this type, be it a vector or not; 0 for integers and truth values. */
static inline unsigned ir_number_size(enum ir_type t)
{
    return ir_type_is_vec(t) ? ir_lane_size(t) : ir_type_is_float(t) ? (unsigned)t - T_F16 + 1 : 0;
}
/* The type of the value that instruction i defines: T_I32 for truth values, T_NONE for none. */
static inline enum ir_type ir_result_type(const struct ir_insn *i)
{
    const struct ir_op_traits *t = &ir_op_traits[i->op];
    return (enum ir_type)((i->type & t->varies) | t->fixed);
}

/* -- building (build.c); every function returns the new instruction's ref ------------------------------------------- */

void ir_init(struct ir *ir);
void ir_reset(struct ir *ir, gaddr pc);
void ir_free(struct ir *ir);
/* Appends; aborts when memory is gone.  head: op | type << 8 | size << 16 | cc << 24: everything in registers, because
 * this is called for each instruction of each unit, from thousands of places. */
ir_ref ir_append(struct ir *ir, uint32_t head, ir_ref a, ir_ref b, ir_ref c, int64_t imm);

static inline ir_ref ir_add(struct ir *ir, struct ir_insn i)
{
    return ir_append(ir, i.op | (uint32_t)i.type << 8 | (uint32_t)i.size << 16 | (uint32_t)i.cc << 24, i.a,
                     i.b, i.c, i.imm);
}
static inline ir_ref ir_op0(struct ir *ir, enum ir_op op, enum ir_type t, int64_t imm)
{
    return ir_append(ir, op | (uint32_t)t << 8, 0, 0, 0, imm);
}
static inline ir_ref ir_op1(struct ir *ir, enum ir_op op, enum ir_type t, ir_ref a, int64_t imm)
{
    return ir_append(ir, op | (uint32_t)t << 8, a, 0, 0, imm);
}
static inline ir_ref ir_op2(struct ir *ir, enum ir_op op, enum ir_type t, ir_ref a, ir_ref b)
{
    return ir_append(ir, op | (uint32_t)t << 8, a, b, 0, 0);
}
static inline ir_ref ir_op3(struct ir *ir, enum ir_op op, enum ir_type t, ir_ref a, ir_ref b, ir_ref c)
{
    return ir_append(ir, op | (uint32_t)t << 8, a, b, c, 0);
}
ir_ref ir_label(struct ir *ir, gaddr pc);
ir_ref ir_vconst(struct ir *ir, enum ir_type t, uint64_t lo, uint64_t hi);

/* -- text (print.c, parse.c); the same form for dumps and for tests ---------------------------------------------------
 *
 *   %5 = add.i64 %3, %4           %7 = ld.i32 %3, %5, size=2, cc=1, imm=-8        exit_if %6, %8, imm=0x4005d0
 *
 * One instruction a line; operands in order a, b, c ("_" for an absent one before a present one); then size=, cc=, imm=
 * where not 0.  Pool constants print as `vconst.v64 {0xlo, 0xhi}`.  '#' starts a comment.
 */
void ir_print(const struct ir *ir, FILE *out);
/* Returns NULL, or a message about the first bad line (static storage, valid until the next call). */
const char *ir_parse(struct ir *ir, const char *text);
/* Returns NULL, or what is wrong with the unit (static storage). */
const char *ir_verify(const struct ir *ir);

#endif
