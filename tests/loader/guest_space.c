/* SPDX-License-Identifier: MIT */
/*
 * A guest program that looks at what only xrun can get wrong: memory of xrun's own in the way of mappings,
 * code that changes under every call that may change it, the auxiliary vector, the vDSO, /proc/self/maps, and
 * descriptors and signals over exec. Prints each check that fails; the status is their number.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define OWN  ((void *)0x7d0000000000)
#define RW   (PROT_READ | PROT_WRITE)
#define RX   (PROT_READ | PROT_EXEC)

static int failed;

static void check(int good, int line, const char *what)
{
    if (good)
        return;
    printf("line %d: %s (errno %d)\n", line, what, errno);
    failed++;
}
#define CHECK(x) check((x), __LINE__, #x)

/* mov w0, #value; ret */
static void put_code(void *at, int value)
{
    unsigned *p = at;
    p[0] = 0x52800000u | (unsigned)value << 5;
    p[1] = 0xd65f03c0u;
    __builtin___clear_cache(at, (char *)at + 8);
}

static int call(void *at)
{
    return ((int (*)(void))at)();
}

static void heap(void)
{
    char *b = sbrk(0);
    CHECK(sbrk(64 << 20) == b);
    memset(b, 1, 64 << 20);
    CHECK(brk(b) == 0 && sbrk(0) == b);
    CHECK(sbrk(2 * PAGE) == b && b[PAGE] == 0);
    CHECK(sbrk(1l << 45) == (void *)-1 && errno == ENOMEM);
}

static void changing_code(void)
{
    char *j = mmap(NULL, 2 * PAGE, RW | PROT_EXEC, ANON, -1, 0);
    for (int i = 1; i < 50; i++) {
        put_code(j, i);
        CHECK(call(j) == i);
    }
    CHECK(mprotect(j, PAGE, RW) == 0);
    put_code(j, 60);
    CHECK(mprotect(j, PAGE, RX) == 0 && call(j) == 60);
    CHECK(mmap(j, PAGE, RW, MAP_FIXED | ANON, -1, 0) == j);
    put_code(j, 61);
    CHECK(mprotect(j, PAGE, RX) == 0 && call(j) == 61);
    char *k = mremap(j, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
    CHECK(k != MAP_FAILED && call(k) == 61);
    CHECK(munmap(k, 3 * PAGE) == 0 && mmap(k, PAGE, RW, MAP_FIXED | ANON, -1, 0) == k);
    put_code(k, 62);
    CHECK(mprotect(k, PAGE, RX) == 0 && call(k) == 62);
    int fd = memfd_create("twice", 0);
    CHECK(ftruncate(fd, PAGE) == 0);
    char *w = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0), *x = mmap(NULL, PAGE, RX, MAP_SHARED, fd, 0);
    put_code(w, 63);
    __builtin___clear_cache(x, x + 8);
    CHECK(call(x) == 63);
    put_code(w, 64);
    __builtin___clear_cache(x, x + 8);
    CHECK(call(x) == 64);
}

static void own_memory(void)
{
    CHECK(mmap(OWN, PAGE, PROT_READ, MAP_FIXED | ANON, -1, 0) == MAP_FAILED && errno == ENOMEM);
    CHECK(mmap(OWN, PAGE, PROT_READ, MAP_FIXED_NOREPLACE | ANON, -1, 0) == MAP_FAILED && errno == EEXIST);
    CHECK(mprotect(OWN, PAGE, RW) == -1 && errno == ENOMEM);
    CHECK(munmap(OWN, 1 << 20) == 0);
    CHECK(mmap(OWN, PAGE, PROT_READ, ANON, -1, 0) != OWN);
    CHECK(mremap(OWN, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED && errno == EFAULT);
    CHECK(madvise(OWN, PAGE, MADV_DONTNEED) == -1 && errno == ENOMEM);
}

static void odd_requests(void)
{
    void *high = (void *)0x800000000000;
    CHECK(mmap(high, PAGE, PROT_READ, MAP_FIXED | ANON, -1, 0) == MAP_FAILED && errno == ENOMEM);
    CHECK(munmap(high, PAGE) == -1 && errno == EINVAL);
    CHECK(mmap(NULL, 0, PROT_READ, ANON, -1, 0) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, (size_t)-1, PROT_READ, ANON, -1, 0) == MAP_FAILED && errno == ENOMEM);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED && errno == EBADF);
    CHECK(mmap(NULL, PAGE, PROT_READ, ANON | 0x40, -1, 0) > (void *)0x100000000); /* MAP_32BIT is x86's */
    CHECK(mmap((void *)0x10000, PAGE, PROT_READ, MAP_FIXED | ANON, -1, 0) == (void *)0x10000);
    for (size_t size = 1ul << 40; size <= 1ul << 44; size <<= 1) {
        void *p = mmap(NULL, size, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);
        CHECK(p != MAP_FAILED && munmap(p, size) == 0);
    }
    void *volatile nowhere = (void *)5;
    CHECK(write(1, nowhere, 3) == -1 && errno == EFAULT);
    CHECK(mprotect((void *)0x10000, PAGE, PROT_READ | 0x20) == -1 && errno == EINVAL); /* no MTE */
    void *own = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(own, PAGE, PROT_READ | 0x10) ==
          (getauxval(AT_HWCAP2) >> 17 & 1 ? 0 : -1)); /* BTI or none */
}

static void vector(const char *argv0)
{
    CHECK(getauxval(AT_PAGESZ) == PAGE && getauxval(AT_CLKTCK) == 100);
    CHECK(strcmp((char *)getauxval(AT_PLATFORM), "aarch64") == 0);
    CHECK((getauxval(AT_HWCAP) & 3) == 3 && getauxval(AT_UID) == getuid());
    CHECK(getauxval(AT_PHENT) == sizeof(Elf64_Phdr) && getauxval(AT_PHDR) && getauxval(AT_RANDOM));
    CHECK(strcmp((char *)getauxval(AT_EXECFN), argv0) == 0);
    Elf64_Ehdr *v = (void *)getauxval(AT_SYSINFO_EHDR);
    CHECK(v && memcmp(v->e_ident, ELFMAG, SELFMAG) == 0 && v->e_machine == EM_AARCH64);
}

static void clocks(void)
{
    struct timespec a, b;
    struct timeval tv;
    clock_gettime(CLOCK_MONOTONIC, &a);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &b);
    CHECK(b.tv_sec - a.tv_sec <= 5 && (b.tv_sec > a.tv_sec || b.tv_nsec >= a.tv_nsec));
    CHECK(clock_gettime(12345, &a) == -1 && errno == EINVAL);
    CHECK(clock_getres(CLOCK_REALTIME, &a) == 0 && a.tv_nsec == 1);
    CHECK(gettimeofday(&tv, NULL) == 0 && tv.tv_sec > 1600000000);
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a) == 0);
}

static void maps(void)
{
    char line[4096];
    int heap = 0, stack = 0, vdso = 0, code = 0, own = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    while (f && fgets(line, sizeof line, f)) {
        unsigned long start, end;
        char perm[8];
        CHECK(sscanf(line, "%lx-%lx %7s", &start, &end, perm) == 3);
        heap += strstr(line, "[heap]") != NULL;
        stack += strstr(line, "[stack]") && start < (unsigned long)&start && (unsigned long)&start < end;
        vdso += strstr(line, "[vdso]") && start == getauxval(AT_SYSINFO_EHDR) && !strcmp(perm, "r-xp");
        code += start <= (unsigned long)maps && (unsigned long)maps < end && perm[2] == 'x';
        own += start >= (unsigned long)OWN && start < (unsigned long)OWN + (1ul << 30);
    }
    CHECK(heap == 1 && stack == 1 && vdso == 1 && code == 1 && own == 0);
    if (f)
        fclose(f);
}

extern char **environ;

static int run(const char *path, char *const argv[])
{
    pid_t pid;
    int status = -1;
    errno = posix_spawn(&pid, path, NULL, NULL, argv, environ);
    if (errno == 0)
        waitpid(pid, &status, 0);
    return status;
}

static void programs(const char *self)
{
    char *argv[] = {"zero", "child", "3", NULL};
    CHECK(run("/proc/self/exe", argv) == 5 << 8);
    CHECK(run(self, argv) == 5 << 8);
    CHECK(run("/no/such/file", argv) == -1 && errno == ENOENT);
    CHECK(execl("/etc", "x", (char *)0) == -1 && errno == EACCES);
    CHECK(execl("/etc/passwd", "x", (char *)0) == -1 && errno == EACCES);
    CHECK(execl("/etc/passwd/x", "x", (char *)0) == -1 && errno == ENOTDIR);
    CHECK(execl("", "x", (char *)0) == -1 && errno == ENOENT);
    char name[] = "/tmp/guest-space-XXXXXX";
    int fd = mkstemp(name);
    dprintf(fd, "#! %s   child\n", self);
    fchmod(fd, 0755);
    close(fd);
    char *two[] = {"zero", NULL};
    CHECK(run(name, two) == 5 << 8);
    unlink(name);
    if (fork() == 0) {
        char bytes[65536];
        ssize_t n;
        int in = open("/proc/self/exe", O_RDONLY), out = memfd_create("copy", MFD_CLOEXEC);
        while ((n = read(in, bytes, sizeof bytes)) > 0)
            if (write(out, bytes, (size_t)n) != n)
                _exit(1);
        close(in);
        fexecve(out, argv, environ);
        _exit(2);
    }
    int status;
    wait(&status);
    CHECK(status == 5 << 8);
}

/* A program that was executed: nothing but 0, 1 and 2 may be open, and only what the parent left may be
 * blocked. */
static int child(void)
{
    sigset_t mask;
    for (int fd = 3; fd < 100; fd++)
        CHECK(fcntl(fd, F_GETFD) == -1);
    sigprocmask(SIG_BLOCK, NULL, &mask);
    CHECK(!sigismember(&mask, SIGUSR1) && !sigismember(&mask, SIGSEGV) && sigismember(&mask, SIGUSR2));
    struct sigaction a;
    sigaction(SIGSEGV, NULL, &a);
    CHECK(a.sa_handler == SIG_IGN);
    return failed ? 6 : 5;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "child") == 0)
        return child();
    heap();
    changing_code();
    own_memory();
    odd_requests();
    vector(argv[0]);
    clocks();
    maps();
    sigset_t block;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    sigprocmask(SIG_BLOCK, &block, NULL);
    signal(SIGSEGV, SIG_IGN);
    for (int fd = 3; fd < 100; fd++)
        close(fd);
    programs(argv[0]);
    puts(failed ? "failed" : "ok");
    return failed;
}
