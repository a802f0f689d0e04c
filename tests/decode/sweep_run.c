/* SPDX-License-Identifier: MIT */
/*
 * One word through decoder, verifier, passes, compiler and evaluator.
 *
 * The state is harmless: every register is a small offset from BASE, where BASE times anything that an index can be
 * scaled by is far from everything that is mapped but for the scratch memory.  What the word reads or writes elsewhere
 * faults, and the evaluation is over.
 */
#include "sweep_run.h"

#include "dbt/a64/state.h"
#include "dbt/guest.h"
#include "dbt/ir/eval.h"
#include "dbt/ir/guarded.h"
#include "dbt/opt/opt.h"
#include "dbt/x86/x86.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <xmmintrin.h>

#define BASE    0x1000000000u
#define SCRATCH 0x20000u /* bytes on each side of BASE */

static struct ir ir;
static struct x86_code code;
static struct x86_target targets[2];
static struct cpu cpu, start;
static helper_fn *helpers[512];
static sigjmp_buf faulted;
static uint32_t word;

static void complain(const char *what, const char *detail)
{
    fprintf(stderr, "sweep: %08x: %s%s\n", word, what, detail);
    ir_print(&ir, stderr);
    abort();
}

/* A fault of the evaluation ends it, one of a helper's copy ends that; any other is a bug. */
static void on_fault(int signo, siginfo_t *info, void *uc)
{
    greg_t *rip = &((ucontext_t *)uc)->uc_mcontext.gregs[REG_RIP];
    (void)info;
    if (!cpu.in_code)
        complain("signal outside of evaluation: ", strsignal(signo));
    if ((const char *)*rip >= guarded_start && (const char *)*rip < guarded_end)
        *rip = (greg_t)guarded_out;
    else
        siglongjmp(faulted, 1);
}

void sweep_run_init(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    void *low = (void *)(uintptr_t)(BASE - SCRATCH);
    if (mmap(low, 2 * SCRATCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
             0) != low) {
        fprintf(stderr, "sweep: no room for the scratch memory\n");
        exit(2);
    }
    memcpy(helpers + 1, dbt_guest_a64.helpers, dbt_guest_a64.helper_count * sizeof *helpers);
    start.helpers = helpers;
    start.mon_addr = ~(uint64_t)0;
    for (unsigned i = 0; i < 32; i++) {
        start.a64.x[i] = BASE + 64 * i;
        start.a64.v[i] = (union vec){.u64 = {0x3ff0123456789abc + i, ~(uint64_t)i << 52}};
    }
    a64_fpcr_write(&start, 0);
    ir_init(&ir);
    x86_code_init(&code);
    for (unsigned i = 0; i < 2; i++)
        targets[i] = (struct x86_target){.avx512 = i != 0,
                                         .features = i ? ~0u : 0,
                                         .pin_int = dbt_guest_a64.pin_int,
                                         .pin_vec = dbt_guest_a64.pin_vec};
}

static void verify(const char *when)
{
    const char *wrong = ir_verify(&ir);
    if (wrong)
        complain(when, wrong);
}

/* What the guest tells of the word's flags without IR must be what the IR says.  end: it ends a unit. */
static void check_flags(bool accepted, bool end)
{
    bool set = false, sets = false, reads = false;
    if (!dbt_guest_a64.flags(&word, sizeof word, &set))
        return;
    if (!accepted || end)
        complain("flags are told of what ends a unit", "");
    for (uint32_t i = 1; i < ir.count; i++) {
        reads |= ir.insn[i].op == IR_GETFL || ir.insn[i].op == IR_HELPER;
        sets |= ir.insn[i].op == IR_PUTFL;
    }
    if (reads || sets != set)
        complain("flags are told wrongly", "");
}

static void evaluate(void)
{
    unsigned host = _mm_getcsr();
    memcpy(&cpu, &start, sizeof cpu);
    cpu.in_code = true;
    _mm_setcsr(0x1f80);
    if (!sigsetjmp(faulted, 0))
        ir_eval(&ir, &cpu);
    cpu.in_code = false;
    _mm_setcsr(host);
}

bool sweep_run(uint32_t w, enum depth depth)
{
    bool end = false;
    word = w;
    ir_reset(&ir, BASE);
    ir_op0(&ir, IR_INSN, T_NONE, BASE);
    uint32_t count = ir.count;
    if (!dbt_guest_a64.insn(&ir, BASE, &w, sizeof w, &end)) {
        if (ir.count != count)
            complain("was rejected, but left IR", "");
        check_flags(false, true);
        return false;
    }
    check_flags(true, end);
    if (!end)
        ir_op0(&ir, IR_JUMP, T_NONE, BASE + 4);
    verify("IR: ");
    if (depth == DEPTH_DECODE)
        return true;
    evaluate();
    x86_lower(&ir, &targets[1], &code, NULL);
    ir.kind = UNIT_TRACE; /* all passes */
    opt_run(&ir, NULL);
    verify("IR after the passes: ");
    x86_lower(&ir, &targets[0], &code, NULL);
    x86_lower(&ir, &targets[1], &code, NULL);
    return true;
}
