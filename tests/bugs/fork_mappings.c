/* SPDX-License-Identifier: MIT */
/* A child of fork that has all the mappings that a process may have changes code that its parent has run, and forks itself. */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(x) ((x) ? (void)0 : (printf("line %d: %s\n", __LINE__, #x), _exit(1)))

enum { PAGE = 4096, PAGES = 1 << 17, CODES = 10 };
static unsigned *code;

static int run(unsigned value)
{
    code[0] = 0x52800000u | value << 5; /* mov w0, value */
    code[1] = 0xd65f03c0u;              /* ret */
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    return ((int (*)(void))code)();
}

static void fill(void)
{
    char *all = mmap(NULL, (size_t)PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(all != MAP_FAILED);
    for (size_t i = 1; i < PAGES && mprotect(all + i * PAGE, PAGE, PROT_READ) == 0; i += 2)
        ;
}

static void run_all(void)
{
    for (unsigned i = 0; i < CODES; i++)
        CHECK(run(i) == (int)i);
}

static void child(void (*run)(void))
{
    int status = 0;
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        run();
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void crowded(void)
{
    fill();
    run_all();
    child(run_all);
}

int main(void)
{
    code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(code != MAP_FAILED);
    run_all();
    child(crowded);
    puts("as before");
}
