/* SPDX-License-Identifier: MIT */
/* Flags of open in an ioctl, and the link exe by a descriptor of its own. */
#include "../guest/c/t.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int main(void)
{
    int pty = posix_openpt(O_RDWR | O_NOCTTY);

    unlockpt(pty);
    int peer = (int)good("peer", ioctl(pty, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_NOFOLLOW));
    int flags = fcntl(peer, F_GETFL);
    printf("nofollow %d, direct %d, directory %d\n", !!(flags & O_NOFOLLOW), !!(flags & O_DIRECT),
           !!(flags & O_DIRECTORY));
    show("direct", ioctl(pty, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_DIRECT));

    char link[4096], by_path[4096];
    const char *volatile no_path = NULL;
    int exe = open("/proc/self/exe", O_PATH | O_NOFOLLOW);
    ssize_t n = readlinkat(exe, "", link, sizeof link), m = readlink("/proc/self/exe", by_path, sizeof by_path);
    CHECK(n > 0 && n == m && memcmp(link, by_path, (size_t)n) == 0);
    show("working directory", readlinkat(AT_FDCWD, "", link, sizeof link));
    show("no descriptor", readlinkat(-1, "", link, sizeof link));
    show("no link", readlinkat(0, "", link, sizeof link));
    show("no path", readlinkat(exe, no_path, link, sizeof link));
    show("no size", readlinkat(exe, "", link, 0));
    return 0;
}
