/* SPDX-License-Identifier: MIT */
/*
 * setjmp and longjmp over many frames, sigsetjmp with the mask, coroutines with ucontext: returns that
 * match no call.
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static jmp_buf top;
static sigjmp_buf sig;

__attribute__((noinline)) static int deep(int n)
{
    if (n == 0)
        longjmp(top, 42);
    return deep(n - 1) * 3 + 1;
}

static ucontext_t main_context, co[3];
static char stack[3][65536];
static int turns, trace[64];

__attribute__((noinline)) static void hop(int me, int depth)
{
    if (depth)
        return hop(me, depth - 1);
    trace[turns++ & 63] = me;
    swapcontext(&co[me],
                turns > 40 ? &main_context : &co[(me + turns) % 3 == me ? (me + 1) % 3 : (me + turns) % 3]);
}

static void body(int me)
{
    for (int i = 0;; i++)
        hop(me, i % 5);
}

static void on_signal(int s)
{
    siglongjmp(sig, s);
}

int main(void)
{
    volatile int rounds = 0;
    volatile double keep = 1.5;
    for (volatile int i = 0; i < 2000; i++) {
        int r = setjmp(top);
        if (r == 0)
            deep(i % 60);
        rounds += r;
        keep += 0.25;
    }
    printf("%d %g\n", rounds, keep);
    signal(SIGUSR1, on_signal);
    for (volatile int i = 0; i < 50; i++) {
        int r = sigsetjmp(sig, 1);
        if (r == 0)
            raise(SIGUSR1);
        sigset_t now;
        sigprocmask(SIG_BLOCK, NULL, &now);
        if (r != SIGUSR1 || sigismember(&now, SIGUSR1))
            printf("lost in round %d\n", i);
    }
    for (int i = 0; i < 3; i++) {
        getcontext(&co[i]);
        co[i].uc_stack.ss_sp = stack[i], co[i].uc_stack.ss_size = sizeof stack[i],
        co[i].uc_link = &main_context;
        makecontext(&co[i], (void (*)(void))body, 1, i);
    }
    swapcontext(&main_context, &co[0]);
    for (int i = 0; i < turns; i++)
        printf("%d", trace[i]);
    puts("");
    return 0;
}
