/* SPDX-License-Identifier: MIT */
/*
 * A few formatters for text that guest threads print or put into files of /proc.  snprintf was not taken: signal handlers
 * must not use it, and messages come from them, too (host_message).
 */
#include "syscall/text.h"

#include "syscall/task.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define PIPE_MOST (1 << 20) /* /proc/sys/fs/pipe-max-size, as it is by default */

bool text_file_room(int fd, size_t more)
{
    struct rlimit r;
    struct stat st;
    if (host_raw(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, ptr(&r), 0, 0) < 0 || r.rlim_cur == RLIM_INFINITY ||
        host_raw(SYS_fstat, (uint64_t)fd, ptr(&st), 0, 0, 0, 0) < 0 || !S_ISREG(st.st_mode))
        return true;
    return more <= r.rlim_cur && (uint64_t)st.st_size <= r.rlim_cur - more;
}

void text_stderr(const char *s, size_t n)
{
    if (text_file_room(2, n))
        host_raw(SYS_write, 2, ptr(s), n, 0, 0, 0);
}

int64_t text_begin(struct text *t, const char *name)
{
    int ends[2];
    int64_t r = host_raw(SYS_memfd_create, ptr(name), MFD_CLOEXEC, 0, 0, 0, 0);

    t->fd = (int)r;
    if (r < 0 || text_file_room(t->fd, PIPE_MOST))
        return r;
    host_close(r);
    if ((r = host_raw(SYS_pipe2, ptr(ends), O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0)) < 0)
        return r;
    host_raw(SYS_fcntl, (uint64_t)ends[1], F_SETPIPE_SZ, PIPE_MOST, 0, 0, 0);
    t->fd = ends[1];
    return ends[0];
}

int64_t text_end(struct text *t, int64_t fd)
{
    text_flush(t);
    if (t->fd == fd)
        host_raw(SYS_lseek, (uint64_t)fd, 0, SEEK_SET, 0, 0, 0);
    else
        host_close(t->fd);
    if (!t->error)
        return fd;
    host_close(fd);
    return t->error;
}

void text_flush(struct text *t)
{
    size_t done = 0;

    while (t->fd >= 0 && done < t->n && !t->error) {
        int64_t r = host_raw(SYS_write, (uint64_t)t->fd, ptr(t->buf + done), t->n - done, 0, 0, 0);
        if (r > 0)
            done += (size_t)r;
        else if (r != -EINTR)
            t->error = r ? r : -EIO;
    }
    t->n = 0;
}

void text_char(struct text *t, char c)
{
    if (t->n == t->cap) {
        if (t->fd < 0)
            return;
        text_flush(t);
    }
    t->buf[t->n++] = c;
}

void text_mem(struct text *t, const char *s, size_t n)
{
    while (n--)
        text_char(t, *s++);
}

void text_str(struct text *t, const char *s)
{
    text_mem(t, s, strlen(s));
}

static void text_base(struct text *t, uint64_t v, unsigned base, unsigned least)
{
    char digits[24];
    size_t i = sizeof digits;

    do {
        digits[--i] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v || sizeof digits - i < least);
    text_mem(t, digits + i, sizeof digits - i);
}

void text_udec(struct text *t, uint64_t v)
{
    text_base(t, v, 10, 1);
}

void text_dec(struct text *t, int64_t v)
{
    if (v < 0)
        text_char(t, '-');
    text_base(t, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, 1);
}

void text_hex_digits(struct text *t, uint64_t v, unsigned least)
{
    text_base(t, v, 16, least);
}

void text_hex(struct text *t, uint64_t v)
{
    text_str(t, "0x");
    text_hex_digits(t, v, 1);
}

void text_oct(struct text *t, uint64_t v)
{
    if (v)
        text_char(t, '0');
    text_base(t, v, 8, 1);
}

void text_numbered(char *to, size_t size, const char *text, uint64_t number)
{
    struct text t = {.buf = to, .cap = size - 1, .fd = -1};

    text_str(&t, text);
    text_udec(&t, number);
    to[t.n] = 0;
}

int64_t text_parse(const char *s, const char **end)
{
    uint64_t v = 0;
    const char *p = s;

    for (; *p >= '0' && *p <= '9'; p++) {
        if (v > (INT64_MAX - 9) / 10)
            return -1;
        v = v * 10 + (uint64_t)(*p - '0');
    }
    *end = p;
    return p == s ? -1 : (int64_t)v;
}

uint64_t text_parse_hex(const char *s, const char **end)
{
    uint64_t v = 0;

    for (;; s++) {
        if (*s >= '0' && *s <= '9')
            v = v << 4 | (uint64_t)(*s - '0');
        else if (*s >= 'a' && *s <= 'f')
            v = v << 4 | (uint64_t)(*s - 'a' + 10);
        else
            break;
    }
    *end = s;
    return v;
}
