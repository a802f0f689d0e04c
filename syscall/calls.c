/* SPDX-License-Identifier: MIT */
/*
 * The tables of system calls, made from the lines of abi/<guest>/syscalls.h, and the reader of their
 * signatures.  Host numbers are found by name, so a line can never name one call and make another.
 *
 * A guest is one array and one row in tables[].  The functions are shared: what differs between guests is in
 * struct abi.
 */
#include "syscall/calls.h"

#include "abi/abi.h"
#include "abi/host_nr.h"

#include <string.h>

#define PASS(nr, name, sig)      [nr] = {#name, sig, NULL, NULL, __NR_##name, CALL_PASS},
#define PATH(nr, name, sig)      [nr] = {#name, sig, "paths through -L", NULL, __NR_##name, CALL_PATH},
#define BUFS(nr, name, sig)      [nr] = {#name, sig, "buffers looked at", NULL, __NR_##name, CALL_BUFS},
#define LESS(nr, name, sig)      [nr] = {#name, sig, "relatives no longer share", NULL, __NR_##name, CALL_LESS},
#define CALL(nr, name, sig, why) [nr] = {#name, sig, why, sys_##name, -1, CALL_OWN},
#define NONE(nr, name, why)      [nr] = {#name, "", why, NULL, -1, CALL_NONE},
#define MISS(nr, name, why)      [nr] = {#name, "", why, NULL, -1, CALL_MISS},
static const struct call a64_calls[] = {
#include "abi/a64/syscalls.h"
};

static const struct table {
    const struct abi *abi;
    const struct call *call;
    unsigned count;
} tables[] = {
    {&abi_a64, a64_calls, sizeof a64_calls / sizeof *a64_calls},
};

static const struct table *table(void)
{
    const struct table *t = tables;

    while (t->abi != abi)
        t++;
    return t;
}

const struct call *call_find(uint64_t nr)
{
    const struct table *t = table();

    return nr < t->count && t->call[nr].kind != CALL_UNKNOWN ? &t->call[nr] : NULL;
}

unsigned call_count(void)
{
    return table()->count;
}

size_t sig_word(const char **sig, const char **word)
{
    const char *s = *sig;
    size_t n;

    while (*s == ',' || *s == '!')
        s++;
    *word = s;
    n = strcspn(s, ",:.");
    *sig = s + n + strcspn(s + n, ",:");
    return n;
}

bool sig_is(const char *word, size_t n, const char *kind)
{
    return strlen(kind) == n && memcmp(word, kind, n) == 0;
}
