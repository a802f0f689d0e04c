/* SPDX-License-Identifier: MIT */
/* An ELF interpreter is executed, too: one that may not be was taken all the same. */
#include "../guest/c/t.h"

#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *name, const void *data, size_t n, mode_t mode)
{
    int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, mode);
    if (write(fd, data, n) != (ssize_t)n)
        perror(name);
    close(fd);
}

int main(void)
{
    static struct {
        Elf64_Ehdr head;
        Elf64_Phdr interp;
        char name[8];
    } program = {.name = "./inter"};
    char *const argv[] = {"program", NULL};
    int fd = open("/proc/self/exe", O_RDONLY);

    CHECK(read(fd, &program.head, sizeof program.head) == sizeof program.head);
    close(fd);
    program.head.e_phoff = sizeof program.head;
    program.head.e_phnum = 1;
    program.interp = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = offsetof(__typeof__(program), name)};
    program.interp.p_filesz = sizeof program.name;
    put("program", &program, sizeof program, 0755);
    show("missing", execv("./program", argv));
    put("inter", &program.interp, sizeof program.interp + sizeof program.name, 0644);
    show("not executable", execv("./program", argv));
    chmod("inter", 0755);
    show("not ELF", execv("./program", argv));
    unlink("inter");
    mkdir("inter", 0755);
    show("folder", execv("./program", argv));
    return 0;
}
