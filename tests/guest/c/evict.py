#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""evict.py XRUN SIZE SOURCE BINARY...: runs a guest program as run.py does, with a code cache so small that it is emptied again and again.

Its output must be what it is natively (or the .expected text), and there must have been evictions: --stats says how many.
"""
import os, re, resource, sys, tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '../..')]
from build import header
from modes import options
from run import SYSROOT, difference, transcript

EVICTED = options('no-opt', 'v3')  # they fill the cache in the way of tier1
LEAST = 5  # in each run; most programs have hundreds


def evictions(path):
    return sum(map(int, re.findall(r'^evictions: (\d+) for want of room', open(path).read(), re.M))) if os.path.exists(path) else 0


def main():
    xrun, size, source, binaries = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    native = [b for b in binaries if b.endswith('.native')]
    program = next(b for b in binaries if b.endswith('.static'))
    if native:
        want = transcript([], os.path.abspath(native[0]), source, ['.*'])
    else:
        want = open(os.path.splitext(source)[0] + '.expected').read()
    bad, counts = 0, []
    with tempfile.TemporaryDirectory(prefix='evict-') as tmp:
        for mode in EVICTED:
            stats = f'{tmp}/stats'
            got = transcript([xrun, f'--cache-size={size}', f'--stats={stats}', '-L', SYSROOT] + mode, os.path.abspath(program), source,
                             header(source, 'stderr') or ['(.|\n)*'])
            counts.append(evictions(stats))
            if got != want or counts[-1] < LEAST:
                bad += 1
                print(f'{mode}: {counts[-1]} evictions\n{difference(want, got)}')
            if os.path.exists(stats):
                os.unlink(stats)
    if not bad:
        print(f'ok: evictions {counts}')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
