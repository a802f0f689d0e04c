/* SPDX-License-Identifier: MIT */
/*
 * Host services that any guest thread may use at any time: they share no state, take no lock of the C
 * library, and use no thread-local data, because guest threads share the main thread's (task.h).
 *
 * Messages know %s, %d, %u, %x, %ld, %lu, %lx.
 */
#include "syscall/host.h"

#include "dbt/own.h"
#include "syscall/text.h"

#include <stdarg.h>
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

void host_message(const char *format, ...)
{
    char buf[512];
    struct text m = TEXT(buf, -1);
    va_list ap;
    m.cap--; /* for the end of the line */
    va_start(ap, format);
    text_str(&m, "xrun: ");
    for (const char *p = format; *p; p++) {
        if (*p != '%') {
            text_char(&m, *p);
            continue;
        }
        bool wide = *++p == 'l';
        p += wide;
        switch (*p) {
        case 's': text_str(&m, va_arg(ap, const char *)); break;
        case 'd': text_dec(&m, wide ? va_arg(ap, long) : va_arg(ap, int)); break;
        case 'u': text_udec(&m, wide ? va_arg(ap, unsigned long) : va_arg(ap, unsigned)); break;
        case 'x': text_hex_digits(&m, wide ? va_arg(ap, unsigned long) : va_arg(ap, unsigned), 1); break;
        default: text_char(&m, *p); break;
        }
    }
    va_end(ap);
    buf[m.n++] = '\n';
    text_stderr(buf, m.n);
}
