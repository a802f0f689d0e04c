#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What decodegen.py must refuse, and with which word."""
import pathlib
import subprocess
import sys
import tempfile

GENERATOR = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "decodegen.py"
GOOD = "A 0 x:31\nB 1 x:31\n"

CASES = [  # pattern file, text of the error or None
    (GOOD, None),
    ("A 0 x:31 where x != 3\nB 1 x:31 where x == 3\n", None),
    ("A x:2 y:30 where x != 3\nB x:2 y:30 where x == 3\n", None),
    ("A x:1 y:31 where x != 1\nB x:1 y:31 where x != 0\n", None),
    ("A x:2 y:30 where x != 3, x != 0\nB 11 y:30\nC 00 y:30\n", None),
    (GOOD + "C 01 x:30\n", "overlaps A"),
    ("A x:2 y:30 where x != 3\nB x:2 y:30 where x != 2\n", "overlaps A"),
    (GOOD + "A 11 x:30\n", "already defined"),
    ("A 0 x:30\nB 1 x:31\n", "31 bits, not 32"),
    ("A 0 x:32\nB 1 x:31\n", "33 bits, not 32"),
    ("A 0 x:15 x:16\nB 1 x:31\n", "field x twice"),
    ("A 0 x:31 where z == 1\nB 1 x:31\n", "no field z"),
    ("A 0 x:1 y:30 where x == 2\nB 1 x:31\n", "does not fit"),
    ("A 0 x:1 y:30 where x != 0, x != 1\nB 1 x:31\n", "can never match"),
    ("A 0 x:31 where x < 2\nB 1 x:31\n", "bad condition"),
    ("A 0 x;31\nB 1 x:31\n", "bad group"),
    ("A 0 x:31 where x != 3 needs lse\nB 1 x:31\n", None),
    ("@feature lse\nA 0 x:31\n@feature none\nB 1 x:31\n", None),
    ("A 0 x:31 needs l-e\nB 1 x:31\n", "bad feature"),
]


def main():
    bad = 0
    for text, want in CASES:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "t.decode").write_text(text)
            p = subprocess.run([sys.executable, GENERATOR, "--prefix", "a64", "--header", path / "o.h", "--source",
                                path / "o.c", path / "t.decode"], stderr=subprocess.PIPE, text=True, check=False)
        ok = p.returncode == 0 and not p.stderr if want is None else p.returncode != 0 and want in p.stderr
        if not ok:
            bad += 1
            print(f"{text!r}: wanted {want}, got {p.returncode} {p.stderr}")
    print(f"{len(CASES)} cases, {bad} bad")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
