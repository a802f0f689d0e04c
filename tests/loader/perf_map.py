#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""perf_map.py XRUN PROGRAM...: --perf-map names translated code after the program's functions, in perf's format."""
import os, re, subprocess, sys

xrun, programs = sys.argv[1], sys.argv[2:]
bad = 0
for program in programs:
    p = subprocess.Popen([xrun, '--perf-map', '--tier=1', '-L', '/usr/aarch64-linux-gnu', program], stdout=subprocess.PIPE)
    try:
        p.communicate(timeout=60)
    finally:
        p.kill()
    path = f'/tmp/perf-{p.pid}.map'
    lines = open(path).read().splitlines() if os.path.exists(path) else []
    if os.path.exists(path):
        os.unlink(path)
    wrong = [line for line in lines if not re.fullmatch(r'[0-9a-f]+ [0-9a-f]+ \S.*\+0x[0-9a-f]+', line)]
    named = [line for line in lines if ' main+0x' in line]
    if p.returncode != 0 or wrong or not named:
        bad += 1
        print(f'{program}: status {p.returncode}, {len(lines)} lines, main named {len(named)} times, bad lines {wrong[:3]}')
sys.exit(bad != 0)
