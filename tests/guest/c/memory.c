/* SPDX-License-Identifier: MIT */
/*
 * mmap, munmap, mprotect, mremap, msync, madvise, mincore, fixed and shared mappings: results, contents and
 * protections.
 */
#include "t.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static void on_segv(int s)
{
    (void)s;
    siglongjmp(back, 1);
}

static const char *access_to(volatile char *p)
{
    static const char *const names[] = {"--", "r-", "-w", "rw"};
    static volatile unsigned can;
    can = 0;
    if (sigsetjmp(back, 1) == 0)
        (void)*p, can |= 1;
    if (sigsetjmp(back, 1) == 0)
        *p = *p, can |= 2;
    return names[can];
}

static char *map(void *at, size_t n, int prot, int flags)
{
    return mmap(at, n, prot, flags | MAP_ANONYMOUS, -1, 0);
}

static const size_t P = 4096;

/* A is 16 pages, of which the third and fourth become readable, the fifth nothing, the seventh a hole. */
static void protections(char *a)
{
    for (int i = 0; i < 16; i++)
        a[(size_t)i * P] = (char)('a' + i);
    show("mprotect", mprotect(a + 2 * P, 2 * P, PROT_READ)),
        show("mprotect", mprotect(a + 4 * P, P, PROT_NONE)), show("munmap", munmap(a + 6 * P, P));
    for (size_t i = 0; i < 8; i++)
        printf("%s ", access_to(a + i * P));
    puts("");
    show("mprotect over a hole", mprotect(a, 8 * P, PROT_READ | PROT_WRITE));
    printf("%s %s %s\n", access_to(a + 5 * P), access_to(a + 6 * P), access_to(a + 7 * P));
}

static void fixed(char *a)
{
    char *b = map(a + 6 * P, P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE);
    printf("%d %d\n", b == a + 6 * P, b[0]);
    b = map(a + 8 * P, P, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE);
    printf("%s\n", b == MAP_FAILED ? strerrorname_np(errno) : "mapped");
    b = map(a + 8 * P, P, PROT_READ, MAP_PRIVATE | MAP_FIXED);
    printf("%d %d %c\n", b == a + 8 * P, b[0], a[9 * P]);
}

static void moved(char *a)
{
    char *c = mremap(a + 10 * P, 2 * P, 8 * P, MREMAP_MAYMOVE);
    printf("%d %c %c %d\n", c != MAP_FAILED, c[0], c[P], c[7 * P]);
    c = mremap(c, 8 * P, P, 0);
    printf("%c %s\n", c[0], access_to(c + P));
    char *d = map(NULL, 4 * P, PROT_NONE, MAP_PRIVATE);
    char *e = mremap(c, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, d + P);
    printf("%d %c %s %s\n", e == d + P, e[0], access_to(c), access_to(d));
}

static void errors(char *a)
{
    show("mremap of nothing", mremap((void *)0x10000, P, 2 * P, 0) == MAP_FAILED ? -1 : 0);
    show("misaligned", mprotect(a + 1, P, PROT_READ)), show("wrapping", munmap(a, (size_t)-4096)),
        show("length 0", map(NULL, 0, PROT_READ, MAP_PRIVATE) == MAP_FAILED ? -1 : 0);
    show("too large", map(NULL, (size_t)1 << 60, PROT_READ, MAP_PRIVATE) == MAP_FAILED ? -1 : 0);
    show("bad fd", mmap(NULL, P, PROT_READ, MAP_PRIVATE, 999, 0) == MAP_FAILED ? -1 : 0);
    show("no flags", map(NULL, P, PROT_READ, 0) == MAP_FAILED ? -1 : 0);
}

static void shared_with_child(char *a)
{
    int *s = (int *)map(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED);
    if (fork() == 0) {
        s[3] = 77, a[0] = 'Z';
        _exit(0);
    }
    wait(NULL);
    printf("%d %c\n", s[3], a[0]);
}

static void of_a_file(void)
{
    int fd = fileno(tmpfile());
    ftruncate(fd, (off_t)(3 * P));
    char *m = mmap(NULL, 3 * P, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
         *q = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, (off_t)P),
         *k = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, (off_t)P);
    strcpy(m + P, "shared");
    printf("%s %s\n", q, k);
    strcpy(q, "private");
    printf("%s %s %s\n", m + P, q, k);
    show("msync", msync(m, 3 * P, MS_SYNC)), show("mlock", mlock(m, P));
    char buf[10];
    pread(fd, buf, 7, (off_t)P);
    puts(buf);
    show("write to a read-only mapping", read(0, (void *)k, 0));
    show("offset", mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 100) == MAP_FAILED ? -1 : 0);
}

static void advice(char *page)
{
    *page = 'x';
    show("madvise", madvise(page, P, MADV_DONTNEED));
    printf("%d\n", *page);
    unsigned char core[2];
    *page = 1;
    show("mincore", mincore(page, P, core));
    printf("%d\n", core[0] & 1);
    /* The arguments are looked at before what is mapped there. */
    show("wrong advice", madvise(page, 1ul << 46, 99));
    show("round the end", madvise(page, -P, MADV_DONTNEED));
    show("up to the end", madvise(page, 0ul - (uintptr_t)page, MADV_DONTNEED));
}

static void huge(void)
{
    char *big = map(NULL, (size_t)1 << 36, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE);
    big[(size_t)1 << 35] = 3;
    printf("%d %d\n", big != MAP_FAILED, big[(size_t)1 << 35]);
    show("munmap", munmap(big, (size_t)1 << 36));
}

/* New memory is zero, whatever was there before. */
static void many(void)
{
    int bad = 0;
    for (int i = 0; i < 3000; i++) {
        size_t n = (rnd() % 20 + 1) * P;
        char *p = map(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE);
        bad += p == MAP_FAILED || p[0] || p[n - 1];
        p[n / 2] = 1;
        if (i % 3)
            munmap(p, n);
        else if (i % 2)
            mprotect(p, P, PROT_READ);
    }
    printf("bad %d\n", bad);
}

int main(void)
{
    signal(SIGSEGV, on_segv);
    char *a = map(NULL, 16 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    protections(a);
    fixed(a);
    moved(a);
    errors(a);
    shared_with_child(a);
    of_a_file();
    advice(a + P);
    huge();
    many();
    return 0;
}
