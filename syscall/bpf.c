/* SPDX-License-Identifier: MIT */
/*
 * Classic BPF as seccomp has it (seccomp(2), kernel's Documentation/networking/filter.rst): 32-bit accumulator and
 * index register, 16 words of memory, jumps forward only.
 *
 * What must hold after bpf_check: each jump leads into the program, its last instruction returns, loads of data are
 * words within struct seccomp_data, no division by a constant 0, no shift by 32 or more, and no word of memory is
 * read that not every way there has written.  So evaluation needs no checks, except of a division by X.
 */
#include "syscall/bpf.h"

#include <string.h>

/* -- the check -- */

static bool is_alu(const struct sock_filter *i)
{
    switch (BPF_OP(i->code)) {
    case BPF_ADD:
    case BPF_SUB:
    case BPF_MUL:
    case BPF_OR:
    case BPF_AND:
    case BPF_XOR: return true;
    case BPF_DIV: return BPF_SRC(i->code) == BPF_X || i->k != 0;
    case BPF_LSH:
    case BPF_RSH: return BPF_SRC(i->code) == BPF_X || i->k < 32;
    case BPF_NEG: return BPF_SRC(i->code) == BPF_K;
    default: return false; /* BPF_MOD: not for seccomp */
    }
}

/* Seccomp's own rules on top of the general ones: only words of the data, only what it lists. */
static bool is_load(const struct sock_filter *i)
{
    switch (i->code) {
    case BPF_LD | BPF_W | BPF_ABS: return i->k < sizeof(struct seccomp_data) && (i->k & 3) == 0;
    case BPF_LD | BPF_W | BPF_LEN:
    case BPF_LDX | BPF_W | BPF_LEN:
    case BPF_LD | BPF_IMM:
    case BPF_LDX | BPF_IMM: return true;
    case BPF_LD | BPF_MEM:
    case BPF_LDX | BPF_MEM:
    case BPF_ST:
    case BPF_STX: return i->k < BPF_MEMWORDS;
    default: return false;
    }
}

/* A jump from instruction pc of n, behind which `left` instructions follow. */
static bool is_jump(const struct sock_filter *i, size_t left)
{
    switch (BPF_OP(i->code)) {
    case BPF_JA: return i->code == (BPF_JMP | BPF_JA) && i->k < left;
    case BPF_JEQ:
    case BPF_JGE:
    case BPF_JGT:
    case BPF_JSET: return i->jt < left && i->jf < left;
    default: return false;
    }
}

static bool is_known(const struct sock_filter *i, size_t left)
{
    switch (BPF_CLASS(i->code)) {
    case BPF_LD:
    case BPF_LDX:
    case BPF_ST:
    case BPF_STX: return is_load(i);
    case BPF_ALU: return (i->code & ~0xff) == 0 && is_alu(i);
    case BPF_JMP: return (i->code & ~0xff) == 0 && is_jump(i, left);
    case BPF_RET: return i->code == (BPF_RET | BPF_K) || i->code == (BPF_RET | BPF_A);
    default: return i->code == (BPF_MISC | BPF_TAX) || i->code == (BPF_MISC | BPF_TXA);
    }
}

/* valid[pc]: which words of memory every way to pc has written. */
static bool memory_written(const struct sock_filter *f, size_t n)
{
    uint16_t valid[BPF_MAXINSNS];

    memset(valid, 0xff, n * sizeof *valid);
    valid[0] = 0;
    for (size_t pc = 0; pc < n; pc++) {
        uint16_t here = valid[pc];
        const struct sock_filter *i = &f[pc];
        size_t next[2] = {pc + 1, pc + 1};
        switch (BPF_CLASS(i->code)) {
        case BPF_ST:
        case BPF_STX: here |= (uint16_t)(1u << i->k); break;
        case BPF_LD:
        case BPF_LDX:
            if (BPF_MODE(i->code) == BPF_MEM && !(here >> i->k & 1))
                return false;
            break;
        case BPF_JMP:
            next[0] += BPF_OP(i->code) == BPF_JA ? i->k : i->jt;
            next[1] += BPF_OP(i->code) == BPF_JA ? i->k : i->jf;
            break;
        default: break; /* the kernel does not look behind a return either */
        }
        for (int k = 0; k < 2; k++)
            if (next[k] < n)
                valid[next[k]] &= here;
    }
    return true;
}

bool bpf_check(const struct sock_filter *f, size_t n)
{
    if (n == 0 || n > BPF_MAXINSNS || BPF_CLASS(f[n - 1].code) != BPF_RET)
        return false;
    for (size_t pc = 0; pc < n; pc++)
        if (!is_known(&f[pc], n - pc - 1))
            return false;
    return memory_written(f, n);
}

/* -- evaluation -- */

struct state {
    uint32_t a, x, mem[BPF_MEMWORDS];
};

static uint32_t alu(uint16_t code, uint32_t a, uint32_t b)
{
    switch (BPF_OP(code)) {
    case BPF_ADD: return a + b;
    case BPF_SUB: return a - b;
    case BPF_MUL: return a * b;
    case BPF_DIV: return a / b;
    case BPF_OR: return a | b;
    case BPF_AND: return a & b;
    case BPF_XOR: return a ^ b;
    case BPF_LSH: return a << (b & 31);
    case BPF_RSH: return a >> (b & 31);
    default: return -a;
    }
}

static bool holds(uint16_t code, uint32_t a, uint32_t b)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ: return a == b;
    case BPF_JGT: return a > b;
    case BPF_JGE: return a >= b;
    case BPF_JSET: return (a & b) != 0;
    default: return true;
    }
}

static uint32_t load(const struct sock_filter *i, const struct state *s, const struct seccomp_data *data)
{
    uint32_t v;

    switch (BPF_MODE(i->code)) {
    case BPF_IMM: return i->k;
    case BPF_MEM: return s->mem[i->k];
    case BPF_LEN: return sizeof *data;
    default: memcpy(&v, (const char *)data + i->k, sizeof v); return v;
    }
}

uint32_t bpf_run(const struct sock_filter *f, const struct seccomp_data *data)
{
    struct state s = {0, 0, {0}};

    for (const struct sock_filter *i = f;; i++) {
        uint32_t b = BPF_SRC(i->code) == BPF_X ? s.x : i->k;
        switch (BPF_CLASS(i->code)) {
        case BPF_LD: s.a = load(i, &s, data); break;
        case BPF_LDX: s.x = load(i, &s, data); break;
        case BPF_ST: s.mem[i->k] = s.a; break;
        case BPF_STX: s.mem[i->k] = s.x; break;
        case BPF_ALU:
            if (BPF_OP(i->code) == BPF_DIV && b == 0)
                return 0;
            s.a = alu(i->code, s.a, b);
            break;
        case BPF_JMP:
            if (BPF_OP(i->code) == BPF_JA)
                i += i->k;
            else
                i += holds(i->code, s.a, b) ? i->jt : i->jf;
            break;
        case BPF_RET: return i->code == (BPF_RET | BPF_K) ? i->k : s.a;
        default:
            if (BPF_MISCOP(i->code) == BPF_TAX)
                s.x = s.a;
            else
                s.a = s.x;
            break;
        }
    }
}
