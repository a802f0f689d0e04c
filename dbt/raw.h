/* SPDX-License-Identifier: MIT */
/*
 * A system call of the host, syscall(2), without the C library: its errno is all guest threads' in common.  -errno or
 * the result.
 */
#ifndef DBT_RAW_H
#define DBT_RAW_H

static inline long raw_call(long nr, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    long r;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
}

#endif
