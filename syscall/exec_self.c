/* SPDX-License-Identifier: MIT */
/*
 * Where xrun's own file is, for what the guest executes.
 *
 * It is reached through /proc/self/exe, which works when the file is deleted, and by its path where there is no /proc; behind a
 * new root by a descriptor that was kept, and if the guest has closed that, by a copy from a mapping that was kept.
 */
#include "syscall/exec_self.h"

#include "syscall/exec_look.h"
#include "syscall/host.h"
#include "syscall/kept.h"
#include "syscall/limits.h"
#include "syscall/task.h"

#include <fcntl.h>
#include <sys/mman.h>

/* xrun's own file, where it was kept: open, and mapped. */
static struct {
    struct kept file;
    void *map;
    size_t size;
} self;

/* Not if it cannot be read. */
static void map_self(int64_t fd, size_t size)
{
    void *at = self.map ? NULL : host_alloc(size);
    if (!at)
        return;
    int64_t r = host_raw(SYS_mmap, (uint64_t)at, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, (uint64_t)fd, 0);
    if (r == (int64_t)at) {
        self.map = at;
        self.size = size;
    } else {
        host_free(at, size);
    }
}

void exec_kept_self(int fd)
{
    struct stat st;
    if (kept_take(&self.file, fd, &st))
        map_self(fd, (size_t)st.st_size);
}

static int64_t keep_self(void)
{
    int64_t fd = exec_open(AT_FDCWD, "/proc/self/exe", 0);
    if (fd == -EACCES) /* it may be executed, but not read */
        fd = exec_open(AT_FDCWD, "/proc/self/exe", O_PATH);
    if (fd >= 0)
        exec_kept_self((int)kept_up(fd));
    return fd;
}

/* Opens something, if no descriptor is left with a higher limit. */
static int64_t with_files(struct task *t, int64_t (*open)(void))
{
    struct rlimit files;
    int64_t fd = open();
    if (fd == -EMFILE && limits_exec_files(t, &files))
        fd = open();
    limits_exec_files_end(t);
    return fd;
}

void exec_keep_self(struct task *t)
{
    if (!kept_is_there(&self.file))
        with_files(t, keep_self);
}

void exec_self_restore(void)
{
    enum { MEMFD_EXEC = 0x10 }; /* Linux 6.3 */
    if (!self.map || kept_is_there(&self.file) ||
        host_raw(SYS_faccessat, (uint64_t)AT_FDCWD, (uint64_t) "/proc/self/exe", 0, 0, 0, 0) == 0)
        return;
    int64_t fd = host_raw(SYS_memfd_create, (uint64_t) "xrun", MFD_CLOEXEC | MEMFD_EXEC, 0, 0, 0, 0);
    if (fd == -EINVAL)
        fd = host_raw(SYS_memfd_create, (uint64_t) "xrun", MFD_CLOEXEC, 0, 0, 0, 0);
    if (fd < 0)
        return;
    for (size_t done = 0; done < self.size;) {
        int64_t r = host_raw(SYS_write, (uint64_t)fd, (uint64_t)self.map + done, self.size - done, 0, 0, 0);
        if (r <= 0) {
            host_close(fd);
            return;
        }
        done += (size_t)r;
    }
    exec_kept_self((int)kept_up(fd));
}

int exec_self_fd(void)
{
    return kept_is_there(&self.file) ? self.file.fd : -1;
}

static int64_t open_self(void)
{
    int64_t fd = exec_open(AT_FDCWD, "/proc/self/exe", O_PATH);
    if (exec_missing(fd) && options.self)
        fd = exec_open(AT_FDCWD, options.self, O_PATH);
    if (exec_missing(fd) && kept_is_there(&self.file))
        fd = host_raw(SYS_fcntl, (uint64_t)self.file.fd, F_DUPFD_CLOEXEC, 0, 0, 0, 0);
    return fd;
}

int64_t exec_self_open(struct task *t)
{
    return with_files(t, open_self);
}
