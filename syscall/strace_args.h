/* SPDX-License-Identifier: MIT */
/* How --strace shows one argument, by the word that the signature has for it. */
#ifndef SYSCALL_STRACE_ARGS_H
#define SYSCALL_STRACE_ARGS_H

#include "syscall/text.h"

#include <signal.h>

struct arg {
    const uint64_t *a; /* all arguments */
    int i;             /* this one */
    bool done;         /* the call has been made, with this result */
    int64_t result;
};

/* word: n bytes of the signature, behind which ".detail" may follow. */
void arg_print(struct text *m, const char *word, size_t n, const struct arg *g);

/* SIGINT, SIGRT_8 (a real-time signal: its number less 32, as the kernel counts them), or the number. */
void signal_print(struct text *m, int signo);

/* {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}: as strace(1). */
void siginfo_print(struct text *m, const siginfo_t *info);

/* Is there a way to show what stands behind the dot? */
bool arg_detail_known(const char *detail, size_t n);

#endif
