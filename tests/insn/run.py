#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py [--update] XRUN FILE.S...: assembles each test, runs it in every mode and compares the registers with the lines in its header.

A line `// N: x3 ff, nzcv 6, v1 HIGH:LOW` says what differs at dump N from the dump before (from the known start at the first);
everything else must be as it was.  XRUN may be qemu-aarch64.  --update writes the lines from what XRUN does: check them against the manual.
Addresses (differences of pages) never appear, because a test brings them down to offsets.
"""
import os, re, struct, subprocess, sys, tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from modes import MODES

WORDS, VECTORS = 34, 32
SIZE = WORDS * 8 + VECTORS * 16
NAMES = [f'x{i}' for i in range(31)] + ['nzcv', 'fpsr'] + [f'v{i}' for i in range(VECTORS)]


def start():
    state = {f'x{i}': 0x0101010101010101 * (i + 1) for i in range(31)}
    state.update({f'v{i}': int.from_bytes(bytes([0x40 + i] * 16), 'little') for i in range(VECTORS)})
    return dict(state, nzcv=0, fpsr=0)


def parse(dump):
    words = struct.unpack_from(f'<{WORDS}Q', dump)
    state = {f'x{i}': words[i] for i in range(31)}
    state.update(nzcv=words[31] >> 28, fpsr=words[32])
    for i in range(VECTORS):
        state[f'v{i}'] = int.from_bytes(dump[WORDS * 8 + 16 * i:][:16], 'little')
    return state


def text(name, value):
    return f'{name} {value >> 64:x}:{value & (1 << 64) - 1:x}' if name[0] == 'v' else f'{name} {value:x}'


def lines(dump):
    """One line for each dump: what changed."""
    before, out = start(), []
    for n in range(len(dump) // SIZE):
        now = parse(dump[n * SIZE:])
        out.append(f'// {n + 1}: ' + (', '.join(text(k, now[k]) for k in NAMES if now[k] != before[k]) or 'nothing'))
        before = now
    return out


def compare(name, mode, want, got, end):
    bad = False
    for i in range(max(len(want), len(got))):
        w, g = (x[i] if i < len(x) else '' for x in (want, got))
        if w != g:
            bad = True
            missing, extra = set(w.split(', ')), set(g.split(', '))
            print(f'{name} {mode}: dump {i + 1}\n    want {sorted(missing - extra)}\n    got  {sorted(extra - missing)}')
    if end != 0:
        print(f'{name} {mode}: ended with {end}')
    return bad or end != 0


def main():
    args = sys.argv[1:]
    update = '--update' in args
    args = [a for a in args if a != '--update']
    xrun, bad, count = args[0], 0, 0
    for source in args[1:]:
        head = open(source).read()
        want = re.findall(r'^// \d+: .*$', head, re.M)
        with tempfile.TemporaryDirectory(prefix='insn-') as tmp:
            program = os.path.join(tmp, 'test')
            subprocess.check_call(['aarch64-linux-gnu-gcc', '-nostdlib', '-static', '-march=armv8.1-a', '-I', os.path.dirname(os.path.abspath(source)),
                                   '-o', program, source])
            for mode in ['default'] if 'qemu' in os.path.basename(xrun) else MODES:
                p = subprocess.run([xrun] + MODES[mode] + [program], stdout=subprocess.PIPE, timeout=60)
                got = lines(p.stdout)
                count += len(got)
                if update:
                    body = re.sub(r'^// \d+: .*\n', '', head, flags=re.M)
                    first = body.index('#include')
                    open(source, 'w').write(body[:first] + ''.join(line + '\n' for line in got) + body[first:])
                else:
                    bad += compare(os.path.basename(source), mode, want, got, p.returncode)
    print(f'{count} dumps, {bad} bad')
    return bad != 0 or count == 0


if __name__ == '__main__':
    sys.exit(main())
