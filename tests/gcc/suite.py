# SPDX-License-Identifier: MIT
"""Which of GCC's tests there are, and how each is compiled.

A suite lists its sources under gcc/testsuite and makes jobs of them: one for each optimisation level.  Those of gcc.target/aarch64
mostly say their own level; they are also compiled as they say (`own`), and otherwise the level is put behind theirs.
"""
import dataclasses, glob, os

from dg import Directives

LEVELS = ['-O0', '-O2', '-O3']


@dataclasses.dataclass
class Job:
    suite: str
    name: str  # the source under gcc/testsuite
    level: str
    sources: list
    flags: list
    cxx: bool = False
    should_fail: bool = False


# For the compiler's own tests only: files that these would leave, and other objects than a program.
def kept(flags):
    drop = ('-save-temps', '--save-temps', '-fdump-', '-da')
    return [f for f in flags if not f.startswith(drop)]


def job(suite, top, source, level, flags, before, extra=()):
    """`before`: flags that come before the test's own ones.  None: the test is not run so."""
    d = Directives(os.path.join(top, source))
    flags = kept([*before, *flags(d), *d.more, *([level] if suite.startswith('aarch64') and level != 'own' else [])])
    if d.skipped(flags):
        return None
    sources = [source, *extra, *(os.path.join(os.path.dirname(source), s) for s in d.sources)]
    return Job(suite, source, level, list(dict.fromkeys(sources)), flags, source.endswith('.C'), d.should_fail)


def found(top, pattern):
    return sorted(os.path.relpath(p, top) for p in glob.glob(os.path.join(top, pattern)))


def torture(suite, pattern, add, extra=lambda source: ()):
    """Tests that are programs by their place, in plain C."""

    def jobs(top):
        for source in found(top, pattern):
            if source.endswith('-lib.c') or Directives(os.path.join(top, source)).do not in (None, 'run'):
                continue
            for level in LEVELS:
                yield job(suite, top, source, level, lambda d: [*(d.options or []), *added(source), *add], [level, '-w'], extra(source))

    return jobs


# What the .x files beside some tests (Tcl) would add.
X_FLAGS = {'builtins/abs-1.c': ['-fno-builtin-abs'], 'ieee/compare-fp-3.c': ['-fno-trapping-math'],
           'ieee/compare-fp-4.c': ['-fno-trapping-math'], 'ieee/fp-cmp-7.c': ['-fno-trapping-math']}


def added(source):
    return next((flags for end, flags in X_FLAGS.items() if source.endswith(end)), [])


def builtins_parts(source):
    return [source[:-2] + '-lib.c', os.path.join(os.path.dirname(source), 'lib/main.c')]


def intrinsics(top):
    for source in found(top, 'gcc.target/aarch64/advsimd-intrinsics/*.c'):
        if Directives(os.path.join(top, source)).do in (None, 'run'):
            for level in LEVELS:
                yield job('advsimd-intrinsics', top, source, level,
                          lambda d: ['-march=armv8.2-a+fp16'] if d.options is None else d.options, [level, '-w'])


def target(top):
    for folder in ('', 'acle/', 'fp16/', 'simd/', 'torture/'):
        for source in found(top, f'gcc.target/aarch64/{folder}*.c'):
            if Directives(os.path.join(top, source)).do == 'run':
                for level in ['own', *LEVELS]:
                    yield job('aarch64', top, source, level, lambda d: [] if d.options is None else d.options, ['-w'])


def aapcs64(top):
    for source in found(top, 'gcc.target/aarch64/aapcs64/*.c'):
        name = os.path.basename(source)
        extra = [] if name.startswith('rec_') else ['gcc.target/aarch64/aapcs64/abitest.S']
        more = {'rec_': ['-fno-inline'], 'func': ['-fno-ipa-ra']}.get(name[:4], [])
        if name.startswith(('test_', 'rec_', 'va_arg-', 'func-ret-')):
            for level in LEVELS:
                yield job('aapcs64', top, source, level, lambda d: d.options or [], [level, '-w', *more], extra)


def torture_dg(top):
    for source in found(top, 'gcc.dg/torture/*.c'):
        if Directives(os.path.join(top, source)).do == 'run':
            for level in LEVELS:
                yield job('torture', top, source, level, lambda d: d.options or [], [level, '-w'])


def cxx(top):
    for pattern in ('g++.dg/torture/*.C', 'g++.dg/eh/*.C'):
        for source in found(top, pattern):
            if Directives(os.path.join(top, source)).do == 'run':
                for level in LEVELS:
                    yield job('g++', top, source, level, lambda d: d.options or [], [level, '-w'])


SUITES = {
    'execute': torture('execute', 'gcc.c-torture/execute/*.c', []),
    'ieee': torture('ieee', 'gcc.c-torture/execute/ieee/*.c', ['-fno-inline']),
    'builtins': torture('builtins', 'gcc.c-torture/execute/builtins/*.c',
                        ['-fno-tree-dse', '-fno-tree-loop-distribute-patterns', '-fno-tracer', '-fno-ipa-ra', '-fno-inline-functions',
                         '-Wl,--allow-multiple-definition'],
                        builtins_parts),
    'advsimd-intrinsics': intrinsics,
    'aarch64': target,
    'aapcs64': aapcs64,
    'torture': torture_dg,
    'g++': cxx,
}


def jobs(top, suites):
    return [j for s in suites for j in SUITES[s](top) if j]
