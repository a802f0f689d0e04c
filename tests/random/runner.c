/* SPDX-License-Identifier: MIT */
/*
 * The random tester's guest side: an AArch64 program that reads records (record.h) from its input, runs each
 * one's instructions on each one's state, and writes the records with the state afterwards.
 *
 * Freestanding and static, so that it needs nothing of what it helps to test but system calls: real hardware,
 * qemu-user and xrun run it alike.  Sequences run from slots in writable and executable pages; everything but
 * TPIDR_EL0 is the record's while one runs.  Slots are written as many at a time as differ, because an emulator
 * pays for each page of code that changes, and not if the code is there already.  A fault is noted as the status, and the next
 * instruction goes on.  With ALARMS, a signal comes every ALARMS microseconds, which is not to change anything (but that
 * exclusives fail: the records must have none).
 */
#include "record.h"

#include <stdbool.h>
#include <stddef.h>

#define BATCH SLOTS
#define LINE  64 /* no longer than any cache line */

enum {
    SYS_setitimer = 103,
    SYS_sigaltstack = 132,
    SYS_rt_sigaction = 134,
    SYS_exit_group = 94,
    SYS_read = 63,
    SYS_write = 64,
    SYS_mmap = 222
};
enum { SIGILL = 4, SIGTRAP = 5, SIGBUS = 7, SIGFPE = 8, SIGSEGV = 11, SIGALRM = 14 };

_Static_assert(offsetof(struct record, v) == REC_V && offsetof(struct record, nzcv) == REC_NZCV, "");
_Static_assert(offsetof(struct record, fpcr) == REC_FPCR && offsetof(struct record, fpsr) == REC_FPSR, "");
_Static_assert(offsetof(struct control, ret) == CTL_RET && offsetof(struct control, sp) == CTL_SP, "");
_Static_assert(sizeof(struct record) % 16 == 0 && offsetof(struct record, mem) % 16 == 0, "");
_Static_assert(SEQ_WORDS + 5 <= SLOT_WORDS, "");

static struct record batch[BATCH];
static char alt_stack[32768] __attribute__((aligned(16)));

void run_record(uint64_t slot, struct record *r);
void copy_mem(void *to, const void *from);

#define S(x)   #x
#define STR(x) S(x)
#ifdef NO_FPSR /* emulators may compute otherwise as long as nobody looks at FPSR */
#define SET_FPSR
#define GET_FPSR
#else
#define SET_FPSR "ldr x0,[sp,#" STR(REC_FPSR) "]\n msr fpsr,x0\n"
#define GET_FPSR "mrs x0,fpsr\n str x0,[sp,#" STR(REC_FPSR) "]\n"
#endif
/* clang-format off */
__asm__(
    ".text\n.global run_record\nrun_record:\n"
    "stp x29,x30,[sp,#-176]!\n stp x19,x20,[sp,#16]\n stp x21,x22,[sp,#32]\n stp x23,x24,[sp,#48]\n"
    "stp x25,x26,[sp,#64]\n stp x27,x28,[sp,#80]\n stp d8,d9,[sp,#96]\n stp d10,d11,[sp,#112]\n"
    "stp d12,d13,[sp,#128]\n stp d14,d15,[sp,#144]\n"
    "clrex\n mov x2,#" STR(CONTROL_AT) "\n mov x3,sp\n adr x4,1f\n"
    "str x1,[x2,#" STR(CTL_RECORD) "]\n str x4,[x2,#" STR(CTL_RET) "]\n str x3,[x2,#" STR(CTL_SP) "]\n"
    "mov x30,x0\n mov sp,x1\n"
    "ldr x0,[sp,#" STR(REC_X30) "]\n msr tpidr_el0,x0\n"
    "ldr x0,[sp,#" STR(REC_NZCV) "]\n msr nzcv,x0\n"
    "ldr x0,[sp,#" STR(REC_FPCR) "]\n msr fpcr,x0\n"
    SET_FPSR
    ".irp n,0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30\n"
    ".altmacro\n.macro vpair m\n ldp q\\n,q\\m,[sp,#256+16*\\n]\n.endm\n vpair %(\\n+1)\n.purgem vpair\n.endr\n"
    ".irp n,0,2,4,6,8,10,12,14,16,18,20,22,24,26,28\n"
    ".macro xpair m\n ldp x\\n,x\\m,[sp,#8*\\n]\n.endm\n xpair %(\\n+1)\n.purgem xpair\n.endr\n"
    "ldr x29,[sp,#" STR(REC_SP) "]\n mov sp,x29\n"
    "mov x29,#" STR(CONTROL_AT) "\n ldr x29,[x29]\n ldr x29,[x29,#8*29]\n br x30\n"
    "1:\n"
    "mov x30,#" STR(CONTROL_AT) "\n ldr x30,[x30]\n str x0,[x30]\n mov x0,sp\n str x0,[x30,#" STR(REC_SP) "]\n"
    "mov sp,x30\n mrs x0,tpidr_el0\n str x0,[x30,#" STR(REC_X30) "]\n ldr x0,[x30]\n"
    ".irp n,0,2,4,6,8,10,12,14,16,18,20,22,24,26,28\n"
    ".macro xpair m\n stp x\\n,x\\m,[sp,#8*\\n]\n.endm\n xpair %(\\n+1)\n.purgem xpair\n.endr\n"
    ".irp n,0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30\n"
    ".macro vpair m\n stp q\\n,q\\m,[sp,#256+16*\\n]\n.endm\n vpair %(\\n+1)\n.purgem vpair\n.endr\n"
    "mrs x0,nzcv\n str x0,[sp,#" STR(REC_NZCV) "]\n"
    "mrs x0,fpcr\n str x0,[sp,#" STR(REC_FPCR) "]\n"
    GET_FPSR
    "msr fpcr,xzr\n mov x1,#" STR(CONTROL_AT) "\n ldr x1,[x1,#" STR(CTL_SP) "]\n mov sp,x1\n"
    "ldp x19,x20,[sp,#16]\n ldp x21,x22,[sp,#32]\n ldp x23,x24,[sp,#48]\n ldp x25,x26,[sp,#64]\n"
    "ldp x27,x28,[sp,#80]\n ldp d8,d9,[sp,#96]\n ldp d10,d11,[sp,#112]\n ldp d12,d13,[sp,#128]\n"
    "ldp d14,d15,[sp,#144]\n ldp x29,x30,[sp],#176\n ret\n"
    ".global copy_mem\ncopy_mem:\n.set at,0\n.rept " STR(MEM_SIZE) "/32\n"
    "ldp q0,q1,[x1,#at]\n stp q0,q1,[x0,#at]\n.set at,at+32\n.endr\n ret\n"
    ".global _start\n_start:\n mov x29,#0\n mov x30,#0\n b runner_main\n");
/* clang-format on */

static long sys(long nr, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = nr, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

/* struct sigcontext of the kernel, and what follows it first. */
struct sigcontext {
    uint64_t fault_address, x[32], pc, pstate;
    struct {
        uint32_t magic, size, fpsr, fpcr;
        uint64_t v[64];
    } fpsimd __attribute__((aligned(16)));
};

static void on_signal(int signo, uint64_t *info, char *uc)
{
    struct sigcontext *s = (void *)(uc + 176);
    const uint64_t other[4] = {s->pc, s->fpsimd.fpcr, s->fpsimd.fpsr, signo == SIGSEGV ? info[2] : 0};
    seen_signal(((struct control *)CONTROL_AT)->record, signo, s->x, s->fpsimd.v, other);
    s->pc += 4;
}

static void handle(int signo, void (*handler)(int, uint64_t *, char *))
{
    struct {
        void (*handler)(int, uint64_t *, char *);
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action = {handler, 4 /* SIGINFO */ | 0x08000000 /* ONSTACK */ | 0x10000000 /* RESTART */, NULL, 0};
    sys(SYS_rt_sigaction, signo, (long)&action, 0, 8, 0, 0);
}

#ifdef ALARMS
static void on_alarm(int signo, uint64_t *info, char *uc)
{
    (void)signo, (void)info, (void)uc;
}

static void start_alarms(void)
{
    static const int64_t timer[4] = {0, ALARMS, 0, ALARMS};
    handle(SIGALRM, on_alarm);
    sys(SYS_setitimer, 0, (long)timer, 0, 0, 0, 0);
}
#endif

static void catch_signals(void)
{
    struct {
        void *sp;
        int flags;
        size_t size;
    } stack = {alt_stack, 0, sizeof alt_stack};
    static const int signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV};
    sys(SYS_sigaltstack, (long)&stack, 0, 0, 0, 0, 0);
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        handle(signals[i], on_signal);
#ifdef ALARMS
    start_alarms();
#endif
}

static void die(int status)
{
    sys(SYS_exit_group, status, 0, 0, 0, 0, 0);
    __builtin_unreachable();
}

static void map(uint64_t at, size_t size, long prot)
{
    if (sys(SYS_mmap, (long)at, (long)size, prot, 0x32 /* PRIVATE FIXED ANONYMOUS */, -1, 0) != (long)at)
        die(2);
}

static bool slot_holds(const struct record *r)
{
    const uint32_t *s = (const uint32_t *)slot_pc(r);
    for (unsigned i = 0; i < r->count; i++)
        if (s[i] != r->word[i])
            return false;
    return s[r->count] == SLOT_END;
}

/* As many of the records from `first` on as have slots of their own, or the same code; it is there then. */
static size_t write_slots(size_t first, size_t n)
{
    static uint32_t round, used[SLOTS];
    static uint64_t fresh[BATCH];
    size_t end = first, count = 0;
    for (round++; end < n; end++) {
        const struct record *r = &batch[end];
        if (slot_holds(r))
            continue;
        if (used[r->slot % SLOTS] == round)
            break;
        used[r->slot % SLOTS] = round;
        slot_write(r);
        fresh[count++] = slot_pc(r) - 4;
    }
    for (size_t i = 0; i < count; i++)
        for (uint64_t at = fresh[i]; at < fresh[i] + 4 * SLOT_WORDS; at += LINE)
            __asm__ volatile("dc cvau, %0" ::"r"(at) : "memory");
    __asm__ volatile("dsb ish" ::: "memory");
    for (size_t i = 0; i < count; i++)
        for (uint64_t at = fresh[i]; at < fresh[i] + 4 * SLOT_WORDS; at += LINE)
            __asm__ volatile("ic ivau, %0" ::"r"(at) : "memory");
    __asm__ volatile("dsb ish\n isb" ::: "memory");
    return end;
}

static size_t read_batch(void)
{
    size_t got = 0;
    while (got < sizeof batch) {
        long r = sys(SYS_read, 0, (long)batch + (long)got, (long)(sizeof batch - got), 0, 0, 0);
        if (r <= 0)
            break;
        got += (size_t)r;
    }
    return got / sizeof *batch;
}

static void write_batch(size_t n)
{
    for (size_t put = 0; put < n * sizeof *batch;) {
        long r = sys(SYS_write, 1, (long)batch + (long)put, (long)(n * sizeof *batch - put), 0, 0, 0);
        if (r <= 0)
            die(3);
        put += (size_t)r;
    }
}

static void run_one(struct record *r)
{
    copy_mem((void *)MEM_AT, r->mem);
    run_record(slot_pc(r) - 4, r);
    copy_mem(r->mem, (const void *)MEM_AT);
}

__attribute__((used)) void runner_main(void)
{
    map(CONTROL_AT, 65536, 3);
    map(AREA_AT, AREA_SIZE, 3);
    map(CODE_AT, SLOTS * SLOT_WORDS * 4, 7);
    catch_signals();
    size_t n;
    while ((n = read_batch())) {
        for (size_t i = 0; i < n;)
            for (size_t end = write_slots(i, n); i < end; i++)
                run_one(&batch[i]);
        write_batch(n);
    }
    die(0);
}
