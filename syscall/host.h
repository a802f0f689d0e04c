/* SPDX-License-Identifier: MIT */
/* host_syscall.S and the little that is built on it; none of it uses errno or thread-local data. */
#ifndef SYSCALL_HOST_H
#define SYSCALL_HOST_H

#include "syscall/task.h"

#define HOST_ERROR(r) ((uint64_t)(r) >= (uint64_t)-4095)

int64_t host_call_guarded(_Atomic uint32_t *attention, long nr, const uint64_t a[6]);
extern const char host_guard_begin[], host_guard_end[], host_guard_out[], host_raw_end[];
extern const char host_inline_begin[], host_inline_end[], host_inline_out[]; /* serve.c */
#define HOST_NOTIFY_MAX  512
#define HOST_NOTIFY_SIZE 16
int64_t host_notify(_Atomic uint32_t *attention, uint64_t n, const uint64_t a[6], uint64_t mask, bool *go);
extern const char host_notify_begin[], host_notify_end[], host_notify_out[];
/* HOST_NOTIFY_SIZE bytes each, of which all from HOST_NOTIFY_BEHIND on follow the call. */
#define HOST_NOTIFY_BEHIND 7
extern const char host_notify_calls[], host_notify_calls_end[];
void host_sigreturn(void);

/* In a child with a stack of its own fn(arg) is called; it must not return. */
int64_t host_clone(uint64_t flags, void *stack_top, gaddr parent_tid, gaddr child_tid, void (*fn)(void *),
                   void *arg);
int64_t host_clone3(const void *args, size_t size, void (*fn)(void *), void *arg);
/* Sets *left when the stack is no longer needed, and unmaps it if len is not 0. */
_Noreturn void host_thread_exit(_Atomic uint32_t *left, void *map, size_t len, int status);

/* Anonymous memory in xrun's window (dbt/own.h); NULL when there is none. */
void *host_alloc(size_t size);
void host_free(void *p, size_t size);

/* One line to stderr that starts with "xrun: "; usable on any thread and in signal handlers. */
__attribute__((format(printf, 1, 2))) void host_message(const char *format, ...);

#endif
