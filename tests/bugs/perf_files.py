#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""perf_files.py XRUN PROGRAM: what --perf-map and --jitdump write has all that was made, by a child of vfork, too; a child of fork has
it from the start, and one that is laid out as by lld has the same names.  Under a limit on the size of files, xrun says once that it gives up, and the program sees nothing of it; nor of
--stats and --strace."""
import os, resource, struct, subprocess, sys, tempfile

xrun, program = (os.path.abspath(a) for a in sys.argv[1:3])
PT_LOAD, PT_GNU_STACK, PF_R = 1, 0x6474e551, 4


def split(path):
    """A copy of the program at `path` in which the first page of its code is mapped elsewhere, too, as the end of what lies before."""
    data = bytearray(open(program, 'rb').read())
    at, size, count = *struct.unpack_from('<Q', data, 32), *struct.unpack_from('<HH', data, 54)
    headers = [bytes(data[at + i * size:at + (i + 1) * size]) for i in range(count)]
    headers = [h for h in headers if struct.unpack_from('<I', h)[0] != PT_GNU_STACK]
    headers.insert(0, struct.pack('<IIQQQQQQ', PT_LOAD, PF_R, 0, 0x200000, 0, 4096, 4096, 4096))
    data[at:at + count * size] = b''.join(headers)
    with open(path, 'wb') as f:
        f.write(data)
    os.chmod(path, 0o755)
    return path


bad = 0
with tempfile.TemporaryDirectory() as folder:
    parts = split(folder + '/split')
    for option, name, file in ((f'--jitdump={folder}', folder + '/jit-{}.dump', program),
                               ('--perf-map', '/tmp/perf-{}.map', program), ('--perf-map', '/tmp/perf-{}.map', parts)):
        for size in (None, 0, 4096):
            limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))) if size is not None else None
            p = subprocess.Popen([xrun, '--tier=1', option, file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 preexec_fn=limit)
            out, err = p.communicate(timeout=60)
            child, _, rest = out.partition(' ')
            files = [name.format(pid) for pid in (p.pid, child)]
            data = [open(f, 'rb').read() if os.path.exists(f) else b'' for f in files]
            for f in files:
                if os.path.exists(f):
                    os.unlink(f)
            if size is None:
                good = err == '' and all(f in d for d in data for f in (b'early+', b'inside+', b'after+'))
                good = good and os.listdir(folder) == ['split'] and (data[0].startswith(b'DTiJ') or option == '--perf-map')
            else:
                good = err.count('\n') == 1 and option.split('=')[0] in err and len(data[0]) <= size
            if p.returncode != 0 or rest != '0 0 0\n' or not good:
                bad += 1
                print(f'{option}, limit {size}: status {p.returncode}, {out!r}, {err!r}, {[len(d) for d in data]} bytes')
    p = subprocess.run([xrun, f'--stats={folder}/stats', program], capture_output=True, text=True, timeout=60,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    if p.returncode != 0 or not p.stdout.endswith(' 0 0 0\n') or p.stderr.count('--stats: cannot write') != 2:
        bad += 1
        print(f'--stats: {p}')
    with open(folder + '/strace', 'w') as strace:
        p = subprocess.run([xrun, '--strace', program], stdout=subprocess.PIPE, stderr=strace, text=True, timeout=60,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256)))
    size = os.path.getsize(folder + '/strace')
    if p.returncode != 0 or not p.stdout.endswith(' 0 0 0\n') or not 0 < size <= 256:
        bad += 1
        print(f'--strace: {p}, {size} bytes')
sys.exit(bad)
