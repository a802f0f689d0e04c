#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""perf_map.py XRUN PROGRAM...: --perf-map names translated code after the program's functions, in perf's format, and
names each place once, also where the cache was emptied and filled anew."""
import os, re, subprocess, sys

xrun, programs = sys.argv[1], sys.argv[2:]
bad = 0
for program, option in [(p, o) for p in programs for o in ('--tier=1', '--cache-size=16k')]:
    p = subprocess.Popen([xrun, '--perf-map', option, '-L', '/usr/aarch64-linux-gnu', program], stdout=subprocess.PIPE)
    try:
        p.communicate(timeout=60)
    finally:
        p.kill()
    path = f'/tmp/perf-{p.pid}.map'
    lines = open(path).read().splitlines() if os.path.exists(path) else []
    if os.path.exists(path):
        os.unlink(path)
    wrong = [line for line in lines if not re.fullmatch(r'[0-9a-f]+ [0-9a-f]+ \S.*\+0x[0-9a-f]+', line)]
    code = sorted((int(start, 16), int(size, 16)) for start, size, _ in (line.split(None, 2) for line in lines))
    twice = sum(a[0] + a[1] > b[0] for a, b in zip(code, code[1:]))
    named = [line for line in lines if ' main+0x' in line]
    if p.returncode != 0 or wrong or twice or not lines or (option == '--tier=1' and not named):
        bad += 1
        print(f'{program} {option}: status {p.returncode}, {len(lines)} lines, {twice} overlap, main named {len(named)} times, '
              f'bad lines {wrong[:3]}')
sys.exit(bad != 0)
