/* SPDX-License-Identifier: MIT */
/*
 * Requests of io_uring, where pointers with a tag may be passed: numbers lost their top byte where other requests have a pointer, and
 * pointers kept it in addr3, and where others have a number.
 * skip-qemu: it has no io_uring
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef TAG
#define TAG (0x2aull << 56)
#endif

static struct io_uring_params params;
static uint8_t *ring;
static struct io_uring_sqe *request;
static int ring_fd;

static uint64_t tagged(const void *p)
{
    return (uint64_t)p | TAG;
}

/* Makes the request at hand and prints what comes of it. */
static void make(const char *name)
{
    uint32_t *tail = (uint32_t *)(ring + params.sq_off.tail), *head = (uint32_t *)(ring + params.cq_off.head);
    struct io_uring_cqe *done = (struct io_uring_cqe *)(ring + params.cq_off.cqes);

    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring_fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
        exit(2);
    int r = done[*head & (params.cq_entries - 1)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    errno = -r;
    show(name, r < 0 ? -1 : r);
}

int main(void)
{
    const uint64_t far = 0x0100000000000005;
    char text[] = "abcdefgh", buf[8];
    struct __kernel_timespec ts = {1, 0};
    int fd = memfd_create("file", 0), ends[2];

    prctl(55, 1, 0, 0, 0);
    ring_fd = (int)syscall(SYS_io_uring_setup, 1, &params);
    ring = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
    request = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, IORING_OFF_SQES);
    if (pipe(ends) || ring == MAP_FAILED || request == MAP_FAILED)
        return 2;

    *request = (struct io_uring_sqe){.opcode = IORING_OP_WRITE, .fd = fd, .addr = tagged(text), .len = 8};
    make("write");
    *request = (struct io_uring_sqe){
        .opcode = IORING_OP_READ, .fd = fd, .addr = tagged(buf), .len = 8, .off = far};
    make("read far");
    *request = (struct io_uring_sqe){.opcode = IORING_OP_SPLICE, .fd = ends[1], .off = -1ull, .len = 8};
    request->splice_fd_in = fd, request->splice_off_in = far;
    make("splice far");
    *request = (struct io_uring_sqe){.opcode = IORING_OP_FALLOCATE, .fd = fd, .off = 5, .addr = far - 4};
    request->len = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    make("fallocate far");
    *request = (struct io_uring_sqe){.opcode = IORING_OP_READ, .fd = fd, .addr = tagged(buf), .len = 8};
    make("read");
    CHECK(!memcmp(buf, "abcde\0\0\0", 8));
    *request = (struct io_uring_sqe){.opcode = IORING_OP_TIMEOUT_REMOVE, .fd = -1, .addr2 = tagged(&ts)};
    request->timeout_flags = IORING_TIMEOUT_UPDATE;
    make("update of no timeout");
    *request = (struct io_uring_sqe){.opcode = IORING_OP_GETXATTR, .addr = tagged("user.a"), .len = 8};
    request->addr2 = tagged(buf), request->addr3 = tagged("/nowhere");
    make("getxattr of nothing");
    return 0;
}
