/* SPDX-License-Identifier: MIT */
/*
 * A program that restricts itself with landlock to its own folder can still execute what is there: the emulator's own
 * file, which it knows nothing of, is not to be in the way.
 * flags: -static
 */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static void restricted(const char *self, uint64_t handled)
{
    struct landlock_ruleset_attr attr = {.handled_access_fs = handled};
    char path[4096];
    snprintf(path, sizeof path, "%s", self);
    long fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    struct landlock_path_beneath_attr rule = {handled & READ, open(dirname(path), O_PATH)};
    good("create", fd);
    show("rule", syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    show("restrict", syscall(SYS_landlock_restrict_self, fd, 0));
    good("outside", open("/etc/passwd", O_RDONLY));
    good("inside", open(self, O_RDONLY));
    fflush(stdout);
    execl(self, self, "again", NULL);
    show("execl", -1);
    fflush(stdout);
    _exit(1);
}

int main(int argc, char **argv)
{
    static const uint64_t handled[] = {READ, LANDLOCK_ACCESS_FS_EXECUTE, LANDLOCK_ACCESS_FS_READ_FILE,
                                       READ | LANDLOCK_ACCESS_FS_WRITE_FILE, LANDLOCK_ACCESS_FS_WRITE_FILE};
    if (argc == 2) {
        good("again, outside", open("/etc/passwd", O_RDONLY));
        printf("executed\n");
        return 0;
    }
    for (size_t i = 0; i < sizeof handled / sizeof *handled; i++) {
        fflush(stdout);
        if (fork() == 0)
            restricted(argv[0], handled[i]);
        wait(NULL);
    }
    return 0;
}
