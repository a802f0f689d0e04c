/* SPDX-License-Identifier: MIT */
/*
 * What the host has mapped before xrun begins: the program itself, its stack, the host's vdso.  All of it is xrun's own.
 *
 * /proc/self/maps tells; where there is no /proc, the two that lie outside xrun's window are found by what is known of them.
 * The stack is taken with the room that it may grow into.
 */
#include "loader/space_own.h"

#include "syscall/host.h"
#include "syscall/host_maps.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>

struct space_own space_own;

static gaddr line_start(const struct maps_line *l)
{
    gaddr start = l->start;
    struct rlimit r;
    if (strcmp(l->name, "[stack]") == 0) {
        uint64_t below = 8ull << 20;
        if (getrlimit(RLIMIT_STACK, &r) == 0 && r.rlim_cur > below)
            below = r.rlim_cur < 1ull << 30 ? r.rlim_cur : 1ull << 30;
        start = l->end - start > below ? start : l->end - below;
        space_own = (struct space_own){start, l->end};
    }
    return start;
}

/* Takes over the host's list. False: there is no /proc. */
static bool own_from_proc(void (*own)(gaddr start, gaddr end))
{
    struct maps_reader r;
    if (maps_open(&r, "/proc/self/maps") < 0)
        return false;
    for (const char *line; (line = maps_next(&r)) != NULL;) {
        struct maps_line l = maps_parse(line);
        own(line_start(&l), l.end);
    }
    maps_close(&r);
    return true;
}

/* A range of which only a part is mapped: the rest is filled, or the kernel would offer it again and again. */
static void fill(gaddr start, gaddr end)
{
    for (; start < end; start += PAGE)
        host_raw(SYS_mmap, start, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
                 (uint64_t)-1, 0);
}

void space_own_find(void (*own)(gaddr start, gaddr end))
{
    gaddr here = page_down((gaddr)&here), vdso = getauxval(AT_SYSINFO_EHDR);
    if (own_from_proc(own))
        return;
    space_own = (struct space_own){here - (8ull << 20), here + (1ull << 20) + PAGE};
    own(space_own.stack_start, space_own.stack_end);
    if (vdso) {
        own(vdso - 8 * PAGE, vdso + 4 * PAGE);
        fill(vdso - 8 * PAGE, vdso + 4 * PAGE);
    }
}
