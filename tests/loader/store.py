#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""store.py XRUN STATIC DYNAMIC: translations that processes share by a file in /dev/shm.  In a /dev/shm of its own (a mount namespace; 77
where there may be none): what one process has translated the next ones take, at whatever addresses; the file may be damaged, cut,
another build's, another user's, full, or impossible, and programs run as ever.  Both programs check themselves and print one line.
"""
import glob, os, random, re, shutil, signal, struct, subprocess, sys, tempfile, time

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


def start(program, options=(), env=None, prefix=(), xrun=None):
    return subprocess.Popen([*prefix, xrun or XRUN, '--stats', *options, '-L', '/usr/aarch64-linux-gnu', program], stdout=subprocess.PIPE,
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
    if made < 100 or taken > made / 100: # the program forks, and takes from its children
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
    """What is in its place and not ours is left alone, and another name is taken."""
    clear()
    run('make')
    path = store()
    good = open(path, 'rb').read(4 << 20)

    def check(what):
        before = files()
        check_alone(what)
        if len(files()) != len(before) + 1:
            fail(what, files())
        run(what + ', again')
        check_taken(what + ', once more')
        if os.path.isfile(path) and not os.path.islink(path) and open(path, 'rb').read(4 << 20) != good:
            fail(what, 'was changed')
        for f in set(files()) - set(before):
            os.unlink(f)
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
    base = path[:-1]
    for n in range(1, 10):
        os.mkdir(base + str(n))
    check_alone('no name left')


def damage(path, seed):
    """Other bytes in the table and in entries."""
    r = random.Random(seed)
    size = os.stat(path).st_blocks * 512
    with open(path, 'r+b') as f:
        for _ in range(r.choice([1, 50, 5000])):
            f.seek(r.randrange(8, size))
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


def used():
    try:
        with open(store(), 'rb') as f:
            return struct.unpack('<I', f.read(4))[0]
    except (ValueError, struct.error):
        return 0


def check_cut_in_use():
    for least in 1, 100_000, 500_000:
        clear()
        process = start(DYNAMIC)
        while used() < least and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGSTOP)
        os.truncate(store(), 0)
        process.send_signal(signal.SIGCONT)
        end('cut in use', process, WANT[DYNAMIC])
    for turn in range(2):
        run('after the cut')
    check_taken('after the cut')


def check_replaced():
    """Full, or a count that cannot be."""
    for used in (128 << 20) - 4096, 1001:
        clear()
        run('make')
        old = os.stat(store()).st_ino
        with open(store(), 'r+b') as f:
            f.write(struct.pack('<I', used))
        check_alone(used)
        if os.stat(store()).st_ino == old:
            fail(used, 'is still there')
        run('again')
        check_taken(f'{used}, replaced')


def build(folder, n):
    """This xrun, as if it were another build."""
    path = os.path.join(folder, f'xrun{n}')
    image = bytearray(open(XRUN, 'rb').read())
    at = image.index(struct.pack('<III', 4, 20, 3) + b'GNU') + 16 # the note of the build id
    image[at] ^= n
    open(path, 'wb').write(image)
    shutil.copymode(XRUN, path)
    return path


def check_builds():
    """Those that are used in turn keep their stores; there are not too many."""
    clear()
    with tempfile.TemporaryDirectory() as folder:
        builds = [build(folder, n) for n in range(7)]
        for x in builds[0], builds[1]:
            check_alone('a build', xrun=x)
            run('a build', xrun=x)
        both = files()
        for x in (builds[0], builds[1]) * 2:
            check_taken('builds in turn', xrun=x)
        if len(both) != 2 or files() != both:
            fail('builds in turn', (both, files()))
        for x in builds[2:]:
            check_alone('many builds', xrun=x)
            check_taken('many builds', xrun=builds[0])
        if len(files()) != 4:
            fail('many builds', files())


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
for check in check_use, check_off, check_foreign, check_damage, check_cut_in_use, check_replaced, check_builds, check_little, check_many:
    check()
harness.end()
