/* SPDX-License-Identifier: MIT */
/*
 * As landlock_exec, behind a chroot to a folder in which there is no /proc (as root; otherwise chroot fails natively, too).
 * flags: -static
 */
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static void restricted(void)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = READ};
    long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    struct landlock_path_beneath_attr rule = {READ, open("/in", O_PATH)};
    good("create", fd);
    show("rule", syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show("restrict", syscall(SYS_landlock_restrict_self, fd, 0));
    good("outside", open("/outside", O_RDONLY));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        good("again, outside", open("/outside", O_RDONLY));
        printf("executed\n");
        return 0;
    }
    mkdir("root", 0700), mkdir("root/in", 0700);
    copy(argv[0], "root/in/program");
    copy("/etc/passwd", "root/outside");
    if (show("chroot", chroot("root")) != 0 || chdir("/"))
        return 0;
    for (int twice = 0; twice < 2; twice++) {
        fflush(stdout);
        if (fork() == 0) {
            restricted();
            if (twice)
                restricted();
            execl("/in/program", "/in/program", "again", NULL);
            show("execl", -1);
            fflush(stdout);
            _exit(1);
        }
        wait(NULL);
    }
    return 0;
}
