/* SPDX-License-Identifier: MIT */
/*
 * Nothing is to be found behind a file of the sysroot: neither "." nor "..".
 * skip-qemu: it asks the host then
 */
#include "../guest/c/t.h"

#include <sys/stat.h>
#include <unistd.h>

#define LOADER "/lib/ld-linux-aarch64.so.1"

int main(void)
{
    static const char *const path[] = {LOADER,
                                       LOADER "/.",
                                       LOADER "/..",
                                       LOADER "/../ld-linux-aarch64.so.1",
                                       "/lib/./../lib/ld-linux-aarch64.so.1",
                                       "/lib/.",
                                       "/../lib/.."};
    struct stat st;
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        printf("%s: ", path[i]);
        good("stat", stat(path[i], &st));
    }
    chdir("/lib");
    show("relative", stat("ld-linux-aarch64.so.1/..", &st));
    return 0;
}
