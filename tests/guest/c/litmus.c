/* SPDX-License-Identifier: MIT */
/*
 * Litmus tests of Arm's memory model (Arm ARM B2.3; the names are Maranget, Sarkar and Sewell's): with the barriers of
 * each line the outcome is forbidden, so it must not be seen once in RUNS.  Threads go through arrays of cells, nearly in step.
 * args: 200000
 * modes: default tier1 v3
 * limit: 100
 */
#include "t.h"

#include <pthread.h>

#define CELLS 5000

struct cell {
    _Alignas(64) long x;
    _Alignas(64) long y;
    _Alignas(64) long r[4];
    __int128 wide;
};
static struct cell *cell;

#define STR(v, to)  __asm__ volatile("str %1, [%0]" ::"r"(&(to)), "r"((long)(v)) : "memory")
#define STLR(v, to) __asm__ volatile("stlr %1, [%0]" ::"r"(&(to)), "r"((long)(v)) : "memory")
#define LOAD(insn, from)                                                                                     \
    ({                                                                                                       \
        long v_;                                                                                             \
        __asm__ volatile(insn " %0, [%1]" : "=r"(v_) : "r"(&(from)) : "memory");                             \
        v_;                                                                                                  \
    })
#define LDR(from)  LOAD("ldr", from)
#define LDAR(from) LOAD("ldar", from)
#define DMB(kind)  __asm__ volatile("dmb " kind ::: "memory")
/* A load whose address depends on v, which says nothing about its value. */
#define LDR_AFTER(v, from)                                                                                   \
    ({                                                                                                       \
        long v_, zero_;                                                                                      \
        __asm__ volatile("eor %1, %3, %3\nldr %0, [%2, %1]"                                                  \
                         : "=r"(v_), "=&r"(zero_)                                                            \
                         : "r"(&(from)), "r"(v)                                                              \
                         : "memory");                                                                        \
        v_;                                                                                                  \
    })
#define SWAP(insn, v, to)                                                                                    \
    ({                                                                                                       \
        long v_;                                                                                             \
        __asm__ volatile(".arch armv8.1-a\n" insn " %2, %0, [%1]"                                            \
                         : "=r"(v_)                                                                          \
                         : "r"(&(to)), "r"((long)(v))                                                        \
                         : "memory");                                                                        \
        v_;                                                                                                  \
    })
#define EXCLUSIVE(ld, st, v, to)                                                                             \
    __asm__ volatile("1: " ld " x9, [%0]\n" st " w10, %1, [%0]\ncbnz w10, 1b" ::"r"(&(to)), "r"((long)(v))   \
                     : "x9", "x10", "memory")

#define THREAD(name, code)                                                                                   \
    static void name(struct cell *c)                                                                         \
    {                                                                                                        \
        code;                                                                                                \
    }
THREAD(mp_release, STR(1, c->x); STLR(1, c->y))
THREAD(mp_dmb, STR(1, c->x); DMB("ish"); STR(1, c->y))
THREAD(mp_dmbst, STR(1, c->x); DMB("ishst"); STR(1, c->y))
THREAD(mp_acquire, c->r[0] = LDAR(c->y); c->r[1] = LDR(c->x))
THREAD(mp_read_dmb, c->r[0] = LDR(c->y); DMB("ishld"); c->r[1] = LDR(c->x))
THREAD(mp_read_addr, c->r[0] = LDR(c->y); c->r[1] = LDR_AFTER(c->r[0], c->x))
THREAD(sb0_stlr, STLR(1, c->x); c->r[0] = LDAR(c->y))
THREAD(sb1_stlr, STLR(1, c->y); c->r[1] = LDAR(c->x))
THREAD(sb0_ldaxr, STLR(1, c->x); c->r[0] = LOAD("ldaxr", c->y))
THREAD(sb1_late, STLR(1, c->y); STLR(1, c->r[2]); c->r[3] = LDR(c->r[2]); c->r[1] = LDAR(c->x))
THREAD(sb0_dmb, STR(1, c->x); DMB("ish"); c->r[0] = LDR(c->y))
THREAD(sb1_dmb, STR(1, c->y); DMB("ish"); c->r[1] = LDR(c->x))
THREAD(sb0_dsb, STR(1, c->x); __asm__ volatile("dsb sy" ::: "memory"); c->r[0] = LDR(c->y))
THREAD(sb1_swp, SWAP("swpal", 1, c->y); c->r[1] = LDAR(c->x))
THREAD(sb0_ex, EXCLUSIVE("ldaxr", "stlxr", 1, c->x); c->r[0] = LDAR(c->y))
THREAD(lb0, c->r[0] = LDAR(c->x); STR(1, c->y))
THREAD(lb1, c->r[1] = LDR(c->y); STLR(1, c->x))
THREAD(lb0_data, c->r[0] = LDR(c->x); STR(c->r[0] * 0 + 1, c->y))
THREAD(lb1_dmb, c->r[1] = LDR(c->y); DMB("ish"); STR(1, c->x))
THREAD(iriw_x, STR(1, c->x))
THREAD(iriw_y, STR(1, c->y))
THREAD(iriw_xy, c->r[0] = LDAR(c->x); c->r[1] = LDR(c->y))
THREAD(iriw_yx, c->r[2] = LDAR(c->y); c->r[3] = LDR(c->x))
THREAD(wrc_mid, c->r[0] = LDR(c->x); DMB("ish"); STR(1, c->y))
THREAD(wrc_end, c->r[1] = LDAR(c->y); c->r[2] = LDR(c->x))
THREAD(s_mid, STR(2, c->x); DMB("ishst"); STR(1, c->y))
THREAD(s_end, c->r[0] = LDAR(c->y); STR(1, c->x))
THREAD(w0, STR(1, c->x); DMB("ish"); STR(2, c->y))
THREAD(w1, STR(1, c->y); DMB("ish"); STR(2, c->x))
THREAD(corr_w, STR(1, c->x); STR(2, c->x))
THREAD(corr_r, c->r[0] = LDR(c->x); c->r[1] = LDR(c->x))

/* 128 bits at once, whose halves are equal. */
static void wide_ldxp(struct cell *c)
{
    long a, b, s;
    do
        __asm__ volatile("ldaxp %0, %1, [%3]\nstlxp %w2, %0, %1, [%3]"
                         : "=&r"(a), "=&r"(b), "=&r"(s)
                         : "r"(&c->wide)
                         : "memory");
    while ((int)s);
    c->r[0] = a - b;
}
static void wide_write(struct cell *c)
{
    for (long k = 1; k < 4; k++) {
        long s;
        do
            __asm__ volatile("ldxp x9, x10, [%1]\nadd x9, x9, %2\nadd x10, x10, %2\nstxp %w0, x9, x10, [%1]"
                             : "=&r"(s)
                             : "r"(&c->wide), "r"(k << 31 | k)
                             : "x9", "x10", "memory");
        while ((int)s);
    }
}
static void wide_casp(struct cell *c)
{
    register long a __asm__("x0") = 0, b __asm__("x1") = 0, d __asm__("x2") = 0, e __asm__("x3") = 0;
    __asm__ volatile(".arch armv8.1-a\ncaspal x0, x1, x2, x3, [%4]"
                     : "+r"(a), "+r"(b)
                     : "r"(d), "r"(e), "r"(&c->wide)
                     : "memory");
    c->r[1] = a - b;
}

#define R(n) (c->r[n])
typedef void thread_fn(struct cell *c);
static struct test {
    const char *name;
    thread_fn *thread[4];
    bool (*forbidden)(const struct cell *c);
} * test;
#define FORBIDDEN(name, what)                                                                                \
    static bool name(const struct cell *c)                                                                   \
    {                                                                                                        \
        return what;                                                                                         \
    }
FORBIDDEN(mp, R(0) == 1 && R(1) == 0)
FORBIDDEN(sb, R(0) == 0 && R(1) == 0)
FORBIDDEN(lb, R(0) == 1 && R(1) == 1)
FORBIDDEN(iriw, R(0) == 1 && R(1) == 0 && R(2) == 1 && R(3) == 0)
FORBIDDEN(wrc, R(0) == 1 && R(1) == 1 && R(2) == 0)
FORBIDDEN(s, R(0) == 1 && c->x == 2)
FORBIDDEN(ww, c->x == 1 && c->y == 1)
FORBIDDEN(corr, R(0) > R(1))
FORBIDDEN(wide, R(0) || R(1))

/* The first is allowed: with any argument behind the first it is run too, to see that the threads do meet. */
THREAD(sb0_plain, STR(1, c->x); c->r[0] = LDR(c->y))
THREAD(sb1_plain, STR(1, c->y); c->r[1] = LDR(c->x))

static struct test tests[] = {
    {"SB", {sb0_plain, sb1_plain}, sb},
    {"MP stlr ldar", {mp_release, mp_acquire}, mp},
    {"MP dmb.ish dmb.ishld", {mp_dmb, mp_read_dmb}, mp},
    {"MP dmb.ishst addr", {mp_dmbst, mp_read_addr}, mp},
    {"SB stlr ldar", {sb0_stlr, sb1_stlr}, sb},
    {"SB stlr ldaxr", {sb0_ldaxr, sb1_late}, sb},
    {"SB dmb.ish", {sb0_dmb, sb1_dmb}, sb},
    {"SB dsb stlr", {sb0_dsb, sb1_stlr}, sb},
    {"SB swpal", {sb0_stlr, sb1_swp}, sb},
    {"SB stlxr dmb", {sb0_ex, sb1_dmb}, sb},
    {"LB ldar stlr", {lb0, lb1}, lb},
    {"LB data dmb", {lb0_data, lb1_dmb}, lb},
    {"IRIW ldar", {iriw_x, iriw_xy, iriw_y, iriw_yx}, iriw},
    {"WRC dmb ldar", {iriw_x, wrc_mid, wrc_end}, wrc},
    {"S dmb.ishst ldar", {s_mid, s_end}, s},
    {"2+2W dmb", {w0, w1}, ww},
    {"CoRR", {corr_w, corr_r}, corr},
    {"128 bits", {wide_write, wide_ldxp, wide_write, wide_casp}, wide},
};

static pthread_barrier_t start, end;
static bool over;
static int active;
static struct {
    _Alignas(64) int at;
} progress[4];

/* Before each cell a thread waits for the others, but not for those that the scheduler has put aside. */
static void meet(int me, int i)
{
    __atomic_store_n(&progress[me].at, i, __ATOMIC_RELEASE);
    for (int k = 0; k < active; k++)
        for (int n = 0; n < 100 && __atomic_load_n(&progress[k].at, __ATOMIC_ACQUIRE) < i; n++)
            ;
}

static void *run(void *arg)
{
    int me = (int)(intptr_t)arg;
    for (;;) {
        pthread_barrier_wait(&start);
        if (over)
            return NULL;
        thread_fn *f = test->thread[me];
        for (int i = 0; f && i < CELLS; i++) {
            meet(me, i);
            f(&cell[i]);
        }
        pthread_barrier_wait(&end);
    }
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) / CELLS : 1;
    pthread_t t[4];
    cell = aligned_alloc(64, CELLS * sizeof *cell);
    pthread_barrier_init(&start, NULL, 5);
    pthread_barrier_init(&end, NULL, 5);
    for (intptr_t i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, run, (void *)i);
    for (size_t n = argc < 3; n < sizeof tests / sizeof *tests; n++) {
        int seen = 0;
        test = &tests[n];
        for (active = 0; active < 4 && test->thread[active];)
            active++;
        for (int r = 0; r < rounds; r++) {
            memset(cell, 0, CELLS * sizeof *cell);
            memset(progress, 0, sizeof progress);
            pthread_barrier_wait(&start);
            pthread_barrier_wait(&end);
            for (int i = 0; i < CELLS; i++)
                seen += test->forbidden(&cell[i]);
        }
        printf("%s: %d\n", test->name, seen);
    }
    over = true;
    pthread_barrier_wait(&start);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    return 0;
}
