#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""limits.py XRUN PROGRAM NATIVE: limits.c under xrun and natively, unlimited and with RLIMIT_AS from outside: the same output."""
import os, resource, subprocess, sys

xrun, program, native = (os.path.abspath(a) for a in sys.argv[1:4])
# A hard limit from outside holds for xrun too, which needs some 40 MiB of it.
bad = 0
for limit in (-1, 256 << 20, 600 << 20):
    def run(command):
        p = subprocess.run(command, capture_output=True, text=True, timeout=60,
                           preexec_fn=lambda: limit < 0 or resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        return p.returncode, p.stdout, p.stderr
    want, got = run([native]), run([xrun, program])
    if want != got:
        bad += 1
        print(f'limit {limit}:\n want {want}\n got  {got}')
sys.exit(bad)
