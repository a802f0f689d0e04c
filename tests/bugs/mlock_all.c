/* SPDX-License-Identifier: MIT */
/*
 * mlockall and munlockall are about the program's memory: an emulator's own neither counts against the limit nor becomes
 * resident, and what an emulator maps for itself afterwards is not locked.
 *
 * modes: default interp
 */
#include "../guest/c/t.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif
#define PAGE  4096ul
#define LIMIT (8ul << 20)
#define PAGES 16ul
#define SIZE  (PAGES * PAGE)

/* A number in /proc/self/status, in KiB. */
static long status_of(const char *name)
{
    char line[256];
    long value = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name), NULL, 10);
    fclose(f);
    return value;
}

/* Is the mapping that has p locked? */
static bool locked(const void *p)
{
    char line[4096];
    unsigned long start, end;
    bool here = false, lo = false;
    FILE *f = fopen("/proc/self/smaps", "r");
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            here = start <= (uintptr_t)p && (uintptr_t)p < end;
        else if (here && strncmp(line, "VmFlags:", 8) == 0)
            lo = strstr(line, " lo") != NULL;
    fclose(f);
    return lo;
}

static int stack_lines(void)
{
    char line[4096];
    int n = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f))
        n += strstr(line, "[stack]") != NULL;
    fclose(f);
    return n;
}

static int resident(void *p)
{
    unsigned char there[PAGES];
    int n = 0;
    if (mincore(p, SIZE, there) != 0)
        return -1;
    for (size_t i = 0; i < PAGES; i++)
        n += there[i] & 1;
    return n;
}

static void *map(const char *what, size_t size, int prot)
{
    void *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("map %s: %s\n", what, p == MAP_FAILED ? strerrorname_np(errno) : "ok");
    if (p != MAP_FAILED)
        madvise(p, size, MADV_NOHUGEPAGE);
    return p;
}

static void tell(const char *what, void *p)
{
    printf("%s: locked %d, resident %d\n", what, locked(p), resident(p));
}

static void limit(rlim_t soft)
{
    struct rlimit r;
    getrlimit(RLIMIT_MEMLOCK, &r);
    r.rlim_cur = soft < r.rlim_max ? soft : r.rlim_max;
    show("setrlimit", setrlimit(RLIMIT_MEMLOCK, &r));
}

static void no_privilege(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[2];
    syscall(SYS_capget, &head, caps);
    caps[0].effective &= ~(1u << CAP_IPC_LOCK);
    show("capset", syscall(SYS_capset, &head, caps));
}

static void arguments(void)
{
    static const int flags[] = {0, MCL_ONFAULT, 8, MCL_CURRENT | 8, -1};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        show("mlockall, wrong", mlockall(flags[i]));
}

static void *thread(void *arg)
{
    volatile char big[100000];
    big[0] = 1;
    return big[0] ? arg : NULL;
}

/* What is there, and what comes later, until it is ended. */
static void current(void)
{
    char *before = map("before", SIZE, PROT_READ | PROT_WRITE), *none = map("none", SIZE, PROT_NONE);
    int on_stack = 0;
    tell("before", before);
    show("mlockall current, on fault", mlockall(MCL_CURRENT | MCL_ONFAULT));
    tell("before", before);
    before[0] = 1;
    tell("one touched", before);
    show("mlockall current", mlockall(MCL_CURRENT));
    tell("before", before);
    tell("none", none);
    printf("stack %d, in %d line\n", locked(&on_stack), stack_lines());
    char *after = map("after", SIZE, PROT_READ | PROT_WRITE);
    tell("after", after);
    show("munlockall", munlockall());
    printf("unlocked: %d %d %ld\n", locked(before), locked(&on_stack), status_of("VmLck:"));
    munmap(before, SIZE);
    munmap(none, SIZE);
    munmap(after, SIZE);
}

static void child(char *p)
{
    fflush(stdout);
    if (fork() == 0) {
        printf("child: locked %d, %ld kB\n", locked(p), status_of("VmLck:"));
        tell("child's own", map("in child", SIZE, PROT_READ | PROT_WRITE));
        map("much in child", 2 * LIMIT, PROT_READ | PROT_WRITE);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

static void future(bool limited)
{
    char *before = map("before", SIZE, PROT_READ | PROT_WRITE);
    show("mlockall future", mlockall(MCL_FUTURE));
    printf("before: %d\n", locked(before));
    char *filled = map("filled", SIZE, PROT_READ | PROT_WRITE);
    tell("filled", filled);
    tell("none", map("none", SIZE, PROT_NONE));
    char *end = sbrk(SIZE);
    printf("brk: locked %d\n", locked(end + SIZE - PAGE));
    int id = shmget(IPC_PRIVATE, SIZE, 0600);
    char *shared = shmat(id, NULL, 0);
    tell("shm", shared);
    shmctl(id, IPC_RMID, NULL);
    if (limited) {
        map("too much", 2 * LIMIT, PROT_READ | PROT_WRITE);
        map("too much, none", 2 * LIMIT, PROT_NONE);
        show("brk", sbrk(2 * LIMIT) == (void *)-1 ? -1 : 0);
        printf("mremap: %s\n",
               mremap(filled, SIZE, 2 * LIMIT, MREMAP_MAYMOVE) == MAP_FAILED ? strerrorname_np(errno) : "ok");
    }
    show("mlockall future, on fault", mlockall(MCL_FUTURE | MCL_ONFAULT));
    tell("on fault", map("on fault", SIZE, PROT_READ | PROT_WRITE));
    if (limited)
        map("too much", 2 * LIMIT, PROT_READ | PROT_WRITE);
    child(filled);
    show("mlockall current", mlockall(MCL_CURRENT));
    tell("no more", map("no more", SIZE, PROT_READ | PROT_WRITE));
    show("munlockall", munlockall());
    tell("at last", map("at last", SIZE, PROT_READ | PROT_WRITE));
    printf("left %ld\n", status_of("VmLck:"));
}

static void limited(void)
{
    no_privilege();
    limit(LIMIT);
    arguments();
    current();
    future(true);
    char *large = map("large", 2 * LIMIT, PROT_NONE), *small = map("small", SIZE, PROT_READ | PROT_WRITE);
    show("mlock", mlock(small, PAGE));
    show("mlockall current", mlockall(MCL_CURRENT));
    show("mlockall both", mlockall(MCL_CURRENT | MCL_FUTURE));
    printf("nothing else: %d %d %ld\n", locked(small), locked(small + PAGE), status_of("VmLck:"));
    tell("nor later", map("later", SIZE, PROT_READ | PROT_WRITE));
    show("mlockall future", mlockall(MCL_FUTURE));
    show("munlockall", munlockall());
    munmap(large, 2 * LIMIT);
    limit(0);
    show("mlockall current", mlockall(MCL_CURRENT));
    show("mlockall future", mlockall(MCL_FUTURE));
    show("mlockall, wrong", mlockall(8));
    show("munlockall", munlockall());
}

/* Much less than an emulator has; a stack counts as large as it may become, at the most. */
static bool locks_little(void)
{
    struct rlimit r;
    getrlimit(RLIMIT_STACK, &r);
    rlim_t stack = r.rlim_cur < 1ul << 30 ? r.rlim_cur : 1ul << 30;
    return (rlim_t)status_of("VmLck:") << 10 < (32ul << 20) + stack;
}

int main(void)
{
    pthread_attr_t attr;
    pthread_t t;
    fflush(stdout);
    if (fork() == 0) {
        limited();
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    /* As whoever runs this: perhaps without a limit. */
    show("mlockall", mlockall(MCL_CURRENT | MCL_FUTURE));
    printf("%d line, little: %d\n", stack_lines(), locks_little());
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    show("thread", pthread_create(&t, &attr, thread, NULL));
    pthread_join(t, NULL);
    printf("little: %d\n", locks_little());
    show("munlockall", munlockall());
    printf("%ld\n", status_of("VmLck:"));
    return 0;
}
