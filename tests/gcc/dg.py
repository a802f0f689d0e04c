# SPDX-License-Identifier: MIT
"""The DejaGnu directives of GCC's tests, as far as a run on AArch64 Linux depends on them.

A directive is a Tcl list in a comment: { dg-options "-O3 -fno-inline" { target { aarch64*-*-* && lp64 } } }.  What only checks
the compiler (dg-final, dg-error, scans of assembly) is left aside: here the question is what the program does.
"""
import fnmatch, re

TRIPLET = 'aarch64-unknown-linux-gnu'
# Everything that a test may ask of its target holds here, but for these: other machines, other sizes, other C libraries.
LACKING = {'__float128', 'aarch64_big_endian', 'arm32', 'arm_hard_vfp_ok', 'arm_neon_ok', 'base_quadfloat_support', 'avr', 'be', 'cet', 'c++11_down', 'c++11_only', 'c++14_down', 'c++14_only',
           'c++98_only', 'coldfire_fpu', 'default_branch_protection', 'dfp',
           'freestanding', 'ia32', 'ilp32', 'newlib_nano_io', 'powerpc_altivec_ok', 'stdint_types_mbig_endian',
           'vxworks_kernel', 'x32'}
LACKING_PREFIX = ('aarch64_sve', 'arm_fp16_', 'avx', 'float128x', 'sse', 'vmx')
ADDED = {'arm_v8_1a_neon': '-march=armv8.1-a', 'arm_v8_2a_fp16_scalar': '-march=armv8.2-a+fp16',
         'arm_v8_2a_fp16_neon': '-march=armv8.2-a+fp16', 'arm_v8_2a_bf16_neon': '-march=armv8.2-a+bf16',
         'arm_v8_2a_i8mm': '-march=armv8.2-a+i8mm', 'arm_v8_2a_dotprod_neon': '-march=armv8.2-a+dotprod',
         'arm_v8_3a_complex_neon': '-march=armv8.3-a', 'arm_v8_3a_fp16_complex_neon': '-march=armv8.3-a+fp16',
         'c99_runtime': '-std=c99', 'float16': '', 'float32': '', 'float32x': '', 'float64': '', 'float64x': '', 'float128': '',
         'tls': '', 'arm_v8_neon': '', 'arm_crypto': '', 'bind_pic_locally': '', 'ieee': '', 'stack_size': ''}


def tcl_list(text):
    """The elements of a Tcl list, each as its text without the outermost braces or quotes."""
    at, found = 0, []
    while at < len(text):
        c = text[at]
        if c.isspace():
            at += 1
            continue
        end, depth = at + 1, 1
        if c == '{':
            while end < len(text) and depth:
                depth += {'{': 1, '}': -1}.get(text[end], 0)
                end += 1
            found.append(text[at + 1:end - 1])
        elif c == '"':
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == '\\' else 1
            found.append(text[at + 1:end])
            end += 1
        else:
            while end < len(text) and not text[end].isspace():
                end += 1
            found.append(text[at:end])
        at = end
    return found


def supported(word):
    """One word of a selector: a pattern of target triplets or the name of an ability."""
    if word.count('-') >= 2:
        return fnmatch.fnmatchcase(TRIPLET, word)
    return word not in LACKING and not word.startswith(LACKING_PREFIX)


def selected(text):
    """A selector: words of which one must hold, with !, &&, || and braces."""
    words = tcl_list(text)
    if not words:
        return True
    if len(words) == 1:
        return selected(words[0]) if ' ' in words[0].strip() else supported(words[0].strip())
    if words[0] == '!':
        return not selected(' '.join('{%s}' % w for w in words[1:]))
    for operator, join in (('||', any), ('&&', all)):
        if operator in words:
            return join(selected(w) for w in words if w != operator)
    return any(selected(w) for w in words)


def target_of(args):
    """The selector of a directive's last argument, if it has one: { target SELECTOR }."""
    for arg in args:
        words = tcl_list(arg)
        if words and words[0] == 'target':
            return ' '.join('{%s}' % w for w in words[1:])
    return ''


def flags_hit(options, flags):
    return any(all(any(fnmatch.fnmatchcase(f, o) for f in flags) for o in option.split()) for option in tcl_list(options))


class Directives:
    """What a test's source says of itself."""

    def __init__(self, source):
        with open(source, encoding='latin-1') as f:
            text = f.read()
        self.do = None  # what dg-do says, or None
        self.options = None  # what dg-options says, or None
        self.more = []
        self.sources = []
        self.skips = []
        self.lacking = ''  # why the test is not for this target
        self.should_fail = False
        for line in text.splitlines():
            for m in re.finditer(r'\{\s*dg-', line):
                self._directive(tcl_list(line[m.start():])[0])

    def _directive(self, text):
        name, *args = tcl_list(text)
        if name == 'dg-do':
            if selected(target_of(args)):
                self.do = args[0]
            elif self.do is None:
                self.do = 'nothing'
        elif name == 'dg-options' and selected(target_of(args)):
            self.options = tcl_list(args[0])
        elif name == 'dg-additional-options' and selected(target_of(args)):
            self.more += tcl_list(args[0])
        elif name == 'dg-add-options':
            for ability in args:
                if ability not in ADDED:
                    self.lacking = ability
                self.more += ADDED.get(ability, '').split()
        elif name == 'dg-additional-sources':
            self.sources += args[0].split()
        elif name == 'dg-skip-if':
            self.skips.append(args[1:])
        elif name == 'dg-require-effective-target':
            if selected(target_of(args[1:])) and not supported(args[0]):
                self.lacking = args[0]
        elif name == 'dg-shouldfail':
            self.should_fail = True

    def skipped(self, flags):
        """Why the test is not to be run with these flags; '' if it is."""
        if self.lacking:
            return self.lacking
        for selector, *options in self.skips:
            include = options[0] if options else '*'
            exclude = options[1] if len(options) > 1 else ''
            hit = include in ('', '*') or flags_hit(include, flags)
            if selected(selector) and hit and not flags_hit(exclude, flags):
                return f'skipped with {include}'
        return ''
