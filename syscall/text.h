/* SPDX-License-Identifier: MIT */
/*
 * Text put together without the C library's stdio, which guest threads may not use.  A buffer of the
 * caller's; when it is full it goes to fd, or, with fd -1, the rest is dropped.
 */
#ifndef SYSCALL_TEXT_H
#define SYSCALL_TEXT_H

#include "dbt/types.h"

struct text {
    char *buf;
    size_t n, cap;
    int fd;
    int64_t error; /* the first error of a write, or 0 */
};
#define TEXT(array, out)                                                                                     \
    {                                                                                                        \
        (array), 0, sizeof(array), (out), 0                                                                  \
    }

/*
 * What is to be read as a file, by a guest or a new xrun.  text_begin: a new descriptor for the reader, with t->fd for the writer, or
 * -errno; text_end: all is written, and it is read from its beginning; that descriptor again, or -errno and it is closed.  It is a
 * file without a name (memfd).  For those, too, counts a limit on the size of files (ulimit -f), by a signal that ends the program:
 * so where that is small it is a pipe, which takes up to 1 MiB and knows no other places.
 */
int64_t text_begin(struct text *t, const char *name);
int64_t text_end(struct text *t, int64_t fd);

/* May more bytes be appended to a file of xrun's own, as far as that limit goes? */
bool text_file_room(int fd, size_t more);
/* Text of xrun's own to stderr, unless that is a file without room for it. */
void text_stderr(const char *s, size_t n);

void text_flush(struct text *t);
void text_char(struct text *t, char c);
void text_mem(struct text *t, const char *s, size_t n);
void text_str(struct text *t, const char *s);
void text_dec(struct text *t, int64_t v);
void text_udec(struct text *t, uint64_t v);
void text_hex(struct text *t, uint64_t v);                        /* with 0x */
void text_hex_digits(struct text *t, uint64_t v, unsigned least); /* at least so many */
void text_oct(struct text *t, uint64_t v);                        /* with 0 */

/* text with a number behind it and a NUL, as far as there is room. */
void text_numbered(char *to, size_t size, const char *text, uint64_t number);

/* A decimal number at s: its value, *end behind it; -1 if there is none or it does not fit in 63 bits. */
int64_t text_parse(const char *s, const char **end);
/* The same in small hexadecimal digits without 0x; 0 if there are none. */
uint64_t text_parse_hex(const char *s, const char **end);

#endif
