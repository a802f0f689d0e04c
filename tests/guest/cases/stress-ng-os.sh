# SPDX-License-Identifier: MIT
# packages: stress-ng
# limit: 900
# The stressors of stress-ng that work on the operating system, two of each for a second, checking their own results.  Left out are those
# that change or load the machine as a whole (clock, hdd, oom-pipe, reboot, resources, mmapfork, which maps and fills all memory that is
# free, in half a minute natively, ...), and what xrun cannot: ptrace.  vforkmany nests its children, and would go on to tens of thousands.
stressors='access aio aiol alarm bad-altstack brk cap chdir chmod chown clone close context copy-file daemon dentry dir dnotify dup env epoll
eventfd exec fallocate fault fcntl fiemap fifo file-ioctl filename flock fork fpunch fstat full funcret futex get getdent getrandom handle
inode-flags inotify io io-uring itimer key landlock lease link locka lockbus lockf lockofd madvise malloc mcontend membarrier memfd mincore
misaligned mknod mlock mmap mmapaddr mmapfixed mprotect mq mremap msg msync msyncmany munmap mutex nanosleep netlink-proc nop null
open personality pidfd pipe pipeherd poll prctl pthread pty readahead remap rename resched rlimit rmap rseq seal seccomp secretmem seek sem
sem-sysv sendfile session set shm shm-sysv sigabrt sigchld sigfd sigfpe sigio signal signest sigpending sigpipe sigq sigrt sigsegv
sigsuspend sigtrap sock sockdiag sockfd sockpair splice stack stackmmap switch symlink sync-file sysinfo tee timer timerfd udp unshare
urandom userfaultfd utime vdso vfork vforkmany vm vm-addr vm-rw vm-splice wait yield zero zombie'
for s in $stressors; do
    ops=
    [ "$s" != vforkmany ] || ops='--vforkmany-ops 20'
    # Some say that they had no resources (3) if their second is over before they have begun.  And what is limited for the user as a
    # whole (pending signals) other programs of his may have used up: then timer_create fails, natively as well.
    for t in 1 20; do
        timeout -k 5 90 stress-ng --"$s" 2 $ops --verify -t $t --temp-path . >log 2>&1; r=$?
        [ $r != 0 ] || break
        [ $r = 3 ] || grep -q 'Resource temporarily unavailable' log || break
        sleep 5
    done
    echo "$s $r"
    [ $r = 0 ] || grep -E 'fail|error' log
done
