/* SPDX-License-Identifier: MIT */
/*
 * Where pointers with a tag may be passed to system calls (PR_SET_TAGGED_ADDR_CTRL), a number is none: offsets and lengths lost their
 * top byte, too.
 */
#include "../guest/c/t.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void *tagged(void *p)
{
    return (void *)((uint64_t)p | 0x2aull << 56);
}

int main(void)
{
    const off_t far = 0x0100000000000005;
    char text[] = "abcdefgh", buf[8];
    struct stat st;
    int fd = memfd_create("file", 0);

    show("prctl", prctl(55, 1, 0, 0, 0));
    show("write", write(fd, tagged(text), 8));
    show("lseek", lseek(fd, far, SEEK_SET));
    show("pread far", pread(fd, tagged(buf), 8, far));
    show("pread near", pread(fd, tagged(buf), 8, 5));
    show("ftruncate", ftruncate(fd, far));
    show("fstat", fstat(fd, tagged(&st)));
    printf("%lld\n", (long long)st.st_size);
    CHECK(mmap(NULL, far, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    return 0;
}
