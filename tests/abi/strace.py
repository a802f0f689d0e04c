#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""strace.py XRUN GUEST: the lines that --strace prints for the calls of strace.c, in their order."""
import re, subprocess, sys

LINES = r'''
openat(AT_FDCWD, "missing", O_RDWR|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC, <N>) = -1 ENOENT (No such file or directory)
fstat(0, {st_mode=S_IFCHR|<N>, st_size=0, ...}) = 0
mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0x0) = <N>
madvise(NULL, 0, MADV_DONTNEED) = 0
pipe2([3, 4], O_CLOEXEC|O_NONBLOCK) = 0
writev(4, [{"one", 3}, {"two\n", 4}], 2) = 7
ppoll([{fd=3, events=POLLIN|POLLPRI, revents=POLLIN}], 1, {tv_sec=<N>, tv_nsec=<N>}, NULL, 8) = 1
fcntl(3, F_DUPFD_CLOEXEC, 0x64) = 100
ioctl(3, TIOCGWINSZ, 0x0) = -1 ENOTTY (Inappropriate ioctl for device)
nanosleep({tv_sec=0, tv_nsec=1000}, NULL) = 0
clock_nanosleep(CLOCK_MONOTONIC, 0x0, {tv_sec=0, tv_nsec=1000}, NULL) = 0
rt_sigaction(SIGUSR1, {sa_handler=<N>, sa_mask=[], sa_flags=SA_RESTART}, NULL, 8) = 0
rt_sigprocmask(SIG_BLOCK, [HUP RT_8], NULL, 8) = 0
prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM_INFINITY}, NULL) = 0
socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0) = 5
connect(5, {AF_INET, 127.0.0.1:80}, 16) = 0
connect(5, {AF_UNIX, "no socket"}, 110) = -1 <E>
sendto(5, "x", 1, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) = <R>
lseek(0, 0, SEEK_END) = <R>
prctl(PR_GET_DUMPABLE, 0x0, 0x0, 0x0, 0x0) = 1
kill(<N>, SIGUSR1) = 0
--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=<N>, si_uid=<N>} ---
--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---
clone(SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID, NULL, NULL, <N>, <N>) = <N>
exit_group(5)
wait4(-1, [WEXITSTATUS=5], WUNTRACED, NULL) = <N>
execve("missing", ["program", "with \"two\""], NULL)
execve("missing", ["program", "with \"two\""], NULL) = -1 ENOENT (No such file or directory)
exit_group(0)
'''


def main():
    xrun, guest = sys.argv[1:]
    p = subprocess.run([xrun, '--strace', guest], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    got = p.stderr.splitlines()
    bad = 0
    at = 0
    for line in LINES.strip().splitlines():
        pattern = re.escape(line).replace('<N>', '(NULL|0x[0-9a-f]+|[0-9]+)').replace('<E>', '[A-Z]+ .*').replace('<R>', '.*')
        found = next((i for i, g in enumerate(got) if re.fullmatch(r'\d+ ' + pattern, g)), None)
        # The child and its parent write when they are scheduled.
        if found is None or (found < at and not line.startswith(('exit', 'clone'))):
            bad += 1
            print(f'not there, or not in its place: {line}')
        else:
            at = max(at, found) if not line.startswith(('exit', 'clone')) else at
    if bad:
        print(p.stderr)
    return bad != 0


sys.exit(main())
