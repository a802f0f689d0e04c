# SPDX-License-Identifier: MIT
"""What tests of a program that is made here share: a folder of its own, and the count of what failed."""
import os, subprocess, sys, tempfile

failures = 0


def fail(what, detail=''):
    global failures
    failures += 1
    print(f'FAIL {what}: {detail}')


def end():
    print('failed: %d' % failures if failures else 'ok')
    sys.exit(failures != 0)


def run(checks, source, *flags):
    """Makes the checks in a folder that has the guest's program of `source` in it, ./guest; exits."""
    with tempfile.TemporaryDirectory(prefix='xrun-loader-') as tmp:
        os.chdir(tmp)
        with open('guest.c', 'w') as f:
            f.write(source)
        subprocess.check_call(['aarch64-linux-gnu-gcc', '-O2', *flags, '-static', '-o', 'guest', 'guest.c'])
        for check in checks:
            check()
        os.chdir('/')
    end()
