/* SPDX-License-Identifier: MIT */
/*
 * /proc/self/cmdline of a program that writes a title over its arguments, which goes on over the environment; and where
 * /proc/self/stat says that code and data are.
 */
#include "../guest/c/t.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

static void title(const char *when)
{
    char buf[10000];
    int fd = open("/proc/self/cmdline", O_RDONLY);
    ssize_t n = read(fd, buf, sizeof buf);
    close(fd);
    printf("%s: %zd bytes\n", when, n);
    for (ssize_t i = 0; i < n; i++)
        if (buf[i] != 't' && i >= (ssize_t)strlen(buf))
            printf("%zd: %d\n", i, buf[i]);
}

/* Fields 26, 27, 45 and 46. */
static void places(void)
{
    char buf[2000], *p;
    uint64_t field[53] = {0}, code = UINT64_MAX, code_end = 0, data = 0, data_end = 0, base = 0;
    const Elf64_Phdr *ph = (const Elf64_Phdr *)getauxval(AT_PHDR);
    int fd = open("/proc/self/stat", O_RDONLY);
    buf[read(fd, buf, sizeof buf - 1)] = 0;
    close(fd);
    p = strrchr(buf, ')') + 4;
    for (int i = 4; i < 53; i++)
        field[i] = strtoull(p, &p, 10);
    for (unsigned i = 0; i < getauxval(AT_PHNUM); i++)
        if (ph[i].p_type == PT_PHDR)
            base = (uint64_t)ph - ph[i].p_vaddr;
    for (unsigned i = 0; i < getauxval(AT_PHNUM); i++) {
        uint64_t start = base + ph[i].p_vaddr, end = start + ph[i].p_filesz;
        if (ph[i].p_type != PT_LOAD)
            continue;
        if ((ph[i].p_flags & PF_X) && start < code)
            code = start;
        if ((ph[i].p_flags & PF_X) && end > code_end)
            code_end = end;
        data = start > data ? start : data;
        data_end = end > data_end ? end : data_end;
    }
    CHECK(field[26] == code);
    CHECK(field[27] == code_end);
    CHECK(field[45] == data);
    CHECK(field[46] == data_end);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        char *const v[] = {"first", "second", "third", NULL}, *const e[] = {"A=1234567", "B=2345678", NULL};
        places();
        fflush(stdout);
        execve("/proc/self/exe", v, e);
        return 1;
    }
    size_t room = strlen("first") + strlen("second") + strlen("third") + 3, more = 20;
    title("as it was");
    memset(argv[0], 't', room - 1);
    title("an end");
    memset(argv[0], 't', room);
    title("over the environment");
    memset(argv[0], 't', room + more);
    title("all of it");
    argv[0][3] = 0;
    title("an end in the middle");
    argv[0][room - 1] = 0;
    title("as arguments again");
    return 0;
}
