/* SPDX-License-Identifier: MIT */
/*
 * Access to guest memory from C: the only one.  A bad address gives -EFAULT, never a crash: the copies are
 * made by a few instructions whose faults the signal handler recognises.  Addresses in xrun's own memory
 * count as bad.
 */
#ifndef SYSCALL_USER_H
#define SYSCALL_USER_H

#include "dbt/types.h"

#define MUST_CHECK __attribute__((warn_unused_result))

MUST_CHECK int user_read(void *dst, gaddr src, size_t n);        /* 0 or -EFAULT */
MUST_CHECK int user_write(gaddr dst, const void *src, size_t n); /* 0 or -EFAULT */
/* Copies a NUL-terminated string; its length without the NUL, -EFAULT, or -ENAMETOOLONG if it does not fit in
 * n bytes. */
MUST_CHECK int64_t user_string(char *dst, gaddr src, size_t n);
/* Makes 4 or 8 aligned bytes new if they are old, atomically: 0, 1 if they are not, or -EFAULT. */
int user_swap(gaddr addr, unsigned size, uint64_t old, uint64_t new);

#endif
