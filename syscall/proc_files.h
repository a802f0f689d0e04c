/* SPDX-License-Identifier: MIT */
/* Files of /proc that show xrun instead of the guest, and what the guest gets instead. */
#ifndef SYSCALL_PROC_FILES_H
#define SYSCALL_PROC_FILES_H

#include "syscall/task.h"
#include "syscall/text.h"

#include <limits.h>

enum proc_file {
    PROC_NONE, /* not one of them */
    PROC_EXE,
    PROC_MAPS,
    PROC_SMAPS,
    PROC_AUXV,
    PROC_CMDLINE,
    PROC_ENVIRON,
    PROC_STAT,
    PROC_CPUINFO,
    PROC_ARCH, /* of /proc/sys/kernel */
    PROC_STATUS,
    PROC_LIMITS,
    PROC_FDINFO,
    PROC_MEM, /* is what it is, but see self_mem.h */
};

struct proc_place {
    enum proc_file file;
    int64_t pid; /* whose it is, 0: this process's */
};

/* Which of them, except exe, a guest's path names; of other guest processes not auxv, cmdline, environ, which the kernel was
 * told of (loader/main.c), nor mem; of any process fdinfo.  Makes host calls only for paths that look like it. */
struct proc_place proc_match(int dirfd, const char *path);

/* Is it the exe of a guest process?  *pid: which, as in struct proc_place. */
bool proc_match_exe(int dirfd, const char *path, int64_t *pid);

/* Where the link `path` leads, if it is one of those: what it says, in the host's terms, and the host's path by which its file is
 * reached. */
bool proc_exe(int dirfd, const char *path, char name[PATH_MAX]);
bool proc_exe_file(int dirfd, const char *path, char file[PATH_MAX]);

/* Notes that the program is the file that is open as fd, and keeps a descriptor of it if options.exe is not its name: a memfd,
 * a file that was deleted, one of a mount that is gone. */
void proc_keep_exe(int fd);

/* Opens the guest's version of dirfd and path, which are at p, with open flags in host numbers: a descriptor or -errno. */
int64_t proc_open(struct proc_place p, int dirfd, const char *path, uint64_t flags);

/* What status and stat have of a guest's thread.  Signals: pending for the thread, blocked, ignored, caught, each
 * (the host's & keep) | own. */
enum { PROC_SIGNAL_SETS = 4 };
struct proc_thread {
    uint64_t keep[PROC_SIGNAL_SETS], own[PROC_SIGNAL_SETS];
    uint32_t seccomp_mode; /* 0: as the host has it */
    unsigned filters;
};
struct proc_thread proc_thread(int64_t pid, int64_t tid);

/* Writes "/proc/PID/", or "/proc/self/" for 0. */
void proc_directory(struct text *path, int64_t pid);

/* Is the process, not this one, another guest of the same xrun? */
bool proc_is_guest(int64_t pid);

/* Copy from or to what xrun has at an address in the guest process pid (0: this one). */
bool proc_peek(int64_t pid, void *to, const void *from, size_t n);
bool proc_poke(int64_t pid, void *to, const void *from, size_t n);

#endif
