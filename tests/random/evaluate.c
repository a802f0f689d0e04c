/* SPDX-License-Identifier: MIT */
/*
 * Runs records on the evaluator: one instruction at a time, which is what everything else is compared with, or in units as
 * long as they go, optimised.
 *
 * An access that faults is tried once more with its address masked, as the run loop does, and otherwise notes the signal;
 * the next instruction goes on.  In units the evaluator keeps cpu->pc and the state exact at each access, so what faulted
 * is then run by itself.
 */
#include "random.h"

#include "dbt/a64/state.h"
#include "dbt/core.h"
#include "dbt/ir/eval.h"
#include "dbt/opt/opt.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <xmmintrin.h>

#define STEPS 100000 /* more than any sequence that seq.c makes runs */
#define FAULT 0x100  /* with a signal's number: an access faulted, which may be its tag's fault */

static helper_fn *helpers[512];
static struct cpu cpu;
static struct ir ir;
static sigjmp_buf way_out;
static uint64_t fault_address;

/* A handler starts with MXCSR as a process does. */
static void on_fault(int signo, siginfo_t *info, void *uc)
{
    fault_address = (uint64_t)info->si_addr;
    _mm_setcsr(((ucontext_t *)uc)->uc_mcontext.fpregs->mxcsr);
    siglongjmp(way_out, signo | FAULT);
}

/* The IR of the instruction at pc, or with `on` of those behind it too, up to the next branch. */
static bool unit_build(const struct record *r, uint64_t pc, bool on)
{
    bool end = false;
    unsigned i = (unsigned)(pc - slot_pc(r)) / 4;
    ir_reset(&ir, pc);
    ir.careful = dbt_guest_a64.careful(&cpu);
    do {
        uint32_t count = ir.count;
        if (!insn_ir(&ir, pc, r->word[i], &end)) {
            ir.count = count;
            break;
        }
        pc += 4;
        i++;
    } while (on && !end && i < r->count);
    if (ir.count <= 1)
        return false;
    if (!end)
        ir_op0(&ir, IR_JUMP, T_NONE, (int64_t)pc);
    ir.guest_bytes = (uint32_t)(pc - ir.pc);
    return true;
}

static int signal_of(enum exit_reason why)
{
    switch (why) {
    case EXIT_NONE:
    case EXIT_SIGNAL: return 0; /* a new FP mode asks for new translations; here are none */
    case EXIT_BREAK: return SIGTRAP;
    case EXIT_ALIGN_LOAD:
    case EXIT_ALIGN_STORE:
    case EXIT_ALIGN_SP: return SIGBUS;
    default: return SIGILL;
    }
}

/* 0, or the signal that the unit at cpu.pc ended with. */
static int unit_run(bool mask)
{
    if (mask)
        mask_insn(&ir, 2);
    unsigned host = _mm_getcsr();
    int signo = sigsetjmp(way_out, 0);
    if (signo == 0) {
        _mm_setcsr(cpu.mxcsr);
        signo = signal_of(ir_eval(&ir, &cpu));
        cpu.poll = 0;
    }
    cpu.mxcsr = _mm_getcsr();
    _mm_setcsr(host);
    return signo;
}

static void check(const struct record *r)
{
    const char *bad = ir_verify(&ir);
    if (bad) {
        fprintf(stderr, "%08x at %lx: %s\n", r->word[0], ir.pc, bad);
        ir_print(&ir, stderr);
        die("invalid IR");
    }
}

/* Runs what stands at cpu.pc; 0 or a signal. */
static int step(const struct record *r, bool opt)
{
    for (int attempt = opt ? 0 : 1; attempt < 3; attempt++) { /* units; one instruction; and masked */
        if (!unit_build(r, cpu.pc, attempt == 0))
            return SIGILL;
        check(r);
        if (attempt == 0) {
            ir.kind = r->count & 1 ? UNIT_TRACE : UNIT_PLAIN; /* with all passes, or those of units */
            opt_run(&ir, NULL);
            check(r);
        }
        int signo = unit_run(attempt == 2);
        if (!(signo & FAULT))
            return signo;
    }
    return SIGSEGV;
}

static void run(struct record *r, bool opt)
{
    memcpy(cpu.a64.x, r->x, sizeof r->x);
    memcpy(cpu.a64.v, r->v, sizeof r->v);
    cpu.flags = nzcv_to_flags((uint32_t)r->nzcv);
    cpu.mon_addr = ~(uint64_t)0;
    a64_fpcr_write(&cpu, (uint32_t)r->fpcr);
    a64_fpsr_write(&cpu, (uint32_t)r->fpsr);
    memcpy((void *)MEM_AT, r->mem, sizeof r->mem);
    slot_write(r);
    cpu.pc = slot_pc(r);
    const uint64_t end = cpu.pc + 4 * r->count;
    unsigned steps = 0;
    for (; cpu.pc >= slot_pc(r) && cpu.pc < end && steps < STEPS; steps++) {
        int signo = step(r, opt);
        if (signo) {
            const uint64_t other[4] = {cpu.pc, cpu.a64.fpcr, a64_fpsr_read(&cpu),
                                       signo == SIGSEGV ? fault_address : 0};
            seen_signal(r, signo, cpu.a64.x, &cpu.a64.v[0].u64[0], other);
            cpu.pc += 4;
        }
    }
    if (cpu.pc != end)
        r->status = 255;
    memcpy(r->mem, (void *)MEM_AT, sizeof r->mem);
    memcpy(r->x, cpu.a64.x, sizeof r->x);
    memcpy(r->v, cpu.a64.v, sizeof r->v);
    r->nzcv = flags_to_nzcv(cpu.flags);
    r->fpcr = cpu.a64.fpcr;
    r->fpsr = a64_fpsr_read(&cpu);
}

static void map(uint64_t at, size_t size)
{
    void *p = (void *)at; // NOLINT(performance-no-int-to-ptr): fixed by record.h
    if (mmap(p, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != p)
        die("no room for the data");
}

int evaluate(bool opt)
{
    static struct record r;
    map(AREA_AT, AREA_SIZE);
    map(CODE_AT, SLOTS * SLOT_WORDS * 4);
    core.guest = &dbt_guest_a64;
    memcpy(helpers + 1, dbt_guest_a64.helpers, dbt_guest_a64.helper_count * sizeof *helpers);
    cpu.helpers = helpers;
    ir_init(&ir);
    struct sigaction act = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &act, NULL);
    sigaction(SIGBUS, &act, NULL);
    while (fread(&r, sizeof r, 1, stdin) == 1) {
        run(&r, opt);
        fwrite(&r, sizeof r, 1, stdout);
    }
    return 0;
}
