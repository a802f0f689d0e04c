/* SPDX-License-Identifier: MIT */
/*
 * Code that is written by way of /proc/self/mem, which needs no permission and no cache maintenance, is what runs next,
 * by whichever name and call it was written; also by another thread.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef __aarch64__
static const uint32_t code[2][2] = {{0x52800020, 0xd65f03c0},
                                    {0x52800040, 0xd65f03c0}}; /* mov w0, #1 or 2; ret */
#else
static const uint8_t code[2][8] = {{0xb8, 1, 0, 0, 0, 0xc3, 0x90, 0x90},
                                   {0xb8, 2, 0, 0, 0, 0xc3, 0x90, 0x90}};
#endif

static int (*function)(void);

static void call(const char *how)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += function();
    printf("%s: %d\n", how, sum);
}

static void *thread(void *mem)
{
    pwrite(*(int *)mem, code[1], 8, (off_t)(uintptr_t)function);
    return NULL;
}

int main(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    off_t at = (off_t)(uintptr_t)page;
    struct iovec both[2] = {{(void *)code[0], 4}, {(char *)code[0] + 4, 4}}, one = {(void *)code[1], 8};
    char name[40];
    memcpy(page, code[0], 8);
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
    __builtin___clear_cache(page, (char *)page + 8);
    function = (int (*)(void))page;
    call("first");
    int mem = open("/proc/self/mem", O_RDWR);
    show("pwrite", pwrite(mem, code[1], 8, at)), call("pwrite");
    lseek(mem, at, SEEK_SET);
    show("write", write(mem, code[0], 8)), call("write");
    show("pwritev", pwritev(mem, &one, 1, at)), call("pwritev");
    lseek(mem, at, SEEK_SET);
    show("writev", writev(mem, both, 2)), call("writev");
    show("pwritev2", pwritev2(mem, &one, 1, at, 0)), call("pwritev2");
    snprintf(name, sizeof name, "/proc/%d/mem", (int)getpid());
    mem = dup(open(name, O_WRONLY));
    show("pwrite", pwrite(mem, code[0], 8, at)), call("by number");
    pthread_t t;
    pthread_create(&t, NULL, thread, &mem);
    pthread_join(t, NULL);
    call("by a thread");
    return 0;
}
