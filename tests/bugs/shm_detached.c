/* SPDX-License-Identifier: MIT */
/*
 * One thread attaches and detaches shared memory while another maps code, often at the place that has just become free, and runs it.
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define LEN 65536

static atomic_bool done;

static void *attach(void *arg)
{
    int id = *(int *)arg;
    while (!done) {
        void *p = shmat(id, NULL, 0);
        if (p == (void *)-1 || shmdt(p) != 0)
            return "failed";
    }
    return "fine";
}

#ifdef __aarch64__
static const uint8_t code[] = {0xc0, 0x03, 0x5f, 0xd6};
#else
static const uint8_t code[] = {0xc3};
#endif

int main(void)
{
    int id = shmget(IPC_PRIVATE, LEN, IPC_CREAT | 0600), n;
    pthread_t t;
    void *how;

    alarm(20);
    pthread_create(&t, NULL, attach, &id);
    for (n = 0; n < 3000; n++) {
        char *p = mmap(NULL, LEN, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memcpy(p, code, sizeof code);
        __builtin___clear_cache(p, p + sizeof code);
        ((void (*)(void))p)();
        munmap(p, LEN);
    }
    done = true;
    pthread_join(t, &how);
    printf("%d times, %s\n", n, (char *)how);
    return shmctl(id, IPC_RMID, NULL);
}
