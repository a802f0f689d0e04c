/* SPDX-License-Identifier: MIT */
/*
 * Directories with many entries: reading, seeking, changing while reading, getdents64 with small buffers,
 * nftw, glob.
 */
#include "t.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int dirs, regular;
static int visit(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)path, (void)s, (void)f;
    dirs += type == FTW_DP || type == FTW_D, regular += type == FTW_F;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

int main(void)
{
    char name[64];
    static char names[2000][16];
    mkdir("d", 0755);
    for (int i = 0; i < 1500; i++) {
        snprintf(name, sizeof name, "d/file%d%.*s", i, i % 5, "xxxxx");
        close(open(name, O_CREAT | O_WRONLY, 0644));
    }
    mkdir("d/sub", 0755), symlink("file1", "d/link"), mkfifo("d/sub/fifo", 0600);
    DIR *d = opendir("d");
    int n = 0, types[16] = {0};
    long where[3] = {0};
    char after[3][64];
    for (struct dirent *e; (e = readdir(d)); n++) {
        types[e->d_type]++;
        snprintf(names[n], sizeof names[n], "%.15s", e->d_name);
        if (n % 400 == 50 && n < 1200) {
            where[n / 400] = telldir(d);
            struct dirent *x = readdir(d);
            snprintf(after[n / 400], 64, "%s", x->d_name);
            seekdir(d, where[n / 400]);
        }
    }
    printf("%d: %d %d %d\n", n, types[DT_REG], types[DT_DIR], types[DT_LNK]);
    for (int i = 0; i < 3; i++) {
        seekdir(d, where[i]);
        struct dirent *e = readdir(d);
        printf("%d", e && !strcmp(e->d_name, after[i]));
    }
    rewinddir(d);
    int again = 0;
    while (readdir(d))
        again++;
    closedir(d);
    qsort(names, (size_t)n, sizeof *names, by_name);
    printf(" %d %s %s %s\n", again, names[0], names[3], names[n - 1]);
    int fd = open("d", O_RDONLY | O_DIRECTORY);
    char buf[300];
    long total = 0, calls = 0;
    for (long r; (r = syscall(SYS_getdents64, fd, buf, sizeof buf)) > 0; calls++)
        for (long at = 0; at < r; total++)
            at += ((struct dirent64 *)(buf + at))->d_reclen;
    printf("%ld %d\n", total, calls > 100);
    lseek(fd, 0, SEEK_SET);
    show("too small", syscall(SYS_getdents64, fd, buf, 10));
    show("not a directory", syscall(SYS_getdents64, open("d/file1x", O_RDONLY), buf, sizeof buf));
    nftw("d", visit, 10, FTW_DEPTH | FTW_PHYS);
    printf("%d %d\n", dirs, regular);
    glob_t g;
    glob("d/file12*", 0, NULL, &g);
    printf("%zu %s\n", g.gl_pathc, g.gl_pathv[0]);
    struct dirent **list;
    n = scandir("d/sub", &list, NULL, alphasort);
    printf("%d %s %d\n", n, list[n - 1]->d_name, list[n - 1]->d_type == DT_FIFO);
    return 0;
}
