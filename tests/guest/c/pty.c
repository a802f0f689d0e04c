/* SPDX-License-Identifier: MIT */
/*
 * Pseudo-terminals: termios, window sizes, the line discipline, a session with job control on one, SIGINT
 * and SIGWINCH through it.
 */
#include "t.h"

#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile int winches;
static void on_winch(int s)
{
    (void)s;
    winches++;
}

static void from(int fd, const char *what)
{
    char buf[200] = {0};
    ssize_t n = read(fd, buf, sizeof buf - 1);
    printf("%s %zd ", what, n);
    for (char *p = buf; *p; p++)
        *p >= ' ' ? putchar(*p) : printf("\\x%02x", *p);
    puts("");
}

int main(void)
{
    int m, s;
    struct winsize w = {24, 80, 0, 0};
    struct termios t;
    show("openpty", openpty(&m, &s, NULL, NULL, &w));
    printf("%d %d\n", isatty(s), isatty(m));
    tcgetattr(s, &t);
    printf("%x %x %x %x %d %d %d\n", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, t.c_cc[VINTR], t.c_cc[VEOF],
           (int)cfgetospeed(&t) == B38400);
    write(m, "line\n", 5);
    from(s, "cooked"), from(m, "echo");
    write(m, "wrong\x15right\n", 12);
    from(s, "killed");
    from(m, "echo");
    cfmakeraw(&t), t.c_cc[VMIN] = 1, t.c_cc[VTIME] = 0;
    show("tcsetattr", tcsetattr(s, TCSANOW, &t));
    write(m, "raw\x03", 4);
    from(s, "raw");
    w.ws_row = 50, w.ws_col = 132;
    show("winsz", ioctl(m, TIOCSWINSZ, &w));
    memset(&w, 0, sizeof w);
    ioctl(s, TIOCGWINSZ, &w);
    printf("%d %d\n", w.ws_row, w.ws_col);
    int n;
    write(m, "abc", 3);
    usleep(20000); /* the kernel passes it on in the background */
    ioctl(s, FIONREAD, &n);
    printf("%d\n", n);
    tcflush(s, TCIFLUSH), ioctl(s, FIONREAD, &n);
    printf("%d\n", n);
    close(s), close(m);
    fflush(stdout);
    int st;
    pid_t p = forkpty(&m, NULL, NULL, &w);
    if (p == 0) {
        struct sigaction sa = {.sa_handler = on_winch};
        sigaction(SIGWINCH, &sa, NULL);
        printf("tty %d %d %d\n", isatty(0), tcgetpgrp(0) == getpid(), getsid(0) == getpid());
        fflush(stdout);
        while (!winches)
            usleep(1000);
        puts("winch");
        fflush(stdout);
        for (;;)
            pause();
    }
    from(m, "child");
    w.ws_row = 10;
    ioctl(m, TIOCSWINSZ, &w);
    from(m, "child");
    write(m, "\x03", 1);
    waitpid(p, &st, 0);
    printf("%d %d\n", WIFSIGNALED(st), WTERMSIG(st));
    return 0;
}
