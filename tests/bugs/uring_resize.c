/* SPDX-License-Identifier: MIT */
/*
 * Rings that get new memory (Linux 6.13) while the thread knows them by number, or while it is the program's own: what differs
 * between the machines is right in requests made before and afterwards.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    SINGLE_ISSUER = 1 << 12,
    DEFER_TASKRUN = 1 << 13,
    NO_MMAP = 1 << 14,
    NO_SQARRAY = 1 << 16,
    REGISTER_RING_FDS = 20,
    REGISTER_RESIZE = 33,
    BY_NUMBER = 1 << 4
};
#define REGISTER_BY_NUMBER (1u << 31)
#define HALF               (64 << 10)

static int fd;
static bool by_number;
static struct io_uring_params p;
static uint8_t *rings, *sqes;
static uint32_t sq_tail;

static int ring(void)
{
    return by_number ? 0 : fd;
}

/* Memory of the program's own, named in the parameters if the ring is to have it. */
static void memory(bool own)
{
    sqes = mmap(NULL, 2 * HALF, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    rings = sqes + HALF;
    if (own) {
        memcpy((char *)&p.sq_off + 32, &sqes, 8);
        memcpy((char *)&p.cq_off + 32, &rings, 8);
    }
}

static void map(bool own)
{
    if (own)
        return;
    munmap(sqes, 2 * HALF);
    rings = mmap(NULL, HALF, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    if (rings == MAP_FAILED)
        rings = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
    sqes = mmap(NULL, p.sq_entries * 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
}

static void open_it(const char *path, int flags)
{
    struct io_uring_sqe *s = (struct io_uring_sqe *)sqes + (sq_tail++ & (p.sq_entries - 1));
    memset(s, 0, sizeof *s);
    s->opcode = IORING_OP_OPENAT;
    s->fd = AT_FDCWD;
    s->addr = (uintptr_t)path;
    s->open_flags = (uint32_t)flags;
    __atomic_store_n((uint32_t *)(rings + p.sq_off.tail), sq_tail, __ATOMIC_RELEASE);
    show("enter", syscall(SYS_io_uring_enter, ring(), 1, 1,
                          IORING_ENTER_GETEVENTS | (by_number ? BY_NUMBER : 0), NULL, 0));
    uint32_t *head = (uint32_t *)(rings + p.cq_off.head);
    if (*head == *(uint32_t *)(rings + p.cq_off.tail)) {
        printf("%s: nothing\n", path);
        return;
    }
    int res = ((struct io_uring_cqe *)(rings + p.cq_off.cqes))[*head & (p.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    printf("%s: %d\n", path, res < 0 ? res : 0);
    if (res >= 0)
        close(res);
}

static void opens(void)
{
    open_it("/etc/passwd", O_DIRECTORY);
    open_it("/etc", O_DIRECTORY);
    open_it("/proc/self/exe", O_NOFOLLOW);
    open_it("/proc/self/nothing", 0);
}

static void resize(bool own, unsigned entries)
{
    memset(&p, 0, sizeof p);
    p.sq_entries = entries;
    p.cq_entries = 2 * entries;
    memory(own);
    show("resize", syscall(SYS_io_uring_register, ring(),
                           REGISTER_RESIZE | (by_number ? REGISTER_BY_NUMBER : 0), &p, 1));
    map(own);
    opens();
}

static void all(const char *name, bool own, bool number)
{
    printf("%s\n", name);
    memset(&p, 0, sizeof p);
    p.flags = SINGLE_ISSUER | DEFER_TASKRUN | NO_SQARRAY | (own ? NO_MMAP : 0);
    sq_tail = 0;
    by_number = false;
    memory(own);
    fd = (int)good("setup", syscall(SYS_io_uring_setup, 16, &p));
    map(own);
    if (number) {
        struct io_uring_rsrc_update u = {.offset = -1u, .data = (uint64_t)fd};
        show("register", syscall(SYS_io_uring_register, fd, REGISTER_RING_FDS, &u, 1));
        by_number = true;
    }
    opens();
    resize(own, 32);
    resize(own, 8);
    close(fd);
    if (number) {
        struct io_uring_rsrc_update u = {.offset = 0};
        show("unregister",
             syscall(SYS_io_uring_register, 0, (REGISTER_RING_FDS + 1) | REGISTER_BY_NUMBER, &u, 1));
    }
}

int main(void)
{
    all("plain", false, false);
    all("by number", false, true);
    all("own memory", true, false);
    all("own memory, by number", true, true);
    return 0;
}
