/* SPDX-License-Identifier: MIT */
/* Prints how it was started; with "exec FILE ARG0 ARG..." starts another. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "exec") == 0) {
        execv(argv[2], argv + 3);
        return 99;
    }
    char comm[16], exe[4096];
    prctl(PR_GET_NAME, comm);
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n < 0 ? 0 : n] = 0;
    for (int i = 0; i < argc; i++)
        printf("argv %s\n", argv[i]);
    const char *execfn = (const char *)getauxval(AT_EXECFN);
    errno = 0;
    getauxval(AT_EXECFD);
    printf("execfn %s\nexecfd %s\nflags %lu\nsecure %lu\n", execfn, errno ? "none" : "some",
           getauxval(AT_FLAGS), getauxval(AT_SECURE));
    printf("comm %s\nexe %s\nuid %d euid %d\nstdin %s\n", comm, exe, getuid(), geteuid(),
           lseek(0, 0, SEEK_CUR) < 0 && errno == EBADF ? "closed" : "open");
    return argc;
}
