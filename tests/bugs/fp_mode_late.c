/* SPDX-License-Identifier: MIT */
/*
 * One thread looks at FPSR for the first time and goes to sleep in the kernel, before its run loop has dropped what was made for
 * nobody who looks.  Another one, which has set FPCR.FZ, goes on in that code with the inexact exception unmasked: it died by
 * the first that was inexact.  It writes FPCR, comes back from a signal, or has forked in between.  Each in a process that is new to it.
 * flags: -march=armv8.2-a+fp16 -pthread
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FZ         (1ul << 24)
#define RM_UPWARDS (1ul << 22)

static volatile int goes, choice;
static const uint16_t exact[8] = {1, 2, 3, 4, 5, 6, 7, 8}, inexact[8] = {0x1fff, 2, 3, 4, 5, 6, 7, 8};

__attribute__((noinline)) static uint64_t convert(const uint16_t *p)
{
    uint64_t r;
    asm volatile("ldr q0, [%1]\n ucvtf v1.8h, v0.8h\n ucvtf v0.4s, v0.4s\n eor v0.16b, v0.16b, v1.16b\n fmov %0, d0"
                 : "=r"(r)
                 : "r"(p), "m"(*(const uint16_t (*)[8])p)
                 : "v0", "v1");
    return r;
}

static void nothing(int sig)
{
    (void)sig;
}

static void write_fpcr(void)
{
    asm volatile("msr fpcr, %0" ::"r"(FZ | RM_UPWARDS));
}

static void *other(void *arg)
{
    for (int i = 0; i < 3; i++)
        convert(exact); /* its code is made */
    goes = 1;
    usleep(300000);
    if (choice == 0)
        write_fpcr();
    else if (choice == 1)
        raise(SIGUSR1);
    else if (fork()) {
        int status;
        wait(&status);
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
    } else
        write_fpcr();
    uint64_t r = convert(inexact);
    printf("%lx\n", (unsigned long)r);
    fflush(stdout);
    _exit(0);
    return arg;
}

/* Looks, and sleeps. */
static void look(void)
{
    struct timespec ts = {10, 0};
    uint64_t s;
    asm volatile("mov x0, %1\n mov x1, #0\n mov x8, #101\n mrs %0, fpsr\n svc #0" : "=&r"(s) : "r"(&ts) : "x0", "x1", "x8", "memory");
}

int main(void)
{
    signal(SIGUSR1, nothing);
    for (choice = 0; choice < 3; choice++)
        if (!fork()) {
            pthread_t t;
            asm volatile("msr fpcr, %0" ::"r"(FZ));
            pthread_create(&t, NULL, other, NULL);
            while (!goes)
                usleep(1000);
            look();
            return 1;
        }
    for (int k = 0; k < 3; k++) {
        int status;
        wait(&status);
        printf("%x\n", (unsigned)status);
    }
    return 0;
}
