/* SPDX-License-Identifier: MIT */
/*
 * Files of /proc that are written anew for the guest are open to those to whom the real ones are: one that has shut itself out of
 * /proc with landlock got an empty status.  And they are open by the lowest number, as all files.
 * flags: -static
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const names[] = {"/proc/self/maps", "/proc/self/auxv",   "/proc/self/cmdline", "/proc/self/stat",
                                    "/proc/cpuinfo",   "/proc/self/status", "/proc/self/limits",  "/proc/self/fdinfo/0"};

static void each(int flags)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        close((int)show(names[i], open(names[i], flags)));
}

int main(void)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0), free = dup(0);

    close(free);
    each(O_RDONLY);
    each(O_RDONLY | O_DIRECTORY);
    each(O_RDONLY | O_CREAT | O_EXCL);
    CHECK(dup(0) == free);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show("restrict", syscall(SYS_landlock_restrict_self, fd, 0));
    each(O_RDONLY);
    return 0;
}
