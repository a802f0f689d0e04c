/* SPDX-License-Identifier: MIT */
/* Descriptors of xrun's own that a guest may close: kept out of its way, and known by which file they are. */
#ifndef SYSCALL_KEPT_H
#define SYSCALL_KEPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct kept {
    int fd; /* 0: none */
    dev_t dev;
    ino_t ino;
};

bool same_file(const struct stat *a, const struct stat *b);

/* The same file under a number far above those that a guest counts, or in the last quarter of those that it may have, by that command
 * of fcntl (F_DUPFD...); or -errno. */
int64_t kept_copy(int64_t fd, int cmd);
/* The same, or, where there is none, under fd still; fd is used up. */
int64_t kept_up(int64_t fd);
/* Takes fd, which is to be closed by exec; *st: what it is.  false: it is not open. */
bool kept_take(struct kept *k, int fd, struct stat *st);
/* Is it still open? */
bool kept_is_there(const struct kept *k);

#endif
