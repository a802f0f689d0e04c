/* SPDX-License-Identifier: MIT */
/*
 * Access to guest memory: bounds first, then the copies of user_copy.S.
 *
 * The bounds are those of the host's user addresses and of xrun's own memory.  A pointer with a tag in its
 * top byte is bad here, as it is for the kernel while the tagged address ABI is off.
 */
#include "syscall/user.h"

#include "loader/space.h"

#include <errno.h>

int64_t user_copy(void *dst, const void *src, size_t n);
int64_t user_copy_string(char *dst, const char *src, size_t n);
int user_compare_swap(gaddr addr, unsigned size, uint64_t old, uint64_t new);

static bool bad_range(gaddr addr, size_t n)
{
    if (addr >= SPACE_TOP || n > SPACE_TOP - addr)
        return true;
    /* What starts below xrun's memory ends in a hole before it (space.h). */
    return space_is_own(addr);
}

int user_read(void *dst, gaddr src, size_t n)
{
    return bad_range(src, n) ? -EFAULT : (int)user_copy(dst, (const void *)src, n);
}

int user_write(gaddr dst, const void *src, size_t n)
{
    return bad_range(dst, n) ? -EFAULT : (int)user_copy((void *)dst, src, n);
}

int64_t user_string(char *dst, gaddr src, size_t n)
{
    return bad_range(src, 1) ? -EFAULT : user_copy_string(dst, (const char *)src, n);
}

int user_swap(gaddr addr, unsigned size, uint64_t old, uint64_t new)
{
    return bad_range(addr, size) ? -EFAULT : user_compare_swap(addr, size, old, new);
}
