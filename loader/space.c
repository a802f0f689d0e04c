/* SPDX-License-Identifier: MIT */
/*
 * The guest's address space as disjoint ranges (space_nodes.h), each the guest's (with its protection),
 * xrun's own, or the gap below the stack: nothing is there for the guest, but the host may not choose it.
 *
 * What must hold:
 *  - The host's mappings change only through here (or are noted here), under space.op; the ranges themselves are under
 *    space.map, which is held for moments.  Lock order: op, the translator's lock, map.  dbt_invalidate therefore is
 *    called with op held but not map; space_fetchable is called by the translator and takes map only.
 *  - Nobody reads code that goes away: before code is unmapped or replaced its range is marked as closing, which makes it
 *    unfetchable for that time, and dbt_invalidate waits for the translation in progress.  A thread that runs into a
 *    closing range waits in space_wait (exit_arg SPACE_FETCH_BUSY) and tries again.
 *  - Guest code has no PROT_EXEC on the host, so a bug of xrun's cannot run it.
 *  - A range that others may map too knows what backs it (a file and an offset, or an object with a number), so that
 *    code which is invalidated through one mapping is dropped for all of them (space_alias).  Other processes' mappings of
 *    the same memory are not known: a JIT that writes in one process and runs in another is not covered.
 *
 * Where xrun's own memory lies in the way, calls behave as on an address space that is full there; munmap sees a hole.
 */
#include "loader/space_map.h"

#include "dbt/dbt.h"
#include "dbt/lock.h"
#include "loader/options.h"
#include "loader/space_lock.h"
#include "loader/space_own.h"
#include "syscall/host.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#define GAP_LEAST   65536 /* as vm.mmap_min_addr */
#define FETCH_AHEAD 1024  /* bytes of code that are worth looking into the next page for */

#define MAP_X86 0xc0 /* MAP_32BIT, MAP_ABOVE4G: mean nothing to AArch64 kernels */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#define PROT_SEM 8

static void change_end(void);

static struct {
    struct lock op, map;
    gaddr closing_start, closing_end;
} space OWN_BY_FORK = {.op = {.mend = change_end}};

struct space_layout space_layout;
gaddr space_end = SPACE_TOP;
_Atomic bool space_read_is_exec;

static void locked_set(gaddr start, gaddr end, int prot, enum kind kind)
{
    lock_take(&space.map);
    nodes_set(start, end, prot, kind);
    lock_drop(&space.map);
}

/* -- changes to what may be code; under space.op -- */

/* A second call before change_end adds a range; what lies between the two cannot be fetched either then. */
static void change_begin(gaddr start, gaddr end)
{
    lock_take(&space.map);
    bool code = nodes_has(start, end, NODE_GUEST, PROT_EXEC);
    if (code) {
        bool more = space.closing_end != 0;
        space.closing_start = more && space.closing_start < start ? space.closing_start : start;
        space.closing_end = more && space.closing_end > end ? space.closing_end : end;
    }
    lock_drop(&space.map);
    if (code)
        dbt_invalidate(start, end - start);
}

static void change_end(void)
{
    space.closing_start = space.closing_end = 0;
}

void space_hold(void)
{
    lock_take(&space.op);
}

void space_release(void)
{
    lock_drop(&space.op);
}

void space_wait(void)
{
    space_hold();
    space_release();
}

/* -- set-up -- */

static void own_range(gaddr start, gaddr end)
{
    if (start < SPACE_TOP)
        nodes_set(page_down(start), page_up(end < SPACE_TOP ? end : SPACE_TOP), 0, NODE_OWN);
}

void space_init(void)
{
    space_nodes.node = host_alloc(NODES_MAX * sizeof *space_nodes.node);
    if (!space_nodes.node) {
        host_message("no memory for the list of mappings");
        host_raw(SYS_exit_group, EXIT_OWN, 0, 0, 0, 0, 0);
    }
    space_own_find(own_range);
    own_range(SPACE_OWN_START, SPACE_OWN_END);
}

static bool holds(gaddr start, uint64_t len, enum kind kind)
{
    lock_take(&space.map);
    bool has = nodes_has(start, start + len, kind, 0);
    lock_drop(&space.map);
    return has;
}

bool space_forbidden(gaddr start, uint64_t len)
{
    return start >= space_end || len > space_end - start || holds(start, len, NODE_OWN);
}

bool space_hidden(gaddr start, uint64_t len)
{
    return space_forbidden(start, len) || holds(start, len, NODE_GAP);
}

int space_guard_prot;
static bool guards; /* there is guarded code, or was; under op */

bool space_guarded(gaddr pc)
{
    int prot = space_prot(pc);
    return prot >= 0 && (prot & space_guard_prot);
}

/* The bits of prot that the guest's processor knows, for a node; the translator hears of the first guarded code. */
static int known_prot(int prot)
{
    prot &= PROT_READ | PROT_WRITE | PROT_EXEC | space_guard_prot;
    if ((prot & space_guard_prot) && (prot & PROT_EXEC) && !guards) {
        guards = true;
        dbt_guard();
    }
    return prot;
}

static int implied_prot(int prot)
{
    return (prot & PROT_READ) && space_read_is_exec ? prot | PROT_EXEC : prot;
}

static int64_t host_mmap(gaddr addr, uint64_t len, int prot, int flags, int fd, off_t off)
{
    uint64_t p = space_host_prot(prot);
    if (!space_lock_fits(len))
        return -EAGAIN;
    int64_t r = host_raw(SYS_mmap, addr, len, p, (uint64_t)flags, (uint64_t)(int64_t)fd, (uint64_t)off);
    if (!HOST_ERROR(r))
        space_lock_new((gaddr)r, len);
    return r;
}

bool space_no_code(int fd)
{
    struct statfs fs;
    return host_raw(SYS_fstatfs, (uint64_t)(int64_t)fd, (uint64_t)&fs, 0, 0, 0, 0) == 0 &&
           (fs.f_flags & ST_NOEXEC);
}

/* What backs a new mapping.  A private one of a file shows what others write to the file, until it is written to itself. */
static struct backing backing_of(int flags, int fd, off_t off)
{
    static uint64_t count;
    struct stat st;
    if (flags & MAP_ANONYMOUS && (flags & MAP_TYPE) == MAP_PRIVATE)
        return (struct backing){0};
    if (flags & MAP_ANONYMOUS)
        return (struct backing){.device = DEVICE_ANONYMOUS, .object = ++count};
    if (host_raw(SYS_fstat, (uint64_t)(int64_t)fd, (uint64_t)&st, 0, 0, 0, 0) != 0)
        return (struct backing){0};
    return (struct backing){st.st_dev, st.st_ino, (uint64_t)off, space_no_code(fd)};
}

struct space_limits space_limits = {~0ull, ~0ull};
_Atomic bool space_code_is_fixed;

void space_ask_code_is_fixed(void)
{
    enum { GET_MDWE = 66 };
    space_code_is_fixed = host_raw(SYS_prctl, GET_MDWE, 0, 0, 0, 0, 0) > 0;
}

/* The kernel counts a stack as it grows, and not as data; here it is there from the start. */
static bool is_stack(const struct node *n)
{
    return n->start >= space_layout.stack_start && n->end <= space_layout.stack_end;
}

/* May the guest have `more` bytes?  Data is what only this process can write, files aside.  [start, end): what goes
 * away for it.  Under space.op. */
static bool within_limits(uint64_t more, bool data, gaddr start, gaddr end)
{
    uint64_t as = more, writable = more;
    if (space_limits.as == ~0ull && space_limits.data == ~0ull)
        return true;
    lock_take(&space.map);
    for (size_t i = 0; i < space_nodes.count; i++) {
        const struct node *n = &space_nodes.node[i];
        gaddr a = n->start > start ? n->start : start, b = n->end < end ? n->end : end;
        uint64_t size = n->kind != NODE_GUEST || is_stack(n) ? 0 : n->end - n->start - (a < b ? b - a : 0);
        as += size;
        writable += (n->prot & PROT_WRITE) && !n->backing.object ? size : 0;
    }
    lock_drop(&space.map);
    return as <= space_limits.as && (!data || writable <= space_limits.data);
}

bool space_fits(uint64_t len)
{
    return within_limits(len, false, 0, 0);
}

gaddr space_place(uint64_t len)
{
    gaddr end = space_end < SPACE_OWN_START ? space_end : SPACE_OWN_START, found = 0;
    lock_take(&space.map);
    for (size_t i = nodes_find(end) + 1; i-- > 0 && !found;) {
        if (i < space_nodes.count && space_nodes.node[i].start < end)
            end = space_nodes.node[i].start;
        gaddr below = i > 0 ? space_nodes.node[i - 1].end : GAP_LEAST;
        if (below <= end && end - below >= len)
            found = end - len;
    }
    lock_drop(&space.map);
    return found;
}

/* Where the kernel chose a place that is kept for xrun, or is beyond what the guest may have, asks once more for another. */
static int64_t mmap_anywhere(gaddr hint, uint64_t len, int prot, int flags, int fd, off_t off)
{
    if (hint && space_forbidden(page_down(hint), len))
        hint = 0;
    if (!hint && space_end < SPACE_TOP)
        hint = space_place(len);
    for (;;) {
        int64_t r = host_mmap(hint, len, prot, flags, fd, off);
        if (HOST_ERROR(r) || !space_forbidden((gaddr)r, len))
            return r;
        host_raw(SYS_munmap, (uint64_t)r, len, 0, 0, 0, 0);
        gaddr before = hint;
        hint = space_place(len);
        if (!hint || hint == before)
            return -ENOMEM;
    }
}

int64_t space_mmap(gaddr addr, uint64_t len, int prot, int flags, int fd, off_t off)
{
    if (len == 0 || off % PAGE)
        return -EINVAL;
    if (len > space_end)
        return -ENOMEM;
    len = page_up(len);
    prot = implied_prot(prot);
    if ((flags & MAP_X86) && (flags & MAP_TYPE) == MAP_SHARED_VALIDATE)
        return -EOPNOTSUPP;
    flags &= ~MAP_X86;
    bool noreplace = flags & MAP_FIXED_NOREPLACE, fixed = noreplace || (flags & MAP_FIXED);
    if (fixed) {
        if (addr % PAGE)
            return -EINVAL;
        if (space_forbidden(addr, len))
            return noreplace && addr < space_end && len <= space_end - addr ? -EEXIST : -ENOMEM;
    }
    if (space_code_is_fixed && (prot & PROT_EXEC) && (prot & PROT_WRITE))
        return -EACCES;
    bool data = (prot & PROT_WRITE) && (flags & MAP_TYPE) == MAP_PRIVATE && (flags & MAP_ANONYMOUS);
    lock_take(&space.op);
    if (!within_limits(len, data, addr, fixed ? addr + len : addr)) {
        lock_drop(&space.op);
        return -ENOMEM;
    }
    if (fixed && !noreplace)
        change_begin(addr, addr + len);
    int64_t r =
        fixed ? host_mmap(addr, len, prot, flags, fd, off) : mmap_anywhere(addr, len, prot, flags, fd, off);
    struct backing backing = {0};
    if (!HOST_ERROR(r))
        backing = backing_of(flags, fd, off);
    int known = known_prot(prot);
    if ((flags & MAP_TYPE) != MAP_PRIVATE && (prot & PROT_WRITE))
        dbt_share();
    lock_take(&space.map);
    if (!HOST_ERROR(r))
        nodes_put((struct node){
            .start = (gaddr)r, .end = (gaddr)r + len, .prot = (int16_t)known, .backing = backing});
    change_end();
    lock_drop(&space.map);
    lock_drop(&space.op);
    return r;
}

/* The part of [start, end) up to the first byte that is xrun's own; *next: where to go on. */
static gaddr guest_part(gaddr start, gaddr end, gaddr *next)
{
    gaddr stop = end;
    *next = end;
    lock_take(&space.map);
    for (size_t i = nodes_find(start); i < space_nodes.count && space_nodes.node[i].start < end; i++)
        if (space_nodes.node[i].kind == NODE_OWN) {
            stop = space_nodes.node[i].start > start ? space_nodes.node[i].start : start;
            *next = space_nodes.node[i].end;
            break;
        }
    lock_drop(&space.map);
    return stop;
}

static int64_t unmap_part(long nr, gaddr start, gaddr end)
{
    change_begin(start, end);
    int64_t r = host_raw(nr, start, end - start, 0, 0, 0, 0);
    lock_take(&space.map);
    if (r == 0)
        nodes_clear(start, end);
    change_end();
    lock_drop(&space.map);
    return r;
}

static int64_t unmap_locked(gaddr addr, gaddr end)
{
    int64_t r = 0;
    for (gaddr next; r == 0 && addr < end; addr = next) {
        gaddr stop = guest_part(addr, end, &next);
        if (stop > addr)
            r = unmap_part(SYS_munmap, addr, stop);
    }
    return r;
}

int64_t space_munmap(gaddr addr, uint64_t len)
{
    if (addr % PAGE || len == 0 || addr >= space_end || len > space_end - addr)
        return -EINVAL;
    lock_take(&space.op);
    int64_t r = unmap_locked(addr, addr + page_up(len));
    lock_drop(&space.op);
    return r;
}

int64_t space_unmap_by(long nr, gaddr addr, uint64_t len)
{
    lock_take(&space.op);
    int64_t r = unmap_part(nr, addr, addr + len);
    lock_drop(&space.op);
    return r;
}

bool space_next(gaddr addr, struct node *out)
{
    lock_take(&space.map);
    size_t i = nodes_find(addr);
    bool found = i < space_nodes.count;
    if (found)
        *out = space_nodes.node[i];
    lock_drop(&space.map);
    return found;
}

/* The guest's node at addr, or one with nothing in it. */
static struct node node_at(gaddr addr)
{
    struct node n;
    bool there = space_next(addr, &n) && n.start <= addr && n.kind == NODE_GUEST;
    return there ? n : (struct node){.start = addr};
}

/* Where memory would become executable that must not; `end`: nowhere. */
static gaddr code_stop(gaddr start, gaddr end, int prot)
{
    gaddr stop = end;
    if (!(prot & PROT_EXEC))
        return end;
    lock_take(&space.map);
    for (size_t i = nodes_find(start);
         i < space_nodes.count && space_nodes.node[i].start < end && stop == end; i++) {
        const struct node *n = &space_nodes.node[i];
        if (n->backing.no_code || (space_code_is_fixed && ((prot & PROT_WRITE) || !(n->prot & PROT_EXEC))))
            stop = n->start > start ? n->start : start;
    }
    lock_drop(&space.map);
    return stop;
}

/* It has failed somewhere: what is before that is changed, and that may be in the middle of a node, which can be several mappings of
 * the host's, one sealed, or with a hole (MADV_DONTFORK). */
static void protect_part(gaddr addr, gaddr end, uint64_t host, int known)
{
    for (struct node n; addr < end && (n = node_at(addr)).end;) {
        gaddr to = n.end < end ? n.end : end;
        uint64_t len = to - addr;
        while (len && host_raw(SYS_mprotect, addr, len, host, 0, 0, 0) != 0)
            len = page_down(len / 2);
        if (!len)
            return;
        lock_take(&space.map);
        nodes_protect(addr, addr + len, known);
        lock_drop(&space.map);
        addr += len;
    }
}

int64_t space_mprotect(gaddr addr, uint64_t len, int prot)
{
    if (addr % PAGE)
        return -EINVAL;
    if (len == 0)
        return 0;
    if ((prot & PROT_GROWSDOWN) && addr >= space_layout.stack_start && addr < space_layout.stack_end) {
        len += addr - space_layout.stack_start;
        addr = space_layout.stack_start;
        prot &= ~PROT_GROWSDOWN;
    }
    if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | space_guard_prot))
        return -EINVAL;
    if (space_hidden(addr, len))
        return -ENOMEM;
    gaddr all = addr + page_up(len), end = code_stop(addr, all, prot);
    if (end == addr)
        return -EACCES;
    prot = implied_prot(prot);
    uint64_t host = space_host_prot(prot);
    lock_take(&space.op);
    int known = known_prot(prot);
    bool closes = !(prot & PROT_EXEC) || guards; /* translations know whether they are guarded */
    if (closes)
        change_begin(addr, end);
    int64_t r = host_raw(SYS_mprotect, addr, end - addr, host, 0, 0, 0);
    if (r != 0)
        protect_part(addr, end, host, known);
    lock_take(&space.map);
    if (r == 0)
        nodes_protect(addr, end, known);
    change_end();
    lock_drop(&space.map);
    lock_drop(&space.op);
    return r == 0 && end < all ? -EACCES : r;
}

/* In a space that ends below the host's, the place to move to is chosen here. */
static int64_t host_mremap(gaddr old, uint64_t old_len, uint64_t new_len, uint64_t flags, gaddr to)
{
    if (space_end < SPACE_TOP && (flags & MREMAP_MAYMOVE) && !(flags & MREMAP_FIXED)) {
        bool stays = old_len && !(flags & MREMAP_DONTUNMAP);
        int64_t r = stays ? host_raw(SYS_mremap, old, old_len, new_len, 0, 0, 0) : -ENOMEM;
        if (r != -ENOMEM || (to = space_place(new_len)) == 0)
            return r;
        flags |= MREMAP_FIXED;
    }
    return host_raw(SYS_mremap, old, old_len, new_len, flags, to, 0);
}

int64_t space_mremap(gaddr old, uint64_t old_len, uint64_t new_len, int flags, gaddr fixed)
{
    bool is_fixed = flags & MREMAP_FIXED;
    if (old % PAGE || page_up(new_len) == 0 || (is_fixed && fixed % PAGE))
        return -EINVAL;
    if (space_hidden(old, old_len ? old_len : 1))
        return -EFAULT;
    if (new_len > space_end)
        return -ENOMEM;
    old_len = page_up(old_len);
    new_len = page_up(new_len);
    if (is_fixed && space_forbidden(fixed, new_len))
        return fixed >= space_end || new_len > space_end - fixed ? -EINVAL : -ENOMEM;
    lock_take(&space.op);
    struct node from = node_at(old);
    bool data = (from.prot & PROT_WRITE) && !from.backing.object, grows = new_len > old_len;
    /* What is one mapping to the host need not be one to the guest, and only one can grow. */
    int64_t bad = grows && from.end && from.end < old + old_len            ? -EFAULT
                  : grows && !within_limits(new_len - old_len, data, 0, 0) ? -ENOMEM
                                                                           : 0;
    if (bad) {
        lock_drop(&space.op);
        return bad;
    }
    if (is_fixed)
        change_begin(fixed, fixed + new_len);
    change_begin(old, old + old_len);
    int64_t r = host_mremap(old, old_len, new_len, (uint64_t)flags, fixed);
    lock_take(&space.map);
    if (!HOST_ERROR(r))
        nodes_remap(old, old_len, (gaddr)r, new_len, flags & MREMAP_DONTUNMAP);
    change_end();
    lock_drop(&space.map);
    lock_drop(&space.op);
    return r;
}

int64_t space_brk(gaddr want)
{
    lock_take(&space.op);
    if (!space_layout.brk)
        space_layout.brk = space_layout.brk_start;
    gaddr old = page_up(space_layout.brk), end = page_up(want);
    bool good = want >= space_layout.brk_start && want < space_end;
    if (good && end > old) {
        good = within_limits(end - old, true, 0, 0) && !space_forbidden(old, end - old) &&
               host_mmap(old, end - old, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (int64_t)old;
        if (good)
            locked_set(old, end, PROT_READ | PROT_WRITE, NODE_GUEST);
    } else if (good && end < old) {
        good = unmap_locked(end, old) == 0;
    }
    if (good)
        space_layout.brk = want;
    int64_t r = (int64_t)space_layout.brk;
    lock_drop(&space.op);
    return r;
}

void space_note(gaddr addr, uint64_t len, int prot, uint64_t object)
{
    struct node n = {.start = page_down(addr), .end = page_up(addr + len), .prot = (int16_t)(prot & 7)};
    if (object)
        n.backing = (struct backing){.device = DEVICE_SYSV, .object = object};
    if (object)
        dbt_share();
    lock_take(&space.op);
    change_begin(page_down(addr), page_up(addr + len));
    lock_take(&space.map);
    nodes_put(n);
    change_end();
    lock_drop(&space.map);
    lock_drop(&space.op);
}

void space_set_gap(gaddr start, gaddr end)
{
    locked_set(start, end, 0, NODE_GAP);
}

gaddr space_gap_start(gaddr end)
{
    lock_take(&space.map);
    size_t i = nodes_find(end - 1);
    bool gap =
        i < space_nodes.count && space_nodes.node[i].kind == NODE_GAP && space_nodes.node[i].end == end;
    gaddr start = gap ? space_nodes.node[i].start : end;
    lock_drop(&space.map);
    return start;
}

/* -- questions -- */

/* How many of the n bytes are there to be read: pages of a file that lie behind its end are not.  Only the
 * page of pc and, near its end, the next one are tried; the caller does not want more at a time. */
static size_t present(gaddr pc, size_t n)
{
    uint64_t probe;
    gaddr end = page_down(pc) + PAGE;
    if (user_read(&probe, end - sizeof probe, sizeof probe) < 0)
        return 0;
    if (n > end - pc && end - pc < FETCH_AHEAD && user_read(&probe, end, sizeof probe) == 0)
        end += PAGE;
    return n < end - pc ? n : end - pc;
}

size_t space_fetchable(gaddr pc, uint64_t *why)
{
    if (pc & 3) {
        *why = SPACE_FETCH_MISALIGNED;
        return 0;
    }
    size_t n = 0;
    lock_take(&space.map);
    size_t i = nodes_find(pc);
    *why = SPACE_FETCH_UNMAPPED;
    if (i < space_nodes.count && space_nodes.node[i].start <= pc && space_nodes.node[i].kind == NODE_GUEST) {
        *why = SPACE_FETCH_DENIED;
        if (space_nodes.node[i].prot & PROT_EXEC)
            n = space_nodes.node[i].end - pc;
    }
    if (n && pc < space.closing_end && pc + n > space.closing_start) {
        *why = SPACE_FETCH_BUSY;
        n = pc < space.closing_start ? space.closing_start - pc : 0;
    }
    lock_drop(&space.map);
    if (n && !(n = present(pc, n)))
        *why = SPACE_FETCH_BUS;
    return n;
}

bool space_has_code(gaddr start, uint64_t len)
{
    lock_take(&space.map);
    bool has = nodes_has(start, start + len, NODE_GUEST, PROT_EXEC);
    lock_drop(&space.map);
    return has;
}

int space_prot(gaddr addr)
{
    struct node n = node_at(addr);
    return n.end ? n.prot : -1;
}

/* Where n maps the byte that b is, if it has that protection; 0: it does not. */
static gaddr byte_in(const struct node *n, const struct backing *b, int prot)
{
    const struct backing *o = &n->backing;
    if (n->kind != NODE_GUEST || !(n->prot & prot) || o->object != b->object || o->device != b->device ||
        b->offset < o->offset || b->offset - o->offset >= n->end - n->start)
        return 0;
    return n->start + (b->offset - o->offset);
}

gaddr space_alias(gaddr addr, gaddr after)
{
    struct node n = node_at(addr);
    gaddr found = 0;
    if (!n.backing.object)
        return 0;
    struct backing byte = backing_at(&n, addr);
    lock_take(&space.map);
    for (size_t i = nodes_find(after); i < space_nodes.count; i++) {
        found = byte_in(&space_nodes.node[i], &byte, PROT_EXEC);
        if (found > after && found != addr)
            break;
        found = 0;
    }
    lock_drop(&space.map);
    return found;
}

gaddr space_find(uint64_t device, uint64_t inode, uint64_t offset, gaddr guess)
{
    struct backing byte = {.device = device, .object = inode, .offset = offset};
    lock_take(&space.map);
    size_t at = nodes_find(guess);
    gaddr found = at < space_nodes.count ? byte_in(&space_nodes.node[at], &byte, PROT_WRITE) : 0;
    for (size_t i = 0; i < space_nodes.count && !found; i++)
        found = byte_in(&space_nodes.node[i], &byte, PROT_WRITE);
    lock_drop(&space.map);
    return found;
}

bool space_is_shared(gaddr addr)
{
    return node_at(addr).backing.object != 0;
}

bool space_is_file(gaddr addr)
{
    struct backing b = node_at(addr).backing;
    return b.object && b.device != DEVICE_ANONYMOUS && b.device != DEVICE_SYSV;
}

void space_fork_prepare(void)
{
    lock_take(&space.op);
}
void space_fork_freeze(void)
{
    lock_take(&space.map);
}

void space_fork_parent(void)
{
    lock_drop(&space.map);
    lock_drop(&space.op);
}

void space_fork_child(void)
{
    space_lock_fork_child();
    space_fork_parent();
}
