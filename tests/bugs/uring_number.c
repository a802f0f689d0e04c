/* SPDX-License-Identifier: MIT */
/*
 * Rings, most of which a thread of the kernel serves (SQPOLL), used by their number in the thread's list, and afterwards.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REGISTER_RING_FDS = 20, BY_NUMBER = 1 << 4 };
#define REGISTER_BY_NUMBER (1u << 31)

static struct io_uring_params p;
static uint8_t *rings;
static struct io_uring_sqe *sqes;
static uint32_t sq_tail;

static int request(int op, const char *path, int flags)
{
    uint32_t place = sq_tail++ & (p.sq_entries - 1);
    memset(&sqes[place], 0, sizeof *sqes);
    sqes[place].opcode = (uint8_t)op;
    sqes[place].fd = AT_FDCWD;
    sqes[place].addr = (uintptr_t)path;
    sqes[place].open_flags = (uint32_t)flags;
    ((uint32_t *)(rings + p.sq_off.array))[place] = place;
    __atomic_store_n((uint32_t *)(rings + p.sq_off.tail), sq_tail, __ATOMIC_RELEASE);
    show("enter", syscall(SYS_io_uring_enter, 0, 1, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP | BY_NUMBER, NULL, 0));
    uint32_t *head = (uint32_t *)(rings + p.cq_off.head);
    if (*head == __atomic_load_n((uint32_t *)(rings + p.cq_off.tail), __ATOMIC_ACQUIRE))
        return 1;
    int res = ((struct io_uring_cqe *)(rings + p.cq_off.cqes))[*head & (p.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return res;
}

static void all(const char *name, unsigned flags, bool closed)
{
    struct io_uring_rsrc_update u = {.offset = -1u}, gone = {.offset = 0};
    printf("%s\n", name);
    memset(&p, 0, sizeof p);
    p.flags = flags;
    p.sq_thread_idle = 1;
    sq_tail = 0;
    int fd = (int)good("setup", syscall(SYS_io_uring_setup, 8, &p));
    rings = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    u.data = (uint64_t)fd;
    show("register", syscall(SYS_io_uring_register, fd, REGISTER_RING_FDS, &u, 1));
    if (closed)
        close(fd);
    if (flags & IORING_SETUP_R_DISABLED)
        show("enable", syscall(SYS_io_uring_register, 0, IORING_REGISTER_ENABLE_RINGS | REGISTER_BY_NUMBER, NULL, 0));
    printf("nop: %d\n", request(IORING_OP_NOP, NULL, 0));
    /* Not possible, or as it should be. */
    printf("a file is no folder: %d\n", request(IORING_OP_OPENAT, "/etc/passwd", O_DIRECTORY) < 0);
    if (!closed)
        close(fd);
    show("unregister", syscall(SYS_io_uring_register, 0, (REGISTER_RING_FDS + 1) | REGISTER_BY_NUMBER, &gone, 1));
    munmap(rings, 4096), munmap(sqes, 4096);
    show("no number", syscall(SYS_io_uring_enter, 0, 1, 0, BY_NUMBER, NULL, 0));
}

int main(void)
{
    all("plain", IORING_SETUP_SQPOLL, false);
    all("disabled first", IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED, false);
    all("closed", IORING_SETUP_SQPOLL, true);
    all("closed, disabled first", IORING_SETUP_SQPOLL | IORING_SETUP_R_DISABLED, true);
    all("without a thread", 0, false);
    all("without a thread, closed", 0, true);
    return 0;
}
