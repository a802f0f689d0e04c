# SPDX-License-Identifier: MIT
"""Compiles same.c with the host's and the guest's compiler and compares the records in .rodata.

usage: same.py HOST_CC GUEST_CC SOURCE
"""
import os
import struct
import subprocess
import sys
import tempfile

RECORD = struct.Struct('<56sq')


def records(cc, source, folder):
    obj = os.path.join(folder, 'o')
    subprocess.run([cc, '-c', '-O0', '-o', obj, source], check=True)
    subprocess.run(['objcopy', '-I', 'elf64-little', '-O', 'binary', '--only-section=.data.rel.ro*', '--only-section=.rodata', obj],
                   check=True)
    with open(obj, 'rb') as f:
        data = f.read()
    return {name.rstrip(b'\0').decode(): value
            for name, value in RECORD.iter_unpack(data[:len(data) // RECORD.size * RECORD.size]) if name[0]}


def main():
    host_cc, guest_cc, source = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        host = records(host_cc, source, folder)
        guest = records(guest_cc, source, folder)
    if len(host) < 100 or host.keys() != guest.keys():
        sys.exit('the records were not found')
    bad = [f'{name}: host {host[name]:#x}, guest {guest[name]:#x}' for name in host if host[name] != guest[name]]
    print(f'{len(host)} values compared')
    sys.exit('\n'.join(bad) or 0)


main()
