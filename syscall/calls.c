/* SPDX-License-Identifier: MIT */
/*
 * The table of system calls, made from the lines of abi/a64/syscalls.h, and the reader of its signatures.
 * Host numbers are found by name, so a line can never name one call and make another.
 */
#include "syscall/calls.h"

#include "abi/host_nr.h"

#include <string.h>

#define PASS(nr, name, sig)      [nr] = {#name, sig, NULL, __NR_##name, CALL_PASS},
#define PATH(nr, name, sig)      [nr] = {#name, sig, NULL, __NR_##name, CALL_PATH},
#define CALL(nr, name, sig, why) [nr] = {#name, sig, sys_##name, -1, CALL_OWN},
#define NONE(nr, name, why)      [nr] = {#name, why, NULL, -1, CALL_NONE},
const struct call call_table[CALL_COUNT] = {
#include "abi/a64/syscalls.h"
};
#undef PASS
#undef PATH
#undef CALL
#undef NONE

size_t sig_word(const char **sig, const char **word)
{
    const char *s = *sig;
    size_t n = 0;

    while (*s == ',' || *s == '!')
        s++;
    *word = s;
    while (s[n] != 0 && s[n] != ',' && s[n] != ':')
        n++;
    *sig = s + n;
    return n;
}

bool sig_is(const char *word, size_t n, const char *kind)
{
    return strlen(kind) == n && memcmp(word, kind, n) == 0;
}
