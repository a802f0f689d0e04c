#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""readme_test.py TOP: the example in README's "How to add an instruction" is what the named files say.

An indented line that ends with (PATH) opens a piece: it and the indented lines behind it, up to an empty one, must stand in PATH.
The modes of tests/meson.build, which cannot read Python, are those of tests/modes.py.
"""
import ast
import pathlib
import re
import sys


def pieces(text):
    path, lines = None, []
    for line in text.splitlines() + ['']:
        opens = re.fullmatch(r'    (.*?)\s+\((\S+/\S+\.\w+)\)', line)
        if path and line.startswith('    ') and not opens:
            lines.append(line[4:])
            continue
        if path:
            yield path, '\n'.join(lines)
        path, lines = (opens[2], [opens[1]]) if opens else (None, [])


def main():
    top = pathlib.Path(sys.argv[1])
    readme = (top / 'README.md').read_text(encoding='utf-8')
    found = list(pieces(readme[readme.index('**An instruction**'):]))
    bad = [path for path, text in found if text + '\n' not in (top / path).read_text(encoding='utf-8')]
    print(f'{len(found)} pieces; not as README says: {bad}')
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(top / 'tests'))
    from modes import MODES
    same = ast.literal_eval(re.search(r'^modes = (\{.*?\})', (top / 'tests/meson.build').read_text(), re.M | re.S)[1]) == MODES
    print(f'the modes of tests/meson.build and tests/modes.py are {"the same" if same else "not the same"}')
    return len(found) < 2 or bool(bad) or not same


if __name__ == '__main__':
    sys.exit(main())
