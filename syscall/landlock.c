/* SPDX-License-Identifier: MIT */
/*
 * landlock_restrict_self: a program of the guest's is executed by executing xrun's own file, of which the guest's rules
 * know nothing.  So that file is added to the ruleset before it is enforced: what it may do (be executed, be read) is of no
 * use to the guest but for that.  All else is the kernel's.
 */
#include "syscall/calls.h"
#include "syscall/exec_self.h"
#include "syscall/host.h"

#include <errno.h>
#include <linux/landlock.h>

/* A rule may only speak of what its ruleset handles. */
static void allow_own_file(struct task *t, uint64_t ruleset)
{
    static const uint64_t rights[] = {LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE,
                                      LANDLOCK_ACCESS_FS_EXECUTE, LANDLOCK_ACCESS_FS_READ_FILE};
    int64_t fd = exec_self_open(t), r = -EINVAL;

    if (fd < 0)
        return;
    for (size_t i = 0; r == -EINVAL && i < sizeof rights / sizeof *rights; i++) {
        struct landlock_path_beneath_attr rule = {rights[i], (int32_t)fd};
        r = host_raw(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, (uint64_t)&rule, 0, 0, 0);
    }
    host_close(fd);
}

int64_t sys_landlock_restrict_self(struct task *t, const uint64_t a[6])
{
    allow_own_file(t, a[0]);
    task_part(t);
    return host_syscall(t, SYS_landlock_restrict_self, a);
}
