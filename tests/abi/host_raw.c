/* SPDX-License-Identifier: MIT */
/* What tests of syscall/ need from the parts that they leave out: plain calls, and memory that is always
 * there. */
#include "dbt/raw.h"
#include "syscall/task.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>

struct options options;

int64_t host_raw(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    return raw_call(nr, (long)a, (long)b, (long)c, (long)d, (long)e, (long)f);
}

int64_t user_string(char *dst, gaddr src, size_t n)
{
    size_t len = src < 4096 ? 0 : strnlen((const char *)(uintptr_t)src, n);

    if (src < 4096)
        return -EFAULT;
    if (len == n)
        return -ENAMETOOLONG;
    memcpy(dst, (const char *)(uintptr_t)src, len + 1);
    return (int64_t)len;
}

int user_read(void *dst, gaddr src, size_t n)
{
    if (src < 4096)
        return -EFAULT;
    memcpy(dst, (const void *)(uintptr_t)src, n);
    return 0;
}

int user_write(gaddr dst, const void *src, size_t n)
{
    if (dst < 4096)
        return -EFAULT;
    memcpy((void *)(uintptr_t)dst, src, n);
    return 0;
}

int user_swap(gaddr addr, unsigned size, uint64_t old, uint64_t new)
{
    (void)addr, (void)size, (void)old, (void)new;
    return -EFAULT;
}
