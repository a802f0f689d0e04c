#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mixed.py XRUN SECONDS [SEED]: rounds of five of stress-ng's operating-system stressors at a time, picked at random, until SECONDS are over.

Nothing may fail that the same round of the amd64 package does not fail as well, natively; nothing may hang, and nothing be left running.
"""
import os, random, re, subprocess, sys, tempfile, time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'tests/guest'))
import compare

CASE = os.path.join(TOP, 'tests/guest/cases/stress-ng-os.sh')
AT_ONCE, ROUND = 5, 50
# Those that end only after a number of operations, or load the machine until the others starve.
APART = {'daemon', 'exec', 'remap', 'rlimit', 'vforkmany'}


def stressors():
    names = re.search(r"stressors='([^']*)'", open(CASE).read()).group(1).split()
    return [name for name in names if name not in APART]


def session(leader):
    """Processes of the leader's session."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != 'Z':
            found.append(int(pid))
    return found


def left_running(leader):
    """What runs on; a process that is being killed may take a moment."""
    for _ in range(100):
        if not session(leader):
            return []
        time.sleep(0.1)
    return session(leader)


def run(command, limit):
    with tempfile.TemporaryDirectory(prefix='soak-', dir='/tmp') as work, tempfile.TemporaryFile() as out:
        p = subprocess.Popen(command + ['--temp-path', work], cwd=work, stdin=subprocess.DEVNULL, stdout=out,
                             stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = p.wait(limit)
            left = left_running(p.pid)
        except subprocess.TimeoutExpired:
            status, left = 'hangs', session(p.pid)
        for pid in left:
            os.kill(pid, 9)
        p.wait()
        out.seek(0)
        return status if not left or status == 'hangs' else f'{status}, {len(left)} left running', out.read().decode(errors='replace')


def main():
    xrun, seconds = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    arm, native = (compare.root(arch, compare.COMMON + ['stress-ng']) for arch in ('arm64', 'amd64'))
    print(f'seed {seed}', flush=True)
    pick, end, rounds, bad = random.Random(seed), time.time() + seconds, 0, 0
    while time.time() < end:
        names = pick.sample(stressors(), AT_ONCE)
        options = [a for name in names for a in ('--' + name, '1')] + ['--verify', '-t', str(ROUND)]
        status, out = run([xrun, '-L', arm, os.path.join(arm, 'usr/bin/stress-ng')] + options, 5 * ROUND)
        rounds += 1
        if status == 0:
            continue
        print(f'{" ".join(names)}: {status}\n{out}', flush=True)
        loader = [os.path.join(native, 'lib64/ld-linux-x86-64.so.2'), '--library-path',
                  ':'.join(os.path.join(native, d) for d in ('lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'))]
        again, _ = run(loader + [os.path.join(native, 'usr/bin/stress-ng')] + options, 5 * ROUND)
        print(f'natively: {again}', flush=True)
        bad += again == 0
    print(f'{rounds} rounds, {bad} bad')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
