/* SPDX-License-Identifier: MIT */
/*
 * Pointers into xrun's own memory (buffers.h): arguments, and lists of buffers.  And pointers with a tag in such lists, where the
 * guest may pass them (PR_SET_TAGGED_ADDR_CTRL): -fsanitize=hwaddress makes them of all that malloc returns.
 *
 * A list is copied and looked at; if it is clean, as it mostly is, the call is made with the guest's own list.
 * So another thread that changes the list in between is not caught: this guards against mistakes, not against
 * attacks, which would use a store.
 */
#include "syscall/buffers.h"

#include "abi/abi.h"
#include "syscall/user.h"

#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct message {
    struct msghdr msg;
    struct iovec iov[IOV_MAX];
};

static bool is_pointer(const char *word, size_t n)
{
    static const char *const kinds[] = {"ptr",   "str",   "arg",   "in",  "out", "path", "lpath",
                                        "mpath", "npath", "fpath", "iov", "msg", "mmsg"};

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (sig_is(word, n, kinds[k]))
            return true;
    return false;
}

void pointers_plain(const struct task *t, const struct call *c, uint64_t a[6])
{
    const char *sig = c->sig, *word;
    size_t n;

    for (int i = 0; i < 6 && (n = sig_word(&sig, &word)) != 0; i++)
        if (is_pointer(word, n) || sig_is(word, n, "addr"))
            a[i] = abi->pointer(t->cpu, a[i]);
}

void pointers_guard(const struct call *c, uint64_t a[6])
{
    const char *sig = c->sig, *word;
    size_t n;

    for (int i = 0; i < 6 && (n = sig_word(&sig, &word)) != 0; i++)
        if (is_pointer(word, n) && space_is_own(a[i]))
            a[i] = space_hole(a[i]);
}

/* Takes a tag off, too, which the host's kernel does not know. */
static bool guard(struct task *t, void *field)
{
    uint64_t v, clean;

    memcpy(&v, field, sizeof v);
    clean = abi->pointer(t->cpu, v);
    clean = space_is_own(clean) ? space_hole(clean) : clean;
    if (clean == v)
        return false;
    memcpy(field, &clean, sizeof clean);
    return true;
}

/* Copies n buffers from `from`, clean.  True: the copy is to be used, because it was not. */
static bool iov_guard(struct task *t, struct iovec iov[IOV_MAX], gaddr from, uint64_t n)
{
    bool bad = false;

    if (n > IOV_MAX || user_read(iov, from, n * sizeof *iov) < 0)
        return false; /* the kernel will say so */
    for (uint64_t i = 0; i < n; i++)
        bad |= guard(t, &iov[i].iov_base);
    return bad;
}

static bool msg_guard(struct task *t, struct message *m, gaddr from)
{
    bool bad;

    if (user_read(&m->msg, from, sizeof m->msg) < 0)
        return false;
    bad = guard(t, &m->msg.msg_name);
    bad |= guard(t, &m->msg.msg_control);
    bad |= guard(t, &m->msg.msg_iov);
    if (iov_guard(t, m->iov, ptr(m->msg.msg_iov), m->msg.msg_iovlen)) {
        m->msg.msg_iov = m->iov;
        bad = true;
    }
    return bad;
}

/* The call with another list. */
static int64_t call_with(struct task *t, const struct call *c, const uint64_t a[6], int i, const void *list)
{
    uint64_t b[6];

    memcpy(b, a, sizeof b);
    b[i] = ptr(list);
    return host_syscall(t, c->host, b);
}

static int64_t iov_call(struct task *t, const struct call *c, const uint64_t a[6], int i)
{
    struct iovec iov[IOV_MAX];

    return iov_guard(t, iov, a[i], a[i + 1]) ? call_with(t, c, a, i, iov) : host_syscall(t, c->host, a);
}

/* What recvmsg writes into the structure itself has to go back. */
static int64_t msg_back(gaddr guest, const struct msghdr *m)
{
    if (user_write(guest + offsetof(struct msghdr, msg_namelen), &m->msg_namelen, sizeof(int)) < 0 ||
        user_write(guest + offsetof(struct msghdr, msg_controllen), &m->msg_controllen, 8) < 0 ||
        user_write(guest + offsetof(struct msghdr, msg_flags), &m->msg_flags, sizeof(int)) < 0)
        return -EFAULT;
    return 0;
}

static int64_t msg_call(struct task *t, const struct call *c, const uint64_t a[6], int i)
{
    struct message m;
    gaddr guest = a[i];
    int64_t r;

    if (!msg_guard(t, &m, guest))
        return host_syscall(t, c->host, a);
    r = call_with(t, c, a, i, &m);
    return r < 0 || msg_back(guest, &m.msg) == 0 ? r : -EFAULT;
}

/* The kernel may stop at any message, and tells how many went before it; so the first that is not clean ends the list, and
 * goes alone when it is the first of all. */
static int64_t mmsg_call(struct task *t, const struct call *c, const uint64_t a[6], int i)
{
    struct message m;
    struct mmsghdr one;
    uint64_t b[6], count = (uint32_t)a[i + 1], k = 0;
    int64_t r;

    while (k < count && k < IOV_MAX && !msg_guard(t, &m, a[i] + k * sizeof one))
        k++;
    if (k == count || k == IOV_MAX)
        return host_syscall(t, c->host, a);
    memcpy(b, a, sizeof b);
    b[i + 1] = k ? k : 1;
    if (k)
        return host_syscall(t, c->host, b);
    one = (struct mmsghdr){m.msg, 0};
    r = call_with(t, c, b, i, &one);
    if (r > 0 && (msg_back(a[i], &one.msg_hdr) < 0 ||
                  user_write(a[i] + offsetof(struct mmsghdr, msg_len), &one.msg_len, sizeof(int)) < 0))
        return -EFAULT;
    return r;
}

/* The other process's memory: if xrun's is there, that is the other's affair. */
static bool remote_plain(const struct task *t, struct iovec iov[IOV_MAX], gaddr from, uint64_t n)
{
    bool bad = false;

    if (n > IOV_MAX || user_read(iov, from, n * sizeof *iov) < 0)
        return false;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t v = ptr(iov[i].iov_base), plain = abi->pointer(t->cpu, v);
        bad |= plain != v;
        iov[i].iov_base = (void *)plain;
    }
    return bad;
}

static int64_t process_vm(struct task *t, long nr, const uint64_t a[6])
{
    struct iovec local[IOV_MAX], remote[IOV_MAX];
    uint64_t b[6];

    memcpy(b, a, sizeof b);
    if (iov_guard(t, local, a[1], a[2]))
        b[1] = ptr(local);
    if (remote_plain(t, remote, a[3], a[4]))
        b[3] = ptr(remote);
    return host_syscall(t, nr, b);
}

int64_t sys_process_vm_readv(struct task *t, const uint64_t a[6])
{
    return process_vm(t, SYS_process_vm_readv, a);
}

int64_t sys_process_vm_writev(struct task *t, const uint64_t a[6])
{
    return process_vm(t, SYS_process_vm_writev, a);
}

int64_t sys_futex_waitv(struct task *t, const uint64_t a[6])
{
    struct futex_waitv list[FUTEX_WAITV_MAX];
    uint64_t n = (uint32_t)a[1];
    bool bad = false;

    if (n <= FUTEX_WAITV_MAX && user_read(list, a[0], n * sizeof *list) == 0)
        for (uint64_t i = 0; i < n; i++)
            bad |= guard(t, &list[i].uaddr);
    uint64_t from = bad ? ptr(list) : a[0];
    return host_syscall(t, SYS_futex_waitv, (uint64_t[6]){from, a[1], a[2], a[3], a[4]});
}

/* The filter of a socket, or of sockets that share a port. */
int64_t sys_setsockopt(struct task *t, const uint64_t a[6])
{
    struct sock_fprog p;
    bool filter =
        (int)a[1] == SOL_SOCKET && ((int)a[2] == SO_ATTACH_FILTER || (int)a[2] == SO_ATTACH_REUSEPORT_CBPF);
    bool bad = filter && (int)a[4] == sizeof p && user_read(&p, a[3], sizeof p) == 0 && guard(t, &p.filter);
    uint64_t from = bad ? ptr(&p) : a[3];
    return host_syscall(t, SYS_setsockopt, (uint64_t[6]){a[0], a[1], a[2], from, a[4]});
}

int64_t bufs_call(struct task *t, const struct call *c, const uint64_t a[6])
{
    const char *sig = c->sig, *word;
    size_t n;

    for (int i = 0; i < 5 && (n = sig_word(&sig, &word)) != 0; i++) {
        if (sig_is(word, n, "iov"))
            return iov_call(t, c, a, i);
        if (sig_is(word, n, "msg"))
            return msg_call(t, c, a, i);
        if (sig_is(word, n, "mmsg"))
            return mmsg_call(t, c, a, i);
    }
    return host_syscall(t, c->host, a);
}
