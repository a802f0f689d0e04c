/* SPDX-License-Identifier: MIT */
/* A program whose header says that it has no sections, but where they are, as packers leave it; and one without a version. */
#include "../guest/c/copy.h"
#include "../guest/c/t.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_copy(const char *of, const char *name, uint64_t sections, uint8_t version)
{
    Elf64_Ehdr h;
    int out, status = -1;
    copy(of, name);
    out = open(name, O_RDWR);
    pread(out, &h, sizeof h, 0);
    h.e_shoff = sections;
    h.e_shnum = 0;
    h.e_ident[EI_VERSION] = version;
    pwrite(out, &h, sizeof h, 0);
    close(out);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl(name, name, "copy", NULL);
        show("execl", -1);
        exit(1);
    }
    waitpid(pid, &status, 0);
    printf("%s: status %x\n", name, status);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        puts(argv[1]);
        return 7;
    }
    run_copy(argv[0], "./aligned", 4096, EV_CURRENT);
    run_copy(argv[0], "./odd", 12345, EV_CURRENT);
    run_copy(argv[0], "./beyond", ~0ull, EV_CURRENT);
    run_copy(argv[0], "./unversioned", 0, EV_NONE);
    return 0;
}
