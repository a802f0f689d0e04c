#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same.py XRUN: every kernel prints the same natively and under xrun, with a twentieth of its work; so do the loops of nans."""
import os, re, subprocess, sys, tempfile

xrun, folder = os.path.abspath(sys.argv[1]), os.path.join(os.path.dirname(os.path.abspath(__file__)), 'kernels')
WHOLE = ['signals_timer']  # it must last until its timer has expired
bad = 0


def run(cmd):
    try:
        p = subprocess.run(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return p.returncode, p.stdout
    except subprocess.TimeoutExpired:
        return 'timeout', b''


sources = sorted(f for f in os.listdir(folder) if f.endswith('.c'))
with tempfile.TemporaryDirectory(prefix='xrun-kernels-') as tmp:
    nans = os.path.join(os.path.dirname(folder), 'nans', 'nans.c')
    for cc, end in ('gcc', 'native'), ('aarch64-linux-gnu-gcc', 'guest'):
        subprocess.check_call([cc, '-O2', '-static', '-o', f'{tmp}/nans.{end}', nans, '-lm'])
    for name in [f + op + s for s in ('', '_s') for f in ('', 'f') for op in ('add', 'mul', 'div', 'fma')]:
        for inputs in 'none', 'quiet', 'some', 'all':
            native, guest = run([f'{tmp}/nans.native', name, inputs, '60']), run([xrun, f'{tmp}/nans.guest', name, inputs, '60'])
            if native != guest or native[0] != 0:
                bad += 1
                print(f'nans {name} {inputs}: natively {native}, under xrun {guest}')
    for source in sources:
        name, path = source[:-2], os.path.join(folder, source)
        rounds = re.search(r'bench_rounds\(argc, argv, (\d+)\)', open(path).read() + open(os.path.join(folder, 'fp_nan.h')).read())
        n = int(rounds.group(1)) // (1 if name in WHOLE else 20)
        for cc, end in ('gcc', 'native'), ('aarch64-linux-gnu-gcc', 'guest'):
            subprocess.check_call([cc, '-O2', '-w', '-static', '-o', f'{tmp}/{name}.{end}', path, '-lm', '-lpthread'])
        native, guest = run([f'{tmp}/{name}.native', str(max(n, 1))]), run([xrun, f'{tmp}/{name}.guest', str(max(n, 1))])
        if native != guest or native[0] != 0:
            bad += 1
            print(f'{name} {n}: natively {native}, under xrun {guest}')
print(f'{len(sources)} kernels, {bad} differ')
sys.exit(bad != 0)
