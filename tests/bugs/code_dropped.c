/* SPDX-License-Identifier: MIT */
/*
 * skip-qemu: it runs code that has gone
 *
 * Code that is dropped by madvise is not run any more: of a range that does not begin with code, of locked memory, and by
 * process_madvise (where the kernel has it for the process itself, from Linux 6.13 on) or io_uring.  And code that mremap moves
 * together with memory of other protections stays code (from Linux 6.17 on).
 * A guard page is no end of a file: SIGSEGV.
 */
#include "../guest/c/t.h"

#include <linux/io_uring.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

static const uint32_t code[] = {0x52800540, 0xd65f03c0}; /* mov w0, #42; ret */
static sigjmp_buf back;

static void on_signal(int signo)
{
    siglongjmp(back, signo);
}

static int call(char *p)
{
    int r = sigsetjmp(back, 1);
    if (r)
        return -r;
    for (int i = 0; i < 2000; i++)
        r = ((int (*)(void))p)();
    return r;
}

static void put(char *p)
{
    memcpy(p, code, sizeof code);
    __builtin___clear_cache(p, p + sizeof code);
    if (call(p) != 42)
        printf("it does not run\n");
}

/* Of code that is put there; the result. */
static int advise_by_ring(void *p, int advice)
{
    struct io_uring_params params = {0};
    int fd = (int)syscall(SYS_io_uring_setup, 1, &params);
    struct io_uring_sqe *sqe =
        mmap(NULL, sizeof *sqe, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    char *rings = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    *sqe = (struct io_uring_sqe){
        .opcode = IORING_OP_MADVISE, .addr = (uintptr_t)p, .len = PAGE, .fadvise_advice = (uint32_t)advice};
    *(uint32_t *)(rings + params.sq_off.tail) = 1;
    put(p);
    syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    return ((struct io_uring_cqe *)(rings + params.cq_off.cqes))->res;
}

int main(void)
{
    int self = (int)syscall(434 /* pidfd_open */, getpid(), 0);
    char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *q = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *c = p + PAGE;
    signal(SIGILL, on_signal);
    signal(SIGSEGV, on_signal);
    mprotect(p, PAGE, PROT_READ | PROT_WRITE);

    int r = advise_by_ring(c, MADV_DONTNEED);
    printf("%d: %d\n", r, call(c));

    put(c);
    r = madvise(p, 2 * PAGE, MADV_DONTNEED);
    printf("%d: %d\n", r, call(c));

    put(c);
    mlock(c, PAGE);
    r = madvise(c, PAGE, 24 /* MADV_DONTNEED_LOCKED */);
    printf("%d: %d\n", r, call(c));
    munlock(c, PAGE);

    put(c);
    struct iovec v = {c, PAGE};
    r = (int)syscall(440 /* process_madvise */, self, &v, 1, MADV_DONTNEED, 0);
    printf("%s\n", call(c) == (r == PAGE ? -SIGILL : 42) ? "good" : "bad");

    put(c);
    r = madvise(c, PAGE, 102 /* MADV_GUARD_INSTALL, from Linux 6.13 on */);
    printf("%s\n", call(c) == (r ? 42 : -SIGSEGV) ? "good" : "bad");
    madvise(c, PAGE, 103 /* MADV_GUARD_REMOVE */);

    put(c);
    bool moved = mremap(p, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q;
    printf("%s\n", call(moved ? q + PAGE : c) == 42 ? "good" : "bad");
    return 0;
}
