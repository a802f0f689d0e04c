/* SPDX-License-Identifier: MIT */
/*
 * Calls that wait with a signal mask of their own, and epoll.
 *
 * The mask goes through signal.c, which knows what xrun must not block and when the old one comes back.  A bad one
 * goes to the kernel as it is, because other arguments may be bad too, and it knows in which order to say so.
 * x86-64's struct epoll_event is packed (12 bytes), other architectures' is not (16): the host writes its
 * packed events into the guest's buffer, which has room for the larger ones, and they are spread out there
 * from the end.  No limit on their number is needed so, and no memory.
 */
#include "abi/abi.h"
#include "syscall/calls.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

int64_t masked_call(struct task *t, long nr, const uint64_t a[6], int i)
{
    uint64_t b[6], host;
    int64_t r;

    memcpy(b, a, sizeof b);
    if (!a[i] || signal_mask_enter(t, a[i], a[i + 1], &host) < 0)
        return host_syscall(t, nr, b);
    b[i] = ptr(&host);
    b[i + 1] = sizeof host;
    r = host_syscall(t, nr, b);
    signal_mask_leave(t, r);
    return r;
}

/* The same for calls whose last argument points to the mask's address and size. */
static int64_t masked_pair(struct task *t, long nr, const uint64_t a[6])
{
    uint64_t b[6], pair[2], host;
    int64_t r;

    memcpy(b, a, sizeof b);
    if (!a[5] || user_read(pair, a[5], sizeof pair) < 0 || !pair[0] ||
        signal_mask_enter(t, abi->pointer(t->cpu, pair[0]), pair[1], &host) < 0)
        return host_syscall(t, nr, b);
    pair[0] = ptr(&host);
    pair[1] = sizeof host;
    b[5] = ptr(pair);
    r = host_syscall(t, nr, b);
    signal_mask_leave(t, r);
    return r;
}

int64_t sys_ppoll(struct task *t, const uint64_t a[6])
{
    return masked_call(t, SYS_ppoll, a, 3);
}

int64_t sys_pselect6(struct task *t, const uint64_t a[6])
{
    return masked_pair(t, SYS_pselect6, a);
}

int64_t sys_io_pgetevents(struct task *t, const uint64_t a[6])
{
    return masked_pair(t, SYS_io_pgetevents, a);
}

int64_t sys_epoll_ctl(struct task *t, const uint64_t a[6])
{
    uint8_t in[ABI_STRUCT_MAX];
    struct epoll_event ev;

    if ((int)a[1] == EPOLL_CTL_DEL)
        return host_raw(SYS_epoll_ctl, a[0], a[1], a[2], 0, 0, 0);
    if (user_read(in, a[3], abi->epoll_size) < 0)
        return -EFAULT;
    memcpy(&ev.events, in, sizeof ev.events);
    memcpy(&ev.data, in + abi->epoll_data, sizeof ev.data);
    return host_syscall(t, SYS_epoll_ctl, (uint64_t[6]){a[0], a[1], a[2], ptr(&ev)});
}

/* Spreads n packed events at p into the guest's form, from the end, so that none is overwritten before it is
 * moved. */
static int64_t events_spread(gaddr p, uint64_t n)
{
    struct epoll_event packed;
    uint8_t out[ABI_STRUCT_MAX] = {0};

    while (n--) {
        if (user_read(&packed, p + n * sizeof packed, sizeof packed) < 0)
            return -EFAULT;
        memcpy(out, &packed.events, sizeof packed.events);
        memcpy(out + abi->epoll_data, &packed.data, sizeof packed.data);
        if (user_write(p + n * abi->epoll_size, out, abi->epoll_size) < 0)
            return -EFAULT;
    }
    return 0;
}

static int64_t epoll_wait_call(struct task *t, long nr, const uint64_t a[6])
{
    int64_t r = masked_call(t, nr, a, 4), e;

    if (r > 0 && abi->epoll_size != sizeof(struct epoll_event) && (e = events_spread(a[1], (uint64_t)r)) < 0)
        return e;
    return r;
}

int64_t sys_epoll_pwait(struct task *t, const uint64_t a[6])
{
    return epoll_wait_call(t, SYS_epoll_pwait, a);
}

int64_t sys_epoll_pwait2(struct task *t, const uint64_t a[6])
{
    return epoll_wait_call(t, SYS_epoll_pwait2, a);
}
