/* SPDX-License-Identifier: MIT */
/* What /proc and the auxiliary vector say must be the program's own, not the emulator's. */
#include "t.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

extern char etext, __executable_start;
static int data = 5;

struct line {
    unsigned long start, end;
    char prot[5];
    char path[300];
};

static bool find(const void *p, struct line *l)
{
    FILE *f = fopen("/proc/self/maps", "r");
    char text[600];
    bool found = false;
    while (!found && fgets(text, sizeof text, f)) {
        l->path[0] = 0;
        sscanf(text, "%lx-%lx %4s %*s %*s %*s %299[^\n]", &l->start, &l->end, l->prot, l->path);
        found = l->start <= (unsigned long)p && (unsigned long)p < l->end;
    }
    fclose(f);
    return found;
}

static void place(const char *what, const void *p)
{
    struct line l;
    if (!find(p, &l)) {
        printf("%s: not there\n", what);
        return;
    }
    const char *name = strrchr(l.path, '/');
    printf("%s: %s%s\n", what, l.prot,
           l.path[0] == '[' && l.path[1] != 'a' ? l.path
           : name && strstr(name, "proc_self")  ? " program"
                                                : "");
}

static long slurp(const char *path, char *buf, size_t n)
{
    int fd = open(path, O_RDONLY);
    long r = fd < 0 ? -1 : read(fd, buf, n - 1);
    close(fd);
    buf[r < 0 ? 0 : r] = 0;
    return r;
}

static void *stand(void *arg)
{
    pthread_barrier_wait(arg);
    pthread_barrier_wait(arg);
    return NULL;
}

static char buf[8192], exe[4096];

static void executable(const char *argv0)
{
    readlink("/proc/self/exe", exe, sizeof exe - 1);
    char *base = strrchr(exe, '/');
    printf("exe %.9s %d\n", base ? base + 1 : exe, !strcmp(exe, argv0));
}

static void mappings(void)
{
    int here;
    place("code", (void *)mappings), place("data", &data), place("stack", &here),
        place("heap", sbrk(0) ? malloc(1) : NULL);
    char *m = mmap(NULL, 3 * 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(m + 4096, 4096, PROT_NONE);
    place("mapped", m), place("none", m + 4096), place("mapped", m + 8192);
    munmap(m + 4096, 4096);
    place("hole", m + 4096);
    place("vdso", (void *)getauxval(AT_SYSINFO_EHDR));
}

static void command_and_environment(const char *argv0)
{
    long n = slurp("/proc/self/cmdline", buf, sizeof buf);
    printf("cmdline %d %d\n", !strcmp(buf, argv0), n == (long)strlen(argv0) + 1);
    slurp("/proc/self/environ", buf, sizeof buf);
    printf("environ %d\n", memmem(buf, sizeof buf, "GUEST_TEST=a value", 18) != NULL);
    slurp("/proc/self/comm", buf, sizeof buf);
    printf("comm %.9s\n", buf);
}

static void auxv_file(void)
{
    long n = slurp("/proc/self/auxv", buf, sizeof buf);
    bool same = true, entry = false;
    for (Elf64_auxv_t *v = (void *)buf; v->a_type != AT_NULL; v++) {
        same = same && (v->a_type == AT_HWCAP ||
                        getauxval(v->a_type) == v->a_un.a_val); /* x86 libc changes AT_HWCAP */
        entry = entry || v->a_type == AT_ENTRY;
    }
    printf("auxv %d %d %d\n", same, entry, n > 200);
}

static void auxv_values(const char *argv0)
{
    Elf64_Phdr *ph = (void *)getauxval(AT_PHDR);
    int loads = 0;
    for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
        loads += ph[i].p_type == PT_LOAD;
    printf("%d %lu %lu %d\n", loads >= 2, getauxval(AT_PHENT), getauxval(AT_PAGESZ),
           getauxval(AT_CLKTCK) == (unsigned long)sysconf(_SC_CLK_TCK));
    printf("%d %d %d %d\n", getauxval(AT_UID) == getuid(), getauxval(AT_EGID) == getegid(),
           !strcmp((char *)getauxval(AT_EXECFN), argv0), getauxval(AT_RANDOM) != 0);
    printf("%d %d\n",
           getauxval(AT_ENTRY) >= (unsigned long)&__executable_start &&
               getauxval(AT_ENTRY) < (unsigned long)&etext,
           getauxval(AT_SECURE) == 0);
}

static void stat_file(void)
{
    slurp("/proc/self/stat", buf, sizeof buf);
    int pid;
    char name[32], state;
    sscanf(buf, "%d (%31[^)]) %c", &pid, name, &state);
    printf("stat %d %.9s %c\n", pid == getpid(), name, state);
}

static void tasks_of_threads(void)
{
    pthread_barrier_t b;
    pthread_barrier_init(&b, NULL, 4);
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, stand, &b);
    pthread_barrier_wait(&b);
    DIR *d = opendir("/proc/self/task");
    int tasks = 0;
    while (readdir(d))
        tasks++;
    closedir(d);
    slurp("/proc/self/status", buf, sizeof buf);
    char *threads = strstr(buf, "Threads:");
    printf("tasks %d %d\n", tasks - 2, threads ? atoi(threads + 8) : -1);
    pthread_barrier_wait(&b);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
}

static void descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    int fds = 0;
    for (struct dirent *e; (e = readdir(d));)
        fds += e->d_name[0] != '.' && atoi(e->d_name) != dirfd(d);
    printf("fds %d, next %d\n", fds, dup(0));
    closedir(d);
}

static void executable_file(const char *argv0)
{
    struct stat a, b;
    show("stat", stat("/proc/self/exe", &a)), show("stat", stat(argv0, &b));
    printf("%d %d\n", a.st_ino == b.st_ino, a.st_size == b.st_size);
}

static void memory_file(void)
{
    char mem = 0;
    int fd = open("/proc/self/mem", O_RDONLY);
    show("mem", pread(fd, &mem, 1, (off_t)(uintptr_t)&data));
    printf("%d\n", mem);
    close(fd);
}

static void renamed(void)
{
    prctl(PR_SET_NAME, "renamed");
    slurp("/proc/self/comm", buf, sizeof buf);
    printf("%s%d\n", buf, access("/proc/self/root/tmp", X_OK));
}

static void executable_by_number(void)
{
    char path[40], other[4096] = {0};
    snprintf(path, sizeof path, "/proc/%d/exe", getpid());
    readlink(path, other, sizeof other - 1);
    printf("%d\n", !strcmp(exe, other));
}

int main(int argc, char **argv)
{
    (void)argc;
    executable(argv[0]);
    mappings();
    command_and_environment(argv[0]);
    auxv_file();
    auxv_values(argv[0]);
    stat_file();
    tasks_of_threads();
    descriptors();
    executable_file(argv[0]);
    memory_file();
    renamed();
    executable_by_number();
    return 0;
}
