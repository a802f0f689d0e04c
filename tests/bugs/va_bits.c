/* SPDX-License-Identifier: MIT */
/*
 * With --va-bits=39, everything that the program gets lies below 2^39: its code, its stack, the vDSO, and memory that it asks for by
 * mmap, mremap, shmat and threads, in a child of fork and behind exec, too.  Nothing can be had above.  (Sanitizers look at where the
 * stack is to choose the layout of their shadow memory, and know none for 47 bits.)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW   (PROT_READ | PROT_WRITE)
#define END  (1ull << 39)

static int failed;

static void low(const char *what, const void *p)
{
    if (p == MAP_FAILED || (uintptr_t)p >= END) {
        printf("%s: %p, errno %d\n", what, p, errno);
        failed++;
    }
}

static void *thread(void *arg)
{
    int here;
    low("a thread's stack", &here);
    low("a thread's heap", malloc(100));
    return arg;
}

static void moved(void)
{
    char *a = mmap(NULL, 3 * 4096, RW, ANON, -1, 0);
    memset(a, 7, 3 * 4096);
    low("mmap", a);
    mmap(a + 4096, 8192, PROT_READ, ANON | MAP_FIXED, -1, 0);
    char *b = mremap(a, 4096, 64 << 20, MREMAP_MAYMOVE);
    low("mremap", b);
    if (b == a || b[4095] != 7 || b[4096] != 0)
        low("what mremap moved", MAP_FAILED);
    low("mremap in place", mremap(b, 64 << 20, 4096, MREMAP_MAYMOVE));
    low("a hint above", mmap((void *)(END + (1 << 30)), 4096, RW, ANON, -1, 0));
}

int main(int argc, char **argv)
{
    pthread_t t[8];
    low("the program", (void *)main);
    low("the stack", argv);
    low("the vDSO", (void *)getauxval(AT_SYSINFO_EHDR));
    low("the library", (void *)getauxval(AT_BASE));
    for (int i = 0; i < 8; i++)
        pthread_create(&t[i], NULL, thread, NULL);
    for (int i = 0; i < 8; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < 200; i++)
        low("mmap again", mmap(NULL, (size_t)(i + 1) << 16, i & 1 ? RW : PROT_NONE, ANON, -1, 0));
    moved();
    int id = shmget(IPC_PRIVATE, 10000, 0600);
    low("shmat", shmat(id, NULL, 0));
    low("shmat again", shmat(id, NULL, 0));
    shmctl(id, IPC_RMID, NULL);
    if (mmap((void *)END, 4096, RW, ANON | MAP_FIXED, -1, 0) != MAP_FAILED || errno != ENOMEM)
        low("memory above", MAP_FAILED);
    if (mmap(NULL, END, PROT_NONE, ANON | MAP_NORESERVE, -1, 0) != MAP_FAILED || errno != ENOMEM)
        low("all memory", MAP_FAILED);
    low("a quarter of it", mmap(NULL, END / 4, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
    fflush(stdout);
    int status = 0;
    if (argc == 1) {
        if (fork() == 0)
            execl(argv[0], argv[0], "again", NULL);
        wait(&status);
        printf("%s\n", failed || status ? "not all of it is low" : "low");
    }
    return failed != 0;
}
