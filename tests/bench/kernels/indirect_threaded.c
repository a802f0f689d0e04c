/* SPDX-License-Identifier: MIT */
/* A stack machine whose words are pointers to functions. */
#include "bench.h"

typedef void word(void);
static int64_t stack[64], *sp = stack;
static word *const *ip;
static int64_t counter, total;

static void one(void) { *sp++ = 1; }
static void add(void) { sp--, sp[-1] += *sp; }
static void twice(void) { *sp = sp[-1], sp++; }
static void swap(void) { int64_t t = sp[-1]; sp[-1] = sp[-2], sp[-2] = t; }
static void get(void) { *sp++ = counter; }
static void mix(void) { sp--, sp[-1] = (sp[-1] ^ *sp) * 7; }
static void store(void) { total += *--sp; }
static void again(void);
static void leave(void) { ip = NULL; }
static word *const program[] = {get, one, add, twice, get, mix, swap, mix, store, again, leave};
static void again(void)
{
    if (--counter > 0)
        ip = program;
}

int main(int argc, char **argv)
{
    counter = bench_rounds(argc, argv, 8100000);
    for (ip = program; ip;)
        (*ip++)();
    return bench_end((uint64_t)total);
}
