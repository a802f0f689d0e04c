/* SPDX-License-Identifier: MIT */
/* Lists of arguments for execve(2): the guest's, which are read where they are, and those that are made of them. */
#ifndef SYSCALL_EXEC_VECTOR_H
#define SYSCALL_EXEC_VECTOR_H

#include "syscall/task.h"

/* Entry i of a list: 0 or -EFAULT. */
int exec_pointer(uint64_t *p, gaddr list, int64_t i);
/* Number of entries before the NULL, or -errno. */
int64_t exec_count(gaddr list);

/* A list in the making: the strings are others'.  kind: where the task knows of its memory, which an exec that succeeds leaves
 * behind. */
enum { VECTOR_RUN, VECTOR_PLAIN };
struct vector {
    const char **arg;
    size_t count;
    const char *small[256];
    unsigned kind;
};

/* Room for n entries: 0, or -ENOMEM; vector_free is due in any case. */
int64_t vector_init(struct vector *v, struct task *t, unsigned kind, size_t n);
void vector_free(const struct vector *v, struct task *t);
void vector_add(struct vector *v, const char *s);
/* Adds entries from .. n - 1 of a list of the guest's, and a NULL that is not counted: 0 or -EFAULT. */
int64_t vector_add_guest(struct vector *v, gaddr list, int64_t from, int64_t n);

/* Makes argv and envp lists of pointers without tags, in v if they are not.  What else is wrong with them is found later.  0 or
 * -errno; vector_free is due. */
int64_t lists_plain(struct task *t, struct vector *v, gaddr list[2]);

#endif
