/* SPDX-License-Identifier: MIT */
/*
 * mlockall and munlockall, for the guest's mappings alone: the host's calls would count, lock and fill all of xrun's memory.
 *
 * What must hold:
 *  - No call asks the host to lock everything, nor everything to come: what is locked is locked range by range.
 *  - The limit is compared with what the guest has mapped, before anything is locked (mm/mlock.c), so a call that fails has
 *    changed nothing.
 *  - The stack counts as far down as it has been touched, and no less than what a program begins with: on the kernel it is
 *    a mapping that grows, here it is there from the start.  Where nothing limits, the rest of it is locked as it is
 *    touched; otherwise it stays unlocked, for it would take the place of what the guest maps later.
 *  - Locking comes first, without any page (MLOCK_ONFAULT), and filling afterwards, whose errors count for nothing: memory
 *    without access, or behind a file's end, cannot be filled.  Other threads may map and unmap between two ranges.
 */
#include "loader/space_lock.h"

#include "dbt/own.h"
#include "loader/space_map.h"
#include "syscall/host.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define STACK_FIRST (128ull << 10) /* below what the kernel has put on the stack (fs/exec.c) */

enum extent { NOTHING, ON_TOUCH, FILLED };

static struct {
    _Atomic enum extent future; /* of what is mapped from now on */
    _Atomic bool stack;         /* it is locked wherever it grows to */
    _Atomic uint32_t round;     /* of the calls: a later one ends the filling of an earlier one */
} state OWN_BY_FORK;

static int64_t host_lock(gaddr start, gaddr end, int flags)
{
    return host_raw(SYS_mlock2, start, end - start, (uint64_t)flags, 0, 0, 0);
}

/* Would the host lock that much more?  It looks at the limit first, then at the range, which here goes beyond the last address:
 * -EINVAL means yes, -ENOMEM no, -EPERM that nothing at all may be locked. */
static int64_t ask(uint64_t len)
{
    return host_lock(-len, 0, MLOCK_ONFAULT);
}
#define ANY_LENGTH (1ull << 62)

/* Where the stack would begin on the kernel. */
static gaddr stack_low(void)
{
    gaddr start = space_layout.stack_start, first = page_down(space_layout.stack_top) - STACK_FIRST;
    uint8_t there[1024];
    for (gaddr at = start; at < first;) {
        uint64_t n = (first - at) / PAGE < sizeof there ? (first - at) / PAGE : sizeof there;
        int64_t r = host_raw(SYS_mincore, at, n * PAGE, (uint64_t)there, 0, 0, 0);
        for (uint64_t i = 0; r == 0 && i < n; i++)
            if (there[i] & 1)
                return at + i * PAGE;
        at += n * PAGE;
    }
    return first > start ? first : start;
}

/* The first range of the guest's from `at` on, without the stack's part below `low`. */
static bool next_range(gaddr at, gaddr low, struct node *p)
{
    gaddr stack = space_layout.stack_start;
    for (; space_next(at, p); at = p->end) {
        if (p->kind != NODE_GUEST)
            continue;
        if (p->start < at)
            p->start = at;
        if (p->start < stack && p->end > stack)
            p->end = stack;
        if (p->start >= stack && p->start < low)
            p->start = p->end < low ? p->end : low;
        if (p->start < p->end)
            return true;
    }
    return false;
}

static bool within_limit(gaddr low)
{
    struct node p;
    struct rlimit r;
    uint64_t bytes = 0;
    for (gaddr at = 0; next_range(at, low, &p); at = p.end)
        bytes += p.end - p.start;
    return host_raw(SYS_prlimit64, 0, RLIMIT_MEMLOCK, 0, (uint64_t)&r, 0, 0) == 0 && bytes <= r.rlim_cur;
}

/* Errors: a range that the kernel cannot split any more, or that is gone, is left as it is, as mlockall does. */
static void lock_ranges(gaddr low)
{
    struct node p;
    for (gaddr at = 0; next_range(at, low, &p); at = p.end)
        host_lock(p.start, p.end, MLOCK_ONFAULT);
}

static void fill_ranges(gaddr low, uint32_t round)
{
    struct node p = {0};
    bool more;
    do {
        space_hold();
        more = state.round == round && next_range(p.end, low, &p);
        if (more)
            host_lock(p.start, p.end, 0);
        /* The stack is one mapping again then, and one line in lists of mappings. */
        if (more && p.start >= space_layout.stack_start && p.end <= space_layout.stack_end)
            host_lock(p.start, p.end, MLOCK_ONFAULT);
        space_release();
    } while (more);
}

int64_t space_lock_all(int flags)
{
    bool current = flags & MCL_CURRENT, on_touch = flags & MCL_ONFAULT;
    if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
        return -EINVAL;
    int64_t answer = ask(ANY_LENGTH);
    if (answer != -EINVAL && answer != -ENOMEM)
        return answer;
    bool limited = answer == -ENOMEM;
    space_hold();
    gaddr low = stack_low();
    if (current && limited && !within_limit(low)) {
        space_release();
        return -ENOMEM;
    }
    uint32_t round = ++state.round;
    state.future = !(flags & MCL_FUTURE) ? NOTHING : on_touch ? ON_TOUCH : FILLED;
    if (current) {
        state.stack = !limited;
        lock_ranges(limited ? low : 0);
    }
    space_release();
    if (current && !on_touch)
        fill_ranges(low, round);
    return 0;
}

int64_t space_unlock_all(void)
{
    struct node p;
    space_hold();
    ++state.round;
    state.future = NOTHING;
    state.stack = false;
    for (gaddr at = 0; next_range(at, 0, &p); at = p.end)
        host_raw(SYS_munlock, p.start, p.end - p.start, 0, 0, 0, 0);
    space_release();
    return 0;
}

bool space_lock_fits(uint64_t len)
{
    return state.future == NOTHING || ask(len) == -EINVAL;
}

void space_lock_new(gaddr start, uint64_t len)
{
    if (state.future != NOTHING)
        host_lock(start, start + len, state.future == ON_TOUCH ? MLOCK_ONFAULT : 0);
}

void space_lock_stack(gaddr start, gaddr end)
{
    if (state.stack)
        host_lock(start, end, MLOCK_ONFAULT);
}

void space_lock_fork_child(void)
{
    state.future = NOTHING;
    state.stack = false;
}
