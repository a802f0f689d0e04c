#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""native.py XRUN NATIVE GUEST [DIFFERENCES]: runs a program of system calls natively and under xrun and compares line by line.

Both runs get namespaces of their own, so that no signal, name, queue or mount of theirs reaches anything else; where there are
none to be had, the test is skipped.  A line of DIFFERENCES is a regular expression of cases that may differ, two blanks, and why.
"""
import os, re, struct, subprocess, sys, tempfile

LIMIT = 300
SKIP = 77


def own_addresses(xrun):
    """An address in xrun's code, and one in its data."""
    with open(xrun, 'rb') as f:
        head = f.read(4096)
    phoff, = struct.unpack_from('<Q', head, 32)
    phnum, = struct.unpack_from('<H', head, 56)
    found = {}
    for i in range(phnum):
        kind, flags, _, vaddr, _, _, memsz, _ = struct.unpack_from('<IIQQQQQQ', head, phoff + 56 * i)
        if kind == 1:
            found[flags] = vaddr + memsz // 2
    return [f'{found[flags]:x}' for flags in (5, 6)]


def unshare():
    how = ['unshare', '-m', '-i', '-n', '-u', '-p', '--fork', '--kill-child', '--mount-proc']
    for extra in ([], ['-Ur']):
        if subprocess.call(how + extra + ['true'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return how + extra
    return None


def run(command):
    with tempfile.TemporaryDirectory(prefix='native-') as work:
        os.chmod(work, 0o777)
        p = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
    if p.returncode:
        sys.exit(f'{command}: status {p.returncode}\n{p.stderr.decode()[-1000:]}')
    return p.stdout.decode(errors='replace').splitlines()


def main():
    xrun, native, guest = map(os.path.abspath, sys.argv[1:4])
    known = []
    if len(sys.argv) > 4:
        known = [re.compile(line.split('  ')[0]) for line in open(sys.argv[4]) if line.strip() and line[0] != '#']
    how = unshare()
    if not how:
        return SKIP
    own = own_addresses(xrun)
    want, got = run(how + [native] + own), run(how + [xrun, guest] + own)
    bad = excused = 0
    for a, b in zip(want, got):
        if a != b and any(k.match(a) for k in known):
            excused += 1
        elif a != b:
            bad += 1
            if bad <= 50:
                print(f'native {a}\nxrun   {b}')
    bad += len(want) != len(got)
    print(f'{len(want)} and {len(got)} lines, {bad} differences, {excused} more that have a reason')
    return bad != 0 or len(want) < 1000


if __name__ == '__main__':
    sys.exit(main())
