/* SPDX-License-Identifier: MIT */
/*
 * A thread waits for a page (userfaultfd).  The one that brings it first does what the translator can do only when no other thread
 * is in translated code: it must not wait for the first.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIZE = 4096 };
static volatile char *page;

static void *reader(void *arg)
{
    printf("read %d\n", *page);
    return arg;
}

/* The first look at FPSR: translations that do not keep it up are dropped. */
static void look(void)
{
#ifdef __aarch64__
    uint64_t fpsr;
    __asm__ volatile("mrs %0, fpsr" : "=r"(fpsr));
#endif
}

static void serve(int fd)
{
    static char full[SIZE] __attribute__((aligned(SIZE)));
    struct uffd_msg m;
    pthread_t t;
    memset(full, 7, SIZE);
    pthread_create(&t, NULL, reader, NULL);
    if (read(fd, &m, sizeof m) != sizeof m)
        puts("no fault");
    look();
    struct uffdio_copy copy = {.dst = (uint64_t)page, .src = (uint64_t)full, .len = SIZE};
    if (ioctl(fd, UFFDIO_COPY, &copy))
        puts("no copy");
    pthread_join(t, NULL);
}

int main(void)
{
    struct uffdio_api api = {.api = UFFD_API};
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register whole = {.range = {(uint64_t)page, SIZE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &whole)) {
        puts("not allowed");
        return 0;
    }
    serve(fd);
    return 0;
}
