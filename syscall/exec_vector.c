/* SPDX-License-Identifier: MIT */
/* See exec_vector.h.  Argument strings are not copied: the vector points into guest memory, which is the host's. */
#include "syscall/exec_vector.h"

#include "abi/abi.h"
#include "loader/space.h"
#include "syscall/host.h"
#include "syscall/user.h"

#include <errno.h>
#include <string.h>

/* A list in xrun's own memory, but not in the hole before it, is that of lists_plain: the guest's cannot be there (buffers.h). */
int exec_pointer(uint64_t *p, gaddr list, int64_t i)
{
    gaddr at = list + (uint64_t)i * 8;
    if (!space_is_own(at) || at - SPACE_OWN_START < SPACE_HOLE)
        return user_read(p, at, 8);
    memcpy(p, (const void *)at, 8);
    return 0;
}

int64_t exec_count(gaddr argv)
{
    for (int64_t n = 0;; n++) {
        uint64_t p;
        if (!argv)
            return 0;
        if (exec_pointer(&p, argv, n))
            return -EFAULT;
        if (!p)
            return n;
    }
}

int64_t vector_init(struct vector *v, struct task *t, unsigned kind, size_t n)
{
    v->count = 0;
    v->kind = kind;
    v->arg = v->small;
    if (n <= sizeof v->small / sizeof *v->small)
        return 0;
    t->exec[kind].size = page_up(n * sizeof *v->arg);
    t->exec[kind].map = host_alloc(t->exec[kind].size);
    v->arg = t->exec[kind].map;
    return v->arg ? 0 : -ENOMEM;
}

void vector_free(const struct vector *v, struct task *t)
{
    if (t->exec[v->kind].map)
        host_free(t->exec[v->kind].map, t->exec[v->kind].size);
    t->exec[v->kind].map = NULL;
}

void vector_add(struct vector *v, const char *s)
{
    v->arg[v->count++] = s;
}

int64_t vector_add_guest(struct vector *v, gaddr argv, int64_t from, int64_t n)
{
    for (int64_t i = from; i < n; i++) {
        uint64_t p;
        if (exec_pointer(&p, argv, i))
            return -EFAULT;
        vector_add(v, (const char *)p);
    }
    v->arg[v->count] = NULL;
    return 0;
}

/* Is there one among n pointers that the kernel cannot follow, because of its tag? */
static bool has_tags(const struct task *t, gaddr list, int64_t n)
{
    uint64_t p;
    while (n-- > 0)
        if (exec_pointer(&p, list, n) == 0 && abi->pointer(t->cpu, p) != p)
            return true;
    return false;
}

/* Behind what v has. */
static int64_t add_plain(const struct task *t, struct vector *v, gaddr *list, int64_t n)
{
    size_t first = v->count;
    int64_t r = vector_add_guest(v, *list, 0, n);
    for (size_t i = first; r == 0 && i < v->count; i++)
        v->arg[i] = (const char *)abi->pointer(t->cpu, (uint64_t)v->arg[i]);
    *list = ptr(v->arg + first);
    v->count++;
    return r;
}

int64_t lists_plain(struct task *t, struct vector *v, gaddr list[2])
{
    int64_t argc = exec_count(list[0]), envc = exec_count(list[1]);
    v->kind = VECTOR_PLAIN;
    if (argc < 0 || envc < 0 || !(has_tags(t, list[0], argc) || has_tags(t, list[1], envc)))
        return 0;
    int64_t r = vector_init(v, t, VECTOR_PLAIN, (size_t)argc + (size_t)envc + 2);
    if (r == 0)
        r = add_plain(t, v, &list[0], argc);
    return r == 0 ? add_plain(t, v, &list[1], envc) : r;
}
