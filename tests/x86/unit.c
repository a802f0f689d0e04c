/* SPDX-License-Identifier: MIT */
/*
 * See unit.h.  Direct exits of a unit are never patched, so it leaves through STUB_LINK after one run, and is entered again
 * where that leads to its own head.  MXCSR
 * is the guest's (invalid unmasked) while compiled code runs, and while the evaluator does; traps go through
 * x86_trap_emulate, as in xrun.
 */
#include "tests/x86/unit.h"

#include <capstone/capstone.h>
#include <immintrin.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

/* All that a guest has, as in dbt/a64/a64.c: the first are pinned, the others a loop may take. */
#define XR(n) ((int32_t)UNIT_X(n))
static const int32_t pin_int[] = {XR(0),  XR(1),  XR(2),  XR(3),  XR(19), XR(29), XR(30), XR(31), XR(4),
                                  XR(5),  XR(6),  XR(7),  XR(8),  XR(9),  XR(10), XR(11), XR(12), XR(13),
                                  XR(14), XR(15), XR(16), XR(17), XR(18), XR(20), XR(21), XR(22), XR(23),
                                  XR(24), XR(25), XR(26), XR(27), XR(28), 0};
static int32_t pin_vec[33];
static struct x86_target target = {.pin_int = pin_int, .pin_vec = pin_vec};
static struct x86_code code;
static uint8_t *text, *unit_text;
static uint32_t stub_at[STUB_COUNT], enter_at;
static uint8_t *shadow;
static struct cpu by_eval;
static union {
    struct cpu cpu;
    uint8_t room[CPU_JUMPS + JUMP_CELLS * sizeof(struct jump_cell)];
} by_code;
static uint8_t mem_start[UNIT_SIZE], mem_eval[UNIT_SIZE];
static const struct ir *current;
#define SHADOW_SIZE 65536
#define TEXT_SIZE   (1u << 20)

uint64_t rng_u64(struct rng *r)
{
    uint64_t z = (r->s += 0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t rng_special(struct rng *r)
{
    /* clang-format off */
    static const uint64_t telling[] = {
        0, 1, 2, 3, 7, 8, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
        0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, ~0ull, ~1ull,
        0xffffffff80000000, 0xffffffff7fffffff, 0x3ff0000000000000, 0x7ff0000000000000,
        0x7ff8000000000000, 0x7ff0000000000001, 0xfff0000000000000, 0x8000000000000001,
        0x3f8000007f800000, 0x7fc000007f800001, 0x80000000ff800000, 0x3c007c007e007c01,
        0x43e0000000000000, 0xc3e0000000000000, 0x00000001, 0x000fffffffffffff, 0x7fefffffffffffff,
    };
    /* clang-format on */
    uint64_t k = rng_u64(r);
    switch (k & 7) {
    case 0:
    case 1:
    case 2: return telling[(k >> 8) % (sizeof telling / sizeof *telling)];
    case 3: return (k >> 8) & 0xff;
    case 4: return (uint64_t)((int64_t)k >> 40);
    default: return rng_u64(r);
    }
}

/* Helper 0: a function of its operands.  Helper 1: changes state. */
static void helper_mix(struct cpu *cpu, union vec io[4])
{
    (void)cpu;
    for (unsigned k = 0; k < 2; k++)
        io[0].u64[k] = io[1].u64[k] * 3 + (io[2].u64[k] ^ io[3].u64[k]) + io[0].u64[0];
}

static void helper_state(struct cpu *cpu, union vec io[4])
{
    io[0].u64[0] = cpu->a64.x[0] + cpu->a64.x[10] + io[1].u64[0];
    io[0].u64[1] = 0;
    cpu->a64.x[0] += 5;
    cpu->a64.x[11] ^= 0x1234;
    cpu->a64.v[0].u64[1] += 7;
    cpu->a64.v[30].u64[0] += 9;
}

static helper_fn *const helpers[] = {x86_helper_eval, helper_mix, helper_state};

static void on_fpe(int signo, siginfo_t *info, void *uc)
{
    (void)info;
    uint64_t rip = (uint64_t)((ucontext_t *)uc)->uc_mcontext.gregs[REG_RIP], off = rip - (uint64_t)unit_text;
    for (uint32_t k = 0; k < code.trap_count; k++) {
        if (code.traps[k].start <= off && off < code.traps[k].end) {
            x86_trap_emulate(&code.traps[k], &by_code.cpu, uc, (uint64_t)unit_text + code.traps[k].end);
            return;
        }
    }
    fprintf(stderr, "signal %d at offset 0x%llx of the unit, no trap there\n", signo,
            (unsigned long long)off);
    ir_print(current, stderr);
    unit_disassemble(stderr);
    _exit(1);
}

void unit_init(bool avx512)
{
    target.avx512 = avx512;
    for (unsigned k = 0; k < 32; k++)
        pin_vec[k] = (int32_t)UNIT_V(k);
    if (!text) {
        text = mmap(NULL, TEXT_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        shadow = mmap(NULL, SHADOW_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        void *m = mmap((void *)(uintptr_t)UNIT_MEM, UNIT_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (text == MAP_FAILED || shadow == MAP_FAILED || m != (void *)(uintptr_t)UNIT_MEM) {
            perror("mmap");
            exit(1);
        }
        struct sigaction sa = {.sa_sigaction = on_fpe, .sa_flags = SA_SIGINFO};
        sigaction(SIGFPE, &sa, NULL);
        sigaction(SIGSEGV, &sa, NULL);
        sigaction(SIGILL, &sa, NULL);
        sigaction(SIGTRAP, &sa, NULL);
        x86_code_init(&code);
        cpu_jumps(&by_code.cpu)[0].pc = 1; /* no address is there */
    }
    size_t n = x86_stubs(&target, text, 8192, stub_at, &enter_at);
    if (n > 8192)
        abort();
    unit_text = text + 8192;
}

void unit_randomise(struct cpu *cpu, struct rng *r)
{
    memset(cpu, 0, sizeof *cpu);
    for (unsigned k = 0; k < 32; k++) {
        cpu->a64.x[k] = rng_special(r);
        cpu->a64.v[k].u64[0] = rng_special(r);
        cpu->a64.v[k].u64[1] = rng_special(r);
    }
    for (unsigned k = 19; k < 29; k++)
        cpu->a64.x[k] = UNIT_MEM + 0x800 + 16 * rng_below(r, 0x180);
    cpu->a64.x[30] &= ~3ull; /* a return address: not 1, which no guest address equals */
    cpu->flags = nzcv_to_flags((uint32_t)rng_u64(r) & 0xf0000000);
    cpu->mon_addr = ~0ull;
    cpu->mxcsr = 0x1f00;
    for (unsigned k = 0; k < UNIT_SIZE; k += 8) {
        uint64_t v = rng_special(r);
        memcpy(mem_start + k, &v, 8);
    }
}

/* -- comparing -- */

static char message[256];

static const char *differs(FILE *out, const char *what, unsigned n, uint64_t e, uint64_t c)
{
    snprintf(message, sizeof message, "%s[%u]: evaluator 0x%llx, code 0x%llx", what, n, (unsigned long long)e,
             (unsigned long long)c);
    if (out)
        fprintf(out, "  %s\n", message);
    return message;
}

#define CHECK(what, n, e, c)                                                                                 \
    do {                                                                                                     \
        if ((e) != (c)) {                                                                                    \
            const char *d = differs(out, what, n, (uint64_t)(e), (uint64_t)(c));                             \
            bad = bad ? bad : d;                                                                             \
        }                                                                                                    \
    } while (0)

static const char *compare(FILE *out)
{
    const struct cpu *e = &by_eval, *c = &by_code.cpu;
    const char *bad = NULL;
    const uint8_t *mem = (const uint8_t *)(uintptr_t)UNIT_MEM;
    CHECK("pc", 0, e->pc, c->pc);
    CHECK("exit", 0, e->exit, c->exit);
    if (e->exit != EXIT_NONE && e->exit != EXIT_SIGNAL)
        CHECK("exit_arg", 0, e->exit_arg, c->exit_arg);
    CHECK("nzcv", 0, flags_to_nzcv(e->flags), flags_to_nzcv(c->flags));
    CHECK("mon_addr", 0, e->mon_addr, c->mon_addr);
    if (e->mon_addr != ~0ull) {
        CHECK("mon_lo", 0, e->mon_lo, c->mon_lo);
        CHECK("mon_hi", 0, e->mon_hi, c->mon_hi);
    }
    for (unsigned k = 0; k < 32; k++)
        CHECK("x", k, e->a64.x[k], c->a64.x[k]);
    for (unsigned k = 0; k < 64; k++)
        CHECK("v/2", k, e->a64.v[k / 2].u64[k % 2], c->a64.v[k / 2].u64[k % 2]);
    CHECK("qc", 0, e->a64.qc.u64[0] | e->a64.qc.u64[1], c->a64.qc.u64[0] | c->a64.qc.u64[1]);
    CHECK("fpcr", 0, e->a64.fpcr, c->a64.fpcr);
    CHECK("fpsr", 0, e->a64.fpsr, c->a64.fpsr);
    CHECK("mxcsr", 0, e->mxcsr & 0xffc0u,
          c->mxcsr & 0xffc0u); /* an unused FCMP may be dropped with the exception it raises */
    for (unsigned k = 0; k < UNIT_SIZE; k++)
        CHECK("mem", k, mem_eval[k], mem[k]);
    return bad;
}

static void prepare(struct cpu *cpu, const struct cpu *start)
{
    *cpu = *start;
    cpu->helpers = helpers;
    for (unsigned k = 0; k < STUB_COUNT; k++)
        cpu->stub[k] = text + stub_at[k];
    uint64_t *top = (uint64_t *)(void *)(shadow + SHADOW_SIZE - 64);
    for (unsigned k = 0; k < 8; k++)
        top[k] = 1;
    cpu->shadow_top = cpu->shadow_sp = top;
    cpu->shadow_base = shadow;
    memcpy((void *)(uintptr_t)UNIT_MEM, mem_start, UNIT_SIZE);
}

static void evaluate(const struct ir *ir, const struct cpu *start)
{
    prepare(&by_eval, start);
    unsigned host = _mm_getcsr();
    _mm_setcsr(by_eval.mxcsr);
    do
        by_eval.exit = ir_eval(ir, &by_eval);
    while (by_eval.exit == EXIT_NONE && by_eval.pc == ir->pc);
    by_eval.mxcsr = _mm_getcsr();
    _mm_setcsr(host);
    memcpy(mem_eval, (void *)(uintptr_t)UNIT_MEM, UNIT_SIZE);
}

/* A poll may have been answered at an earlier guest instruction (lower_scan.c): the state must be the one
 * there, but for NZCV which is dead.  So evaluate up to that instruction. */
static void evaluate_until(const struct ir *ir, const struct cpu *start, gaddr pc)
{
    struct ir cut = *ir;
    cut.insn = malloc(ir->count * sizeof *ir->insn);
    memcpy(cut.insn, ir->insn, ir->count * sizeof *ir->insn);
    ir_ref k = 1;
    while (k < ir->count && !(ir->insn[k].op == IR_INSN && (gaddr)ir->insn[k].imm == pc))
        k++;
    if (k < ir->count) {
        cut.insn[k] = (struct ir_insn){.op = IR_TRAP, .cc = EXIT_SIGNAL, .imm = (int64_t)pc};
        cut.count = k + 1;
        struct cpu quiet = *start;
        quiet.poll = 0;
        evaluate(&cut, &quiet);
        by_eval.flags = by_code.cpu.flags;
    }
    free(cut.insn);
}

const char *unit_check(const struct ir *ir, const struct cpu *start)
{
    current = ir;
    evaluate(ir, start);
    x86_lower(ir, &target, &code, NULL);
    if (code.size > TEXT_SIZE - 8192)
        return "unit too big for the test's buffer";
    memcpy(unit_text, code.bytes, code.size);
    for (uint32_t k = 0; k < code.exit_count; k++)
        if ((code.exits[k].site & 7) > 4 || code.exits[k].guard & 7)
            return "exit site or guard misaligned";
    prepare(&by_code.cpu, start);
    x86_enter_fn *enter = (x86_enter_fn *)(uintptr_t)(text + enter_at);
    uint32_t r;
    do {
        by_code.cpu.exit_arg = start->exit_arg;
        r = enter(&by_code.cpu, unit_text);
        for (uint32_t k = 0; r == EXIT_LINK && k < code.exit_count; k++)
            if (unit_text + code.exits[k].behind == (uint8_t *)by_code.cpu.exit_arg && !code.exits[k].guard)
                by_code.cpu.pc = code.exits[k].target;
    } while (r == EXIT_LINK && by_code.cpu.pc == ir->pc);
    by_code.cpu.exit = r == EXIT_LINK || r == EXIT_LOOKUP ? EXIT_NONE : r;
    if (r == EXIT_SIGNAL && (by_eval.exit != r || by_eval.pc != by_code.cpu.pc)) {
        static uint8_t mem[UNIT_SIZE];
        memcpy(mem, (void *)(uintptr_t)UNIT_MEM, UNIT_SIZE);
        evaluate_until(ir, start, by_code.cpu.pc);
        memcpy((void *)(uintptr_t)UNIT_MEM, mem, UNIT_SIZE);
    }
    return compare(NULL);
}

void unit_print_diff(FILE *out)
{
    compare(out);
}
const struct x86_code *unit_code(void)
{
    return &code;
}

/* -- listings -- */

static unsigned list(FILE *out, uint32_t size)
{
    csh cs;
    cs_insn *insn;
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs) != CS_ERR_OK)
        return 0;
    cs_option(cs, CS_OPT_SKIPDATA, CS_OPT_ON);
    size_t n = cs_disasm(cs, code.bytes, size, 0, 0, &insn);
    unsigned count = 0;
    for (size_t k = 0; k < n; k++) {
        count += insn[k].bytes[0] != 0xcc;
        if (out && insn[k].bytes[0] != 0xcc)
            fprintf(out, "%s%5llx  %s %s\n", insn[k].address == code.cold ? "        -- cold\n" : "",
                    (unsigned long long)insn[k].address, insn[k].mnemonic, insn[k].op_str);
    }
    cs_free(insn, n);
    cs_close(&cs);
    return count;
}

void unit_disassemble(FILE *out)
{
    list(out, code.size);
}
unsigned unit_hot_count(void)
{
    return list(NULL, code.cold);
}
