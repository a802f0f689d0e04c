/* SPDX-License-Identifier: MIT */
/*
 * Processes that fork one another run different code at the same address, changed before and after the fork, in the
 * parent, in children and in grandchildren, some of which gave up what they may; each sees its own.
 */
#include "t.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FUNCTIONS = 40, ROUNDS = 6, CHILDREN = 25 };
static uint32_t *code;

/* Function i returns a number made of v; it stands across lines and pages. */
static void emit(int i, unsigned v)
{
    uint32_t *at = code + 301 * i;
    for (int k = 0; k < 5; k++)
        at[k] = k ? 0x91000000u | (v & 0xff) << 10 : 0xd2800000u | (v & 0xffff) << 5; /* add x0, x0, #v; mov x0, #v */
    at[5] = 0xd65f03c0u;
    __builtin___clear_cache((char *)at, (char *)(at + 6));
}

static long call(int i)
{
    return ((long (*)(void))(code + 301 * i))();
}

/* How many calls gave what they must not. */
static int wrong(unsigned v)
{
    int bad = 0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < FUNCTIONS; i++)
            bad += call(i) != (long)(v + 4 * (v & 0xff));
    return bad;
}

static void emit_all(unsigned v)
{
    for (int i = 0; i < FUNCTIONS; i++)
        emit(i, v);
}

static void give_up(int how)
{
    if (how == 1)
        unshare(CLONE_FILES | CLONE_FS);
    else if (how == 2)
        setuid(getuid());
    else if (how == 3)
        unshare(CLONE_NEWUSER); /* may be refused */
}

static int child(int n)
{
    unsigned v = 100u + (unsigned)n % 5; /* some have the same code as an elder brother */
    int bad = 0, st = 0;
    give_up(n % 4);
    if (n % 3)
        emit_all(v);
    else
        v = 7;
    bad += wrong(v);
    pid_t p = fork();
    if (p == 0) {
        bad = wrong(v);
        emit_all(9);
        _exit(bad + wrong(9) != 0);
    }
    waitpid(p, &st, 0);
    return bad + wrong(v) + st;
}

int main(void)
{
    code = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    emit_all(7);
    int bad = 0, st;
    for (int n = 0; n < CHILDREN; n++) {
        pid_t p = fork();
        if (p == 0)
            _exit(child(n) != 0);
        if (n % 2 == 0) /* or it runs beside the next */
            waitpid(p, &st, 0), bad += st != 0;
        bad += wrong(7);
    }
    while (wait(&st) > 0)
        bad += st != 0;
    emit_all(11);
    printf("wrong %d\n", bad + wrong(11));
    return 0;
}
