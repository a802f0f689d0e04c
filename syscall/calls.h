/* SPDX-License-Identifier: MIT */
/*
 * The functions behind the CALL lines of abi/<guest>/syscalls.h, declared from those lines: sys_<name>, in
 * the file of its family.  Also the table of calls that the dispatcher and --strace read.
 */
#ifndef SYSCALL_CALLS_H
#define SYSCALL_CALLS_H

#include "syscall/task.h"

enum call_kind { CALL_UNKNOWN, CALL_PASS, CALL_PATH, CALL_OWN, CALL_NONE };

struct call {
    const char *name;
    const char *sig; /* see abi/a64/syscalls.h; for CALL_NONE: why there is none */
    sys_fn *fn;      /* CALL_OWN */
    int16_t host;    /* x86-64's number: CALL_PASS, CALL_PATH */
    uint8_t kind;    /* enum call_kind */
};

#define CALL_COUNT 470
extern const struct call call_table[CALL_COUNT];

#define PASS(nr, name, sig)
#define PATH(nr, name, sig)
#define CALL(nr, name, sig, why) sys_fn sys_##name;
#define NONE(nr, name, why)
#include "abi/a64/syscalls.h"
#undef PASS
#undef PATH
#undef CALL
#undef NONE

/* The PATH lines: the host call c->host after each path of c->sig went through the sysroot. */
int64_t path_call(struct task *t, const struct call *c, const uint64_t a[6]);

/* The next kind of argument in a signature: its length, and *word where it starts; 0 at the end. */
size_t sig_word(const char **sig, const char **word);
bool sig_is(const char *word, size_t n, const char *kind);

#endif
