/* SPDX-License-Identifier: MIT */
/*
 * The tables of calls that the dispatcher, --strace and --syscalls read: one a guest, made from the lines of
 * abi/<guest>/syscalls.h, and the functions behind their CALL lines (sys_<name>, in the file of its family).
 */
#ifndef SYSCALL_CALLS_H
#define SYSCALL_CALLS_H

#include "syscall/task.h"

enum call_kind { CALL_UNKNOWN, CALL_PASS, CALL_PATH, CALL_BUFS, CALL_LESS, CALL_OWN, CALL_NONE, CALL_MISS };

struct call {
    const char *name;
    const char *sig; /* see abi/a64/syscalls.h; "" for calls that are not there */
    const char *why; /* what is done with it, or why it is not there; NULL: it passes through */
    sys_fn *fn;      /* CALL_OWN */
    int16_t host;    /* x86-64's number: CALL_PASS, CALL_PATH, CALL_BUFS, CALL_LESS */
    uint8_t kind;    /* enum call_kind */
};

/* The line of this guest's table, or NULL: no call has that number.  Numbers are below call_count(). */
const struct call *call_find(uint64_t nr);
unsigned call_count(void);

#define PASS(nr, name, sig)
#define PATH(nr, name, sig)
#define BUFS(nr, name, sig)
#define LESS(nr, name, sig)
#define CALL(nr, name, sig, why) sys_fn sys_##name;
#define NONE(nr, name, why)
#define MISS(nr, name, why)
#include "abi/a64/syscalls.h"

/* The PATH lines: the host call nr after each path of sig went through the sysroot. */
int64_t path_call(struct task *t, long nr, const char *sig, const uint64_t a[6]);

/* The host call nr, whose arguments i and i + 1 are a signal mask for its time and the mask's size. */
int64_t masked_call(struct task *t, long nr, const uint64_t a[6], int i);

/* Such an madvise, if it is one that drops code: its result.  Otherwise 1. */
int64_t drop_code(gaddr start, uint64_t len, int advice);

/* The next kind of argument in a signature: its length without the detail behind a dot, and *word where it
 * starts; 0 at the end. */
size_t sig_word(const char **sig, const char **word);
bool sig_is(const char *word, size_t n, const char *kind);

#endif
