#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""listen_mixed.py XRUN PROGRAM NATIVE: listen_mixed.c, target and listener each under xrun and native."""
import os, socket, subprocess, sys

xrun, program, native = (os.path.abspath(a) for a in sys.argv[1:4])
kinds = {'guest': [xrun, program], 'native': [native]}
bad = 0
for target in kinds:
    for listener in kinds:
        pair = socket.socketpair()
        run = [subprocess.Popen(kinds[kind] + [role], stdin=end, stdout=subprocess.PIPE, text=True)
               for kind, role, end in ((target, 'target', pair[0]), (listener, 'listen', pair[1]))]
        for end in pair:
            end.close()
        got = [p.communicate(timeout=60)[0] for p in run]
        if got != ['a copy: 1\nanswered: 777\n', 'told: 1\ntold: 1\n']:
            bad += 1
            print(f'{target} target, {listener} listener: {got}')
sys.exit(bad)
