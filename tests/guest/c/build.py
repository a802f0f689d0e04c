#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""build.py SOURCE OUTPUT...: compiles a guest program; the end of each OUTPUT's name says how (.native, .static, .dynamic, .pie).

The comment at the head of the source may say `flags:` (all builds) and `arm:` (the guest's builds).
"""
import re, subprocess, sys

# What the tests do on purpose.
QUIET = ['-Wno-infinite-recursion', '-Wno-stringop-overflow', '-Wno-stringop-overread', '-Wno-format-truncation', '-Wno-unused-result']
LINK = {'.static': ['-static'], '.pie': ['-static-pie'], '.dynamic': [], '.native': []}


def header(source, key):
    found = []
    for line in open(source).read(2000).splitlines():
        m = re.match(rf'\W*{key}:\s*(.*?)\s*(\*/)?$', line)
        if m:
            found.append(m.group(1))
    return found


def words(source, key):
    return ' '.join(header(source, key)).split()


def main():
    source = sys.argv[1]
    cxx = source.endswith('.cc')
    for out in sys.argv[2:]:
        kind = '.' + out.rsplit('.', 1)[1]
        cc = ('' if kind == '.native' else 'aarch64-linux-gnu-') + ('g++' if cxx else 'gcc')
        cmd = [cc, '-O2', '-Wall', '-Wextra', *QUIET, '-frounding-math', '-ffp-contract=off', '-pthread']
        cmd += ['-std=c++17'] if cxx else ['-std=gnu17', '-D_GNU_SOURCE=']
        flags = words(source, 'flags') + ([] if kind == '.native' else words(source, 'arm'))
        subprocess.check_call(cmd + LINK[kind] + ['-o', out, source] + flags + ['-lm'])


if __name__ == '__main__':
    main()
