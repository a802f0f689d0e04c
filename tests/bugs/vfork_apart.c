/* SPDX-License-Identifier: MIT */
/*
 * A child of CLONE_VFORK with memory of its own waits for a thread of its parent's, which maps memory meanwhile; the parent goes
 * on when the child executes a program or ends, and not for the child's child.
 */
#include "../guest/c/t.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int line[2], hold[2];

static void *thread(void *arg)
{
    usleep(100000);
    char *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    m[0] = 'x';
    if (fork() == 0)
        _exit(0);
    write(line[1], m, 1);
    return arg;
}

int main(void)
{
    pthread_t t;
    int status;
    char c = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    pipe(line);
    pipe(hold);
    pthread_create(&t, NULL, thread, NULL);
    long r = syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
    if (r == 0) {
        read(line[0], &c, 1);
        printf("the child has read %c\n", c);
        if (fork() == 0) {
            close(hold[1]);
            read(hold[0], &c, 1);
            _exit(0);
        }
        execl("/bin/sh", "sh", "-c", "exit 3", NULL);
        _exit(1);
    }
    printf("the parent goes on\n");
    close(hold[1]);
    waitpid((pid_t)r, &status, 0);
    printf("status %d\n", WEXITSTATUS(status));
    pthread_join(t, NULL);
    int first = dup(0);
    if (syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0) == 0) {
        printf("next file: %d\n", dup(0) - first);
        kill(getpid(), SIGKILL);
    }
    printf("the parent goes on\n");
    return 0;
}
