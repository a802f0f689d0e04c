/* SPDX-License-Identifier: MIT */
/*
 * Preemption as Go does it: a handler of SIGURG makes the interrupted code call a function that saves every register,
 * does other work, and goes back to where it was.  It must be able to do so at any instruction.
 */
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static volatile int stop, ready;
static volatile long preempted, wrong;

__attribute__((used)) static void other_work(void)
{
    volatile double x = 1;
    for (int i = 0; i < 10; i++)
        x = x * 1.25 + 1;
    preempted++;
}

/* lr holds the interrupted pc; what lr was is on the stack. */
void preempt(void);
__asm__(".text\n.type preempt, %function\npreempt:\n"
        "sub sp, sp, #832\n"
        "stp x0, x1, [sp, #0]\nstp x2, x3, [sp, #16]\nstp x4, x5, [sp, #32]\nstp x6, x7, [sp, #48]\n"
        "stp x8, x9, [sp, #64]\nstp x10, x11, [sp, #80]\nstp x12, x13, [sp, #96]\nstp x14, x15, [sp, #112]\n"
        "stp x16, x17, [sp, #128]\nstp x18, x19, [sp, #144]\nstp x20, x21, [sp, #160]\nstp x22, x23, [sp, #176]\n"
        "stp x24, x25, [sp, #192]\nstp x26, x27, [sp, #208]\nstp x28, x29, [sp, #224]\n"
        "mrs x0, nzcv\nmrs x1, fpsr\nstp x0, x1, [sp, #240]\nmrs x0, fpcr\nstp x0, x30, [sp, #256]\n"
        "stp q0, q1, [sp, #288]\nstp q2, q3, [sp, #320]\nstp q4, q5, [sp, #352]\nstp q6, q7, [sp, #384]\n"
        "stp q8, q9, [sp, #416]\nstp q10, q11, [sp, #448]\nstp q12, q13, [sp, #480]\nstp q14, q15, [sp, #512]\n"
        "stp q16, q17, [sp, #544]\nstp q18, q19, [sp, #576]\nstp q20, q21, [sp, #608]\nstp q22, q23, [sp, #640]\n"
        "stp q24, q25, [sp, #672]\nstp q26, q27, [sp, #704]\nstp q28, q29, [sp, #736]\nstp q30, q31, [sp, #768]\n"
        "bl other_work\n"
        "ldp q0, q1, [sp, #288]\nldp q2, q3, [sp, #320]\nldp q4, q5, [sp, #352]\nldp q6, q7, [sp, #384]\n"
        "ldp q8, q9, [sp, #416]\nldp q10, q11, [sp, #448]\nldp q12, q13, [sp, #480]\nldp q14, q15, [sp, #512]\n"
        "ldp q16, q17, [sp, #544]\nldp q18, q19, [sp, #576]\nldp q20, q21, [sp, #608]\nldp q22, q23, [sp, #640]\n"
        "ldp q24, q25, [sp, #672]\nldp q26, q27, [sp, #704]\nldp q28, q29, [sp, #736]\nldp q30, q31, [sp, #768]\n"
        "ldp x0, x30, [sp, #256]\nmsr fpcr, x0\nldp x0, x1, [sp, #240]\nmsr nzcv, x0\nmsr fpsr, x1\n"
        "ldp x0, x1, [sp, #0]\nldp x2, x3, [sp, #16]\nldp x4, x5, [sp, #32]\nldp x6, x7, [sp, #48]\n"
        "ldp x8, x9, [sp, #64]\nldp x10, x11, [sp, #80]\nldp x12, x13, [sp, #96]\nldp x14, x15, [sp, #112]\n"
        "ldp x16, x17, [sp, #128]\nldp x18, x19, [sp, #144]\nldp x20, x21, [sp, #160]\nldp x22, x23, [sp, #176]\n"
        "ldp x24, x25, [sp, #192]\nldp x26, x27, [sp, #208]\nldp x28, x29, [sp, #224]\n"
        /* x27 is the loop's to lose, as R27 is Go's. */
        "mov x27, x30\nadd sp, sp, #832\nldr x30, [sp], #16\nbr x27\n");

extern char loop_start[], loop_end[];

static void on_urg(int s, siginfo_t *i, void *context)
{
    (void)s;
    (void)i;
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    if (m->pc < (uintptr_t)loop_start || m->pc >= (uintptr_t)loop_end)
        return;
    m->sp -= 16;
    *(uint64_t *)m->sp = m->regs[30];
    m->regs[30] = m->pc;
    m->pc = (uintptr_t)preempt;
}

/* Uses flags, general and vector registers over the loop; the result is a function of n alone. */
static uint64_t loop(uint64_t n)
{
    uint64_t r;
    __asm__ volatile(".globl loop_start, loop_end\nloop_start:\n"
                     "mov x0, #1\nmov x1, #3\nmov x28, #5\nmov x30, #7\nfmov d8, #1.0\nfmov d9, #0.5\nmovi v20.4s, #1\n"
                     "movi v21.4s, #0\n"
                     "1: subs x2, %1, #1\nadc x0, x0, x1\nadds x1, x1, x0\nadc x28, x28, xzr\nmadd x30, x30, x1, x28\n"
                     "fmul d8, d8, d9\nfadd d8, d8, d9\nadd v21.4s, v21.4s, v20.4s\neor x0, x0, x30\n"
                     "mov %1, x2\ncbnz %1, 1b\n"
                     "fmov x1, d8\neor x0, x0, x1\naddv s21, v21.4s\nfmov w1, s21\nadd x0, x0, x1\neor %0, x0, x30\n"
                     "loop_end:"
                     : "=r"(r), "+r"(n)
                     :
                     : "x0", "x1", "x2", "x27", "x28", "x30", "v8", "v9", "v20", "v21", "cc", "memory");
    return r;
}

static void *worker(void *arg)
{
    uint64_t first = loop(3000);
    *(int *)arg = (int)syscall(SYS_gettid);
    ready = 1;
    while (!stop)
        if (loop(3000) != first)
            wrong++;
    return NULL;
}

int main(void)
{
    struct sigaction a = {.sa_sigaction = on_urg, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigaction(SIGURG, &a, NULL);
    pthread_t t;
    int tid;
    pthread_create(&t, NULL, worker, &tid);
    while (!ready)
        usleep(1000);
    for (int i = 0; i < 200000 && preempted < 1000; i++) {
        syscall(SYS_tgkill, getpid(), tid, SIGURG);
        if (i % 8 == 0)
            usleep(50);
    }
    stop = 1;
    pthread_join(t, NULL);
    printf("preempted often: %d, wrong %ld\n", preempted >= 1000, wrong);
    return 0;
}
