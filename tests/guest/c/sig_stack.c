/* SPDX-License-Identifier: MIT */
/*
 * Stack overflow on an alternate stack, left by siglongjmp, again and again; sigaltstack's rules; one in a
 * thread.
 */
#include "t.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>

static sigjmp_buf back;
static char alt[2][65536];
static volatile int on_alt, caught;

__attribute__((noinline)) static long endless(volatile char *p)
{
    volatile char big[4000];
    big[0] = p ? p[0] : 1;
    return endless(big) + big[0];
}

static void on_segv(int s)
{
    char here;
    (void)s;
    on_alt += (&here > alt[0] && &here < alt[0] + sizeof alt[0]) ||
              (&here > alt[1] && &here < alt[1] + sizeof alt[1]);
    stack_t now;
    sigaltstack(NULL, &now);
    on_alt += (now.ss_flags & SS_ONSTACK) != 0;
    caught++;
    siglongjmp(back, 1);
}

static void *thread(void *arg)
{
    stack_t st = {.ss_sp = alt[1], .ss_size = sizeof alt[1]};
    sigaltstack(NULL, arg);
    sigaltstack(&st, NULL);
    if (sigsetjmp(back, 1) == 0)
        endless(NULL);
    return NULL;
}

int main(void)
{
    struct sigaction sa = {.sa_handler = on_segv, .sa_flags = SA_ONSTACK};
    stack_t st = {.ss_sp = alt[0], .ss_size = sizeof alt[0]}, old;
    show("sigaltstack", sigaltstack(&st, NULL));
    sigaltstack(NULL, &old);
    printf("%d %d %d\n", old.ss_sp == alt[0], old.ss_size == sizeof alt[0], old.ss_flags);
    sigaction(SIGSEGV, &sa, NULL);
    for (int i = 0; i < 3; i++) {
        if (sigsetjmp(back, 1) == 0)
            endless(NULL);
        printf("caught %d on alt %d\n", caught, on_alt);
    }
    st.ss_size = 100;
    show("too small", sigaltstack(&st, NULL));
    st.ss_size = sizeof alt[0], st.ss_flags = 77;
    show("bad flags", sigaltstack(&st, NULL));
    pthread_t t;
    pthread_create(&t, NULL, thread, &old);
    pthread_join(t, NULL);
    printf("caught %d on alt %d; in the thread first %s\n", caught, on_alt,
           old.ss_flags & SS_DISABLE ? "disabled" : "enabled");
    st.ss_flags = SS_DISABLE;
    sigaltstack(&st, NULL);
    fflush(stdout);
    endless(NULL);
    return 0;
}
