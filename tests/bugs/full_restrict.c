/* SPDX-License-Identifier: MIT */
/*
 * A program that has no descriptor left restricts itself with landlock, or changes its root (as root; otherwise it fails natively,
 * too), and executes what is there.
 * flags: -static
 */
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <fcntl.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static void limit(unsigned n)
{
    struct rlimit r = {n, 4096};
    show("limit", setrlimit(RLIMIT_NOFILE, &r));
}

static void other_root(const char *program)
{
    mkdir("root", 0700);
    copy(program, "root/program");
    limit(3);
    good("none left", dup(0));
    show("chroot", chroot("root"));
    limit(100);
    show("lowest", dup(0));
    fflush(stdout);
    execl("/program", "/program", "again", NULL);
    show("execl", -1);
    _exit(1);
}

int main(int argc, char **argv)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = READ};
    char path[4096];

    if (argc == 2) {
        good("again, outside", open("/etc/passwd", O_RDONLY));
        printf("executed\n");
        return 0;
    }
    fflush(stdout);
    if (fork() == 0)
        other_root(argv[0]);
    wait(NULL);
    snprintf(path, sizeof path, "%s", argv[0]);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0), dir = open(dirname(path), O_PATH);
    struct landlock_path_beneath_attr rule = {READ, dir};
    show("rule", syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
    close(dir);
    limit((unsigned)fd + 1);
    good("none left", dup(0));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show("restrict", syscall(SYS_landlock_restrict_self, fd, 0));
    limit(100);
    good("outside", open("/etc/passwd", O_RDONLY));
    fflush(stdout);
    execl(argv[0], argv[0], "again", NULL);
    show("execl", -1);
    return 1;
}
