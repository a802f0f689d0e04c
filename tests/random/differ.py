#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs random instructions in two ways and shows where they differ.

    differ.py --random BUILD/tests/random/random --runner BUILD/tests/random/runner
              [-n N] [-s SEED] [-p GLOBS] [-f BITS] [-c BITS] A B

A and B: `eval`, `opt`, or a command that runs an AArch64 program, such as "qemu-aarch64 -cpu max,pauth=off" or
"xrun --no-opt".  -f: bits of FPSR that need not agree; -c: bits of FPCR that may be set.
GLOBS: comma-separated patterns of pattern names, such as 'F*,SCVTF*' (default: all); with '!' in front: not these.
Exit status 77 (skipped) where the command's program is not there.
"""
import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", required=True)
    parser.add_argument("--runner")
    parser.add_argument("-n", type=int, default=20000)
    parser.add_argument("-s", type=int, default=1)
    parser.add_argument("-p", default="*")
    parser.add_argument("-f", default="0", help="bits of FPSR that need not agree")
    parser.add_argument("-c", default="0xffffffff", help="bits of FPCR that may be set")
    parser.add_argument("ways", nargs=2)
    args = parser.parse_args()

    def command(way):
        if way in ("eval", "opt"):
            return [args.random, way]
        words = shlex.split(way)
        if not args.runner or not shutil.which(words[0]):
            print(f"skipped: no {words[0] if args.runner else 'runner'}")
            sys.exit(77)
        return [*words, args.runner]

    with tempfile.TemporaryDirectory() as tmp:
        records = os.path.join(tmp, "in")
        with open(records, "wb") as out:
            subprocess.run([args.random, "gen", str(args.n), str(args.s), args.p, args.c], stdout=out, check=True)
        results = []
        for i, way in enumerate(args.ways):
            results.append(os.path.join(tmp, str(i)))
            with open(records, "rb") as source, open(results[i], "wb") as out:
                done = subprocess.run(command(way), stdin=source, stdout=out, timeout=600, check=False)
            if done.returncode:
                print(f"{way}: exit status {done.returncode}")
        print(f"{args.ways[0]} | {args.ways[1]}, seed {args.s}", flush=True)
        return subprocess.run([args.random, "diff", records, *results, args.f], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
