#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutants.py XRUN BINARY...: runs damaged copies of real programs, with a few bytes changed anywhere in the file, or in its headers only.

A guest may then do anything that a guest may: exit, run into a signal, loop.  xrun may not: no internal error, no status 125, no message
of more than a line when it cannot start the program.  The mutations are seeded; each run has two seconds, 1 GB and no right to
write large files, and none of root's: one of them has changed the mode of /dev/null.  A failing mutant is kept in /tmp and named.
"""
import os, random, resource, shutil, signal, subprocess, sys, tempfile

RUNS = 400
NOBODY = 65534
FATAL = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGKILL, signal.SIGXFSZ, signal.SIGALRM, signal.SIGXCPU}


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    resource.setrlimit(resource.RLIMIT_NPROC, (4000, 4000))
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def mutate(rng, data):
    b = bytearray(data)
    kind = rng.randrange(4)
    for _ in range(rng.choice([1, 2, 5, 40])):
        # The headers; the first pages (start-up code, relocations); the whole file.
        at = rng.randrange([64 + 56 * 8, 64 + 56 * 8, 0x8000, len(b)][kind])
        b[at] = rng.choice([0, 0xff, 0x80, 1, b[at] ^ 1 << rng.randrange(8), rng.randrange(256)])
    if rng.randrange(20) == 0:
        del b[rng.randrange(len(b)):]
    return bytes(b)


def main():
    xrun, binaries = os.path.abspath(sys.argv[1]), sys.argv[2:]
    rng = random.Random(20)
    originals = [open(b, 'rb').read() for b in binaries]
    ends, bad = {}, 0
    with tempfile.TemporaryDirectory(prefix='mutants-') as work:
        path = os.path.join(work, 'mutant')
        xrun = shutil.copy(xrun, work)  # where NOBODY may run it, too
        if os.getuid() == 0:
            os.chown(work, NOBODY, NOBODY)
        for i in range(RUNS):
            with open(path, 'wb') as f:
                f.write(mutate(rng, originals[i % len(originals)]))
            os.chmod(path, 0o755)
            p = subprocess.Popen([xrun, '-L', '/usr/aarch64-linux-gnu', path], cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, preexec_fn=limits, start_new_session=True)
            try:
                _, err = p.communicate(timeout=2)
                end = p.returncode
            except subprocess.TimeoutExpired:
                os.killpg(p.pid, signal.SIGKILL)
                _, err = p.communicate()
                end = 'slow'
            ends[end] = ends.get(end, 0) + 1
            wrong = b'internal error' in err or end == 125 or (end in (126, 127) and err.count(b'\n') > 1)
            if wrong or (isinstance(end, int) and end < 0 and -end not in FATAL):
                bad += 1
                kept = f'/tmp/mutant-{i}'
                shutil.copy(path, kept)
                print(f'mutant {i} (kept as {kept}): ended with {end}: {err[-300:]!r}')
    print(f'{RUNS} mutants, {bad} bad; ends: ' + ', '.join(f'{k}: {v}' for k, v in sorted(ends.items(), key=str)))
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
