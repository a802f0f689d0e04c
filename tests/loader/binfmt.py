#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""binfmt.py XRUN GUEST: --register, --unregister, --status, and programs that the kernel starts with xrun.

Everything happens in a user namespace with a binfmt_misc of its own (Linux 6.7), never in the machine's.  Where that cannot be
had, the test is skipped.  What a program must find when it is started is what execve(2) promises of any program.
"""
import os, shutil, subprocess, sys, tempfile, time

XRUN, GUEST = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
DIR = '/proc/sys/fs/binfmt_misc'
INSIDE = sys.argv[3:] == ['inside']
with open('/proc/self/uid_map') as uid_map:
    USERS = os.geteuid() == 0 and int(uid_map.read().split()[2]) > 1  # several user numbers can be had
failures = 0


def namespace(pid):
    try:
        return os.readlink(f'/proc/{pid}/ns/user')
    except OSError:
        return None


def outside():
    """Starts this script again in namespaces of its own, with all user numbers if we are root."""
    inner = f'read go && mount -t binfmt_misc none {DIR} || exit 77; exec "$@"'
    cmd = ['unshare', '-m', '-U' if USERS else '-Ur', 'sh', '-c', inner, 'sh', sys.executable, *sys.argv, 'inside']
    p = subprocess.Popen(cmd, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    if USERS:
        while namespace(p.pid) == namespace('self') and p.poll() is None:
            time.sleep(0.01)
        for kind in 'uid', 'gid':
            try:
                with open(f'/proc/{p.pid}/{kind}_map', 'w') as f:
                    f.write('0 0 1000')
            except OSError as e:
                print(f'skipped: {kind}_map: {e}')
                p.kill()
                return 77
    _, err = p.communicate(b'go\n', timeout=100)
    print(err.decode(errors='replace'), end='')
    return p.returncode


def check(name, got, want):
    global failures
    if got != want:
        failures += 1
        print(f'FAIL {name}:\n  {got!r}, not\n  {want!r}')


def xrun(*args, **kw):
    p = subprocess.run([XRUN, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, **kw)
    return p.returncode, p.stdout.decode()


def fails(name, args, words, **kw):
    status, out = xrun(*args, **kw)
    check(name, (status, out.count('\n'), [w for w in words if w not in out]), (125, 1, []))


def started(file, argv, **kw):
    """Starts file with this argv; (status, lines) or the error's number."""
    try:
        p = subprocess.run(argv, executable=file, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, **kw)
    except OSError as e:
        return e.errno
    return p.returncode, p.stdout.decode().splitlines()


def expect(name, got, argv, execfn, comm, exe, secure=0, uid=0, euid=0, stdin='open'):
    check(name, got, (len(argv), ['argv ' + a for a in argv] +
          ['execfn ' + execfn, 'execfd none', 'flags 0', f'secure {secure}', 'comm ' + comm[:15], 'exe ' + exe,
           f'uid {uid} euid {euid}', 'stdin ' + stdin]))


def close_stdin():
    os.close(0)


def starts(prog):
    """What the kernel tells xrun, and xrun the program."""
    expect('plain', started(prog, [prog, 'a', '']), [prog, 'a', ''], prog, 'prog', prog)
    expect('argv[0]', started(prog, ['another name', '-L']), ['another name', '-L'], prog, 'prog', prog)
    expect('empty argv[0]', started(prog, ['']), [''], prog, 'prog', prog)
    expect('relative', started('./prog', ['x']), ['x'], './prog', 'prog', prog)
    expect('no stdin', started(prog, ['x'], preexec_fn=close_stdin), ['x'], prog, 'prog', prog, stdin='closed')
    for option in '-L', '--version', '--':
        shutil.copy(prog, option)
        expect('a program named ' + option, started(option, ['x', '--help'], env={'PATH': ''}), ['x', '--help'], option, option,
               os.path.abspath(option))
    script = os.path.abspath('script')
    with open(script, 'w') as f:
        f.write(f'#!{prog} one two\n')
    os.chmod(script, 0o755)
    expect('script', started(script, ['lost', 'z']), [prog, 'one two', script, 'z'], script, 'script', prog)
    fd = os.open(prog, os.O_RDONLY)
    got = started(f'/proc/self/fd/{fd}', ['by fd'], pass_fds=[fd])
    expect('by descriptor', got, ['by fd'], f'/proc/self/fd/{fd}', str(fd), prog)
    os.close(fd)
    memory = os.memfd_create('m', 0)
    with open(prog, 'rb') as f:
        os.write(memory, f.read())
    got = started(f'/proc/self/fd/{memory}', ['m'], pass_fds=[memory])
    expect('memory', got, ['m'], f'/proc/self/fd/{memory}', str(memory), '/memfd:m (deleted)')
    os.close(memory)
    expect('its child', started(prog, ['x', 'exec', './prog', 'child', 'a']), ['child', 'a'], './prog', 'prog', prog)
    new_root()
    if USERS:
        credentials(prog)


def new_root():
    """Behind a root without /proc xrun has no name for itself; where /proc is a link to itself, the error is another."""
    with open('inside', 'w') as f:
        f.write('#!/prog one two\n')
    os.chmod('inside', 0o755)
    for proc in 'no /proc', 'a loop for /proc':
        for child, argv in ('prog', ['child', 'a']), ('inside', ['/prog', 'one two', './inside', 'a']):
            got = started('/usr/sbin/chroot', ['chroot', '.', '/prog', 'exec', './' + child, 'child', 'a'])
            expect(f'child {child} with {proc}', got, argv, './' + child, child, '')
        if proc == 'no /proc':
            os.symlink('/proc', 'proc')
    os.unlink('proc')


def credentials(prog):
    """A set-user-id program gets its user, and takes no sysroot from the one who starts it."""
    shutil.copy(prog, 'suid')
    os.chown('suid', 1, 1)
    os.chmod('suid', 0o4711)
    got = started('./suid', ['x'], user=2, group=2, extra_groups=[], env={'XRUN_SYSROOT': '/nonexistent'})
    expect('set-user-id', got, ['x'], './suid', 'suid', os.path.abspath('suid'), secure=1, uid=2, euid=1)
    os.chmod('suid', 0o4755)
    got = started(prog, ['x', 'exec', './suid', 'child', 'a'], user=2, group=2, extra_groups=[])
    expect('set-user-id child', got, ['child', 'a'], './suid', 'suid', os.path.abspath('suid'), secure=1, uid=2, euid=1)
    got = started(XRUN, ['xrun', '-L', '/usr', prog, 'exec', './suid', 'child'], user=2, group=2, extra_groups=[])
    expect('set-user-id child with a sysroot', got, ['child'], './suid', 'suid', os.path.abspath('suid'), uid=2, euid=2)
    got = started('/usr/bin/setpriv', ['setpriv', '--no-new-privs', prog, 'exec', './suid', 'child'], user=2, group=2, extra_groups=[])
    expect('set-user-id child without new rights', got, ['child'], './suid', 'suid', os.path.abspath('suid'), uid=2, euid=2)
    fails('register as a user', ['--register'], [DIR, 'Permission denied'], user=2, group=2)


def register(name, text):
    try:
        with open(f'{DIR}/{name}', 'w') as f:
            f.write(text)
    except OSError as e:
        check(f'writing {text} to {name}', e, None)


def main():
    tmp = tempfile.mkdtemp(prefix='xrun-binfmt-')
    os.chmod(tmp, 0o755)
    os.chdir(tmp)
    prog = os.path.join(tmp, 'prog')
    shutil.copy(GUEST, prog)
    mine = f'xrun-aarch64: enabled, interpreter {XRUN}, flags POCF\n'
    none = (1, 'binfmt_misc: enabled\nxrun-aarch64: not registered\n')
    check('status before', xrun('--status'), none)
    fails('unregister before', ['--unregister'], ['not registered'])
    check('not registered', started(prog, [prog]), 8)
    for again in range(2):
        check('register', xrun('--register'), (0, ''))
        check('status', xrun('--status'), (0, 'binfmt_misc: enabled\n' + mine))
    starts(prog)
    register('xrun-aarch64', '0')
    check('disabled', xrun('--status'), (1, 'binfmt_misc: enabled\n' + mine.replace('enabled', 'disabled')))
    check('unregister', xrun('--unregister'), (0, ''))
    check('status after', xrun('--status'), none)

    status, line = xrun('--binfmt=' + XRUN)
    check('the line for binfmt.d', status, 0)
    register('register', line.strip())
    expect('registered with that', started(prog, ['x']), ['x'], prog, 'prog', prog)
    register('xrun-aarch64', '-1')
    register('register', line.strip().replace(XRUN, '/bin/true'))
    fails('another xrun', ['--register'], ['already', '/bin/true'])
    register('xrun-aarch64', '-1')
    register('register', r':somebody:M:18:\xb7\x00::/bin/true:')
    register('register', r':of-arm:M:18:\x28\x00::/bin/true:')
    fails('somebody else', ['--register'], ['somebody', '/bin/true'])
    check('shows somebody', xrun('--status')[1], none[1] + 'somebody: takes AArch64 programs too, interpreter /bin/true, flags \n')
    register('somebody', '-1')
    check('not of this header', xrun('--register'), (0, ''))
    subprocess.check_call(['mount', '-t', 'tmpfs', 'none', DIR])
    for option in '--register', '--unregister', '--status':
        fails(f'{option}, not mounted', [option], [DIR, 'not mounted'])
    os.chdir('/')
    shutil.rmtree(tmp)
    return failures != 0


sys.exit(main() if INSIDE else outside())
