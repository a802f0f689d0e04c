#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""uring_sysroot.py XRUN GUEST: paths in rings go through the sysroot as those of system calls do, and lead into it."""
import os, subprocess, sys, tempfile

xrun, guest = map(os.path.abspath, sys.argv[1:3])
with tempfile.TemporaryDirectory(prefix='uring-') as root:
    only = os.path.join(root, 'only-here')
    os.makedirs(os.path.join(only, 'dir'))
    os.makedirs(os.path.join(root, 'proc'))
    for name in ('file', 'dir/file'):
        with open(os.path.join(only, name), 'w') as f:
            f.write(name)
    os.symlink('/only-here/file', os.path.join(only, 'link'))
    os.symlink('/only-here/dir', os.path.join(only, 'dirlink'))
    os.symlink('loop', os.path.join(only, 'loop'))
    os.symlink('/no/such/file', os.path.join(only, 'nowhere'))
    paths = ['/only-here/' + p for p in ('file', 'link', 'dir', 'dirlink', 'dirlink/file', 'dirlink/', 'loop', 'loop/x', 'nowhere', 'none')]
    paths += [only + '/link', '/etc/passwd', '/proc/self/exe', '/' + 'x' * 300, '/' + 'x/' * 2500]
    p = subprocess.run([xrun, '-L', root, guest, *paths], stdout=subprocess.PIPE, text=True, timeout=60)
    inode = os.stat(os.path.join(only, 'file')).st_ino
    inside = [line for line in p.stdout.splitlines() if line in (f'open /only-here/{n}: {inode}' for n in ('file', 'link'))]
    if p.returncode == 77:
        sys.exit(77)
    if p.returncode or len(inside) != 2:
        sys.exit(f'status {p.returncode}, {inside}\n{p.stdout}')
