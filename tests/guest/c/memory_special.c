/* SPDX-License-Identifier: MIT */
/*
 * The rarer half of memory management: terabytes that are only reserved, mremap's flags, advice that changes contents or
 * what a child sees, seals, locks, userfaultfd, limits, and a file that shrinks under its mapping.
 */
#include "t.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static const size_t P = 4096;
static sigjmp_buf back;
static int fault_signal, fault_code;

static void on_fault(int s, siginfo_t *i, void *uc)
{
    (void)uc;
    fault_signal = s, fault_code = i->si_code;
    siglongjmp(back, 1);
}

static const char *touch(volatile char *p)
{
    static char text[40];
    if (sigsetjmp(back, 1) == 0) {
        snprintf(text, sizeof text, "%d", *p);
        return text;
    }
    snprintf(text, sizeof text, "signal %d code %d", fault_signal, fault_code);
    return text;
}

static char *map(size_t n, int prot, int flags)
{
    return mmap(NULL, n, prot, flags | MAP_ANONYMOUS, -1, 0);
}

static long resident(void)
{
    long size, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &size, &pages) != 2)
        pages = 0;
    fclose(f);
    return pages;
}

static void reserved(void)
{
    const size_t T = (size_t)1 << 40;
    long before = resident();
    char *a = map(8 * T, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE),
         *b = map(4 * T, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE);
    printf("%d %d\n", a != MAP_FAILED, b != MAP_FAILED);
    b[3 * T] = 5;
    show("part of it", mprotect(a + 5 * T, 16 * P, PROT_READ | PROT_WRITE));
    a[5 * T + P] = 6;
    printf("%d %d %s\n", b[3 * T], a[5 * T + P], touch(a + 6 * T));
    show("whole", mprotect(a, 8 * T, PROT_NONE)), show("unmap", munmap(b, 4 * T));
    printf("%s\n", touch(b + 3 * T));
    for (size_t i = 0; i < 2000; i++)
        mprotect(a + 2 * i * P, P, PROT_READ);
    show("unmap", munmap(a, 8 * T));
    printf("little memory: %d\n", resident() - before < 2000);
}

static void moving(void)
{
    char *a = map(4 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE),
         *s = map(2 * P, PROT_READ | PROT_WRITE, MAP_SHARED);
    strcpy(a, "first"), strcpy(a + P, "second"), strcpy(s, "shared");
    char *b = mremap(a, P, P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
    printf("%s, old %s\n", b, touch(a));
    printf("of nothing: %s\n",
           mremap(a, 0, P, MREMAP_MAYMOVE) == MAP_FAILED ? strerrorname_np(errno) : "mapped");
    char *t = mremap(s, 0, 2 * P, MREMAP_MAYMOVE);
    strcpy(t + P, "twice");
    printf("%s %s\n", t, s + P);
    printf("over itself: %s\n", mremap(a, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, a + P) == MAP_FAILED
                                    ? strerrorname_np(errno)
                                    : "mapped");
    printf("flags: %s\n", mremap(a, P, P, 64) == MAP_FAILED ? strerrorname_np(errno) : "mapped");
    munmap(a + 3 * P, P);
    printf("beyond: %s\n",
           mremap(a, 4 * P, 8 * P, MREMAP_MAYMOVE) == MAP_FAILED ? strerrorname_np(errno) : "mapped");
    mprotect(a + P, P, PROT_READ);
    char *c = mremap(a + P, P, 3 * P, MREMAP_MAYMOVE);
    printf("protection goes with it: %s %s\n", c,
           sigsetjmp(back, 1) == 0 ? (*(volatile char *)c = 1, "written") : "read-only");
}

static void advice(void)
{
    char *a = map(6 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    for (size_t i = 0; i < 6; i++)
        a[i * P] = (char)('a' + i);
    show("dontneed", madvise(a, P, MADV_DONTNEED)), show("wipeonfork", madvise(a + P, P, MADV_WIPEONFORK));
    show("dontfork", madvise(a + 2 * P, P, MADV_DONTFORK)),
        show("hugepage", madvise(a + 3 * P, P, MADV_NOHUGEPAGE));
    show("dontdump", madvise(a + 3 * P, P, MADV_DONTDUMP)),
        show("populate", madvise(a + 4 * P, P, MADV_POPULATE_WRITE));
    show("unknown", madvise(a, P, 12345)), show("misaligned", madvise(a + 1, P, MADV_DONTNEED));
    fflush(stdout);
    if (fork() == 0) {
        printf("child: %d %d %s %c\n", a[0], a[P], touch(a + 2 * P), a[3 * P]);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    printf("parent: %d %c %c\n", a[0], a[P], a[2 * P]);
}

static void files(void)
{
    int fd = memfd_create("m", MFD_ALLOW_SEALING);
    ftruncate(fd, (off_t)(4 * P));
    char *m = mmap(NULL, 4 * P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    memset(m, 7, 4 * P);
    show("seal over a writable mapping", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    ftruncate(fd, (off_t)(2 * P));
    printf("%s\n", touch(m + P));
    printf("gone: %s\n", touch(m + 3 * P));
    ftruncate(fd, (off_t)(4 * P));
    printf("back: %s\n", touch(m + 3 * P));
    char buf[8];
    ftruncate(fd, (off_t)P);
    lseek(fd, 0, SEEK_SET);
    show("read into what is gone", read(fd, m + 2 * P, 8)), show("read", read(fd, buf, 8));
    munmap(m, 4 * P);
    show("seal", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    printf("%s\n", mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED
                       ? strerrorname_np(errno)
                       : "mapped");
    printf("huge: %s\n", map(2 << 20, PROT_READ, MAP_PRIVATE | MAP_HUGETLB) == MAP_FAILED
                             ? strerrorname_np(errno)
                             : "mapped");
    printf("sync: %s\n", mmap(NULL, P, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0) == MAP_FAILED
                             ? strerrorname_np(errno)
                             : "mapped");
}

static void locks(void)
{
    char *a = map(4 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    show("mlock", mlock(a, P)), show("mlock2", (long)mlock2(a + P, P, MLOCK_ONFAULT)),
        show("munlock", munlock(a, 4 * P));
    show("hole", mlock(a + ((size_t)1 << 40), P));
    printf("wrong signature of remap: %s\n",
           syscall(SYS_remap_file_pages, a, P, 0, 1, 0) < 0 ? strerrorname_np(errno) : "done");
}

static void *filler(void *arg)
{
    int fd = *(int *)arg;
    struct uffd_msg m;
    char page[4096];
    memset(page, 'u', sizeof page);
    if (read(fd, &m, sizeof m) == sizeof m && m.event == UFFD_EVENT_PAGEFAULT) {
        struct uffdio_copy c = {
            .dst = m.arg.pagefault.address & ~4095ull, .src = (uintptr_t)page, .len = 4096};
        ioctl(fd, UFFDIO_COPY, &c);
    }
    return NULL;
}

static void user_faults(void)
{
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    if (fd < 0) {
        printf("userfaultfd: %s\n", strerrorname_np(errno));
        return;
    }
    struct uffdio_api api = {.api = UFFD_API};
    char *a = map(P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    show("api", ioctl(fd, UFFDIO_API, &api));
    struct uffdio_register r = {.range = {(uintptr_t)a, P}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    show("register", ioctl(fd, UFFDIO_REGISTER, &r));
    pthread_t t;
    pthread_create(&t, NULL, filler, &fd);
    printf("%c\n", a[100]);
    pthread_join(t, NULL);
}

static void limits(void)
{
    struct rlimit r;
    getrlimit(RLIMIT_AS, &r);
    printf("as unlimited: %d\n", r.rlim_cur == RLIM_INFINITY);
    r = (struct rlimit){100, 200};
    show("set", setrlimit(RLIMIT_NOFILE, &r)), show("beyond", dup2(0, 150));
    r.rlim_cur = 300;
    show("above", setrlimit(RLIMIT_NOFILE, &r));
    /* What is used already does not count against the guest: the limit is for what it maps itself. */
    char *before = sbrk(0);
    printf("brk %d\n", sbrk(1 << 20) == before && sbrk(-(1 << 20)) == before + (1 << 20));
}

int main(void)
{
    struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &a, NULL), sigaction(SIGBUS, &a, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    reserved();
    moving();
    advice();
    files();
    locks();
    user_faults();
    limits();
    return 0;
}
