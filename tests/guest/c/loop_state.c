/* SPDX-License-Identifier: MIT */
/*
 * Hot loops may keep registers elsewhere than other code does; nobody must notice.  Loops that use various registers are
 * interrupted by a page that is not there and by a timer.  The handler knows from the pc which instructions have been
 * done, checks every register, changes one that the loop uses and one that it does not, and goes on, or leaves the
 * loop.  At the end all registers are checked once more.
 * limit: 120
 * modes: default tier1 tier2 no-opt v3
 * skip-qemu: takes no changes of vector registers over, unless it has no SVE
 */
#include "t.h"

#include <asm/sigcontext.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

typedef unsigned __int128 v128;
struct regs {
    uint64_t x[32]; /* [31]: not used */
    v128 v[32];
};

/* One instruction of a loop: x[reg] += k, v[reg] += v[k] (two lanes), a load, or the count. */
enum kind { END, X, V, LOAD, COUNT, BRANCH, SKIP };
struct step {
    enum kind kind;
    unsigned reg, k;
};

#define STEPS 40
struct loop {
    void (*run)(struct regs *r);
    const char *start, *end;
    struct step step[STEPS];
};

/* x14 counts down; x13 is where the load is. */
#define AX(n, k) "add x" #n ", x" #n ", #" #k "\n"
#define AV(n, m) "add v" #n ".2d, v" #n ".2d, v" #m ".2d\n"
#define ALOAD    "ldr x12, [x13], #8\n"
#define ASKIP    "cbz x12, 1f\n1:\n" /* never taken, and if, leads to the same */
#define ACOUNT   "subs x14, x14, #1\n"
#define TX(n, k) {X, n, k},
#define TV(n, m) {V, n, m},
#define TLOAD    {LOAD, 12, 0},
#define TSKIP    {SKIP, 0, 0},
#define TCOUNT   {COUNT, 14, 0},

#define RESTORE_ALL                                                                                          \
    "ldr x18, [sp, #160]\n ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n"    \
    " ldp x25, x26, [sp, #64]\n ldp x27, x28, [sp, #80]\n ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, "       \
    "#112]\n"                                                                                                \
    " ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, #144]\n ldp x29, x30, [sp], #192\n ret\n"

/* Saves what C wants back, takes all registers but x30 from *x0, turns, and stores them there. */
#define DEFINE(name, body)                                                                                   \
    void run_##name(struct regs *r);                                                                         \
    extern const char start_##name[], end_##name[];                                                          \
    __asm__(                                                                                                 \
        ".text\n.globl run_" #name ", start_" #name ", end_" #name "\n"                                      \
        "run_" #name ": stp x29, x30, [sp, #-192]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n"    \
        " stp x23, x24, [sp, #48]\n stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"                     \
        " stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n stp d12, d13, [sp, #128]\n"                     \
        " stp d14, d15, [sp, #144]\n str x18, [sp, #160]\n str x0, [sp, #168]\n mov x30, x0\n"               \
        " add x29, x30, #256\n"                                                                              \
        " .irp n, 0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30\n ldr q\\n, [x29], #32\n .endr\n"               \
        " add x29, x30, #272\n"                                                                              \
        " .irp n, 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31\n ldr q\\n, [x29], #32\n .endr\n"               \
        " .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29\n"         \
        " ldr x\\n, [x30, #8 * \\n]\n .endr\n"                                                               \
        "start_" #name ":\n" body "b.ne start_" #name "\nend_" #name ": ldr x30, [sp, #168]\n"               \
        " .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29\n"         \
        " str x\\n, [x30, #8 * \\n]\n .endr\n"                                                               \
        " add x29, x30, #256\n"                                                                              \
        " .irp n, 0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30\n str q\\n, [x29], #32\n .endr\n"               \
        " add x29, x30, #272\n"                                                                              \
        " .irp n, 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31\n str q\\n, [x29], #32\n .endr\n" RESTORE_ALL);

/* clang-format off */
#define HIGH(P) P##V(8, 0) P##V(9, 16) P##X(9, 1) P##V(12, 31) P##LOAD P##V(15, 9) P##X(28, 7) P##V(8, 12) P##X(25, 3) P##COUNT
#define MANY(P) P##X(0, 1) P##X(1, 2) P##X(5, 3) P##X(6, 4) P##X(7, 5) P##X(8, 6) P##LOAD P##X(9, 7) P##X(10, 8) P##X(11, 9) \
    P##X(15, 10) P##X(16, 11) P##X(17, 12) P##X(19, 13) P##X(23, 14) P##X(29, 15) P##COUNT
#define VECS(P) P##V(0, 1) P##V(2, 1) P##V(3, 2) P##V(4, 3) P##V(5, 4) P##V(6, 5) P##V(7, 6) P##V(8, 7) P##V(9, 8) P##V(10, 9) \
    P##V(11, 10) P##V(12, 11) P##V(13, 12) P##V(14, 13) P##V(15, 14) P##LOAD P##V(16, 15) P##V(17, 16) P##V(18, 17) \
    P##V(19, 18) P##V(20, 19) P##V(21, 20) P##V(22, 21) P##V(23, 22) P##V(24, 23) P##V(25, 24) P##V(26, 25) P##V(27, 26) \
    P##V(28, 27) P##V(29, 28) P##V(30, 29) P##V(31, 30) P##COUNT
#define SIDE(P) P##X(20, 1) P##LOAD P##X(21, 3) P##SKIP P##V(10, 11) P##X(20, 4) P##V(11, 12) P##X(21, 9) P##COUNT
/* So many that x0 to x3, which are used less, leave their registers, and one of them comes back in another. */
#define SEVEN(P) P##X(5, 1) P##X(6, 2) P##X(7, 3) P##X(8, 4) P##X(9, 5) P##X(10, 6) P##X(15, 8)
#define MOST(P) P##X(0, 1) P##X(1, 2) P##X(2, 3) P##X(3, 4) SEVEN(P) P##X(13, 8) P##LOAD SEVEN(P) P##LOAD SEVEN(P) P##COUNT
/* clang-format on */
DEFINE(high, HIGH(A))
DEFINE(many, MANY(A))
DEFINE(vecs, VECS(A))
DEFINE(side, SIDE(A))
DEFINE(most, MOST(A))

#define ENTRY(name, NAME)                                                                                    \
    {                                                                                                        \
        run_##name, start_##name, end_##name,                                                                \
        {                                                                                                    \
            NAME(T){BRANCH, 0, 0},                                                                           \
            {                                                                                                \
                END, 0, 0                                                                                    \
            }                                                                                                \
        }                                                                                                    \
    }
static const struct loop loops[] = {ENTRY(high, HIGH), ENTRY(many, MANY), ENTRY(vecs, VECS),
                                    ENTRY(side, SIDE), ENTRY(most, MOST)};
enum { LOOPS = sizeof loops / sizeof *loops };

enum { PAGE = 4096, WORDS = 16 * 1024, ALARMS = 10 };
static uint64_t *words;
static const struct loop *loop;
static struct regs model; /* what the registers must be after model_turns turns and model_steps steps */
static uint64_t model_turns;
static long signals, wrong, leave_after, kept;

static v128 add2(v128 a, v128 b)
{
    uint64_t lo = (uint64_t)a + (uint64_t)b, hi = (uint64_t)(a >> 64) + (uint64_t)(b >> 64);
    return (v128)hi << 64 | lo;
}

static void do_step(struct regs *r, const struct step *s)
{
    switch (s->kind) {
    case X: r->x[s->reg] += s->k; break;
    case V: r->v[s->reg] = add2(r->v[s->reg], r->v[s->k]); break;
    case LOAD:
        r->x[12] = words[(r->x[13] - (uint64_t)words) / 8];
        r->x[13] += 8;
        break;
    case COUNT: r->x[14]--; break;
    default: break;
    }
}

/* The model goes on to where so many turns are complete. */
static void model_go(uint64_t turns)
{
    for (; model_turns < turns; model_turns++)
        for (const struct step *s = loop->step; s->kind != END; s++)
            do_step(&model, s);
}

static void compare(const char *where, const struct regs *want, const struct regs *got)
{
    for (int i = 0; i < 30; i++)
        if (want->x[i] != got->x[i] && ++wrong < 10)
            printf("loop %d, %s: x%d is %lx, not %lx\n", (int)(loop - loops), where, i, got->x[i],
                   want->x[i]);
    for (int i = 0; i < 32; i++)
        if (want->v[i] != got->v[i] && ++wrong < 10)
            printf("loop %d, %s: v%d is wrong\n", (int)(loop - loops), where, i);
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
    (void)info;
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    struct _aarch64_ctx *c = (void *)m->__reserved;
    while (c->magic != FPSIMD_MAGIC)
        c = (void *)((char *)c + c->size);
    struct fpsimd_context *f = (void *)c;
    if (m->pc < (uint64_t)loop->start || m->pc >= (uint64_t)loop->end)
        return; /* the timer, before or behind the loop */
    struct regs got, want;
    memset(&got, 0, sizeof got);
    memcpy(got.x, m->regs, 30 * sizeof *got.x);
    memcpy(got.v, f->vregs, sizeof got.v);
    unsigned done = (unsigned)(m->pc - (uint64_t)loop->start) / 4, last = 0;
    while (loop->step[last].kind != COUNT)
        last++;
    /* x14 counts the turns at COUNT. */
    uint64_t counted = kept - got.x[14];
    model_go(counted - (done > last));
    want = model;
    for (unsigned k = 0; k < done; k++)
        do_step(&want, &loop->step[k]);
    signals++;
    compare(sig == SIGSEGV ? "fault" : "alarm", &want, &got);
    /* What nothing is computed from: a sum that was changed in the middle of a turn stays so much greater. */
    m->regs[21] += 100, model.x[21] += 100;
    m->regs[2] += 1, model.x[2] += 1;
    static const unsigned change[] = {3, 10, 15, 21};
    for (int k = 0; k < 4 && loop != &loops[2]; k++) {
        unsigned n = change[k];
        f->vregs[n] = add2(f->vregs[n], 5), model.v[n] = add2(model.v[n], 5);
    }
    if (sig == SIGSEGV)
        mprotect((void *)(m->regs[13] & -(uint64_t)PAGE), PAGE, PROT_READ | PROT_WRITE);
    if (leave_after && signals == leave_after) {
        m->pc = (uint64_t)loop->end;
        want = model;
        for (unsigned k = 0; k < done; k++)
            do_step(&want, &loop->step[k]);
        model = want;
        leave_after = -1;
    }
}

/* Turns over all words but up to seven at either end, so that faults are in each of the turns that are in one trace. */
static void run(int which, uint64_t protect_every, long leave)
{
    loop = &loops[which];
    uint64_t loads = 0;
    for (const struct step *s = loop->step; s->kind != END; s++)
        loads += s->kind == LOAD || (s->kind == X && s->reg == 13);
    static unsigned runs;
    uint64_t first = runs++ % 8, turns = (WORDS - 8) / loads;
    struct regs r;
    for (int i = 0; i < 32; i++) {
        r.x[i] = rnd();
        r.v[i] = (v128)rnd() << 64 | rnd();
    }
    r.x[12] = 1, r.x[13] = (uint64_t)(words + first), r.x[14] = turns;
    model = r;
    model_turns = 0, signals = 0, leave_after = leave, kept = (long)turns;
    for (uint64_t at = protect_every; protect_every && at < WORDS * 8; at += protect_every)
        mprotect((char *)words + at, PAGE, PROT_NONE);
    loop->run(&r);
    if (leave_after >= 0)
        model_go(turns);
    compare("end", &model, &r);
}

int main(void)
{
    struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    sigaction(SIGALRM, &sa, NULL);
    words = mmap(NULL, WORDS * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint64_t i = 0; i < WORDS; i++)
        words[i] = i + 1;
    for (int k = 0; k < 5 * LOOPS; k++) /* hot from here on */
        run(k % LOOPS, 0, 0);
    for (int i = 0; i < LOOPS; i++) {
        run(i, 3 * PAGE, 0);
        printf("loop %d: %ld faults\n", i, signals);
        run(i, 5 * PAGE, 4);
        printf("loop %d: left after %ld\n", i, signals);
        mprotect(words, WORDS * 8, PROT_READ | PROT_WRITE);
    }
    struct itimerval every = {.it_interval.tv_usec = 300, .it_value.tv_usec = 300};
    setitimer(ITIMER_REAL, &every, NULL);
    long seen[LOOPS] = {0};
    for (int round = 0; round < 20000; round++) {
        int i = round % LOOPS;
        run(i, 0, 0);
        seen[i] += signals;
        bool enough = true;
        for (int k = 0; k < LOOPS; k++)
            enough &= seen[k] >= ALARMS;
        if (enough)
            break;
    }
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 0}, NULL);
    for (int i = 0; i < LOOPS; i++)
        printf("loop %d: %s\n", i, seen[i] >= ALARMS ? "enough alarms" : "few alarms");
    printf("wrong %ld\n", wrong);
    return 0;
}
