#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""limits.py XRUN PROGRAM NATIVE: limits.c under xrun and natively, unlimited and with RLIMIT_AS from outside, with
and without an unlimited stack: the same output."""
import os, resource, subprocess, sys

xrun, program, native = (os.path.abspath(a) for a in sys.argv[1:4])
MB = 1 << 20
SAME = None

def limit():
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    if stack is not SAME:
        resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.getrlimit(resource.RLIMIT_STACK)[1]))

def run(command):
    p = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=limit)
    return p.returncode, p.stdout, p.stderr

def compare(*args):
    global bad
    want, got = run([native, *args]), run([xrun, program, *args])
    if want != got:
        bad += 1
        print(f'limits {soft} {hard}, stack {stack}:\n want {want}\n got  {got}')

# A hard limit from outside holds for xrun too, which needs some 40 MiB of it.
bad = 0
for soft, hard, stack in ((-1, -1, SAME), (256 * MB, 256 * MB, SAME), (600 * MB, 600 * MB, SAME),
                          (400 * MB, 400 * MB, -1), (256 * MB, -1, -1)):
    compare()
# However little of it is left over, a child of fork has its own.
for soft in range(48 * MB, 112 * MB, 3 * MB // 2):
    hard, stack = soft, SAME
    compare('fork')
sys.exit(bad)
