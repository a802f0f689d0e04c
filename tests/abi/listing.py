#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""listing.py XRUN SYSCALLS-TABLE: `xrun --syscalls` has each line of the table, with its state, and a reason where it is no pass-through."""
import re, subprocess, sys

STATES = {'PASS': 'passed', 'PATH': 'translated', 'BUFS': 'passed', 'LESS': 'passed', 'CALL': 'translated', 'NONE': 'refused', 'MISS': 'refused'}


def main():
    xrun, table = sys.argv[1:]
    text = subprocess.run([xrun, '--syscalls'], check=True, capture_output=True, text=True, timeout=60).stdout
    want = [(int(m[2]), m[3], STATES[m[1]], m[1] != 'PASS')
            for m in re.finditer(r'^([A-Z]{4})\((\d+), (\w+), ', open(table).read(), re.M) if m[1] in STATES]
    got = []
    for line in text.splitlines():
        m = re.fullmatch(r' *(\d+)  (\w+) +(passed|translated|refused)(: .+)?', line)
        if not m:
            sys.exit(f'cannot read: {line}')
        got.append((int(m[1]), m[2], m[3], bool(m[4])))
    for a, b in zip(want, got):
        if a != b:
            sys.exit(f'the table says {a}, the listing {b}')
    print(f'{len(got)} calls')
    return len(want) != len(got) or len(got) < 300


sys.exit(main())
