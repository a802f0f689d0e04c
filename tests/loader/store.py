#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""store.py XRUN STATIC DYNAMIC: translations that processes share by a file in /dev/shm.  In a /dev/shm of its own (a mount namespace; 77
where there may be none): what one process has translated the next ones take, at whatever addresses; the file may be damaged, cut,
another build's, another user's, full, or impossible, and programs run as ever.  Both programs check themselves and print one line.
"""
import glob, os, random, re, struct, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import fail

SHM = '/dev/shm'


def enter():
    """Runs this script again where /dev/shm is ours, and exits with its status."""
    os.environ['STORE_INNER'] = '1'
    mount = f'mount -t tmpfs -o size=1g tmpfs {SHM} && exec "$@"'
    if subprocess.run(['unshare', '-Urm', 'sh', '-c', mount, 'sh', 'true'], stderr=subprocess.DEVNULL).returncode:
        print('no mount namespaces here')
        sys.exit(77)
    sys.exit(subprocess.run(['unshare', '-Urm', 'sh', '-c', mount, 'sh', sys.executable, *sys.argv]).returncode)


def files():
    return sorted(glob.glob(SHM + '/xrun-*'))


def clear():
    for f in glob.glob(SHM + '/*'):
        os.rmdir(f) if os.path.isdir(f) and not os.path.islink(f) else os.unlink(f)


def start(program, options=(), env=None, prefix=()):
    return subprocess.Popen([*prefix, XRUN, '--stats', *options, '-L', '/usr/aarch64-linux-gnu', program], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})


def end(what, process, want):
    """How many units it has translated, and how many taken from others."""
    out, err = process.communicate(timeout=120)
    if process.returncode != 0 or out != want:
        fail(what, (process.returncode, out, err))
        return 0, 0
    # The last report: those of children come before.
    made = int(re.findall(r'^tier 1 units: (\d+)', err, re.M)[-1])
    return made, int(re.findall(r'^taken from others: (\d+)', err, re.M)[-1])


def run(what, program=None, **how):
    program = program or DYNAMIC
    return end(what, start(program, **how), WANT[program])


def check_taken(what, **how):
    made, taken = run(what, **how)
    if taken < 100 or made > taken / 5:
        fail(what, f'{made} made, {taken} taken')


def check_alone(what, **how):
    made, taken = run(what, **how)
    if made < 100 or taken:
        fail(what, f'{made} made, {taken} taken')


def store():
    [f] = files()
    return f


def check_use():
    for program in STATIC, DYNAMIC:
        clear()
        first, taken = run('first', program)
        st = os.stat(store())
        if st.st_mode & 0o7777 != 0o600 or st.st_blocks * 512 > 16 << 20:
            fail('file', (oct(st.st_mode), st.st_blocks * 512))
        run('second', program) # what has become known of loops decides how units are made
        for turn in range(4):
            check_taken(f'{program}, again', program=program)
    check_alone('another processor', options=['--cpu=cortex-a53'])


def check_off():
    clear()
    check_alone('--no-store', options=['--no-store'])
    check_alone('XRUN_NO_STORE', env={'XRUN_NO_STORE': '1'})
    check_alone('limited memory', prefix=['prlimit', '--data=1000000000'])
    check_alone('limited files', prefix=['prlimit', '--fsize=1000000'])
    for options in ['--tier=1'], ['--tier=2'], ['--careful'], ['--no-opt']:
        run(options, options=options)
    if files():
        fail('not wanted', files())


def check_foreign():
    """What is in its place and not ours is left alone."""
    clear()
    run('make')
    path = store()
    good = open(path, 'rb').read(4 << 20)

    def check(what):
        check_alone(what)
        if os.path.islink(path) or not os.path.isfile(path):
            return
        if open(path, 'rb').read(4 << 20) != good:
            fail(what, 'was changed')
    os.chmod(path, 0o644)
    check('readable')
    os.chmod(path, 0o600)
    os.link(path, SHM + '/other')
    check('two names')
    os.rename(SHM + '/other', SHM + '/moved')
    os.unlink(path)
    os.symlink('moved', path)
    check('link')
    os.unlink(path)
    os.mkdir(path)
    check('folder')


def damage(path, seed):
    """Other bytes in the table and in entries."""
    r = random.Random(seed)
    size = os.stat(path).st_blocks * 512
    with open(path, 'r+b') as f:
        for _ in range(r.choice([1, 50, 5000])):
            f.seek(r.randrange(16, size))
            f.write(bytes(r.randrange(256) for _ in range(r.choice([1, 4, 40]))))


def check_damage():
    clear()
    run('make')
    run('make')
    for seed in range(12):
        damage(store(), seed)
        run(f'damaged, seed {seed}')
    clear()
    run('make')
    for size in 0, 100, 5000, 3 << 20:
        os.truncate(store(), size)
        run(f'cut to {size}')


def head(path, offset, value, form):
    with open(path, 'r+b') as f:
        f.seek(offset)
        f.write(struct.pack(form, value))


def check_replaced():
    """Of another build, or full."""
    for what, field in ('another build', (0, 12345, '<Q')), ('full', (8, (128 << 20) - 4096, '<I')):
        clear()
        run('make')
        old = os.stat(store()).st_ino
        head(store(), *field)
        check_alone(what)
        if os.stat(store()).st_ino == old:
            fail(what, 'is still there')
        run('again')
        check_taken(what + ', replaced')


def check_little():
    """Little shared memory: a part of it, or nothing."""
    for size in '64k', '1m', '8m', '24m':
        subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', SHM], check=True)
        for turn in range(3):
            run(f'/dev/shm of {size}')
        for f in files():
            if os.stat(f).st_blocks * 512 > 6 << 20:
                fail(size, 'is used up')
        subprocess.run(['umount', SHM], check=True)


def check_many():
    """All at once, from nothing."""
    for turn in range(3):
        clear()
        for _ in range(2):
            many = [(p, start(p)) for p in (STATIC, DYNAMIC) * 4]
            for program, process in many:
                end('many', process, WANT[program])
    check_taken('after many')


XRUN, STATIC, DYNAMIC = (os.path.abspath(p) for p in sys.argv[1:4])
if 'STORE_INNER' not in os.environ:
    enter()
WANT = {p: subprocess.run([XRUN, '--no-store', '-L', '/usr/aarch64-linux-gnu', p], stdout=subprocess.PIPE, text=True, check=True).stdout
        for p in (STATIC, DYNAMIC)}
for check in check_use, check_off, check_foreign, check_damage, check_replaced, check_little, check_many:
    check()
harness.end()
