/* SPDX-License-Identifier: MIT */
/*
 * RLIMIT_AS holds for what the kernel maps by itself, too: shared memory of System V, and the ring of asynchronous I/O.
 */
#include "../guest/c/t.h"

#include <linux/aio_abi.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static void limit(unsigned mib)
{
    struct rlimit r = {(uint64_t)mib << 20, RLIM_INFINITY};
    show("setrlimit", setrlimit(RLIMIT_AS, &r));
}

static void *attach(int id)
{
    void *p = shmat(id, NULL, 0);
    good("shmat", p == (void *)-1 ? -1 : 0);
    return p;
}

static aio_context_t set_up(void)
{
    aio_context_t context = 0;
    show("io_setup", syscall(SYS_io_setup, 8, &context));
    printf("%s\n", context ? "a context" : "none");
    return context;
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, 300 << 20, IPC_CREAT | 0600);
    void *p;

    limit(800);
    p = attach(id);
    attach(id);
    attach(id);
    show("shmdt", shmdt(p));
    attach(id);
    good("mmap", (long)mmap(NULL, 300 << 20, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    show("io_destroy", syscall(SYS_io_destroy, set_up()));
    limit(1);
    set_up();
    good("no such segment", (long)shmat(-1, NULL, 0));
    return shmctl(id, IPC_RMID, NULL);
}
