/* SPDX-License-Identifier: MIT */
/* binfmt_misc: the kernel starts AArch64 programs with xrun. */
#ifndef LOADER_BINFMT_H
#define LOADER_BINFMT_H

#include "loader/options.h"

/* Has the kernel started us for another program?  Then fills program, argv, execfn and fd of *c, and no argument
 * is an option of ours. */
bool binfmt_start(struct command *c, char **argv);

/* The options --register, --unregister and --status: exit statuses.  They take the mount of
 * /proc/sys/fs/binfmt_misc as it is. */
int binfmt_register(void);
int binfmt_unregister(void);
int binfmt_status(void);

/* Prints the registration with `interpreter`, as binfmt.d(5) wants it. */
void binfmt_print(const char *interpreter);

#endif
