#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cpu.py XRUN GUEST-STATIC GUEST-DYNAMIC: every --cpu, and every feature shown and hidden.

For each model, for max without each option, and for cortex-a53 with each option, a guest executes one instruction of each
feature: those that the processor has must run and the others raise SIGILL; AT_HWCAP, AT_HWCAP2, the identification registers,
the bits of FPCR and /proc/cpuinfo must say the same.  What each processor has is written down here a second time, from the Arm TRMs and from
Linux's hwcap.h and cpufeature.c.  Then a dynamically linked program, whose C library chooses its functions by AT_HWCAP, must
compute the same under each.
"""
import re
import subprocess
import sys

# option: (what it needs, HWCAP bits, HWCAP2 bits, cpuinfo, [(register, shift, value)], instructions)
FEATURES = {
    'aes': ([], [3], [], 'aes', [('ISAR0', 4, 1)], ['4e284820']),
    'pmull': (['aes'], [4], [], 'pmull', [('ISAR0', 4, 2)], ['0ee2e020']),
    'sha1': ([], [5], [], 'sha1', [('ISAR0', 8, 1)], ['5e280820']),
    'sha2': ([], [6], [], 'sha2', [('ISAR0', 12, 1)], ['5e282820']),
    'crc32': ([], [7], [], 'crc32', [('ISAR0', 16, 1)], ['1ac04000', '9ac35c20']),
    'sha512': (['sha2'], [21], [], 'sha512', [('ISAR0', 12, 2)], ['cec08020']),
    'sha3': ([], [17], [], 'sha3', [('ISAR0', 32, 1)], ['ce020c20', 'ce820c20']),
    'sm3': ([], [18], [], 'sm3', [('ISAR0', 36, 1)], ['ce420c20']),
    'sm4': ([], [19], [], 'sm4', [('ISAR0', 40, 1)], ['cec08420']),
    'fp16': ([], [9, 10], [], 'fphp asimdhp', [('PFR0', 16, 1), ('PFR0', 20, 1)], ['1ee0c020', '4ef8f820']),
    'rdm': ([], [12], [], 'asimdrdm', [('ISAR0', 28, 1)], ['2e428420']),
    'jscvt': ([], [13], [], 'jscvt', [('ISAR1', 12, 1)], ['1e7e0000']),
    'fcma': ([], [14], [], 'fcma', [('ISAR1', 16, 1)], ['2e82e420']),
    'dotprod': ([], [20], [], 'asimddp', [('ISAR0', 44, 1)], ['0e829420']),
    'fhm': (['fp16'], [23], [], 'asimdfhm', [('ISAR0', 48, 1)], ['0e22ec20']),
    'frintts': ([], [], [8], 'frint', [('ISAR1', 32, 1)], ['1e284020']),
    'i8mm': ([], [], [13], 'i8mm', [('ISAR1', 52, 1)], ['0e829c20']),
    'bf16': ([], [], [14], 'bf16', [('ISAR1', 44, 1)], ['1e634020', '2e42fc20']),
    'ebf16': (['bf16'], [], [32], 'ebf16', [('ISAR1', 44, 2)], []),
    'afp': ([], [], [20], 'afp', [('MMFR1', 44, 1)], []),
    'rpres': (['afp'], [], [21], 'rpres', [('ISAR2', 4, 1)], []),
    'lse': ([], [8], [], 'atomics', [('ISAR0', 20, 2)], ['b8200022', '48227c24']),
    'lse2': ([], [25], [], 'uscat', [('MMFR2', 32, 1)], []),
    'lse128': (['lse'], [], [47], 'lse128', [('ISAR0', 20, 3)], ['19231022']),
    'rcpc': ([], [15], [], 'lrcpc', [('ISAR1', 20, 1)], ['b8bfc020']),
    'rcpc2': (['rcpc'], [26], [], 'ilrcpc', [('ISAR1', 20, 2)], ['99400020']),
    'rcpc3': (['rcpc2'], [], [46], 'lrcpc3', [('ISAR1', 20, 3)], ['d9431822']),
    'dpb': ([], [16], [], 'dcpop', [('ISAR1', 0, 1)], ['d50b7c21']),
    'dpb2': (['dpb'], [], [0], 'dcpodp', [('ISAR1', 0, 2)], ['d50b7d21']),
    'mops': ([], [], [43], 'mops', [('ISAR2', 16, 1)], ['19c304c1']),
    'flagm': ([], [27], [], 'flagm', [('ISAR0', 52, 1)], ['d500401f', 'ba008402']),
    'flagm2': (['flagm'], [], [7], 'flagm2', [('ISAR0', 52, 2)], ['d500405f']),
    'cssc': ([], [], [34], 'cssc', [('ISAR2', 52, 1)], ['dac01820', '11c40c20']),
    'hbc': ([], [], [44], 'hbc', [('ISAR2', 20, 1)], ['54000030']),
    'pauth': ([], [30, 31], [], 'paca pacg', [('ISAR1', 8, 1), ('ISAR1', 28, 1)], ['dac143e0', '9ac23020']),
    'bti': ([], [], [17], 'bti', [('PFR1', 0, 1)], []),
    'sb': ([], [29], [], 'sb', [('ISAR1', 36, 1)], ['d50330ff']),
    'ssbs': ([], [28], [], 'ssbs', [('PFR1', 4, 2)], ['d53b42c0']),
    'dit': ([], [24], [], 'dit', [('PFR0', 48, 1)], ['d53b42a0']),
    'rng': ([], [], [16], 'rng', [('ISAR0', 60, 1)], ['d53b2400']),
    'wfxt': ([], [], [31], 'wfxt', [('ISAR2', 0, 2)], ['d5031000']),
    'dgh': ([], [], [15], 'dgh', [('ISAR1', 48, 1)], []),
}
V80 = {'aes', 'pmull', 'sha1', 'sha2', 'crc32'}
N1 = V80 | {'fp16', 'rdm', 'dotprod', 'lse', 'rcpc', 'dpb', 'ssbs'}
MODELS = {'cortex-a53': (V80, 'd03'), 'cortex-a72': (V80, 'd08'), 'neoverse-n1': (N1, 'd0c'), 'max': (set(FEATURES), 'd0c')}
ALWAYS = {0, 1, 2, 11}  # fp asimd evtstrm cpuid
FPCR = {'': 0x7c00000, 'fp16': 1 << 19, 'ebf16': 1 << 13, 'afp': 7}  # bits that can be set
BASE = {'PFR0': 0x11, 'PFR1': 0, 'ISAR0': 0, 'ISAR1': 0, 'ISAR2': 0, 'MMFR0': 0xff000000, 'MMFR1': 0, 'MMFR2': 0}


def closed(features, add=None, drop=None):
    """With an option and what it needs; or without it and what needs it."""
    have = set(features) - {drop}
    todo = [add] if add else []
    while todo:
        have.add(todo[0])
        todo = todo[1:] + FEATURES[todo[0]][0]
    for name in FEATURES:  # what is needed stands first
        if not set(FEATURES[name][0]) <= have:
            have.discard(name)
    return have


def expected(have):
    """The guest's output but for MIDR; with cpuinfo's names as a set."""
    hwcap, hwcap2, regs = set(ALWAYS), set(), dict(BASE)
    names = {'fp', 'asimd', 'evtstrm', 'cpuid'}
    lines = []
    for name, (_, one, two, info, fields, words) in FEATURES.items():
        lines += [f'{w} {"done" if name in have else "SIGILL"}' for w in words]
        if name not in have:
            continue
        hwcap |= set(one)
        hwcap2 |= set(two)
        names |= set(info.split())
        for reg, shift, value in fields:
            if regs[reg] >> shift & 15 < value:
                regs[reg] = regs[reg] & ~(15 << shift) | value << shift
    lines.append(f'FPCR {sum(bits for name, bits in FPCR.items() if name in have | {""}):x}')
    lines += [f'HWCAP {sum(1 << b for b in hwcap):x}', f'HWCAP2 {sum(1 << b for b in hwcap2):x}']
    return lines + [f'{r} {v:x}' for r, v in regs.items()], names


def guest(xrun, spec, program, *args):
    p = subprocess.run([xrun, f'--cpu={spec}', '-L', '/usr/aarch64-linux-gnu', program, *args], stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, text=True, timeout=60, check=False)
    return p.stdout + (f'status {p.returncode}\n' if p.returncode else '')


def check(xrun, program, spec, have, part):
    words = [w for f in FEATURES.values() for w in f[5]]
    out = guest(xrun, spec, program, *words).splitlines()
    lines, names = expected(have)
    got = [line for line in out if not re.match(r'Features|MIDR|CPU part', line)]
    bad = [f'{a!r}, not {b!r}' for a, b in zip(got, lines) if a != b]
    if len(got) != len(lines):
        bad.append(f'{len(got)} lines, not {len(lines)}')
    info = next((line.split(':')[1].split() for line in out if line.startswith('Features')), [])
    if set(info) != names or len(info) != len(names):
        bad.append(f'cpuinfo: {sorted(set(info) ^ names)}')
    if not any(re.match(rf'CPU part\s*: 0x{part}', line) for line in out):
        bad.append(f'cpuinfo: no CPU part {part}')
    midr = next((int(line.split()[1], 16) for line in out if line.startswith('MIDR')), 0)
    if midr >> 4 & 0xfff != int(part, 16):
        bad.append(f'MIDR {midr:x}')
    for b in bad:
        print(f'--cpu={spec}: {b}')
    return len(bad)


def main():
    xrun, static, dynamic = sys.argv[1:]
    bad = 0
    for name, (have, part) in MODELS.items():
        bad += check(xrun, static, name, have, part)
    for f in FEATURES:
        bad += check(xrun, static, f'max,-{f}', closed(FEATURES, drop=f), 'd0c')
        bad += check(xrun, static, f'cortex-a53,+{f}', closed(V80, add=f), 'd03')
    sums = {spec: guest(xrun, spec, dynamic) for spec in [*MODELS, 'max,-mops', 'max,-lse', 'cortex-a53,-crc32']}
    if len(set(sums.values())) != 1 or not re.fullmatch('[0-9a-f]+\n', sums['max']):
        bad += 1
        print(sums)
    print(f'{bad} differences')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
