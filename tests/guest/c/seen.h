/* SPDX-License-Identifier: MIT */
/* A child that waits while its parent looks at it in /proc. */
#ifndef SEEN_H
#define SEEN_H

#include <sys/wait.h>
#include <unistd.h>

struct seen {
    pid_t pid;
    int up, down; /* of two pipes, this process's ends */
};

/* Forks; pid is 0 in the child. */
static struct seen seen_fork(void)
{
    int up[2], down[2];
    pipe(up), pipe(down);
    struct seen s = {.pid = fork()};
    s.up = up[s.pid == 0], s.down = down[s.pid != 0];
    close(up[s.pid != 0]), close(down[s.pid == 0]);
    return s;
}

/* In the child, when it has printed what it has to: from now on it has no descriptors but 0 and 1, for seen_wait, and 2. */
static void seen_child(const struct seen *s)
{
    dup2(s->up, 1), dup2(s->down, 0);
    for (int i = 3; i < 10; i++)
        close(i);
}

/* In the child after that, or what it has executed: until nobody wants to see it any more. */
static void seen_wait(void)
{
    char c;
    write(1, "x", 1);
    read(0, &c, 1);
}

/* In the parent: until the child waits. */
static void seen_begin(const struct seen *s)
{
    char c;
    read(s->up, &c, 1);
}

static void seen_end(const struct seen *s)
{
    close(s->up), close(s->down);
    waitpid(s->pid, NULL, 0);
}

#endif
