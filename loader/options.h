/* SPDX-License-Identifier: MIT */
/* xrun's command line. */
#ifndef LOADER_OPTIONS_H
#define LOADER_OPTIONS_H

#include "dbt/dbt.h"

#include <errno.h>

#define EXIT_OWN       125 /* usage, or xrun itself cannot go on */
#define EXIT_CANNOT    126 /* the program was found and cannot be run */
#define EXIT_NOT_FOUND 127

/* The status where a program, or what it needs, cannot be opened. */
static inline int exit_unopened(int error)
{
    return error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT;
}

struct command {
    const char *program; /* as given */
    char **argv;         /* the guest's, argv[0] included */
    const char *execfn;  /* AT_EXECFN; NULL: the program as given */
    int fd;              /* the program, already open (exec of a child xrun); -1: none */
    int seccomp_fd;      /* the guest's filters (exec of a child xrun); -1: none */
    bool by_kernel;      /* started by binfmt_misc */
    bool no_store;       /* translations are not shared with other processes of the user */
    struct dbt_config dbt;
};

/* Fills *c and the global options; changes environ (-E, -U).  Does not return after an error, nor after options that only
 * print or register something (--help, --cpu=help, --syscalls, --status ...). */
void options_parse(struct command *c, int argc, char **argv);

/* "xrun: ..." on stderr, and exit. */
_Noreturn __attribute__((format(printf, 2, 3))) void die(int status, const char *format, ...);

#endif
