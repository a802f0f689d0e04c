/* SPDX-License-Identifier: MIT */
/*
 * The runtime's own code: how translated code is entered and left, and how it calls C (see enum stub in
 * cpu.h).
 *
 * While translated code runs, rsp is the shadow stack's and cpu->host_sp keeps the C stack, 16-byte aligned;
 * host_sp stays valid the whole time, because a fault may want to leave from anywhere.  MXCSR is the guest's
 * from entry to exit, in helpers too.  Position-independent: everything is reached through rbp.
 */
#include "dbt/x86/enc_vec.h"
#include "dbt/x86/lower_impl.h"

#include <stdlib.h>
#include <string.h>

#define FIELD(f) mem_cpu(offsetof(struct cpu, f))
#define COUNT(f) (sizeof(((struct cpu *)0)->f) / sizeof(((struct cpu *)0)->f[0]))
_Static_assert(COUNT(keep_int) >= PIN_G, "one for each pinned register");
_Static_assert(COUNT(keep_vec) >= REG_COUNT - REG_X, "one for each xmm register");
#undef COUNT

static const uint8_t callee_saved[] = {5, 3, 12, 13, 14, 15};

static bool saved_by_c(unsigned r)
{
    return r == 3 || (r >= 12 && r <= 15);
}

/* Pinned registers to their cells or back; keep: instead to cpu->keep, but for those that C functions keep. */
static void pins(struct enc *e, const struct x86_target *t, bool store, bool keep)
{
    for (unsigned k = 0; k < PIN_G && t->pin_int[k]; k++) {
        struct x86_mem m = keep ? FIELD(keep_int[k]) : mem_cpu((size_t)t->pin_int[k]);
        if (keep && saved_by_c(pin_g[k]))
            continue;
        if (store)
            enc_store(e, 8, m, (gpr){pin_g[k]});
        else
            enc_load(e, 8, (gpr){pin_g[k]}, m);
    }
    for (unsigned k = 0; k < pin_x_count(t->avx512) && t->pin_vec[k]; k++) {
        struct x86_mem m = keep ? FIELD(keep_vec[k]) : mem_cpu((size_t)t->pin_vec[k]);
        xmm x = XMM((uint8_t)(pin_x_first(t->avx512) + k));
        if (store)
            enc_xmm_store(e, 16, m, x);
        else
            enc_xmm_load(e, 16, x, m);
    }
    if (!store && t->avx512)
        enc_v_lane0(e); /* C functions do not keep k7 */
}

static void enter_code(struct enc *e, const struct x86_target *t)
{
    for (unsigned k = 0; k < sizeof callee_saved; k++)
        enc_push(e, (gpr){callee_saved[k]});
    enc_alu_imm(e, ALU_SUB, 8, RSP, 8);
    enc_lea(e, 8, RBP, mem_base(RDI, CPU_BIAS));
    enc_mov(e, 8, RAX, RSI);
    enc_store(e, 8, FIELD(host_sp), RSP);
    enc_mxcsr(e, true, FIELD(host_mxcsr));
    enc_mxcsr(e, false, FIELD(mxcsr));
    pins(e, t, false, false);
    enc_load(e, 8, RSP, FIELD(shadow_sp));
    enc_jmp_reg(e, RAX);
}

/* Back to who entered; eax: the reason.  Pinned registers and MXCSR have been stored. */
static void leave_to_c(struct enc *e)
{
    enc_mxcsr(e, false, FIELD(host_mxcsr));
    enc_store(e, 4, FIELD(exit), RAX);
    enc_alu_imm(e, ALU_ADD, 8, RSP, 8);
    for (unsigned k = sizeof callee_saved; k-- > 0;)
        enc_pop(e, (gpr){callee_saved[k]});
    enc_ret(e);
}

/* eax: the reason. */
static void leave_code(struct enc *e, const struct x86_target *t)
{
    pins(e, t, true, false);
    enc_store(e, 8, FIELD(shadow_sp), RSP);
    enc_load(e, 8, RSP, FIELD(host_sp));
    enc_mxcsr(e, true, FIELD(mxcsr));
    leave_to_c(e);
}

/*
 * A system call made from within, so that what the processor has predicted about returns survives it.  No return
 * lies on the way back: on many processors the kernel has spoilt their prediction.
 */
static void serve(struct enc *e, const struct x86_target *t)
{
    pins(e, t, true, false);
    enc_lea(e, 8, RCX, mem_base(RSP, 8)); /* without our own return address: a flush empties the stack */
    enc_store(e, 8, FIELD(shadow_sp), RCX);
    enc_load(e, 8, RSP, FIELD(host_sp));
    enc_mxcsr(e, true, FIELD(mxcsr));
    enc_lea(e, 8, RDI, mem_base(RBP, -CPU_BIAS));
    enc_call_mem(e, FIELD(serve));
}

/* rdi: struct cpu, eax: 0 to go on behind the call of STUB_SERVE, else the reason to leave; the state is complete. */
static void served(struct enc *e, const struct x86_target *t)
{
    enc_lea(e, 8, RBP, mem_base(RDI, CPU_BIAS));
    enc_test(e, 4, RAX, RAX);
    uint32_t stay = enc_jcc8(e, X86_E);
    enc_load(e, 8, RSP, FIELD(host_sp));
    leave_to_c(e);
    enc_land8(e, stay);
    enc_load(e, 8, RSP, FIELD(shadow_sp));
    pins(e, t, false, false);
    enc_jmp_mem(e, mem_base(RSP, -8));
}

static void helper(struct enc *e, const struct x86_target *t, bool sync)
{
    pins(e, t, true, !sync);
    enc_store(e, 8, FIELD(shadow_sp), RSP);
    enc_load(e, 8, RSP, FIELD(host_sp));
    enc_load(e, 8, RCX, FIELD(helpers));
    enc_lea(e, 8, RDI, mem_base(RBP, -CPU_BIAS));
    enc_lea(e, 8, RSI, FIELD(io));
    enc_call_mem(e, mem_index(RCX, RAX, 3, 0));
    enc_load(e, 8, RSP, FIELD(shadow_sp));
    pins(e, t, false, !sync);
    enc_ret(e);
}

static void align16(struct enc *e)
{
    while (e->size & 15)
        enc_u8(e, 0xcc);
}

/* Called by a unit that leaves; the run loop knows what stands before that address.  A jump to be landed. */
static uint32_t called(struct enc *e, enum exit_reason why)
{
    enc_pop(e, RAX);
    enc_store(e, 8, FIELD(exit_arg), RAX);
    enc_mov_imm(e, RAX, why);
    return enc_jmp8(e);
}

size_t x86_stubs(const struct x86_target *target, uint8_t *buf, size_t cap, uint32_t stub[STUB_COUNT],
                 uint32_t *enter)
{
    struct enc e;
    memset(&e, 0, sizeof e);
    *enter = 0;
    enter_code(&e, target);
    align16(&e);
    uint32_t over[3];
    stub[STUB_LINK] = e.size;
    enc_store(&e, 8, FIELD(pc), RCX);
    over[0] = called(&e, EXIT_LINK);
    stub[STUB_HOT] = e.size;
    over[1] = called(&e, EXIT_HOT);
    stub[STUB_DROPPED] = e.size;
    over[2] = called(&e, EXIT_DROPPED);
    stub[STUB_LOOKUP] = e.size;
    enc_store(&e, 8, FIELD(pc), RAX);
    enc_mov_imm(&e, RAX, EXIT_LOOKUP);
    for (int i = 0; i < 3; i++)
        enc_land8(&e, over[i]);
    stub[STUB_EXIT] = e.size;
    leave_code(&e, target);
    align16(&e);
    stub[STUB_HELPER] = e.size;
    helper(&e, target, false);
    align16(&e);
    stub[STUB_HELPER_SYNC] = e.size;
    helper(&e, target, true);
    align16(&e);
    stub[STUB_SERVE] = e.size;
    serve(&e, target);
    align16(&e);
    stub[STUB_SERVED] = e.size;
    served(&e, target);
    size_t size = e.size;
    if (size <= cap)
        memcpy(buf, e.buf, size);
    free(e.buf);
    return size;
}
