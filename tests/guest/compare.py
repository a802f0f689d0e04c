#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py XRUN CASE [XRUN-OPTION...]: runs a case with Debian's arm64 programs under xrun and with the amd64 packages of the same
version natively, and compares output and exit status.

A case is a bash script in cases/; `# packages:` lines at its head name what it needs.  Both runs get an empty working
directory of their own, HOME and TMPDIR in it.  The native one runs with the amd64 packages as its root (in a private mount namespace),
the other with -L on the folder of the arm64 ones, so that everything the script starts is looked up there.
`# with:` names files beside the case that it reads.  `# limit: N` bounds each run in seconds (default 120).  `# needs: root`
skips the case where we are not root, `no-chroot` where we are in a chroot, in which the kernel refuses user namespaces and a change of the root.
"""
import os, shutil, subprocess, sys, tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.environ.get('XRUN_CACHE', os.path.expanduser('~/.cache/xrun'))
COMMON = ['bash', 'coreutils', 'sed', 'grep', 'gawk', 'findutils', 'diffutils', 'debianutils', 'dash', 'libc-bin', 'hostname', 'mount']


def header(case, key):
    for line in open(case):
        if line.startswith(f'# {key}:'):
            yield from line.split(':', 1)[1].split()


def root(arch, packages):
    path = os.path.join(CACHE, f'guest-{arch}')
    subprocess.check_call([os.path.join(TOP, 'scripts/guest-root'), '--arch', arch, path] + packages)
    return path


ENV = {'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'TERM': 'dumb'}


def run(cmd, work, limit):
    env = dict(ENV, HOME=work, TMPDIR=work)
    p = subprocess.Popen(cmd, cwd=work if os.path.isdir(work) else None, env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        out, _ = p.communicate(timeout=limit)
        return p.returncode, out
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, 9)
        out, _ = p.communicate()
        return 'timeout', out


def copy_case(case, work):
    shutil.copy(case, os.path.join(work, 'case.sh'))
    for name in header(case, 'with'):
        shutil.copy(os.path.join(os.path.dirname(case), name), work)


def run_native(base, case, limit):
    for name in 'passwd', 'group', 'hosts', 'nsswitch.conf':  # the other run sees the host's
        if os.path.exists(f'/etc/{name}') and not os.path.exists(f'{base}/etc/{name}'):
            shutil.copy(f'/etc/{name}', f'{base}/etc/{name}')
    work = tempfile.mkdtemp(prefix='native-', dir=os.path.join(base, 'tmp'))
    copy_case(case, work)
    inner = '/tmp/' + os.path.basename(work)
    # Where we are in a chroot ourselves, the root cannot be changed for good, and its namespaces work less.
    setup = (f'mount --bind {base} {base} && cd {base} && for d in proc dev sys; do mount --rbind /$d $d || exit 125; done; '
             f'pivot_root . . 2>/dev/null && umount -l .; exec chroot . /bin/bash -c "cd {inner} && exec bash ./case.sh"')
    unshare = ['unshare', '-m'] if os.getuid() == 0 else ['unshare', '-Urm']
    if subprocess.call(unshare + ['true'], stderr=subprocess.DEVNULL):
        unshare += ['--propagation', 'unchanged']  # in a chroot, / is no mount point and cannot be made private
    os.makedirs(f'{base}/dev', exist_ok=True)
    try:
        return run(unshare + ['sh', '-c', setup], inner, limit)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run_guest(xrun, options, base, case, limit):
    work = tempfile.mkdtemp(prefix='guest-', dir='/tmp')
    copy_case(case, work)
    command = [xrun, *options, '-L', base, os.path.join(base, 'bin/bash'), './case.sh']
    root = tempfile.mkdtemp(prefix='root-', dir='/tmp')
    if 'root' in header(case, 'needs'):  # it runs programs as other users, who may not see our home
        os.chmod(root, 0o755)
        command = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$1" && shift && exec "$@"', base, root,
                   *(c.replace(base, root) for c in command)]
    try:
        return run(command, work, limit)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.rmdir(root)


def main():
    xrun, case, options = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]
    if 'root' in header(case, 'needs') and os.getuid() != 0:
        print('skipped: needs root')
        return 77
    if 'no-chroot' in header(case, 'needs') and subprocess.call(['unshare', '-m', 'true'], stderr=subprocess.DEVNULL):
        print('skipped: not in a chroot')
        return 77
    packages = COMMON + list(header(case, 'packages'))
    limit = int(next(header(case, 'limit'), '120'))
    native = run_native(root('amd64', packages), case, limit)
    guest = run_guest(xrun, options, root('arm64', packages), case, limit)
    if native == guest and native[0] != 'timeout':
        print(f'ok: status {native[0]}, {len(native[1])} bytes of output')
        return 0
    print(f'native: status {native[0]}\n{native[1].decode(errors="replace")}')
    print(f'xrun: status {guest[0]}\n{guest[1].decode(errors="replace")}')
    return 1


if __name__ == '__main__':
    sys.exit(main())
