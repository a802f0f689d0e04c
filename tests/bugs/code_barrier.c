/* SPDX-License-Identifier: MIT */
/*
 * A function is changed while other threads call it, and membarrier makes them fetch it anew, without an ISB of theirs.  What they
 * read that was written after that must not find them still in the old code.
 * modes: default tier1
 */
#include "../guest/c/t.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS = 6, CHANGES = 60, MOV = 0x52800000, RET = 0xd65f03c0 }; /* mov w0, #0 */
static _Atomic unsigned version, stop, old;
static uint32_t *code;

/* Long enough that a thread often loses its processor between the head of the loop and the load. */
static uint64_t turns(uint64_t n)
{
    uint64_t early = 0, x = 3;
    register uint64_t f __asm__("x9") = (uint64_t)code;
    __asm__ volatile("1:\n"
                     ".rept 20\n"
                     "mul %[x], %[x], %[x]\n"
                     "udiv %[x], %[x], %[n]\n"
                     ".endr\n"
                     "ldar w10, [%[version]]\n"
                     "blr %[f]\n"
                     "cmp w0, w10\n"
                     "cinc %[early], %[early], lo\n"
                     "subs %[n], %[n], #1\n"
                     "b.ne 1b\n"
                     : [n] "+r"(n), [early] "+r"(early), [x] "+r"(x)
                     : [f] "r"(f), [version] "r"(&version)
                     : "x0", "x10", "x30", "cc", "memory");
    return early;
}

static void *run(void *arg)
{
    while (!stop)
        atomic_fetch_add(&old, turns(5000));
    return arg;
}

int main(void)
{
    pthread_t t[THREADS];
    code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code[0] = MOV;
    code[1] = RET;
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0))
        puts("no membarrier");
    for (int i = 0; i < THREADS; i++)
        pthread_create(&t[i], NULL, run, NULL);
    for (unsigned n = 1; n <= CHANGES; n++) {
        usleep(10000);
        code[0] = MOV | n << 5;
        __builtin___clear_cache((char *)code, (char *)(code + 1));
        if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0))
            puts("membarrier fails");
        version = n;
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    printf("%u\n", old);
    return 0;
}
