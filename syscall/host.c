/* SPDX-License-Identifier: MIT */
/*
 * Host services that any guest thread may use at any time: they share no state, take no lock of the C
 * library, and use no thread-local data, because guest threads share the main thread's (task.h).
 *
 * Messages are formatted by a small printer of its own for that reason: vsnprintf reads the thread's locale.
 * It knows %s, %d, %u, %x, %lx, %lu, %ld.
 */
#include "syscall/host.h"

#include "dbt/own.h"

#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

int64_t host_syscall(struct task *t, long nr, const uint64_t a[6])
{
    return host_call_guarded(&t->attention, nr, a);
}

void *host_alloc(size_t size)
{
    return own_map(size, MAP_PRIVATE);
}

void host_free(void *p, size_t size)
{
    host_raw(SYS_munmap, (uint64_t)p, size, 0, 0, 0, 0);
}

struct line {
    char text[512];
    size_t len;
};

static void put(struct line *l, char c)
{
    if (l->len < sizeof l->text - 1)
        l->text[l->len++] = c;
}

static void put_string(struct line *l, const char *s)
{
    while (*s)
        put(l, *s++);
}

static void put_number(struct line *l, uint64_t v, unsigned base)
{
    char digits[24];
    unsigned n = 0;
    do
        digits[n++] = "0123456789abcdef"[v % base];
    while (v /= base);
    while (n)
        put(l, digits[--n]);
}

static void put_signed(struct line *l, int64_t v)
{
    if (v < 0)
        put(l, '-');
    put_number(l, v < 0 ? -(uint64_t)v : (uint64_t)v, 10);
}

void host_message(const char *format, ...)
{
    struct line l = {.len = 0};
    va_list ap;
    va_start(ap, format);
    put_string(&l, "xrun: ");
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            put(&l, *p);
            continue;
        }
        bool wide = *++p == 'l';
        p += wide;
        switch (*p) {
        case 's': put_string(&l, va_arg(ap, const char *)); break;
        case 'd': put_signed(&l, wide ? va_arg(ap, long) : va_arg(ap, int)); break;
        case 'u': put_number(&l, wide ? va_arg(ap, unsigned long) : va_arg(ap, unsigned), 10); break;
        case 'x': put_number(&l, wide ? va_arg(ap, unsigned long) : va_arg(ap, unsigned), 16); break;
        default: put(&l, *p); break;
        }
    }
    va_end(ap);
    l.text[l.len++] = '\n';
    host_raw(SYS_write, 2, (uint64_t)l.text, l.len, 0, 0, 0);
}
