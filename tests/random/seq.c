/* SPDX-License-Identifier: MIT */
/*
 * Makes records of many instructions, which is what the translator is made for: values and flags that flow from one
 * instruction to the next, accesses that share a base, branches, loops, calls, exclusive pairs, faults in the middle.
 *
 * What must hold, so that all that run a sequence run it to its end and alike:
 *  1. A sequence is made of pieces of a few words each.  Branches lead to the starts of pieces only, because a piece
 *     that accesses memory first brings its base to where it may be; nothing that was known about bases holds behind a
 *     place to which a branch leads.
 *  2. Branches lead forward, but for the end of a loop, whose counter nothing in it may write, and for calls of a
 *     function that came before and ends in RET, whose link nothing in it may write.  No branch leads into a loop or a
 *     function from outside, and none from within a function to without.
 *  3. Pairs of exclusives match; loads of this kind without their store, and stores of which there is a choice whether
 *     they succeed, are not there.
 *  4. Bases lie near BASE_AT, aligned where that is asked for, at times with a tag in the top byte, and at times at
 *     BAD_AT, where no access succeeds.
 */
#include "random.h"

#include "a64_decode.h"

#include <fnmatch.h>
#include <string.h>

#define MARGIN   12 /* words that must be left for another piece and what ends the open ones */
#define LABELS   16
#define REG(n)   (1u << (n))
#define X30      30
#define SP       31
#define NO_PICKS ",!LDXR,!LDXP,!STXR,!STXP,!CPY*,!SET[PME],!LDR_lit*,!PRFM_lit"

/* A branch whose target is not there yet. */
struct label {
    unsigned at;   /* the word to complete */
    unsigned left; /* pieces to leave out; 0: none waits here */
};

static struct {
    struct record *r;
    const char *globs;
    enum mix mix;
    uint64_t fpcr;          /* bits of it that may be set */
    bool hbc, exclusives;   /* BC.cond, and these, are wanted */
    bool floats;            /* and arithmetic of scalar numbers */
    uint32_t known;         /* registers that hold a good base */
    uint32_t kept;          /* registers that must not be written */
    unsigned loop, counter; /* the first word in the open loop, or 0, and the register that counts */
    unsigned loop_left;     /* pieces until it ends */
    unsigned fn, fn_left;   /* the same of the open function */
    unsigned fn_over;       /* the branch around it */
    unsigned callable;      /* the first word of a complete one, or 0 */
    struct label label[LABELS];
} s;

static void emit(uint32_t word)
{
    s.r->word[s.r->count++] = word;
}

/* Completes the word at `at`, a branch or ADR, so that it leads to the next word. */
static void lead_here(unsigned at)
{
    uint32_t d = s.r->count - at, *w = &s.r->word[at];
    if ((*w & 0x1f000000) == 0x10000000)
        *w |= d << 5; /* ADR: bytes, their two low bits elsewhere */
    else if ((*w & 0x7c000000) == 0x14000000)
        *w |= d; /* B, BL */
    else if ((*w & 0x7e000000) == 0x36000000)
        *w |= (d & 0x3fff) << 5; /* TBZ, TBNZ */
    else
        *w |= (d & 0x7ffff) << 5;
}

/* What is known does not hold where two ways meet. */
static void labels_here(bool all)
{
    for (unsigned i = 0; i < LABELS; i++)
        if (s.label[i].left && (--s.label[i].left == 0 || all)) {
            s.label[i].left = 0;
            lead_here(s.label[i].at);
            s.known = 0;
        }
}

/* The word just emitted leads to the start of a later piece. */
static void label_later(unsigned at)
{
    for (unsigned i = 0; i < LABELS; i++)
        if (!s.label[i].left) {
            s.label[i] = (struct label){at, 1 + rnd_below(4)};
            return;
        }
    die("more branches wait than there are labels");
}

/* A register that may be written, not among `but`. */
static unsigned reg_free(uint32_t but)
{
    for (;;) {
        unsigned n = rnd_below(s.mix != MIX_ANY && rnd_below(4) ? 8 : 31);
        if (!((s.kept | but) >> n & 1))
            return n;
    }
}

static void wrote(uint32_t regs)
{
    s.known &= ~regs;
}

/* -- memory ---------------------------------------------------------------------------------------------- */

static void make_base(unsigned n, bool aligned)
{
    unsigned t = n == SP ? reg_free(0) : n;
    emit(rnd_below(8) == 0    ? 0xd2800000 | rnd_below(32) << 9 | t /* mov xt, #16 k */
         : aligned || n == SP ? 0x927c1000 | t << 5 | t             /* and xt, xt, #0x1f0 */
                              : 0x92402000 | t << 5 | t);           /* and xt, xt, #0x1ff */
    emit(0xf2a00000 | BASE_AT >> 16 << 5 | t);                      /* movk xt, #, lsl #16 */
    if (rnd_below(30) == 0)
        emit(0xf2e00000 | rnd_below(256) << 13 | t); /* movk xt, #tag, lsl #48 */
    if (n == SP)
        emit(0x9100001f | t << 5); /* mov sp, xt */
    wrote(REG(t) | REG(n));
    s.known |= REG(n);
}

static bool named(uint32_t word, const char *glob)
{
    int p = a64_pattern_of(word);
    return p >= 0 && fnmatch(glob, a64_patterns[p].name, 0) == 0;
}

/* The access has a register as its index. */
static bool indexed(uint32_t word)
{
    return named(word, "*_reg");
}

/* The access moves its base by an immediate offset. */
static bool steps(uint32_t word)
{
    return named(word, "LD[RP]*_p*") || named(word, "ST[RP]*_p*");
}

static bool may_be_in_sequence(uint32_t word, const struct traits *k)
{
    unsigned n = word >> 5 & 31, m = word >> 16 & 31;
    if (k->leaves || k->two_addresses || k->writes & s.kept)
        return false;
    if (!k->memory)
        return true;
    if (k->relative || (s.kept >> n & 1 && !(s.known >> n & 1)))
        return false;
    return !indexed(word) || (m != n && m != 31 && !(s.kept >> m & 1));
}

/* With s.known, the base may be as an earlier access left it. */
static void piece_memory(uint32_t word, const struct traits *k)
{
    unsigned n = word >> 5 & 31, m = word >> 16 & 31;
    if (indexed(word)) {
        bool uxtw = (word >> 13 & 7) == 2;
        emit((uxtw || rnd_below(2) ? 0x92401000 : 0x93401000) | m << 5 |
             m); /* and xm, xm, #31; sbfx xm, xm, #0, #5 */
        wrote(REG(m));
    }
    if (n != SP && rnd_below(60) == 0) {
        emit(0xd2a00000 | BAD_AT >> 16 << 5 | n); /* mov xn, #BAD_AT */
        wrote(REG(n));
    } else if (k->strict || n == SP || !(s.known >> n & 1) || rnd_below(3) == 0) {
        make_base(n, k->strict);
    }
    emit(word);
    wrote(k->writes & ~(steps(word) && rnd_below(2) ? REG(n) : 0));
}

/* LDXR, some arithmetic, STXR, and back if that failed. */
static void piece_exclusive(void)
{
    unsigned n = reg_free(0), t = reg_free(REG(n)), t2 = reg_free(REG(n) | REG(t)),
             st = reg_free(REG(n) | REG(t) | REG(t2));
    uint32_t size = rnd_below(4), pair = size >= 2 && rnd_below(3) == 0;
    make_base(n, true);
    unsigned top = s.r->count;
    uint32_t common = size << 30 | 0x08000000 | (uint32_t)rnd_below(2) << 15 | pair << 21 |
                      (pair ? t2 : 31) << 10 | n << 5 | t;
    emit(common | 1u << 22 | 31 << 16);
    for (unsigned i = rnd_below(3); i; i--) {
        static const uint32_t op[] = {0x0b000000, 0x4b000000, 0x0a000000, 0x2a000000, 0x4a000000,
                                      0x2a200000, 0x1a800000, 0x6b000000, 0x2b000000, 0x0a200000};
        emit(op[rnd_below(sizeof op / sizeof *op)] | rnd_below(2) << 31 | rnd_below(31) << 16 | t << 5 | t);
    }
    emit(common | st << 16);
    if (rnd_below(2))
        emit(0x35000000 | ((top - s.r->count) & 0x7ffff) << 5 | st); /* cbnz wst, top */
    wrote(REG(t) | REG(t2) | REG(st));
}

/* -- control --------------------------------------------------------------------------------------------- */

static void piece_branch(void)
{
    unsigned at = s.r->count, t = rnd_below(31);
    switch (s.loop && rnd_below(2) ? 6 : rnd_below(6)) {
    case 0: emit(0x14000000); break;                                               /* b */
    case 1: emit(0x34000000 | rnd_below(2) << 31 | rnd_below(2) << 24 | t); break; /* cbz, cbnz */
    case 2: emit(0x36000000 | (uint32_t)(rnd() & 0x81f80000) | t); break;          /* tbz, tbnz */
    case 6:
        emit(0x36000000 | rnd_below(2) << 24 | rnd_below(3) << 19 | s.counter);
        break; /* of the counter: now this way, now that */
    default:
        emit(0x54000000 | rnd_below(16) | (s.hbc && rnd_below(4) == 0 ? 16 : 0));
        break; /* b.cond, bc.cond */
    }
    label_later(at);
}

static void piece_indirect(void)
{
    unsigned n = reg_free(0), at = s.r->count;
    bool link = !(s.kept >> X30 & 1) && rnd_below(3) == 0;
    emit(0x10000000 | n); /* adr xn, later */
    emit((link ? 0xd63f0000 : rnd_below(3) ? 0xd61f0000 : 0xd65f0000) | n << 5);
    wrote(REG(n) | (link ? REG(X30) : 0));
    label_later(at);
}

static void piece_call(void)
{
    unsigned at = s.r->count;
    if (s.kept >> X30 & 1)
        return;
    if (s.callable && !s.fn) {
        emit(0x94000000 | ((s.callable - at) & 0x3ffffff)); /* bl function */
        s.known = 0;
    } else {
        emit(0x94000000);
        label_later(at);
    }
    wrote(REG(X30));
}

static void fn_start(void)
{
    labels_here(true);
    s.fn_over = s.r->count;
    emit(0x14000000);
    s.fn = s.r->count;
    s.fn_left = 1 + rnd_below(4);
    s.kept |= REG(X30);
    s.known = 0;
}

static void fn_end(void)
{
    labels_here(true);
    emit(0xd65f03c0); /* ret */
    lead_here(s.fn_over);
    s.callable = s.fn;
    s.fn = 0;
    s.kept &= ~REG(X30);
    s.known = 0;
}

static void loop_start(void)
{
    labels_here(true);
    s.counter = reg_free(REG(X30));
    /* Often enough, with --tier=2, for a trace from within the loop, and for other ways through that. */
    unsigned times = rnd_below(2) ? 1 + rnd_below(5) : 60 + rnd_below(60);
    emit(0x52800000 | times << 5 | s.counter); /* mov w, #times */
    s.loop = s.r->count;
    s.loop_left = 1 + rnd_below(8);
    s.kept |= REG(s.counter);
    s.known = 0;
    s.callable = 0; /* it may write the counter */
}

static void loop_end(void)
{
    bool flags = rnd_below(2);
    s.kept &= ~REG(s.counter);
    emit((flags ? 0x71000400 : 0x51000400) | s.counter << 5 | s.counter); /* sub(s) w, w, #1 */
    uint32_t back = ((s.loop - s.r->count) & 0x7ffff) << 5;
    emit(flags ? 0x54000001 | back : 0x35000000 | back | s.counter); /* b.ne or cbnz */
    s.loop = 0;
    wrote(REG(s.counter));
}

/* -- the rest -------------------------------------------------------------------------------------------- */

static void piece_system(void)
{
    unsigned t = reg_free(0);
    uint32_t bits =
        rnd_below(2) ? 0 : (uint32_t)(rnd() & s.fpcr & (7u << 22 | 3u << 25 | 1u << 19 | 1u << 13 | 7));
    switch (rnd_below(7)) {
    case 0: emit(0xd53b4200 | t); break; /* mrs xt, nzcv */
    case 1: emit(0xd51b4200 | rnd_below(31)); return;
    case 2: emit(0xd53b4400 | t); break; /* mrs xt, fpcr */
    case 3:
    case 4: emit(0xd53b4420 | t); break; /* mrs xt, fpsr */
    case 5:
        emit(0x52800000 | (uint32_t)(rnd() & 0x9f) << 5 | t);
        emit(0xd51b4420 | t); /* msr fpsr, xt */
        break;
    default:
        emit(0x52a00000 | bits >> 16 << 5 | t);
        emit(0x72800000 | (bits & 0xffff) << 5 | t);
        emit(0xd51b4400 | t); /* msr fpcr, xt */
    }
    wrote(REG(t));
}

/* What an operation raises for what another one has left, or for a part of that: flags are cleared before, and read behind. */
static void piece_raise(void)
{
    static const unsigned types[] = {0, 1, 1, 3}; /* s, d, h */
    unsigned t = reg_free(0), v = rnd_below(8), type = types[rnd_below(4)];
    emit(0xd51b4420 | 31); /* msr fpsr, xzr */
    for (unsigned k = 0; k < 3; k++) {
        uint32_t op = k == 1 ? 0x1e204000 : 0x1e200800 | rnd_below(8) << 16 | rnd_below(9) << 12;
        unsigned of = rnd_below(2) ? type : types[rnd_below(4)];
        emit(op | of << 22 | v << 5 | v); /* fmul, ... fnmul; fmov between */
    }
    emit(0xd53b4420 | t); /* mrs xt, fpsr */
    wrote(REG(t));
}

static void piece_literal(void)
{
    unsigned t = reg_free(0), at = s.r->count;
    uint32_t d = (rnd_below(SLOT_WORDS - 6) - at) & 0x7ffff;
    uint32_t kind = rnd_below(6);
    if (kind < 3) {
        emit(0x18000000 | kind << 30 | d << 5 | t); /* ldr w, x; ldrsw */
        wrote(REG(t));
    } else {
        emit(0x1c000000 | (kind - 3) << 30 | d << 5 | rnd_below(32)); /* ldr s, d, q */
    }
}

static void piece_any(void)
{
    uint32_t word;
    struct traits k;
    if (!pick_word(&word, &k, s.globs, s.mix, may_be_in_sequence))
        return;
    if (k.memory) {
        piece_memory(word, &k);
    } else {
        emit(word);
        wrote(k.writes);
    }
}

static void piece(void)
{
    unsigned kind = rnd_below(s.loop ? 46 : 40); /* more branches where there are turns to go another way */
    switch (kind < 40 ? kind : 0) {
    case 0:
    case 1:
    case 2:
    case 3: piece_branch(); break;
    case 4: piece_indirect(); break;
    case 5: piece_call(); break;
    case 6:
        if (s.exclusives)
            piece_exclusive();
        break;
    case 7: piece_system(); break;
    case 8: piece_literal(); break;
    case 9:
        if (rnd_below(5) == 0)
            emit(rnd_below(0x10000)); /* udf */
        else if (s.floats)
            piece_raise();
        break;
    case 10:
    case 11:
        if (!s.loop && !s.fn)
            loop_start();
        break;
    case 12:
        if (!s.fn)
            fn_start();
        break;
    default: piece_any(); break;
    }
}

void seq_state(struct record *r, uint64_t fpcr)
{
    gen_state(r, fpcr);
    for (unsigned i = 0; i < MEM_SIZE / 8; i++)
        r->mem[i] = rnd_below(4) ? rnd() : value_int();
}

bool seq_record(struct record *r, const char *patterns, uint64_t fpcr)
{
    static char globs[4096];
    strncpy(globs, patterns, sizeof globs - sizeof NO_PICKS - 1);
    strcat(globs, NO_PICKS);
    memset(&s, 0, sizeof s);
    s.r = r;
    s.globs = globs;
    s.mix = (enum mix)rnd_below(3);
    s.fpcr = fpcr;
    s.hbc = name_matches("BC_cond", globs);
    s.exclusives = name_matches("LDXR", globs);
    s.floats = name_matches("FMUL_s", globs);
    /* In a long one, most bits of FPSR are soon set, and hide what is lost. */
    const unsigned length = rnd_below(2) ? 4 + rnd_below(12) : 8 + rnd_below(SEQ_WORDS - MARGIN - 8);
    for (unsigned tries = 0; r->count < length && tries < 1000; tries++) {
        if (s.fn && s.fn_left-- == 0)
            fn_end();
        if (s.loop && !s.fn && s.loop_left-- == 0)
            loop_end();
        labels_here(false);
        piece();
    }
    if (s.fn)
        fn_end();
    if (s.loop)
        loop_end();
    labels_here(true);
    seq_state(r, fpcr);
    return r->count != 0;
}
