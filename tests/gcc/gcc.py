#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gcc.py XRUN [options]: GCC's own run tests, from Debian's package gcc-12-source, cross-compiled and run under qemu and under xrun.

    --suite NAME    one of suite.py's (may be repeated; default: all)
    --only GLOB     tests whose path matches
    --level LEVEL   -O0, -O2, -O3 or own (may be repeated)
    --sample N      every N-th test only, all levels (a fixed choice)
    --qemu CMD      what is asked besides xrun (default: qemu-aarch64 -cpu max)
    --jobs N        at a time (default 2)

What must hold: a program that does right (by its exit status, as for GCC) under qemu ends alike under xrun in both host modes
(default, --host=v3).  One that does not compile, or does wrong under qemu, must stand in known.txt with the reason, so that nothing
gets lost unseen.

The tests and the compiled programs are kept in $XRUN_CACHE/gcc-12 (default ~/.cache/xrun), so that a second run only runs.
"""
import argparse, collections, concurrent.futures, fnmatch, glob, hashlib, os, resource, shlex, shutil, signal, subprocess, sys, tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import suite

CACHE = os.path.join(os.environ.get('XRUN_CACHE', os.path.expanduser('~/.cache/xrun')), 'gcc-12')
MODES = {'default': [], 'v3': ['--host=v3', '--tier=2']}
COMPILE_LIMIT, RUN_LIMIT, WALL_LIMIT = 60, 20, 300  # seconds of processor time; of time on the wall, for whatever sleeps
WANTED = ['gcc.c-torture/execute', 'gcc.target/aarch64', 'gcc.dg/torture', 'gcc.dg/tg-tests.h', 'gcc.dg/tree-ssa/pr91680.c', 'g++.dg/torture',
          'g++.dg/eh']


def fetch():
    """The folder gcc/testsuite, unpacked from the package; it is there complete or not at all."""
    top = os.path.join(CACHE, 'testsuite-' + hashlib.sha256(repr(WANTED).encode()).hexdigest()[:8])
    if os.path.isdir(top):
        return top
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        subprocess.run(['apt-get', '-q', 'download', 'gcc-12-source'], cwd=work, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        deb = next(f for f in os.listdir(work) if f.endswith('.deb'))
        subprocess.run(['dpkg-deb', '-x', deb, '.'], cwd=work, check=True)
        source = glob.glob(os.path.join(work, 'usr/src/gcc-12/gcc-*.tar.xz'))[0]
        subprocess.run(['tar', '-xJf', source, '--strip-components=2', '--wildcards', *(f'*/gcc/testsuite/{f}' for f in WANTED)],
                       cwd=work, check=True)
        os.rename(os.path.join(work, 'testsuite'), top)
    return top


def bounded(seconds):
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
    return set_limits


def run(cmd, cwd, seconds):
    """(how it ended, output)."""
    p = subprocess.Popen(cmd, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         start_new_session=True, preexec_fn=bounded(seconds))
    try:
        out, _ = p.communicate(timeout=WALL_LIMIT)
        return p.returncode, out
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        p.communicate()
        return 'timeout', b''


def compiler(job):
    return 'aarch64-linux-gnu-g++' if job.cxx else 'aarch64-linux-gnu-gcc'


def build(job, top, version):
    """The path of the job's program, or None and what the compiler said."""
    cmd = [compiler(job), *job.flags, '-static', '-s', *job.sources, '-lm', '-pthread']
    if '-fopenmp' in job.flags:
        cmd.append('-fopenmp')
    key = hashlib.sha256(repr((version, cmd)).encode())
    for source in job.sources:
        with open(os.path.join(top, source), 'rb') as f:
            key.update(f.read())
    path = os.path.join(CACHE, 'bin', key.hexdigest()[:2], key.hexdigest()[2:])
    if os.path.exists(path):
        return path, ''
    error = f'{path}.{os.path.basename(top)}.error'  # another choice of headers may make it good
    if os.path.exists(error):
        with open(error, encoding='utf-8') as f:
            return None, f.read()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        out = os.path.join(work, 'a.out')
        status, said = run([*cmd[:1], '-o', out, *(os.path.join(top, c) if c in job.sources else c for c in cmd[1:])], work, COMPILE_LIMIT)
        if status == 0:
            shutil.copy(out, path + '.new')
            os.rename(path + '.new', path)
            return path, ''
    said = said.decode(errors='replace')
    if status == 1:  # anything else may be an accident of this run
        with open(error, 'w', encoding='utf-8') as f:
            f.write(said)
    return None, said


def outcome(job, result):
    status, _ = result
    return 'pass' if (status != 0 if job.should_fail else status == 0) else f'ends with {status}'


def execute(args, job, program):
    """{way: (how it ended, output)} for qemu and each mode of xrun."""
    ways = {'qemu': [*shlex.split(args.qemu), program]}
    ways.update({mode: [args.xrun, *options, program] for mode, options in MODES.items()})
    results = {}
    for way, cmd in ways.items():
        with tempfile.TemporaryDirectory() as work:
            results[way] = run(cmd, work, RUN_LIMIT)
    return results


def judge(args, job, top, version, known):
    """(kind, detail, {way: outcome}): kind is ok, known, or what is wrong."""
    reason = next((r for name, levels, r in known if name == job.name and (levels == '*' or job.level in levels.split(','))), None)
    program, said = build(job, top, version)
    if not program:
        first = next((line for line in said.splitlines() if 'error' in line or 'undefined' in line), said[:200])
        return 'known' if reason else 'does not compile', first, {}
    results = execute(args, job, program)
    ways = {way: outcome(job, r) for way, r in results.items()}
    if ways['qemu'] == 'pass':
        wrong = {m: r for m, r in results.items() if r[0] != results['qemu'][0]}
        if wrong:
            return 'DIFFERS', '; '.join(f'{m}: {ways[m]} {r[1][-300:]!r}' for m, r in wrong.items()), ways
        return 'ok', '', ways
    return 'known' if reason else 'fails under qemu', ', '.join(f'{w}: {o}' for w, o in ways.items()), ways


def read_known():
    with open(os.path.join(HERE, 'known.txt'), encoding='utf-8') as f:
        for line in f:
            if line.strip() and line[0] != '#':
                name, levels, reason = line.split(None, 2)
                yield name, levels, reason.strip()


def report(counts):
    print(f'{"suite":20} {"level":6} {"jobs":>5} {"no program":>10} {"qemu":>6}' + ''.join(f' {m:>8}' for m in MODES))
    for (name, level), c in counts.items():
        print(f'{name:20} {level:6} {c["jobs"]:5} {c["no program"]:10} {c["qemu"]:6}' + ''.join(f' {c[m]:8}' for m in MODES))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('xrun')
    parser.add_argument('--suite', action='append', choices=list(suite.SUITES))
    parser.add_argument('--level', action='append')
    parser.add_argument('--only', default='*')
    parser.add_argument('--sample', type=int, default=1)
    parser.add_argument('--qemu', default='qemu-aarch64 -cpu max')
    parser.add_argument('--jobs', type=int, default=2)
    args = parser.parse_args()
    args.xrun = os.path.abspath(args.xrun)
    for program in ('aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-g++', 'apt-get', shlex.split(args.qemu)[0]):
        if not shutil.which(program):
            print(f'skipped: no {program}')
            return 77
    top = fetch()
    version = subprocess.run(['aarch64-linux-gnu-gcc', '--version'], capture_output=True, check=True).stdout
    jobs = [j for j in suite.jobs(top, args.suite or list(suite.SUITES))
            if fnmatch.fnmatch(j.name, args.only) and (not args.level or j.level in args.level)]
    chosen = set(sorted({j.name for j in jobs})[::args.sample])
    jobs = [j for j in jobs if j.name in chosen]
    known = list(read_known())
    counts = collections.defaultdict(collections.Counter)
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for job, (kind, detail, ways) in zip(jobs, pool.map(lambda j: judge(args, j, top, version, known), jobs)):
            c = counts[job.suite, job.level]
            c['jobs'] += 1
            c['no program'] += not ways
            for way, end in ways.items():
                c[way] += end == 'pass'
            if kind not in ('ok', 'known'):
                bad += 1
                print(f'{kind}: {job.name} {job.level}: {detail}', flush=True)
    report(counts)
    print(f'{len(jobs)} jobs of {len(chosen)} tests, {bad} unexpected')
    return bad != 0 or not jobs


if __name__ == '__main__':
    sys.exit(main())
