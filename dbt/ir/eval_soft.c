/* SPDX-License-Identifier: MIT */
/*
 * Floating-point arithmetic on integers, after the Arm ARM's shared pseudocode (FPUnpack, FPRound, FPAdd ...
 * FPToFixed).
 *
 * A finite number is m * 2^e with m below 2^126.  Each operation computes such a number exactly, or with
 * every lost bit or-ed into the lowest one ("sticky"), far below where the result is rounded; number_pack
 * then rounds once.  So there is no double rounding in any format or mode, and one routine each serves half,
 * single and double precision.  With FPCR.AH numbers are tiny after rounding, as if exponents had no limit.
 *
 * What must hold: the sticky bit lies below the rounding position and, in subtractions, was made from an
 * operand that was shifted by so much that the leading bit of the result moves by one place at most.
 * number_sum keeps 18 zero bits below the longest significand (106 bits, a product) for that.
 *
 * Rejected: the host's own instructions.  They decide tininess after rounding (Arm: before), raise inexact
 * with a flushed result (Arm: not), know no half-precision arithmetic below AVX512-FP16 and would have the
 * judge ask the accused.
 */
#include "dbt/ir/eval_soft.h"

struct number {
    bool neg;
    u128 m; /* 0: zero */
    int e;
};

static int exp_bias(unsigned size)
{
    return size == 1 ? 15 : size == 2 ? 127 : 1023;
}

uint64_t fp_default_nan(const struct fp *f, unsigned size)
{
    return fp_quiet_nan(size) | (f->alternate ? fp_sign(size) : 0);
}

static uint64_t magnitude(unsigned size, uint64_t x)
{
    return x & (fp_sign(size) - 1);
}

bool fp_is_nan(unsigned size, uint64_t x)
{
    return magnitude(size, x) > fp_infinity(size);
}

bool fp_is_snan(unsigned size, uint64_t x)
{
    return fp_is_nan(size, x) && !(x >> (fp_frac_bits(size) - 1) & 1);
}

uint64_t fp_process_nan(struct fp *f, unsigned size, uint64_t x)
{
    if (fp_is_snan(size, x))
        f->flags |= FP_INVALID;
    return f->default_nan ? fp_default_nan(f, size) : x | fp_quiet_nan(size);
}

static bool is_infinite(unsigned size, uint64_t x)
{
    return magnitude(size, x) == fp_infinity(size);
}

static bool is_negative(unsigned size, uint64_t x)
{
    return x & fp_sign(size);
}

static uint64_t with_sign(unsigned size, bool neg, uint64_t x)
{
    return neg ? x | fp_sign(size) : x;
}

uint64_t fp_operand(struct fp *f, unsigned size, uint64_t x)
{
    uint64_t m = magnitude(size, x);
    if (m == 0 || m >> fp_frac_bits(size))
        return x;
    if (!(size == 1 ? f->flush_half : f->flush_in)) {
        f->subnormal |= f->alternate && size != 1;
        return x;
    }
    if (size != 1 && f->flush_notes)
        f->flags |= FP_DENORMAL;
    return x & fp_sign(size);
}

static struct number number_of(unsigned size, uint64_t x)
{
    uint64_t m = magnitude(size, x), frac = m & (((uint64_t)1 << fp_frac_bits(size)) - 1);
    int e = (int)(m >> fp_frac_bits(size)), low = 1 - exp_bias(size) - (int)fp_frac_bits(size);
    if (e)
        return (struct number){is_negative(size, x), frac | (uint64_t)1 << fp_frac_bits(size), low + e - 1};
    return (struct number){is_negative(size, x), frac, low};
}

static int top_bit(u128 m)
{
    uint64_t high = (uint64_t)(m >> 64);
    return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)m);
}

static bool rounds_up(enum ir_round mode, bool neg, bool odd, int half)
{
    switch ((int)mode) {
    case ROUND_P: return !neg;
    case ROUND_M: return neg;
    case ROUND_Z: return false;
    case ROUND_A: return half >= 0;
    case ROUND_ODD: return !odd;
    default: return half > 0 || (half == 0 && odd);
    }
}

/* m / 2^shift rounded to an integer. */
static u128 shift_round(u128 m, int shift, enum ir_round mode, bool neg, bool *inexact)
{
    *inexact = false;
    if (shift <= 0)
        return m << -shift;
    u128 q = 0, rest = m;
    int half = -1; /* the rest against one half */
    if (shift <= 126) {
        u128 middle = (u128)1 << (shift - 1);
        q = m >> shift;
        rest = m - (q << shift);
        half = rest > middle ? 1 : rest == middle ? 0 : -1;
    }
    if (rest == 0)
        return q;
    *inexact = true;
    return q + rounds_up(mode, neg, q & 1, half);
}

static uint64_t pack_overflow(struct fp *f, unsigned size, bool neg)
{
    if (f->alt_half) {
        f->flags |= FP_INVALID;
        return with_sign(size, neg, fp_sign(size) - 1);
    }
    f->flags |= FP_OVERFLOW | FP_INEXACT;
    uint64_t inf = fp_infinity(size);
    return with_sign(size, neg, rounds_up(f->round, neg, false, 1) ? inf : inf - 1);
}

/* n, which is below the least normal number, rounded as if there were no such limit: is it still? */
static bool tiny_when_rounded(const struct fp *f, unsigned size, struct number n)
{
    int frac = (int)fp_frac_bits(size), e = top_bit(n.m) + n.e;
    bool inexact;
    u128 r = shift_round(n.m, e - frac - n.e, f->round, n.neg, &inexact);
    return e + (int)(r >> (frac + 1)) < 1 - exp_bias(size);
}

/* FPRound. */
static uint64_t number_pack(struct fp *f, unsigned size, struct number n)
{
    if (n.m == 0)
        return with_sign(size, n.neg, 0);
    int least = 1 - exp_bias(size), e = top_bit(n.m) + n.e, frac = (int)fp_frac_bits(size);
    bool below = e < least, tiny = below && (!f->alternate || tiny_when_rounded(f, size, n)), inexact;
    if (tiny && (size == 1 ? f->flush_half : f->flush_out)) {
        f->flags |= FP_UNDERFLOW | (f->alternate ? FP_INEXACT : 0);
        return with_sign(size, n.neg, 0);
    }
    if (e > exp_bias(size) + f->alt_half)
        return pack_overflow(f, size, n.neg);
    int at = below ? least : e;
    uint64_t r = (uint64_t)shift_round(n.m, at - frac - n.e, f->round, n.neg, &inexact);
    r += (uint64_t)(at - least)
         << frac; /* the leading bit of r counts as one more; a carry goes where it should */
    if (r >= (f->alt_half ? fp_sign(size) : fp_infinity(size)))
        return pack_overflow(f, size, n.neg);
    if (inexact)
        f->flags |= FP_INEXACT | (tiny ? FP_UNDERFLOW : 0);
    return with_sign(size, n.neg, r);
}

static struct number normalised(struct number n, int top)
{
    int k = top - top_bit(n.m);
    n.m <<= k;
    n.e -= k;
    return n;
}

static u128 shift_sticky(u128 m, int k)
{
    if (k > 127)
        return m != 0;
    u128 q = m >> k;
    return q | (q << k != m);
}

/* x + y; an exact zero from operands of different signs takes its sign from the rounding mode. */
static struct number number_sum(const struct fp *f, struct number x, struct number y)
{
    if (x.m == 0 && y.m == 0)
        return (struct number){x.neg == y.neg ? x.neg : f->round == ROUND_M, 0, 0};
    if (x.m == 0)
        return y;
    if (y.m == 0)
        return x;
    x = normalised(x, 124);
    y = normalised(y, 124);
    if (x.e < y.e || (x.e == y.e && x.m < y.m)) {
        struct number t = x;
        x = y, y = t;
    }
    u128 low = shift_sticky(y.m, x.e - y.e);
    if (x.neg == y.neg)
        return (struct number){x.neg, x.m + low, x.e};
    if (x.m == low)
        return (struct number){f->round == ROUND_M, 0, 0};
    return (struct number){x.neg, x.m - low, x.e};
}

static uint64_t invalid(struct fp *f, unsigned size)
{
    f->flags |= FP_INVALID;
    return fp_default_nan(f, size);
}

uint64_t fp_result(struct fp *f, unsigned size, uint64_t x)
{
    return is_infinite(size, x) ? x : number_pack(f, size, number_of(size, x));
}

uint64_t fp_add(struct fp *f, unsigned size, uint64_t x, uint64_t y)
{
    if (is_infinite(size, x))
        return is_infinite(size, y) && x != y ? invalid(f, size) : x;
    if (is_infinite(size, y))
        return y;
    return number_pack(f, size, number_sum(f, number_of(size, x), number_of(size, y)));
}

static struct number number_product(struct number x, struct number y)
{
    return (struct number){x.neg != y.neg, x.m * y.m, x.e + y.e};
}

uint64_t fp_mul(struct fp *f, unsigned size, uint64_t x, uint64_t y)
{
    bool neg = is_negative(size, x) != is_negative(size, y);
    if (is_infinite(size, x) || is_infinite(size, y)) {
        if (!magnitude(size, x) || !magnitude(size, y))
            return invalid(f, size);
        return with_sign(size, neg, fp_infinity(size));
    }
    return number_pack(f, size, number_product(number_of(size, x), number_of(size, y)));
}

uint64_t fp_fma(struct fp *f, unsigned size, uint64_t x, uint64_t y, uint64_t addend)
{
    if (is_infinite(size, x) || is_infinite(size, y)) {
        uint64_t product = fp_mul(f, size, x, y);
        return fp_is_nan(size, product) ? product : fp_add(f, size, product, addend);
    }
    if (is_infinite(size, addend))
        return addend;
    struct number product = number_product(number_of(size, x), number_of(size, y));
    return number_pack(f, size, number_sum(f, product, number_of(size, addend)));
}

uint64_t fp_div(struct fp *f, unsigned size, uint64_t x, uint64_t y)
{
    bool neg = is_negative(size, x) != is_negative(size, y);
    bool x_inf = is_infinite(size, x), y_inf = is_infinite(size, y);
    bool x_zero = !magnitude(size, x), y_zero = !magnitude(size, y);
    if ((x_inf && y_inf) || (x_zero && y_zero))
        return invalid(f, size);
    if (x_inf)
        return with_sign(size, neg, fp_infinity(size));
    if (y_inf || x_zero)
        return with_sign(size, neg, 0);
    if (y_zero) {
        f->flags |= FP_DIVZERO;
        return with_sign(size, neg, fp_infinity(size));
    }
    struct number a = normalised(number_of(size, x), 120), b = number_of(size, y);
    u128 q = a.m / b.m;
    return number_pack(f, size, (struct number){neg, q | (q * b.m != a.m), a.e - b.e});
}

uint64_t fp_sqrt(struct fp *f, unsigned size, uint64_t x)
{
    if (!magnitude(size, x))
        return x;
    if (is_negative(size, x))
        return invalid(f, size);
    if (is_infinite(size, x))
        return x;
    struct number n = normalised(number_of(size, x), 120);
    if (n.e & 1) {
        n.m <<= 1;
        n.e--;
    }
    u128 root = 0;
    for (u128 bit = (u128)1 << 60; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= n.m)
            root |= bit;
    /* Two more places, so that the sticky bit lies below all that counts. */
    u128 fine = root << 2 | (root * root != n.m);
    return number_pack(f, size, (struct number){false, fine, n.e / 2 - 2});
}

uint64_t fp_convert(struct fp *f, unsigned to, unsigned from, uint64_t x)
{
    if (is_infinite(from, x) && !(from == 1 && f->alt_half))
        return with_sign(to, is_negative(from, x), fp_infinity(to));
    return number_pack(f, to, number_of(from, x));
}

uint64_t fp_round_int(struct fp *f, unsigned size, uint64_t x, enum ir_round mode, bool raise_inexact)
{
    struct number n = number_of(size, x);
    if (is_infinite(size, x) || n.m == 0 || n.e >= 0)
        return x;
    bool inexact;
    n.m = shift_round(n.m, -n.e, mode, n.neg, &inexact);
    n.e = 0;
    if (inexact && raise_inexact)
        f->flags |= FP_INEXACT;
    return number_pack(f, size, n);
}

uint64_t fp_to_int(struct fp *f, unsigned bits, bool is_signed, unsigned size, uint64_t x, enum ir_round mode,
                   unsigned fraction_bits)
{
    bool neg = is_negative(size, x), inexact = false;
    u128 most = is_signed ? ((u128)1 << (bits - 1)) - !neg : neg ? 0 : ((u128)1 << bits) - 1;
    struct number n = number_of(size, x);
    n.e += (int)fraction_bits;
    u128 m = most + 1;
    if (!is_infinite(size, x) && (n.m == 0 || top_bit(n.m) + n.e <= 64))
        m = shift_round(n.m, -n.e, mode, neg, &inexact);
    if (m > most) {
        f->flags |= FP_INVALID;
        m = most;
    } else if (inexact) {
        f->flags |= FP_INEXACT;
    }
    return neg ? -(uint64_t)m : (uint64_t)m;
}

uint64_t fp_from_int(struct fp *f, unsigned size, bool neg, uint64_t m, unsigned fraction_bits)
{
    return number_pack(f, size, (struct number){neg, m, -(int)fraction_bits});
}
