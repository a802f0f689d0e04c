#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py XRUN PROGRAM NM: core files of a guest: the flag in its wait status, and what the file holds."""
import faulthandler, os, resource, shutil, signal, struct, subprocess, sys, tempfile

XRUN, PROGRAM, NM = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
bad = 0


def check(what, got, want):
    global bad
    if got != want:
        bad += 1
        print(f'{what}: {got!r}, not {want!r}')


def crash(how, limit, send=None):
    """In an empty directory: (signal, flag, core or None)."""
    def set_up():
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a shell's background jobs ignore it
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
    with tempfile.TemporaryDirectory(prefix='core-') as work:
        p = subprocess.Popen([XRUN, PROGRAM, how], cwd=work, stdout=subprocess.PIPE, preexec_fn=set_up)
        p.stdout.readline()
        if send:
            os.kill(p.pid, send)
        _, status = os.waitpid(p.pid, 0)
        p.returncode = status
        p.stdout.close()
        names = os.listdir(work)
        core = None
        if names:
            with open(os.path.join(work, names[0]), 'rb') as f:
                core = Core(f.fileno())
            if shutil.which('gdb-multiarch') and how == 'fault' and limit < 0:
                gdb(os.path.join(work, names[0]))
        return os.WTERMSIG(status), os.WCOREDUMP(status), core


def gdb(core):
    p = subprocess.run(['gdb-multiarch', '-batch', '-nx', '-ex', 'bt', PROGRAM, core], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True)
    found = [f for f in ('inner', 'main') if f' {f} (' in p.stdout]
    check('backtrace', found, ['inner', 'main'])
    if len(found) < 2:
        print(p.stdout)


class Core:
    def __init__(self, fd):
        self.size = os.fstat(fd).st_size
        h = struct.unpack('<16sHHIQQQIHHHHHH', os.pread(fd, 64, 0))
        self.type, self.machine = h[1], h[2]
        self.notes = []
        loads = []
        for i in range(h[10]):
            kind, flags, off, va, _, filesz, memsz, _ = struct.unpack('<IIQQQQQQ', os.pread(fd, 56, h[5] + 56 * i))
            if kind == 4:
                self.read_notes(os.pread(fd, filesz, off))
            else:
                loads.append((va, filesz, off))
        symbols = {l.split()[2]: int(l.split()[0], 16) for l in
                   subprocess.check_output([NM, PROGRAM], text=True).splitlines() if len(l.split()) == 3}
        self.symbols = symbols

        def at(a, n):
            for va, filesz, off in loads:
                if va <= a and a + n <= va + filesz:
                    return os.pread(fd, n, off + a - va)
            return None
        self.data = {}
        for name in ('in_data', 'shared', 'reserved'):
            self.data[name] = at(symbols[name], 8)
        for name, skip in (('shared', 4096), ('reserved', 123 * 4096)):
            if self.data[name]:
                self.data[name] = at(struct.unpack('<Q', self.data[name])[0] + skip, 18)

    def read_notes(self, b):
        at = 0
        while at < len(b):
            n, d, kind = struct.unpack_from('<III', b, at)
            at += 12 + (n + 3 & ~3)
            self.notes.append((kind, b[at:at + d]))
            at += d + 3 & ~3


def look(core, sig):
    check('type', (core.type, core.machine), (4, 183))
    status = [d for k, d in core.notes if k == 1]
    check('threads', len(status), 2)
    check('sizes', sorted({len(d) for k, d in core.notes if k in (1, 2, 3)}), [136, 392, 528])
    tls = [struct.unpack('<Q', d)[0] for k, d in core.notes if k == 0x401]
    check('TPIDR_EL0', (len(tls), len(set(tls) - {0})), (2, 2))
    check('masks of signed pointers', [d for k, d in core.notes if k == 0x406], 2 * [struct.pack('<QQ', 0x7f << 48, 0x7f << 48)])
    check('signal', struct.unpack_from('<i', status[0])[0], sig)
    check('data', core.data['in_data'][:4], struct.pack('<I', 0x1234567))
    check('shared', core.data['shared'][:16], b'in shared memory')
    check('reserved', core.data['reserved'], b'in reserved memory')
    check('files', any(PROGRAM.encode() in d for k, d in core.notes if k == 0x46494c45), True)
    check('auxv', any(k == 6 for k, _ in core.notes), True)
    return [struct.unpack_from('<34Q', s, 112) for s in status], core


def main():
    pattern = open('/proc/sys/kernel/core_pattern').read().strip()
    if pattern.startswith(('|', '/', '@')) or '%' in pattern:
        return 77
    faulthandler.dump_traceback_later(110, exit=True)  # where it waits, if it waits for ever
    sig, flag, core = crash('fault', -1)
    check('death', (sig, flag), (signal.SIGSEGV, True))
    regs, core = look(core, signal.SIGSEGV)
    check('x20', regs[0][20], 0x4344000000004142)
    check('pc', core.symbols['inner'] <= regs[0][32] < core.symbols['inner'] + 64, True)
    check('other pc', core.symbols['other'] <= regs[1][32] < core.symbols['other'] + 64, True)
    fp = [d for k, d in core.notes if k == 2]
    check('d9', struct.unpack_from('<d', fp[0], 9 * 16)[0], 2.5)
    info = [d for k, d in core.notes if k == 0x53494749][0]
    check('siginfo', struct.unpack_from('<iiiiQ', info)[::2], (11, 1, 32))
    sig, flag, core = crash('abort', -1)
    check('abort', (sig, flag), (signal.SIGABRT, True))
    look(core, signal.SIGABRT)
    sig, flag, core = crash('wait', -1, signal.SIGQUIT)
    check('quit', (sig, flag), (signal.SIGQUIT, True))
    look(core, signal.SIGQUIT)
    check('term', crash('wait', -1, signal.SIGTERM), (signal.SIGTERM, False, None))
    check('secret', crash('secret', -1), (signal.SIGSEGV, False, None))
    sig, flag, core = crash('fault', 65536)
    check('limited', (sig, flag, core.size), (signal.SIGSEGV, True, 65536))
    check('none', crash('fault', 0), (signal.SIGSEGV, False, None))
    print('bad' if bad else 'ok')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
