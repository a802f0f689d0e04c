#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""command_line.py XRUN: exit statuses, messages and options of xrun, with programs of a few instructions made here.

Each failure must give one line on stderr that names the file, and 125, 126 or 127; each death of a guest the signal that hardware
would send.
"""
import os, random, signal, struct, subprocess, sys, tempfile, time

XRUN = os.path.abspath(sys.argv[1])
PAGE = 4096
failures = 0


def elf(code, vaddr=0x400000, memsz=None, machine=183, cls=2, data=1, etype=2, segments=None, interp=None, entry=None):
    body = b''.join(struct.pack('<I', w) for w in code)
    phs = segments or [(1, 5, 0, vaddr, PAGE, memsz or PAGE)]
    extra = b''
    if interp:
        extra = interp.encode() + b'\0'
        phs = [(3, 4, 0x800, vaddr + 0x800, len(extra), len(extra))] + phs
    head = b'\x7fELF' + bytes([cls, data, 1]) + bytes(9)
    head += struct.pack('<HHIQQQIHHHHHH', etype, machine, 1, vaddr + 0x400 if entry is None else entry, 64, 0, 0, 64, 56,
                        len(phs), 0, 0, 0)
    for t, flags, off, va, fsz, msz in phs:
        head += struct.pack('<IIQQQQQQ', t, flags, off, va, va, fsz, msz, PAGE)
    file = bytearray(PAGE)
    file[:len(head)] = head
    file[0x400:0x400 + len(body)] = body
    file[0x800:0x800 + len(extra)] = extra
    return bytes(file)


EXIT7 = [0xd28000e0, 0xd2800ba8, 0xd4000001]  # mov x0,#7; mov x8,#93; svc #0


def run(args, env=None, **kw):
    return subprocess.run([XRUN] + args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, env=env, **kw)


def check(name, cond, p):
    global failures
    if not cond:
        failures += 1
        print(f'FAIL {name}: status {p.returncode}, out {p.stdout!r}, err {p.stderr!r}')


def fails(name, args, status, word, env=None):
    p = run(args, env)
    err = p.stderr.decode(errors='replace')
    check(name, p.returncode == status and word in err and err.startswith('xrun: ') and err.count('\n') == 1, p)


def main():
    global failures
    tmp = tempfile.mkdtemp(prefix='xrun-test-')
    os.chdir(tmp)

    def put(name, content, mode=0o755):
        with open(name, 'wb') as f:
            f.write(content)
        os.chmod(name, mode)
        return './' + name

    good = put('good', elf(EXIT7))
    check('good', run([good]).returncode == 7, run([good]))
    for mode in (['--interp'], ['--tier=1'], ['--no-opt'], ['--host=v3'], ['--va-bits=39'], ['--va-bits=47']):
        check(mode, run(mode + [good]).returncode == 7, run(mode + [good]))
    check('pie', run([put('pie', elf(EXIT7, vaddr=0, etype=3))]).returncode == 7, run(['./pie']))

    fails('no program', [], 125, 'no program')
    fails('bad option', ['--frob', good], 125, '--frob')
    fails('no value', ['-L'], 125, '-L')
    fails('bad sysroot', ['-L', '/no/such/dir', good], 125, '/no/such/dir')
    fails('bad sysroot in env', [good], 125, 'XRUN_SYSROOT', dict(os.environ, XRUN_SYSROOT='/no/such'))
    fails('bad dump', ['--dump=xyz', good], 125, 'xyz')
    fails('bad host', ['--host=v9', good], 125, 'v9')
    fails('bad size of the space', ['--va-bits=48', good], 125, '48')
    fails('missing', ['./nothing'], 127, './nothing')
    fails('missing folder', ['./good/x'], 127, './good/x')
    fails('folder', ['.'], 126, 'directory')
    fails('not executable', [put('plain', elf(EXIT7), 0o644)], 126, 'Permission denied')
    put('by_plain', b'#! ./plain\n')
    fails('interpreter not executable', ['./by_plain'], 126, './plain: Permission denied')
    check('executable by somebody', run([put('somebody', elf(EXIT7), 0o645)]).returncode == 7, run(['./somebody']))
    fails('empty', [put('empty', b'')], 126, 'empty')
    fails('text', [put('text', b'hello\n')], 126, 'text')
    fails('truncated header', [put('short', elf(EXIT7)[:40])], 126, 'short')
    fails('truncated segment', [put('cut', elf(EXIT7)[:3000])], 126, 'truncated')
    fails('machine', [put('x86', elf(EXIT7, machine=62))], 126, 'x86-64')
    fails('arm', [put('arm', elf(EXIT7, machine=40, cls=1))], 126, 'arm')
    fails('riscv', [put('riscv', elf(EXIT7, machine=243))], 126, 'RISC-V')
    fails('ilp32', [put('ilp32', elf(EXIT7, cls=1))], 126, 'ilp32')
    fails('big-endian', [put('be', elf(EXIT7, data=2))], 126, 'be')
    fails('object', [put('object', elf(EXIT7, etype=1))], 126, 'object')
    fails('huge', [put('huge', elf(EXIT7, memsz=2**64 - 4096))], 126, 'huge')
    fails('high', [put('high', elf(EXIT7, vaddr=0x7fffffff0000000))], 126, 'high')
    fails('on xrun', [put('onxrun', elf(EXIT7, vaddr=0x7d0000000000))], 126, 'onxrun')
    if os.getuid():  # root may map there
        fails('low', [put('low', elf(EXIT7, vaddr=0))], 126, 'low')
    fails('interpreter', [put('interp', elf(EXIT7, interp='/no/such/ld.so'))], 127, '/no/such/ld.so')
    if os.getuid():
        fails('unreadable', [put('secret', elf(EXIT7), 0o111)], 126, 'secret')
    overlap = [(1, 5, 0, 0x400000, PAGE, PAGE), (1, 5, 0, 0x400000, PAGE, 3 * PAGE)]
    check('overlap', run([put('overlap', elf(EXIT7, segments=overlap))]).returncode == 7, run(['./overlap']))
    many = [(1, 5, 0, 0x400000, PAGE, PAGE)] + [(6, 4, 0, 0, 0, 0)] * 10
    check('many headers', run([put('many', elf(EXIT7, segments=many))]).returncode == 7, run(['./many']))

    def dies(name, code, sig, quiet=True, **kw):
        p = run([put('die', elf(code, **kw))])
        check(name, p.returncode == -sig and (not quiet or p.stderr == b''), p)

    dies('udf', [0], signal.SIGILL)
    dies('gap', [0x0c000001 | 1 << 23 | 1 << 21], signal.SIGILL, quiet=False)
    dies('brk', [0xd4200000], signal.SIGTRAP)
    dies('jump to 0', [0xd2800000, 0xd61f0000], signal.SIGSEGV)
    dies('misaligned pc', [0x10000000, 0x91000400, 0xd61f0000], signal.SIGBUS)
    dies('load from 8', [0xd2800100, 0xf9400000], signal.SIGSEGV)
    dies('store to code', [0x10000000, 0xf9000000], signal.SIGSEGV)
    dies('run the stack', [0x910003e0, 0xd61f0000], signal.SIGSEGV)
    dies('stack overflow', [0xa9bf7bfd, 0x17ffffff], signal.SIGSEGV)
    dies('entry nowhere', EXIT7, signal.SIGSEGV, entry=0x123450)
    # mov x0,#0 (pid: getpid); x8=172; svc; x1=15; x8=129 (kill); svc; b .
    dies('kill itself', [0xd2801588, 0xd4000001, 0xd28001e1, 0xd2801028, 0xd4000001, 0x14000000], signal.SIGTERM)

    p = run(['--version'])
    check('version', p.returncode == 0 and p.stdout.startswith(b'xrun '), p)
    p = run(['--help'])
    check('help', p.returncode == 0 and b'usage' in p.stdout, p)
    put('script', b'#! ' + os.path.abspath('good').encode() + b' arg\n')
    check('script', run(['./script']).returncode == 7, run(['./script']))
    put('badscript', b'#! /no/such/interpreter\n')
    fails('bad script', ['./badscript'], 127, '/no/such/interpreter')
    put('loop', b'#! ./loop\n')
    fails('script of itself', ['./loop'], 126, 'loop')
    # execve([sp + 16] = argv[1], sp + 16, NULL): a script of the sysroot whose interpreter is the host's
    os.makedirs('root/only')
    put('root/only/script', b'#! /bin/sh\necho script\n')
    p = run(['-L', 'root', put('exec', elf([0xf9400be0, 0x910043e1, 0xd2800002, 0xd2801ba8, 0xd4000001] + EXIT7)), '/only/script'])
    check('script of the sysroot', p.stdout == b'script\n', p)
    # write(1, [sp + 8] = argv[0], 3)
    argv0 = elf([0xd2800020, 0xf94007e1, 0xd2800062, 0xd2800808, 0xd4000001] + EXIT7)
    p = run(['-0', 'abc', put('argv0', argv0)])
    check('argv0', p.stdout == b'abc' and p.returncode == 7, p)
    p = subprocess.Popen([XRUN, put('waits', elf([0x14000000])), 'arg'])
    for _ in range(500):
        with open(f'/proc/{p.pid}/cmdline', 'rb') as f:
            shown = f.read()
        if shown == b'./waits\0arg\0':
            break
        time.sleep(0.01)
    p.kill()
    p.wait()
    if shown != b'./waits\0arg\0':
        failures += 1
        print(f'FAIL a program of one segment as others see it: {shown}')
    p = run(['--strace', good])
    check('strace', p.returncode == 7 and b'exit(7' in p.stderr, p)
    p = run(['--dump=in', good])
    check('dump', p.returncode == 7 and b'svc' in p.stderr, p)

    rng = random.Random(1)
    for i in range(300):
        b = bytearray(elf(EXIT7, vaddr=rng.choice([0, 0x400000]), etype=rng.choice([2, 3])))
        for _ in range(rng.randint(1, 5)):
            b[rng.randrange(4, 64 + 56)] = rng.choice([0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)])
        p = run([put('mutant', bytes(b))])
        check(f'mutant {i}', b'internal error' not in p.stderr and
              (p.returncode in (7, 126, 127) or -p.returncode in (signal.SIGSEGV, signal.SIGILL, signal.SIGBUS)), p)
    print('failed: %d' % failures if failures else 'ok')
    return failures != 0


if __name__ == '__main__':
    sys.exit(main())
