#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""jitdump.py XRUN: --jitdump writes what perf's jitdump-specification.txt asks for, also in a child of fork, and perf (where it is there,
and may record) makes code with the guest's names of it.
"""
import os, re, shutil, struct, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import fail

XRUN = os.path.abspath(sys.argv[1])
SOURCE = r'''
#include <sys/wait.h>
#include <unistd.h>
__attribute__((noinline)) unsigned work(unsigned n)
{
    unsigned s = n;
    for (unsigned i = 0; i < n; i++)
        s = s * 3 + (i ^ s >> 3);
    return s;
}
__attribute__((noinline)) unsigned later(unsigned n)
{
    unsigned s = n;
    for (unsigned i = 0; i < n; i++)
        s = s * 5 + (i ^ s >> 2);
    return s;
}
int main(void)
{
    unsigned s = work(100000000);
    for (int fd = 3; fd < 20; fd++)
        close(fd);
    if (fork() == 0)
        _exit(later(100000) == 3);
    wait(0);
    return s == 3;
}
'''


def read_dump(path):
    """The pid and the list of (name, address, code), all of it checked against the format."""
    data = open(path, 'rb').read()
    magic, version, size, machine, _, pid, start, flags = struct.unpack_from('<IIIIIIQQ', data)
    if (magic, version, size, machine, flags) != (0x4a695444, 1, 40, 62, 0):
        fail(path, f'header {data[:40].hex()}')
    at, last, loads = size, start, []
    while at < len(data):
        kind, size, time = struct.unpack_from('<IIQ', data, at)
        rpid, tid, vma, address, code_size, index = struct.unpack_from('<IIQQQQ', data, at + 16)
        name, code = data[at + 56:at + size].split(b'\0', 1)
        if kind != 0 or rpid != pid or tid == 0 or vma != address or len(code) != code_size or index != len(loads) or time < last:
            fail(path, f'record at {at}: {(kind, size, time, rpid, tid, vma, address, code_size, index, name)}')
            break
        loads.append((name.decode(), address, code))
        last = time
        at += size
    if at != len(data):
        fail(path, 'the last record is cut off')
    return pid, loads


def check_files():
    p = subprocess.Popen([XRUN, '--tier=1', '--jitdump=.', './guest'])
    status = p.wait(60)
    files = sorted(f for f in os.listdir('.') if re.fullmatch(r'jit-\d+\.dump', f))
    if status != 0 or len(files) != 2 or f'jit-{p.pid}.dump' not in files:
        fail('end', f'status {status}, files {files}')
        return
    files.sort(key=lambda f: f != f'jit-{p.pid}.dump')
    (pid, parent), (child_pid, child) = map(read_dump, files)
    if pid != p.pid or files[1] != f'jit-{child_pid}.dump':
        fail('numbers', (pid, child_pid))
    names = [{re.sub(r'\+0x[0-9a-f]+$', '', n) for n, _, _ in loads} for loads in (parent, child)]
    if 'work' not in names[0] or 'main' not in names[0] or 'later' in names[0] or not {'work', 'later'} <= names[1]:
        fail('names', names)
    common = next((i for i, (a, b) in enumerate(zip(parent, child)) if a != b), min(len(parent), len(child)))
    if common < len(parent) // 2:
        fail('child', f'has only {common} of {len(parent)}')
    for f in files:
        os.unlink(f)


def perf(*args):
    return subprocess.run(['perf', *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)


def check_perf():
    if not shutil.which('perf') or perf('record', '-N', '-k', '1', '-o', 'data', XRUN, '--jitdump=.', './guest').returncode:
        print('perf is not there, or may not record')
        return
    if perf('inject', '--jit', '-i', 'data', '-o', 'data.jit').returncode:
        fail('perf inject')
        return
    report = perf('report', '-i', 'data.jit', '--stdio', '--percent-limit', '5').stdout.decode()
    symbol = re.search(r'\[\.\] (work\+0x[0-9a-f]+)', report)
    if not symbol:
        fail('perf report', report)
        return
    listing = perf('annotate', '-i', 'data.jit', '--stdio', symbol.group(1)).stdout.decode()
    if f'<{symbol.group(1)}>' not in listing or len(re.findall(r'%r\d+d|%e[a-z]{2}', listing)) < 5:
        fail('perf annotate', listing)


def check_folder():
    p = subprocess.run([XRUN, '--jitdump=/no/such/folder', './guest'], stderr=subprocess.PIPE, timeout=60)
    if p.returncode != 125 or b'/no/such/folder' not in p.stderr:
        fail('no such folder', p)


harness.run([check_files, check_perf, check_folder], SOURCE)
