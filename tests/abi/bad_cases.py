#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bad_cases.py SYSCALLS-TABLE OUTPUT: writes the cases of bad_calls.c, from the signatures of the table of system calls.

For each call a plausible value an argument, and then one case for each other value that its kind has: closed descriptors,
descriptors of every kind, pointers of every bad kind, absurd lengths.  Values are C expressions, so flags are each
machine's own.  PLAIN narrows what would harm or hang the test itself, and says why.
"""
import re, sys

# Names of enum value in bad_calls.c, or numbers.
BAD = ['NONE', 'UNMAPPED', 'NONCANON', 'KERNEL', 'RDONLY', 'NOACCESS', 'EDGE', 'OWN_CODE', 'OWN_DATA', 'ODD', 'ONES']
PATHS = ['N_FILE', 'N_EMPTY', 'N_MISSING', 'N_DIR', 'N_LINK', 'N_BELOW', 'N_LONG']
FDS = ['FILE', 'CLOSED', 'DIR', 'PIPE_R', 'PIPE_W', 'SOCKET', 'EVENT', 'EPOLL', 'TIMER', 'INOTIFY', 'MEMFD', 'PATH_FD']
NUMBERS = ['0', '1', '2', '3', '7', '-1', 'INT_MAX', 'INT_MIN', '0x10000']
SIZES = ['16', '0', '1', '4', '8', '24', '128', '4096', '4097', '1l << 31', '1l << 47', '-1']
TOKENS = set(BAD + PATHS + FDS + ['ZEROS', 'SCRATCH', 'N_XATTR', 'IOV', 'IOV_UNMAPPED', 'IOV_OWN', 'IOV_HALF', 'IOV_HUGE', 'MSG',
                                  'MSG_IOV_OWN', 'MSG_NAME_OWN', 'MSG_CONTROL_OWN', 'MSG_IOV_BAD'])
KINDS = {
    'int': NUMBERS, 'uint': NUMBERS, 'long': ['0', '1', '-1', '1l << 31', '1l << 62'], 'size': SIZES,
    'hex': ['0', '1', '2', '3', '-1', '1l << 31', '1l << 32', 'O_CLOEXEC', 'O_NONBLOCK', '0x100', '0x1000'],
    'oct': ['0644', '0', '-1'], 'sig': ['0', 'SIGWINCH', '64', '65', '-1'],
    'prot': ['PROT_READ', '0', 'PROT_WRITE', '8', '-1'],
    'fd': FDS + ['-1'], 'at': ['AT_FDCWD', 'DIR', 'CLOSED', 'FILE', '-1'],
    'ptr': ['ZEROS'] + BAD, 'out': ['ZEROS'] + BAD, 'in': ['ZEROS'] + BAD, 'str': ['N_FILE', 'N_EMPTY', 'N_LONG'] + BAD,
    'arg': ['0', 'ZEROS', '1', '-1'] + BAD,
    'path': PATHS + BAD, 'mpath': PATHS + BAD, 'lpath': PATHS + BAD, 'npath': PATHS + BAD, 'fpath': PATHS + BAD,
    'atf': ['0', 'AT_SYMLINK_NOFOLLOW', 'AT_SYMLINK_FOLLOW', 'AT_EMPTY_PATH', 'AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH', '0x40000000',
            '-1'],
    'oflags': ['O_RDONLY', 'O_RDWR', '3', 'O_DIRECTORY', 'O_NOFOLLOW', 'O_DIRECT', 'O_PATH', 'O_PATH | O_NOFOLLOW',
               'O_PATH | O_DIRECTORY', 'O_TMPFILE | O_RDWR', 'O_CREAT | O_EXCL', 'O_NONBLOCK', 'O_CLOEXEC',
               'O_CREAT | O_DIRECTORY', '-1'],
    'addr': ['SCRATCH', 'NONE', 'UNMAPPED', 'NONCANON', 'KERNEL', 'ODD', 'OWN_CODE', 'OWN_DATA'],
    'iov': ['IOV', 'IOV_UNMAPPED', 'IOV_OWN', 'IOV_HALF', 'IOV_HUGE'] + BAD,
    'msg': ['MSG', 'MSG_IOV_OWN', 'MSG_NAME_OWN', 'MSG_CONTROL_OWN', 'MSG_IOV_BAD'] + BAD,
    'mmsg': ['MSG', 'MSG_IOV_OWN', 'MSG_NAME_OWN', 'MSG_CONTROL_OWN', 'MSG_IOV_BAD'] + BAD,
}

# No cases at all.
LEFT_OUT = {
    'exit': 'ends the test', 'exit_group': 'ends the test', 'rt_sigreturn': 'there is no frame', 'clone': 'two returns',
    'brk': 'the heap is the C library\'s', 'restart_syscall': 'nothing was interrupted', 'vhangup': 'has no arguments',
    'munlockall': 'has no arguments', 'sync': 'has no arguments, and takes its time', 'setsid': 'has no arguments',
    'rt_sigsuspend': 'waits for ever',
}

# Values for the arguments of a call, by position, instead of those of its kind.
PLAIN = {
    'kill': {0: ['999999']}, 'tkill': {0: ['999999', '0', '-1']}, 'tgkill': {0: ['999999', '0', '-1'], 1: ['999999', '0', '-1']},
    'rt_sigqueueinfo': {0: ['999999']}, 'rt_tgsigqueueinfo': {0: ['999999'], 1: ['999999']},
    'setpriority': {0: ['0', '3', '-1'], 1: ['0', '999999'], 2: ['1', '0', '-1']},
    'ioprio_set': {0: ['1', '0', '4'], 1: ['0', '999999']}, 'ioprio_get': {0: ['1', '0', '4'], 1: ['0', '999999']},
    # What would take the test's own memory or limits away.
    'munmap': {1: ['4096', '0', '-1', '1']}, 'mprotect': {1: ['4096', '0', '1', '-1']},
    'madvise': {1: ['4096', '0', '1'], 2: ['0', '1', '3', '4', '8', '99', '-1']},
    'mremap': {1: ['4096', '0', '1'], 2: ['4096', '0', '8192', '-1'], 3: ['1', '0', '2', '3', '8', '-1'], 4: ['NONE', 'ODD', 'KERNEL', 'NONCANON', 'OWN_DATA']},
    'mmap': {1: ['4096', '0', '1', '-1', '1l << 47'], 2: ['PROT_READ', '0', '-1'],
             3: ['MAP_PRIVATE | MAP_ANONYMOUS', 'MAP_PRIVATE', 'MAP_SHARED', '0', 'MAP_SHARED | MAP_ANONYMOUS', 'MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED',
                 'MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE', 'MAP_SHARED_VALIDATE', '-1 & ~MAP_FIXED'],
             4: ['-1', 'FILE', 'DIR', 'CLOSED', 'PATH_FD'], 5: ['0', '4096', '1', '-1', '1l << 62']},
    'mlock': {1: ['4096', '0', '-1']}, 'mlock2': {1: ['4096', '0', '-1']}, 'mlockall': {0: ['1', '0', '8', '-1']},
    'mseal': {0: ['SCRATCH', 'NONE', 'UNMAPPED', 'NONCANON', 'KERNEL', 'OWN_DATA'], 1: ['4096', '0', '1', '-1']},
    'setrlimit': {0: ['4', '15', '16', '-1']}, 'prlimit64': {0: ['0', '999999', '-1'], 1: ['4', '15', '16', '-1']},
    'close': {0: ['FILE', 'CLOSED', '-1', 'INT_MAX']}, 'close_range': {0: ['777', '778'], 1: ['780', '777', '1'], 2: ['0', '1', '4', '8']},
    'dup3': {1: ['CLOSED', 'FILE', '-1', 'INT_MAX']},
    'clone3': {1: ['0', '1', '63', '4097', '-1']},
    'rt_sigaction': {0: ['SIGUSR1', '0', 'SIGKILL', 'SIGSEGV', '64', '65', '-1']},
    'seccomp': {0: ['1', '3', '9', '-1'], 1: ['0x1000', '0', '1', '-1']},
    'personality': {0: ['-1', '0']}, 'umask': {0: ['022', '-1', '0']},
    'ppoll': {1: ['1', '0', '-1', '2000000'], 2: ['ZEROS'] + BAD[1:]},
    'pselect6': {0: ['0', '1', '-1', 'INT_MAX', '8'], 4: ['ZEROS'] + BAD[1:]},
    'futex': {1: ['1', '129', '5', '99', '-1'], 2: ['0', '1', '-1']},
    'futex_wait': {1: ['1', '0'], 4: ['ZEROS'] + BAD[1:]}, 'futex_waitv': {3: ['ZEROS'] + BAD[1:]},
    'rt_sigtimedwait': {2: ['ZEROS'] + BAD[1:]},
    'setxattr': {1: ['N_XATTR', 'N_EMPTY', 'N_LONG'] + BAD}, 'clock_nanosleep': {0: ['0', '1', '2', '3', '-1', '99']},
    'ioctl': {1: ['FIONREAD', 'TCGETS', 'FIOCLEX', 'TIOCGWINSZ', 'FS_IOC_GETFLAGS', '0x12345678', '-1'], 2: ['ZEROS'] + BAD},
    'fcntl': {1: ['F_GETFL', 'F_GETFD', 'F_SETFD', 'F_DUPFD', 'F_SETFL', 'F_GETLK', 'F_SETLK', 'F_GETOWN', 'F_GETSIG', 'F_GETLEASE',
                  'F_GETPIPE_SZ', 'F_GET_SEALS', 'F_OFD_GETLK', 'F_GETOWN_EX', '99', '-1']},
    'msgget': {0: ['12345'], 1: ['0', '01000']}, 'semget': {0: ['12345'], 1: ['1', '0', '-1'], 2: ['0', '01600']},
    'shmget': {0: ['12345'], 1: ['4096', '0', '-1'], 2: ['0', '01600']},
    'setitimer': {0: ['1', '2', '3', '-1']}, 'timer_create': {0: ['0', '1', '2', '99', '-1']},
    'prctl': {0: ['PR_GET_NAME', 'PR_SET_NAME', 'PR_GET_PDEATHSIG', 'PR_GET_DUMPABLE', 'PR_GET_KEEPCAPS', 'PR_GET_TIMERSLACK',
                  'PR_GET_NO_NEW_PRIVS', 'PR_GET_TID_ADDRESS', 'PR_GET_CHILD_SUBREAPER', 'PR_CAPBSET_READ', 'PR_GET_SECUREBITS', '999', '-1'],
              1: ['ZEROS', '0', '1', '-1'] + BAD, 3: ['0', '1'], 4: ['0', '1']},
    'keyctl': {0: ['0', '5', '6', '11', '31', '99', '-1'], 1: ['0', '1', '-1', '-3', '99999'], 3: ['0', 'ZEROS', 'OWN_DATA'], 4: ['0', '-1']},
    'unshare': {0: ['0', '1', '-1', '0x400', '0x200']}, 'membarrier': {0: ['0', '99', '-1']},
    'unlinkat': {1: ['N_MISSING', 'N_EMPTY', 'N_LONG', 'N_BELOW'] + BAD}, 'setfsuid': {}, 'linkat': {},
    'fallocate': {2: ['0', '1', '-1'], 3: ['1', '0', '-1', '1l << 62']},
    'getrandom': {1: ['16', '0', '4096', '1l << 31']},
    'io_setup': {0: ['1', '0', '-1']}, 'reboot': {0: ['0', '1'], 1: ['0', '1']},
    'kexec_load': {1: ['0', '1', '-1']}, 'io_uring_setup': {0: ['0', '1', '-1', '40000']},
    'landlock_restrict_self': {1: ['0', '1l << 31']},
    'shmat': {0: ['-1', '0', '99999']}, 'epoll_pwait': {3: ['0', '1']},
    'process_vm_readv': {0: ['0', '999999', '-1']}, 'process_vm_writev': {0: ['0', '999999', '-1']},
    'migrate_pages': {0: ['0', '999999']}, 'move_pages': {0: ['0', '999999']}, 'pidfd_open': {0: ['0', '999999', '-1']},
    'setns': {1: ['0', '-1', '0x40000000']}, 'sched_setaffinity': {0: ['0', '999999']},
    'sched_setscheduler': {0: ['999999', '0', '-1'], 1: ['0', '9', '-1']}, 'sched_setparam': {0: ['999999', '0', '-1']},
    'setregid': {0: ['-1']}, 'setreuid': {0: ['-1']},
}
PER_CALL = 120  # cases a call at most


def calls(table):
    for m in re.finditer(r'^(PASS|PATH|BUFS|LESS|CALL)\((\d+), (\w+), "([^"]*)"', open(table).read(), re.M):
        sig = m[4].lstrip('!').split(':')[0]
        yield m[3], sig.split(',') if sig else []


def cases(name, kinds):
    values = [PLAIN.get(name, {}).get(i, KINDS[k.split('.')[0]]) for i, k in enumerate(kinds)]
    base = [v[0] for v in values]
    found = [base]
    for i, choice in enumerate(values):
        found += [base[:i] + [v] + base[i + 1:] for v in choice[1:]]
    # All pointers at once, so that the order of the kernel's checks shows.
    for bad in ('UNMAPPED', 'NONE', 'OWN_DATA'):
        found.append([bad if bad in v else v[0] for v in values])
    return found[:PER_CALL]


def c_value(v):
    """A number as it is; the name of a value that is made at run time by its place in enum token."""
    return f'TOKEN + T_{v}' if v in TOKENS else v


def main():
    table, output = sys.argv[1:]
    n = 0
    with open(output, 'w') as out:
        for name, kinds in calls(table):
            if name in LEFT_OUT:
                continue
            out.write(f'CALL({name})\n')
            for case in cases(name, kinds):
                args = [c_value(v) for v in case] + ['0'] * (6 - len(case))
                text = ', '.join(case).replace('"', '\\"')
                out.write(f'CASE("{name}({text})", {", ".join(args)})\n')
                n += 1
            out.write('END\n')
    print(f'{n} cases')


if __name__ == '__main__':
    main()
