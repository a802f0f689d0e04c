/* SPDX-License-Identifier: MIT */
/*
 * moved N SEED: units of random instructions, compiled for two addresses that are whole pages apart.  Moved from one to the
 * other (x86_code_move), what was compiled must be what was compiled there, byte for byte.
 */
#include "dbt/guest.h"
#include "dbt/opt/opt.h"
#include "dbt/x86/x86.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_MOST = 12 };

static struct unit {
    gaddr pc;
    struct ir ir;
    struct x86_code code;
} from, to;

void die(const char *why)
{
    fprintf(stderr, "moved: %s\n", why);
    exit(1);
}

static bool any(uint32_t word, const struct traits *k)
{
    (void)word;
    (void)k;
    return true;
}

/* The same at both places. */
static bool flags_dead(gaddr pc)
{
    return pc >> 2 & 1;
}

static void compile(struct unit *u, const uint32_t *word, unsigned count, enum ir_unit kind,
                    const struct x86_target *target)
{
    bool end = false;
    ir_reset(&u->ir, u->pc);
    gaddr pc = u->pc;
    for (unsigned k = 0; k < count && !end; k++, pc += 4)
        insn_ir(&u->ir, pc, word[k], &end);
    if (!end)
        ir_op0(&u->ir, IR_JUMP, T_NONE, (int64_t)pc);
    u->ir.guest_bytes = (uint32_t)(pc - u->pc);
    u->ir.kind = kind;
    opt_run(&u->ir, flags_dead);
    x86_lower(&u->ir, target, &u->code, NULL);
}

static const char *difference(void)
{
    const struct x86_code *a = &from.code, *b = &to.code;
    if (a->size != b->size || memcmp(a->bytes, b->bytes, a->size) != 0)
        return "bytes";
    if (a->exit_count != b->exit_count || memcmp(a->exits, b->exits, a->exit_count * sizeof *a->exits) != 0)
        return "exits";
    if (a->trap_count != b->trap_count || a->fault_count != b->fault_count ||
        a->flags_count != b->flags_count)
        return "numbers";
    for (uint32_t k = 0; k < a->trap_count; k++)
        if (a->traps[k].pc != b->traps[k].pc)
            return "traps";
    for (uint32_t k = 0; k < a->fault_count; k++)
        if (a->faults[k].pc - from.pc != b->faults[k].pc - to.pc)
            return "faults";
    for (uint32_t k = 0; k < a->flags_count; k++)
        if (memcmp(a->flags[k].at, b->flags[k].at, sizeof a->flags[k].at) != 0)
            return "flags";
    return NULL;
}

/* Branches from there do not wrap around zero. */
static gaddr random_page(void)
{
    return (((rnd() & 0x3fffffffffff) | 0x400000000000) >> rnd_below(19)) & ~(gaddr)0xfff;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: moved N SEED");
    unsigned long n = strtoul(argv[1], NULL, 10), fixed = 0, moved = 0;
    rnd_seed(strtoul(argv[2], NULL, 10));
    ir_init(&from.ir);
    ir_init(&to.ir);
    x86_code_init(&from.code);
    x86_code_init(&to.code);
    for (unsigned long i = 0; i < n; i++) {
        uint32_t word[UNIT_MOST];
        unsigned count = 1 + rnd_below(UNIT_MOST);
        struct traits k;
        for (unsigned w = 0; w < count; w++)
            while (!pick_word(&word[w], &k,
                              rnd_below(3) ? "*" : "ADR*,BL*,B_*,CB*,TB*,RET*,BR*,LDR_lit*,ADD_imm,CMP*,STP*",
                              MIX_ANY, any))
                ;
        struct x86_target target = {.avx512 = x86_host_avx512() && rnd_below(2),
                                    .pin_int = dbt_guest_a64.pin_int,
                                    .pin_vec = dbt_guest_a64.pin_vec,
                                    .features = x86_host_features(),
                                    .hot_step = 2,
                                    .serve = rnd_below(2),
                                    .stats = rnd_below(2)};
        from.pc = random_page();
        to.pc = random_page();
        gaddr place = 4 * rnd_below(1024);
        from.pc += place;
        to.pc += place;
        enum ir_unit kind = rnd_below(3);
        compile(&from, word, count, kind, &target);
        compile(&to, word, count, kind, &target);
        if (from.code.fixed || to.code.fixed) {
            fixed++;
            continue;
        }
        moved += from.code.move_count != 0;
        x86_code_move(&from.code, from.pc, to.pc);
        const char *what = difference();
        if (!what)
            continue;
        fprintf(stderr, "moved: %s differ (from %#lx to %#lx, kind %d, seed %s, unit %lu):", what,
                (unsigned long)from.pc, (unsigned long)to.pc, kind, argv[2], i);
        for (unsigned w = 0; w < count; w++)
            fprintf(stderr, " %08x", word[w]);
        fputc('\n', stderr);
        return 1;
    }
    printf("%lu units: %lu bound to their place, %lu with addresses in them\n", n, fixed, moved);
    return moved < n / 20; /* they are what this is about */
}
