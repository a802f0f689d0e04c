/* SPDX-License-Identifier: MIT */
/* Classic BPF programs over struct seccomp_data: the check that the kernel makes, and their evaluation. */
#ifndef SYSCALL_BPF_H
#define SYSCALL_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* May the program be installed?  If so, bpf_run on it ends, and touches nothing but its own memory. */
bool bpf_check(const struct sock_filter *f, size_t n);

/* The program's result; it has passed bpf_check. */
uint32_t bpf_run(const struct sock_filter *f, const struct seccomp_data *data);

#endif
