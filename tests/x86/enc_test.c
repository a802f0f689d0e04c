/* SPDX-License-Identifier: MIT */
/*
 * Every function of enc.h with random operands: what it emits must be one instruction that Capstone prints as
 * expected. Expected texts are put together here from the operands, in Capstone's Intel syntax.
 */
#include "dbt/x86/enc.h"
#include "tests/x86/rnd.h"

#include <capstone/capstone.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static csh cs;
static struct enc e;
static unsigned failures, checks;
static char expected[160];

static const char *reg(unsigned w, unsigned n)
{
    static const char *const name[4][16] = {
        {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b",
         "r14b", "r15b"},
        {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w",
         "r15w"},
        {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d",
         "r14d", "r15d"},
        {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
         "r14", "r15"},
    };
    return name[w == 1 ? 0 : w == 2 ? 1 : w == 4 ? 2 : 3][n];
}

static const char *hex(int64_t v)
{
    static char buf[8][32];
    static unsigned k;
    char *p = buf[k++ & 7];
    if (v < 0)
        snprintf(p, 32, v > -10 ? "-%llu" : "-0x%llx", (unsigned long long)-v);
    else
        snprintf(p, 32, v < 10 ? "%llu" : "0x%llx", (unsigned long long)v);
    return p;
}

/* An immediate of width w as Capstone prints it: unsigned in that width, but small negative ones with a sign.
 */
static const char *imm(unsigned w, int64_t v)
{
    uint64_t u = w == 1 ? (uint8_t)v : w == 2 ? (uint16_t)v : w == 4 ? (uint32_t)v : (uint64_t)v;
    return hex((int64_t)u);
}

static const char *mem(unsigned w, struct x86_mem m)
{
    static char buf[2][96];
    static unsigned k;
    char *p = buf[k++ & 1], inner[80] = "";
    static const char *const size[] = {"", "byte", "word", 0, "dword", 0, 0, 0,        "qword",
                                       0,  0,      0,      0, 0,       0, 0, "xmmword"};
    if (m.base < 16)
        strcat(inner, reg(8, m.base));
    if (m.base == MEM_RIP)
        strcat(inner, "rip");
    if (m.index < 16) {
        char part[32];
        if (m.scale)
            snprintf(part, sizeof part, "%s%s*%u", *inner ? " + " : "", reg(8, m.index), 1u << m.scale);
        else
            snprintf(part, sizeof part, "%s%s", *inner ? " + " : "", reg(8, m.index));
        strcat(inner, part);
    }
    if (m.disp && m.base != MEM_RIP) {
        strcat(inner, m.disp < 0 ? " - " : " + ");
        strcat(inner, hex(m.disp < 0 ? -(int64_t)m.disp : m.disp));
    }
    if (w)
        snprintf(p, 96, "%s ptr [%s]", size[w], inner);
    else
        snprintf(p, 96, "[%s]", inner);
    return p;
}

static gpr any(void)
{
    return (gpr){(uint8_t)rnd(16)};
}
static unsigned w48(void)
{
    return rnd(2) ? 4 : 8;
}
static unsigned w1248(void)
{
    return 1u << rnd(4);
}

static struct x86_mem any_mem(void)
{
    static const int32_t disp[] = {0, 0, 8, -8, 127, -128, 128, -129, 0x1234, -0x12345, 0x7fffffff};
    struct x86_mem m = {any().n, MEM_NONE, 0, disp[rnd(sizeof disp / sizeof *disp)]};
    unsigned k = rnd(12);
    if (k < 4) {
        m.index = any().n;
        m.scale = (uint8_t)rnd(4);
        if (m.index == 4)
            m.index = 5;
    } else if (k == 4) {
        m = (struct x86_mem){MEM_RIP, MEM_NONE, 0, 0};
    }
    return m;
}

static int32_t any_imm(unsigned w)
{
    static const int32_t v[] = {1, 5, 100, 127, 128, 1000, 0x7fff, 0x12345678, 0x7fffffff};
    int32_t k = v[rnd(sizeof v / sizeof *v)];
    return w == 1 ? k & 0x7f : w == 2 ? k & 0x7fff : k;
}

static void expect(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(expected, sizeof expected, format, ap);
    va_end(ap);
    cs_insn *insn;
    size_t n = cs_disasm(cs, e.buf, e.size, 0, 0, &insn);
    char got[256] = "nothing";
    if (n)
        snprintf(got, sizeof got, "%s%s%s", insn[0].mnemonic, *insn[0].op_str ? " " : "", insn[0].op_str);
    checks++;
    if (n != 1 || insn[0].size != e.size || strcmp(got, expected)) {
        printf("expected '%s', got '%s' (%zu instructions, %u bytes)\n", expected, got, n, e.size);
        failures++;
    }
    if (n)
        cs_free(insn, n);
    e.size = e.rip_count = 0;
}

static void test_moves(void)
{
    unsigned w = w48(), v = w1248(), from = 1u << rnd(3);
    gpr d = any(), s = any();
    struct x86_mem m = any_mem();
    int32_t k = any_imm(v);
    enc_mov(&e, w, d, s), expect("mov %s, %s", reg(w, d.n), reg(w, s.n));
    enc_load(&e, w, d, m), expect("mov %s, %s", reg(w, d.n), mem(w, m));
    enc_store(&e, v, m, s), expect("mov %s, %s", mem(v, m), reg(v, s.n));
    enc_store_imm(&e, v, m, k), expect("mov %s, %s", mem(v, m), imm(v, k));
    enc_lea(&e, w, d, m), expect("lea %s, %s", reg(w, d.n), mem(0, m));
    enc_prefetch(&e, 0, m), expect("prefetchnta %s", mem(1, m));
    enc_prefetch(&e, 1, m), expect("prefetcht0 %s", mem(1, m));
    enc_prefetch(&e, 2, m), expect("prefetcht1 %s", mem(1, m));
    enc_prefetch(&e, 3, m), expect("prefetcht2 %s", mem(1, m));
    enc_prefetchw(&e, m), expect("prefetchw %s", mem(1, m));
    enc_xchg_mem(&e, v, d, m), expect("xchg %s, %s", mem(v, m), reg(v, d.n));
    enc_push(&e, d), expect("push %s", reg(8, d.n));
    enc_pop(&e, d), expect("pop %s", reg(8, d.n));
    enc_push_imm(&e, k), expect("push %s", hex(k));
    enc_mov_imm(&e, d, 0x12345678), expect("mov %s, 0x12345678", reg(4, d.n));
    enc_mov_imm(&e, d, ~0x1234ull), expect("mov %s, -0x1235", reg(8, d.n));
    enc_mov_imm(&e, d, 0x123456789abcdef0), expect("movabs %s, 0x123456789abcdef0", reg(8, d.n));
    if (from == 4) {
        enc_movzx(&e, 4, d, s), expect("mov %s, %s", reg(4, d.n), reg(4, s.n));
        enc_movzx_mem(&e, 4, d, m), expect("mov %s, %s", reg(4, d.n), mem(4, m));
        enc_movsx(&e, 8, 4, d, s), expect("movsxd %s, %s", reg(8, d.n), reg(4, s.n));
        enc_movsx_mem(&e, 8, 4, d, m), expect("movsxd %s, %s", reg(8, d.n), mem(4, m));
    } else {
        enc_movzx(&e, from, d, s), expect("movzx %s, %s", reg(4, d.n), reg(from, s.n));
        enc_movzx_mem(&e, from, d, m), expect("movzx %s, %s", reg(4, d.n), mem(from, m));
        enc_movsx(&e, w, from, d, s), expect("movsx %s, %s", reg(w, d.n), reg(from, s.n));
        enc_movsx_mem(&e, w, from, d, m), expect("movsx %s, %s", reg(w, d.n), mem(from, m));
    }
}

static void test_alu(void)
{
    static const char *const name[] = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
    unsigned o = rnd(8), v = w1248();
    gpr d = any(), s = any();
    struct x86_mem m = any_mem();
    int32_t k = any_imm(v);
    enc_alu(&e, o, v, d, s), expect("%s %s, %s", name[o], reg(v, d.n), reg(v, s.n));
    enc_alu_imm(&e, o, v, d, k), expect("%s %s, %s", name[o], reg(v, d.n), imm(v, k));
    enc_alu_load(&e, o, v, d, m), expect("%s %s, %s", name[o], reg(v, d.n), mem(v, m));
    enc_alu_store(&e, o, v, m, s), expect("%s %s, %s", name[o], mem(v, m), reg(v, s.n));
    enc_alu_store_imm(&e, o, v, m, k), expect("%s %s, %s", name[o], mem(v, m), imm(v, k));
    if (o != 7) {
        enc_lock_alu(&e, o, v, m, s), expect("lock %s %s, %s", name[o], mem(v, m), reg(v, s.n));
        enc_lock_alu_imm(&e, o, v, m, k), expect("lock %s %s, %s", name[o], mem(v, m), imm(v, k));
    }
    enc_test(&e, v, d, s), expect("test %s, %s", reg(v, d.n), reg(v, s.n));
    enc_test_imm(&e, v, d, k), expect("test %s, %s", reg(v, d.n), imm(v, k));
    enc_test_mem_imm(&e, v, m, k), expect("test %s, %s", mem(v, m), imm(v, k));
    enc_imul_load(&e, 8, s, m), expect("imul %s, %s", reg(8, s.n), mem(8, m));
    enc_lock_xadd(&e, v, m, s), expect("lock xadd %s, %s", mem(v, m), reg(v, s.n));
    enc_lock_cmpxchg(&e, v, m, s), expect("lock cmpxchg %s, %s", mem(v, m), reg(v, s.n));
    enc_lock_cmpxchg16b(&e, m), expect("lock cmpxchg16b %s", mem(16, m));
}

static void test_arithmetic(void)
{
    static const char *const un[] = {"", "", "not", "neg", "mul", "imul", "div", "idiv"};
    static const char *const sh[] = {"rol", "ror", "rcl", "rcr", "shl", "shr", "", "sar"};
    static const char *const cc[] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                     "s", "ns", "p", "np", "l", "ge", "le", "g"};
    unsigned w = w48(), o = 2 + rnd(6), n = 2 + rnd(30), c = rnd(16), h = rnd(7);
    gpr d = any(), s = any(), t = any();
    int32_t k = any_imm(w);
    h += h == 6;
    enc_unary(&e, o, w, d), expect("%s %s", un[o], reg(w, d.n));
    enc_imul(&e, w, d, s), expect("imul %s, %s", reg(w, d.n), reg(w, s.n));
    enc_imul_imm(&e, w, d, s, k), expect("imul %s, %s, %s", reg(w, d.n), reg(w, s.n), imm(w, k));
    enc_cqo(&e, w), expect(w == 8 ? "cqo" : "cdq");
    enc_shift_imm(&e, h, w, d, n), expect("%s %s, %s", sh[h], reg(w, d.n), hex(n));
    enc_shift_imm(&e, h, 2, d, 8), expect("%s %s, 8", sh[h], reg(2, d.n));
    enc_shift_imm(&e, h, w, d, 1), expect("%s %s, 1", sh[h], reg(w, d.n));
    enc_shift_cl(&e, h, w, d), expect("%s %s, cl", sh[h], reg(w, d.n));
    enc_shrd_imm(&e, w, d, s, n), expect("shrd %s, %s, %s", reg(w, d.n), reg(w, s.n), hex(n));
    enc_bt_imm(&e, w, d, n), expect("bt %s, %s", reg(w, d.n), hex(n));
    enc_bswap(&e, w, d), expect("bswap %s", reg(w, d.n));
    enc_setcc(&e, c, d), expect("set%s %s", cc[c], reg(1, d.n));
    enc_cmov(&e, c, w, d, s), expect("cmov%s %s, %s", cc[c], reg(w, d.n), reg(w, s.n));
    enc_count(&e, COUNT_LZ, w, d, s), expect("lzcnt %s, %s", reg(w, d.n), reg(w, s.n));
    enc_count(&e, COUNT_TZ, w, d, s), expect("tzcnt %s, %s", reg(w, d.n), reg(w, s.n));
    enc_count(&e, COUNT_POP, w, d, s), expect("popcnt %s, %s", reg(w, d.n), reg(w, s.n));
    enc_shlx(&e, w, d, s, t), expect("shlx %s, %s, %s", reg(w, d.n), reg(w, s.n), reg(w, t.n));
    enc_shrx(&e, w, d, s, t), expect("shrx %s, %s, %s", reg(w, d.n), reg(w, s.n), reg(w, t.n));
    enc_sarx(&e, w, d, s, t), expect("sarx %s, %s, %s", reg(w, d.n), reg(w, s.n), reg(w, t.n));
    enc_rorx(&e, w, d, s, n), expect("rorx %s, %s, %s", reg(w, d.n), reg(w, s.n), hex(n));
    enc_andn(&e, w, d, s, t), expect("andn %s, %s, %s", reg(w, d.n), reg(w, s.n), reg(w, t.n));
    enc_mulx(&e, w, d, s, t), expect("mulx %s, %s, %s", reg(w, d.n), reg(w, s.n), reg(w, t.n));
}

static void test_control(void)
{
    static const char *const jcc[] = {"jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja",
                                      "js", "jns", "jp", "jnp", "jl", "jge", "jle", "jg"};
    unsigned c = rnd(16);
    gpr d = any();
    struct x86_mem m = any_mem();
    enc_jmp(&e), expect("jmp 5");
    enc_jcc(&e, c), expect("%s 6", jcc[c]);
    enc_call(&e), expect("call 5");
    enc_land8(&e, enc_jmp8(&e)), expect("jmp 2");
    enc_land8(&e, enc_jcc8(&e, c)), expect("%s 2", jcc[c]);
    enc_back8(&e, enc_jcc8(&e, c), 0), expect("%s 0", jcc[c]);
    enc_jmp_mem(&e, m), expect("jmp %s", mem(8, m));
    enc_call_mem(&e, m), expect("call %s", mem(8, m));
    enc_jmp_reg(&e, d), expect("jmp %s", reg(8, d.n));
    enc_ret(&e), expect("ret");
    enc_lahf(&e), expect("lahf");
    enc_sahf(&e), expect("sahf");
    enc_cmc(&e), expect("cmc");
    enc_stc(&e), expect("stc");
    enc_mxcsr(&e, true, m), expect("vstmxcsr %s", mem(4, m));
    enc_mxcsr(&e, false, m), expect("vldmxcsr %s", mem(4, m));
}

static void test_xmm(void)
{
    unsigned w = w48(), d = rnd(32), s = rnd(32);
    gpr g = any();
    struct x86_mem m = any_mem();
    if (d >= 16 && mem_x(m) &&
        mem_b(m)) /* Capstone 4 takes no EVEX with X, B and R' set (GNU as makes the same bytes) */
        m.index = 1;
    enc_xmm_mov(&e, XMM(d), XMM(s)), expect("vmovaps xmm%u, xmm%u", d, s);
    enc_xmm_load(&e, 4, XMM(d), m), expect("vmovss xmm%u, %s", d, mem(4, m));
    enc_xmm_load(&e, 8, XMM(d), m), expect("vmovsd xmm%u, %s", d, mem(8, m));
    enc_xmm_load(&e, 16, XMM(d), m), expect("vmovups xmm%u, %s", d, mem(16, m));
    enc_xmm_store(&e, 4, m, XMM(d)), expect("vmovss %s, xmm%u", mem(4, m), d);
    enc_xmm_store(&e, 8, m, XMM(d)), expect("vmovsd %s, xmm%u", mem(8, m), d);
    enc_xmm_store(&e, 16, m, XMM(d)), expect("vmovups %s, xmm%u", mem(16, m), d);
    enc_xmm_from(&e, w, XMM(d), g), expect("vmov%c xmm%u, %s", w == 8 ? 'q' : 'd', d, reg(w, g.n));
    enc_xmm_to(&e, w, g, XMM(d)), expect("vmov%c %s, xmm%u", w == 8 ? 'q' : 'd', reg(w, g.n), d);
}

int main(void)
{
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs) != CS_ERR_OK)
        return 77;
    for (unsigned k = 0; k < 2000 && failures < 20; k++) {
        test_moves();
        test_alu();
        test_arithmetic();
        test_control();
        test_xmm();
    }
    for (unsigned n = 1; n < 10; n++) {
        enc_nop(&e, n);
        if (e.size != n)
            failures++;
        e.size = 0;
    }
    printf("%u checks, %u failures\n", checks, failures);
    cs_close(&cs);
    free(e.buf);
    free(e.rip);
    return failures != 0;
}
