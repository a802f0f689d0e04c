#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""limits.py XRUN PROGRAM NATIVE: limits.c under xrun and natively, unlimited and with RLIMIT_AS from outside, with
and without an unlimited stack: the same output."""
import os, resource, subprocess, sys

xrun, program, native = (os.path.abspath(a) for a in sys.argv[1:4])
MB = 1 << 20
SAME = None
# A hard limit from outside holds for xrun too, which needs some 40 MiB of it.
bad = 0
for soft, hard, stack in ((-1, -1, SAME), (256 * MB, 256 * MB, SAME), (600 * MB, 600 * MB, SAME),
                          (400 * MB, 400 * MB, -1), (256 * MB, -1, -1)):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        if stack is not SAME:
            resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    def run(command):
        p = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=limit)
        return p.returncode, p.stdout, p.stderr
    want, got = run([native]), run([xrun, program])
    if want != got:
        bad += 1
        print(f'limits {soft} {hard}, stack {stack}:\n want {want}\n got  {got}')
sys.exit(bad)
