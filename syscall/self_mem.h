/* SPDX-License-Identifier: MIT */
/* The guest's code, written by way of /proc/self/mem. */
#ifndef SYSCALL_SELF_MEM_H
#define SYSCALL_SELF_MEM_H

#include "syscall/calls.h"

#include <stdbool.h>
#include <stdint.h>

/* Has the guest opened the file for writing? Never unset. */
extern bool self_mem_open;

/* Behind a call that moved `result` bytes: drops what was translated of code that it has written. */
void self_mem_written(const struct call *c, const uint64_t a[6], int64_t result);

#endif
