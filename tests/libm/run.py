#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py XRUN QEMU PROGRAM COUNT [SEED]: libm.c's hashes under xrun, in all modes that compile, must be those under QEMU."""
import os, random, shutil, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from modes import options


def lines(cmd):
    return subprocess.run(cmd, capture_output=True, text=True, check=True, timeout=3600).stdout.splitlines()


def main():
    xrun, qemu, program, count = sys.argv[1:5]
    seed = sys.argv[5] if len(sys.argv) > 5 else str(random.randrange(1 << 32))
    if not shutil.which(qemu):
        print(f'skipped: no {qemu}')
        return 77
    print(f'seed {seed}', flush=True)
    want, bad = lines([qemu, program, count, seed]), 0
    for mode in options('interp'):
        got = lines([xrun, *mode, program, count, seed])
        for w, g in zip(want, got):
            if w != g:
                bad += 1
                print(f'{" ".join(mode) or "default"}: {w.split()[0]}')
        bad += len(want) != len(got)
    print(f'{len(want)} functions, {bad} differ')
    return bad != 0 or not want


if __name__ == '__main__':
    sys.exit(main())
