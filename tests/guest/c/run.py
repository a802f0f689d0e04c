#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py XRUN SOURCE BINARY...: runs a guest program under xrun in all modes and compares with its native run (the BINARY that ends in
.native), or with SOURCE's .expected text.

XRUN may be qemu-aarch64 (one mode then).  `--update` writes the expected text from the first run: only for what qemu or the
manual vouches for.  The comment at the head of the source may say
    args: ...      arguments; several lines: several runs (an empty one: none)
    modes: ...     of those of modes.py (default: all)
    limit: N       seconds for each run (default 30)
    stderr: REGEX  what stderr must be (default: what it is natively)
    skip-qemu: why qemu cannot be asked
"""
import os, re, resource, shlex, signal, subprocess, sys, tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '../..')]
from build import header, words
from modes import MODES

SYSROOT = '/usr/aarch64-linux-gnu'
ENV = {'PATH': '/usr/local/bin:/usr/bin:/bin', 'LC_ALL': 'C', 'TZ': 'UTC', 'GUEST_TEST': 'a value'}


def status(code):
    if code >= 0:
        return f'status {code}'
    return f'killed by {signal.Signals(-code).name if -code in set(signal.Signals) else -code}'


def run(cmd, limit):
    """One run in an empty directory of its own; a transcript of what it wrote and how it ended, and its stderr."""
    with tempfile.TemporaryDirectory(prefix='guest-c-') as work:
        p = subprocess.Popen(cmd, cwd=work, env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, start_new_session=True)
        # Who is told to end (by meson, after its own limit) leaves nothing running.
        signal.signal(signal.SIGTERM, lambda *_: (os.killpg(p.pid, signal.SIGKILL), sys.exit(1)))
        try:
            out, err = p.communicate(timeout=limit)
            end = status(p.returncode)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out, err = p.communicate()
            end = f'timeout after {limit} s'
    return out.decode(errors='backslashreplace'), err.decode(errors='backslashreplace'), end


def transcript(before, program, source, pattern):
    text = ''
    limit = int((header(source, 'limit') or ['30'])[0])
    for args in header(source, 'args') or ['']:
        out, err, end = run(before + [program] + shlex.split(args), limit)
        text += f'$ {args}\n{out}'
        if out and not out.endswith('\n'):
            text += '\\\n'
        if pattern is None:
            text += ''.join(f'! {line}\n' for line in err.splitlines())
        elif not re.fullmatch(pattern[0], err):
            text += f'stderr is {err!r}, not {pattern[0]!r}\n'
        text += end + '\n'
    return text


def difference(want, got):
    w, g = want.splitlines(), got.splitlines()
    for i in range(max(len(w), len(g))):
        a, b = w[i] if i < len(w) else '(end)', g[i] if i < len(g) else '(end)'
        if a != b:
            return f'  line {i + 1}\n    want {a}\n    got  {b}\n    rest {g[i + 1:i + 6]}'
    return '  same lines'


def main():
    args = sys.argv[1:]
    update = '--update' in args
    if update:
        args.remove('--update')
    xrun, source, binaries = args[0], args[1], args[2:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    expected = os.path.splitext(source)[0] + '.expected'
    pattern = header(source, 'stderr') or None
    native = [b for b in binaries if b.endswith('.native')]
    qemu = os.path.basename(xrun).startswith('qemu')
    if qemu and header(source, 'skip-qemu'):
        return 77
    modes = ['default'] if qemu else words(source, 'modes') or list(MODES)
    want = open(expected).read() if os.path.exists(expected) and not update else None
    if native and not update:
        want = transcript([], os.path.abspath(native[0]), source, None)
    if want is None and not update:
        print(f'no {expected}')
        return 1
    bad = 0
    for b in binaries:
        for mode in modes if b not in native else []:
            got = transcript([xrun if qemu else os.path.abspath(xrun)] + MODES[mode] + ['-L', SYSROOT], os.path.abspath(b),
                             source, None if qemu and pattern else pattern)
            if want is None:
                want = got
                open(expected, 'w').write(got)
            if got != want:
                bad += 1
                print(f'{os.path.basename(b)} {mode}:\n{difference(want, got)}')
    if not bad:
        print(f'ok: {want.count(chr(10))} lines')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
