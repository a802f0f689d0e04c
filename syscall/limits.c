/* SPDX-License-Identifier: MIT */
/*
 * getrlimit, setrlimit, prlimit64.  Most limits are the host's.  What differs:
 *
 *  - RLIMIT_AS and RLIMIT_DATA: the kernel would count xrun's memory too (the code cache alone is more than some programs
 *    allow themselves), and a process that cannot get more memory for xrun is lost.  So the guest's values are kept here
 *    and applied by space.c to what the guest maps; the host's soft limit is as high as it may be.  A program that is
 *    executed inherits the soft limit as the guest sees it; its hard limit is the host's.  prlimit64 on another guest of this
 *    xrun writes what is kept there.
 *  - RLIMIT_STACK: the guest's stack follows a higher one (stack.c).
 *  - RLIMIT_NOFILE: exec needs descriptors for the new xrun, where the kernel needs none.  If there are none, the soft limit
 *    is as high as it may be until the new xrun starts.
 *  - RLIMIT_CORE decides who handles the signals that dump core (signal.c).
 */
#include "syscall/limits.h"

#include "loader/space.h"
#include "loader/stack.h"
#include "syscall/calls.h"
#include "syscall/host.h"
#include "syscall/proc_files.h"
#include "syscall/signal.h"
#include "syscall/user.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>

static struct own_limit {
    struct rlimit guest;
    bool kept; /* the host's soft limit is another */
} kept[2];

static const int kept_resource[2] = {RLIMIT_AS, RLIMIT_DATA};

static int kept_index(int resource)
{
    return resource == RLIMIT_AS ? 0 : resource == RLIMIT_DATA ? 1 : -1;
}

static int64_t host_limit_of(int64_t pid, int resource, const struct rlimit *new, struct rlimit *old)
{
    return host_raw(SYS_prlimit64, (uint64_t)pid, (uint64_t)resource, ptr(new), ptr(old), 0, 0);
}

static int64_t host_limit(int resource, const struct rlimit *new, struct rlimit *old)
{
    return host_limit_of(0, resource, new, old);
}

/* pid 0: of this process; of another guest otherwise. */
static bool get_kept(int64_t pid, int i, struct own_limit *l)
{
    return proc_peek(pid, l, &kept[i], sizeof *l);
}

static bool put_kept(int64_t pid, int i, const struct own_limit *l)
{
    uint64_t *applied = i ? &space_limits.data : &space_limits.as;
    return proc_poke(pid, &kept[i], l, sizeof *l) &&
           proc_poke(pid, applied, &l->guest.rlim_cur, sizeof *applied);
}

/* The host's soft limit of a kept resource: the guest's, or the most that there is. */
static void host_soft(int i, bool guest)
{
    struct rlimit r;
    if (!kept[i].kept || host_limit(kept_resource[i], NULL, &r) < 0)
        return;
    r.rlim_cur = guest && kept[i].guest.rlim_cur < r.rlim_max ? kept[i].guest.rlim_cur : r.rlim_max;
    host_limit(kept_resource[i], &r, NULL);
}

void limits_init(void)
{
    for (int i = 0; i < 2; i++) {
        struct own_limit l = {{RLIM_INFINITY, RLIM_INFINITY}, false};
        host_limit(kept_resource[i], NULL, &l.guest);
        l.kept = l.guest.rlim_cur != l.guest.rlim_max;
        put_kept(0, i, &l);
        host_soft(i, false);
    }
}

size_t limits_cache(void)
{
    const uint64_t usual = 64 << 20,
                   share = 32; /* tables, and the copy that fork makes, are 7 times the cache */
    uint64_t size = usual;
    for (int i = 0; i < 2; i++) {
        struct rlimit r;
        if (host_limit(kept_resource[i], NULL, &r) < 0)
            continue;
        while (size > r.rlim_max / share && size > 1 << 20)
            size /= 2;
    }
    return size == usual ? 0 : size;
}

bool limits_kept(int64_t pid, const char *line, struct rlimit *r)
{
    struct own_limit its;
    static const char *const names[2] = {"Max address space ", "Max data size "};
    for (int i = 0; i < 2; i++)
        if (strncmp(line, names[i], strlen(names[i])) == 0) {
            if (!get_kept(pid, i, &its) || !its.kept)
                return false;
            *r = its.guest;
            return true;
        }
    return false;
}

bool limits_exec_files(struct task *t, struct rlimit *files)
{
    if (host_limit(RLIMIT_NOFILE, NULL, files) < 0)
        return false;
    struct rlimit more = {files->rlim_max, files->rlim_max};
    if (files->rlim_cur == files->rlim_max || host_limit(RLIMIT_NOFILE, &more, NULL) < 0)
        return false;
    t->files = files;
    return true;
}

void limits_exec_files_end(struct task *t)
{
    if (t->files)
        host_limit(RLIMIT_NOFILE, t->files, NULL);
    t->files = NULL;
}

void limits_exec_begin(struct task *t)
{
    limits_exec_files_end(t);
    host_soft(0, true);
    host_soft(1, true);
}

void limits_exec_failed(void)
{
    host_soft(0, false);
    host_soft(1, false);
}

static bool may_raise(void)
{
    struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct d[2] = {{0}, {0}};
    host_raw(SYS_capget, ptr(&h), ptr(d), 0, 0, 0, 0);
    return d[0].effective >> CAP_SYS_RESOURCE & 1;
}

static int64_t set_kept(int64_t pid, int i, const struct rlimit *old, const struct rlimit *new)
{
    struct rlimit r;
    if (new->rlim_cur > new->rlim_max)
        return -EINVAL;
    if (new->rlim_max > old->rlim_max) {
        if (!may_raise())
            return -EPERM;
        if (host_limit_of(pid, kept_resource[i], NULL, &r) == 0 && r.rlim_max < new->rlim_max)
            host_limit_of(pid, kept_resource[i], &(struct rlimit){new->rlim_max, new->rlim_max}, NULL);
    }
    return put_kept(pid, i, &(struct own_limit){*new, true}) ? 0 : -EPERM;
}

/* prlimit64 of a kept resource; pid 0: on this process, otherwise on another guest. */
static int64_t kept_call(int64_t pid, int i, gaddr wanted, gaddr old)
{
    struct own_limit l;
    struct rlimit n;
    if (wanted && user_read(&n, wanted, sizeof n) < 0)
        return -EFAULT;
    int64_t r = pid ? host_limit_of(pid, kept_resource[i], NULL, NULL) : 0;
    if (r == 0 && !get_kept(pid, i, &l))
        r = -EPERM;
    if (r == 0 && wanted)
        r = set_kept(pid, i, &l.guest, &n);
    return r == 0 && old && user_write(old, &l.guest, sizeof l.guest) < 0 ? -EFAULT : r;
}

/* A limit of the host's has changed. */
static void changed(struct task *t, int resource)
{
    if (resource == RLIMIT_CORE)
        signal_core_limit(t);
    else if (resource == RLIMIT_STACK)
        stack_limit();
}

int64_t sys_getrlimit(struct task *t, const uint64_t a[6])
{
    int i = kept_index((int)a[0]);
    if (i < 0)
        return host_syscall(t, SYS_getrlimit, a);
    return user_write(a[1], &kept[i].guest, sizeof kept[i].guest);
}

int64_t sys_setrlimit(struct task *t, const uint64_t a[6])
{
    int i = kept_index((int)a[0]);
    struct rlimit n;
    if (i >= 0)
        return user_read(&n, a[1], sizeof n) < 0 ? -EFAULT : set_kept(0, i, &kept[i].guest, &n);
    int64_t r = host_syscall(t, SYS_setrlimit, a);
    if (r == 0)
        changed(t, (int)a[0]);
    return r;
}

int64_t sys_prlimit64(struct task *t, const uint64_t a[6])
{
    int i = kept_index((int)a[1]), pid = (int)a[0];
    bool own = pid == 0 || pid == (int)host_id(SYS_getpid);
    if (i >= 0 && (own || (pid > 0 && proc_is_guest(pid))))
        return kept_call(own ? 0 : pid, i, a[2], a[3]);
    int64_t r = host_syscall(t, SYS_prlimit64, a);
    if (r == 0 && own && a[2])
        changed(t, (int)a[1]);
    return r;
}
