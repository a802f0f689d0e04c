# SPDX-License-Identifier: MIT
"""The modes in which xrun runs a program: for scripts.  tests/meson.build has the same for tests that are none.

default compiles what pays: evaluation first, then units, then traces; tier1 compiles everything as units, tier2 as traces, interp nothing;
no-opt is tier1 without the optimiser, v3 for a host that has no AVX-512.
"""
MODES = {'default': [], 'tier1': ['--tier=1'], 'tier2': ['--tier=2'], 'interp': ['--interp'], 'no-opt': ['--no-opt'], 'v3': ['--host=v3', '--tier=1']}


def options(*left_out):
    """The lists of options of all modes but some."""
    return [o for name, o in MODES.items() if name not in left_out]
