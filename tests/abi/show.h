/* SPDX-License-Identifier: MIT */
/* How the programs that native.py compares print what they see: by names, so that it is the same on every machine. */
#ifndef SHOW_H
#define SHOW_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __aarch64__
#define KERNEL_O_LARGEFILE 0x20000
#else
#define KERNEL_O_LARGEFILE 0x8000
#endif

struct flag_name {
    const char *name;
    long bit;
};

/* Flags of open; O_TMPFILE and O_SYNC are two bits each. */
static const struct flag_name open_flags[] = {
    {"TMPFILE", O_TMPFILE},
    {"DIRECTORY", O_DIRECTORY},
    {"NOFOLLOW", O_NOFOLLOW},
    {"DIRECT", O_DIRECT},
    {"PATH", O_PATH},
    {"NONBLOCK", O_NONBLOCK},
    {"APPEND", O_APPEND},
    {"CLOEXEC", O_CLOEXEC},
    {"CREAT", O_CREAT},
    {"EXCL", O_EXCL},
    {"TRUNC", O_TRUNC},
    {"SYNC", O_SYNC},
    {"DSYNC", O_DSYNC},
    {"ASYNC", O_ASYNC},
    {"NOATIME", O_NOATIME},
    {"NOCTTY", O_NOCTTY},
    {"LARGEFILE", KERNEL_O_LARGEFILE},
};
#define OPEN_FLAGS (sizeof open_flags / sizeof *open_flags)

__attribute__((unused)) static void print_open_flags(long flags)
{
    static const char *const modes[] = {"RDONLY", "WRONLY", "RDWR", "3"};

    printf("%s", modes[flags & 3]);
    flags &= ~3l;
    for (size_t i = 0; i < OPEN_FLAGS; i++)
        if ((flags & open_flags[i].bit) == open_flags[i].bit) {
            printf("|%s", open_flags[i].name);
            flags &= ~open_flags[i].bit;
        }
    if (flags)
        printf("|%#lx", flags);
}

/* "label: " and a result, or the name of the error; gives the result back. */
__attribute__((unused, format(printf, 2, 3))) static long show(long r, const char *format, ...)
{
    int e = errno;
    va_list ap;

    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    if (r == -1)
        printf(": %s\n", strerrorname_np(e));
    else
        printf(": %ld\n", r);
    return r;
}

/* The same for values that are the machine's own: only success counts. */
__attribute__((unused)) static long good(long r, const char *label)
{
    int e = errno;

    printf("%s: %s\n", label, r == -1 ? strerrorname_np(e) : "ok");
    return r;
}

#define FIELD(s, f) printf("  %s %lld\n", #f, (long long)(s).f)

#endif
