#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""aslr.py XRUN BINARY...: every address-space layout that the host may choose must do.  Runs each program 100 times, with the layout random;
some times with a larger stack limit, an unlimited one (other layout), and without randomisation.  Compares output and status.
"""
import os, resource, subprocess, sys

RUNS = 100


def setup(i):
    def f():
        if i % 10 == 7:
            resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY if i % 20 == 7 else 64 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    return f


def main():
    xrun, binaries = os.path.abspath(sys.argv[1]), sys.argv[2:]
    bad = 0
    for b in binaries:
        want = None
        for i in range(RUNS):
            cmd = (['setarch', '-R'] if i % 25 == 3 else []) + [xrun, '-L', '/usr/aarch64-linux-gnu', os.path.abspath(b)]
            p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, preexec_fn=setup(i), stdin=subprocess.DEVNULL)
            got = (p.returncode, p.stdout)
            want = want or got
            if got != want or p.returncode != 0:
                bad += 1
                print(f'{os.path.basename(b)}, run {i}: {got}')
                if bad > 5:
                    return 1
    print(f'{RUNS * len(binaries)} runs, {bad} bad')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
