/* SPDX-License-Identifier: MIT */
/*
 * A ring that is made with the last descriptor that the program may have can do all that others can.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct io_uring_params p;
static uint8_t *rings;
static struct io_uring_sqe *sqes;
static int fd;

static void open_it(const char *path, int flags)
{
    uint32_t *sq_tail = (uint32_t *)(rings + p.sq_off.tail), place = *sq_tail & (p.sq_entries - 1);

    memset(&sqes[place], 0, sizeof *sqes);
    sqes[place].opcode = IORING_OP_OPENAT;
    sqes[place].fd = AT_FDCWD;
    sqes[place].addr = (uintptr_t)path;
    sqes[place].open_flags = (uint32_t)flags;
    ((uint32_t *)(rings + p.sq_off.array))[place] = place;
    __atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
    show("enter", syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0));
    uint32_t *head = (uint32_t *)(rings + p.cq_off.head);
    int res = ((struct io_uring_cqe *)(rings + p.cq_off.cqes))[*head & (p.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    printf("%s: %d\n", path, res);
    if (res >= 0)
        close(res);
}

int main(void)
{
    struct rlimit r = {4, 4096};

    show("setrlimit", setrlimit(RLIMIT_NOFILE, &r));
    fd = (int)show("setup", syscall(SYS_io_uring_setup, 8, &p));
    rings = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
    open_it("/etc", O_DIRECTORY);
    close(0);
    open_it("/etc", O_DIRECTORY);
    open_it("/etc/passwd", O_DIRECTORY);
    return 0;
}
