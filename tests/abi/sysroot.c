/* SPDX-License-Identifier: MIT */
/*
 * Paths through the sysroot, on a tree made here: which are redirected, links of all kinds, the guest's /proc
 * files. Each line of the table: the path, whether the last link is followed, and what it becomes ("" : as
 * given; a leading @ stands for the sysroot).
 */
#include "syscall/sysroot.h"

#include "loader/space.h"
#include "syscall/proc_files.h"
#include "syscall/task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct space_layout space_layout;

static int failures;
static char root[PATH_MAX];

static void at_root(char *out, const char *path)
{
    snprintf(out, 2 * PATH_MAX, "%s%s", *path == '@' ? root : "", path + (*path == '@'));
}

static void make(const char *path, const char *target)
{
    char full[2 * PATH_MAX];
    int r;

    at_root(full, path);
    if (target)
        r = symlink(target, full);
    else if (full[strlen(full) - 1] == '/')
        r = mkdir(full, 0755);
    else
        r = close(open(full, O_CREAT | O_WRONLY, 0644));
    if (r < 0) {
        perror(full);
        exit(2);
    }
}

static void make_tree(void)
{
    static const char *const dirs[] = {"@/usr/",  "@/usr/bin/", "@/usr/lib/", "@/etc/", "@/etc/alternatives/",
                                       "@/proc/", "@/dev/",     "@/tmp/",     "@/loop/"};

    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        make(dirs[i], NULL);
    make("@/usr/bin/mawk", NULL);
    make("@/usr/lib/libc.so", NULL);
    make("@/lib", "usr/lib");
    make("@/bin", "/usr/bin");
    make("@/etc/alternatives/awk", "/usr/bin/mawk");
    make("@/usr/bin/awk", "/etc/alternatives/awk");
    make("@/etc/mtab", "../proc/self/mounts");
    make("@/etc/out", "/nowhere/else");
    make("@/etc/up", "../../../usr/lib/libc.so");
    make("@/etc/dangling", "missing");
    make("@/loop/a", "b");
    make("@/loop/b", "/loop/a");
}

static const struct {
    const char *path;
    bool follow;
    const char *want;
} cases[] = {
    {"/usr/bin/mawk", true, "@/usr/bin/mawk"},
    {"//usr/./bin//mawk", true, "@/usr/bin/mawk"},
    {"/usr/bin/", true, "@/usr/bin/"},
    {"/", true, "@"},
    {"/lib/libc.so", true, "@/usr/lib/libc.so"},
    {"/lib", false, "@/lib"},
    {"/lib", true, "@/usr/lib"},
    {"/lib/", false, "@/usr/lib/"},
    {"/bin/awk", true, "@/usr/bin/mawk"},
    {"/bin/awk", false, "@/usr/bin/awk"},
    {"/usr/../lib/libc.so", true, "@/usr/lib/libc.so"},
    {"/../../usr/bin", true, "@/usr/bin"},
    {"/etc/up", true, "@/usr/lib/libc.so"},
    {"/etc/mtab", true, "/proc/self/mounts"},
    {"/etc/mtab", false, "@/etc/mtab"},
    {"/etc/out", true, "/nowhere/else"},
    {"/etc/dangling", true, ""},
    {"/etc/dangling", false, "@/etc/dangling"},
    {"/usr/bin/missing", true, ""},
    {"/usr/bin/mawk/x", true, ""},
    {"/tmp/new", true, ""},
    {"/tmp", true, ""},
    {"/usr/../tmp", true, "/tmp"},
    {"tmp", true, ""},
    {"/proc", true, ""},
    {"/proc/self/status", true, ""},
    {"/dev/null", true, ""},
    {"/usr/../dev/null", true, "/dev/null"},
    {"/tmp/../usr/bin/mawk", true, "@/usr/bin/mawk"},
    {"/proc/sys/./kernel/../../../lib/libc.so", true, "@/usr/lib/libc.so"},
    {"/proc/self/../../lib/libc.so", true, ""}, /* a link on the way */
    {"/tmp/../tmp/new", true, "/tmp/new"},
    {"/tmp/..", true, "@"},
    {"/tmp/../usr/missing", true, "/usr/missing"},
    {"/tmp/missing/../../usr/bin", true, ""},
    {"/sys/kernel", true, ""},
    {"", true, ""},
    {"@/usr/bin/mawk", true, ""},
    {"@/usr/bin/awk", true, "@/usr/bin/mawk"},
    {"@/usr/bin/awk", false, ""},
    {"@/usr/bin/new", true, ""},
    {"mawk", true, ""},
    {"awk", true, "@/usr/bin/mawk"},
    {"awk", false, ""},
    {"./../../bin/awk", true, "@/usr/bin/mawk"},
    {"missing", true, ""},
    {"/proc/self/exe", true, "/the/program"},
    {"/proc/self/exe", false, ""},
    {"//proc/./thread-self//exe", true, "/the/program"},
    {"/proc/self/task/1/exe", true, ""}, /* no thread of ours */
    {"/proc/self/exe/x", true, ""},
    {"/proc/1/exe", true, ""},
};

static void check_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[2 * PATH_MAX], want[2 * PATH_MAX], got[PATH_MAX] = "";
        int r;

        at_root(path, cases[i].path);
        at_root(want, cases[i].want);
        r = sysroot_at(AT_FDCWD, path, cases[i].follow, got);
        if (r == 0)
            got[0] = 0;
        if (r < 0 || strcmp(got, want) != 0) {
            fprintf(stderr, "%s (%d): %d \"%s\", not \"%s\"\n", path, cases[i].follow, r, got, want);
            failures++;
        }
    }
}

static void expect(const char *what, int got, int want)
{
    if (got == want)
        return;
    fprintf(stderr, "%s: %d, not %d\n", what, got, want);
    failures++;
}

static void check_rest(void)
{
    char out[PATH_MAX], bin_path[2 * PATH_MAX], own[64], *long_path = malloc(PATH_MAX + 1);
    int bin, proc = open("/proc/self", O_RDONLY | O_DIRECTORY);

    expect("a loop", sysroot_at(AT_FDCWD, "/loop/a", true, out), -ELOOP);
    expect("a loop, not followed", sysroot_at(AT_FDCWD, "/loop/a", false, out), 1);
    memset(long_path, 'x', PATH_MAX);
    long_path[0] = '/';
    long_path[PATH_MAX] = 0;
    expect("a long path", sysroot_path(long_path, out), -ENAMETOOLONG);
    free(long_path);

    at_root(bin_path, "@/usr/bin");
    bin = open(bin_path, O_RDONLY | O_DIRECTORY);
    if (chdir("/") < 0)
        failures++;
    expect("relative to a descriptor", sysroot_at(bin, "awk", true, out), 1);
    expect("relative, outside", sysroot_at(AT_FDCWD, "awk", true, out), 0);
    expect("bad descriptor", sysroot_at(-5, "awk", true, out), 0);

    snprintf(own, sizeof own, "/proc/%d/maps", (int)getpid());
    expect(own, proc_match(AT_FDCWD, own).file, PROC_MAPS);
    expect("auxv in /proc/self", proc_match(proc, "auxv").file, PROC_AUXV);
    snprintf(own, sizeof own, "task/%d/stat", (int)gettid());
    expect("a thread's stat in /proc/self", proc_match(proc, own).file, PROC_STAT);
    snprintf(own, sizeof own, "/proc/self/task/%d/exe", (int)gettid());
    expect("a thread's exe", proc_exe(AT_FDCWD, own, out) && strcmp(out, options.exe) == 0, true);
    expect("to open, it leads elsewhere", proc_match(AT_FDCWD, own).file, PROC_NONE);
    expect("task/1/stat in /proc/self", proc_match(proc, "task/1/stat").file, PROC_NONE);
    expect("cpuinfo", proc_match(AT_FDCWD, "/proc/cpuinfo").file, PROC_CPUINFO);
    expect("cpuinfo of self", proc_match(AT_FDCWD, "/proc/self/cpuinfo").file, PROC_NONE);
    expect("/tmp/maps", proc_match(AT_FDCWD, "/tmp/maps").file, PROC_NONE);
    expect("maps of init", proc_match(AT_FDCWD, "/proc/1/maps").file, PROC_NONE);

    char program[2 * PATH_MAX];
    at_root(program, "@/usr/bin/mawk");
    options.exe = program;
    expect("the program as the guest knows it", strcmp(exe_shown(options.exe), "/usr/bin/mawk"), 0);
    options.exe = "/the/program";
    expect("a program elsewhere", strcmp(exe_shown(options.exe), "/the/program"), 0);

    options.sysroot = NULL;
    expect("no sysroot", sysroot_path("/usr/bin/awk", out), 0);
    expect("as given", strcmp(out, "/usr/bin/awk"), 0);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char command[2 * PATH_MAX], bin[2 * PATH_MAX], made[PATH_MAX];

    snprintf(made, sizeof made, "%s/xrun-sysroot-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(made) || !realpath(made, root)) {
        perror(made);
        return 2;
    }
    options.sysroot = root;
    options.exe = "/the/program";
    make_tree();
    at_root(bin, "@/usr/bin");
    if (chdir(bin) < 0)
        return 2;
    check_cases();
    check_rest();
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command) != 0 || failures != 0;
}
