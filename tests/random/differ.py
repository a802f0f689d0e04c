#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs random instructions in several ways and shows where they differ.

    differ.py --random BUILD/tests/random/random --runner BUILD/tests/random/runner
              [--seq] [-n N] [--pieces K] [-s SEED] [-p GLOBS] [-f BITS] [-c BITS] A B...

Each B is compared with A.  A and B: `eval`, `opt`, or a command that runs an AArch64 program, such as "qemu-aarch64 -cpu max,pauth=off" or
"xrun --no-opt".  --seq: sequences instead of single instructions; the first that differs is reduced: instructions are
replaced by NOP as long as the difference stays.  -f: bits of FPSR that need not agree; -c: bits of FPCR that may be set.
GLOBS: comma-separated patterns of pattern names, such as 'F*,SCVTF*' (default: all); with '!' in front: not these.
-n: how many at a time; --pieces: so many times, with seeds that count up from -s, a number or `new`.  Exit status 77 (skipped) where the command's program is not there.
"""
import argparse
import os
import random
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile

# struct record of record.h
SIZE, FPSR, STATUS, COUNT, WORDS = 1824, 784, 792, 816, 824
NOP = 0xD503201F
LIMIT = 600


def command(args, way):
    if way in ("eval", "opt"):
        return [args.random, way]
    words = shlex.split(way)
    if not args.runner or not shutil.which(words[0]):
        print(f"skipped: no {words[0] if args.runner else 'runner'}")
        sys.exit(77)
    return [*words, args.runner]


def run(args, way, records, result):
    """Whether the way got through the records."""
    with open(records, "rb") as source, open(result, "wb") as out:
        try:
            done = subprocess.run(command(args, way), stdin=source, stdout=out, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            print(f"{way}: does not end", flush=True)
            return False
    if done.returncode:
        print(f"{way}: exit status {done.returncode}", flush=True)
    return done.returncode == 0


def split(path):
    with open(path, "rb") as f:
        data = f.read()
    return [data[i : i + SIZE] for i in range(0, len(data) - SIZE + 1, SIZE)]


def same(args, a, b):
    ignored = int(args.f, 0)

    def masked(r):
        fpsr = struct.unpack_from("<Q", r, FPSR)[0] & ~ignored
        return r[:FPSR] + struct.pack("<Q", fpsr) + r[FPSR + 8 :]

    return masked(a) == masked(b)


def without(record, at, n):
    """The record with n instructions from `at` on replaced by NOP."""
    return record[: WORDS + 4 * at] + struct.pack(f"<{n}I", *[NOP] * n) + record[WORDS + 4 * (at + n) :]


def outcomes(args, ways, tmp, variants, status):
    """[(variant, whether both ways agree)] of those that end, with this status: another is another matter."""
    paths = [os.path.join(tmp, name) for name in ("variants", "ends", "a", "b")]
    with open(paths[0], "wb") as out:
        out.write(b"".join(variants))
    run(args, "eval", paths[0], paths[1])
    variants = [v for v, end in zip(variants, split(paths[1])) if end[STATUS] == status]
    with open(paths[0], "wb") as out:
        out.write(b"".join(variants))
    for way, path in zip(ways, paths[2:]):
        run(args, way, paths[0], path)
    return [(v, same(args, a, b)) for v, a, b in zip(variants, split(paths[2]), split(paths[3]))]


def first_by_itself(args, ways, tmp, records, results):
    """The first record that differs without those before it (whose stores around `mem` stay), and the evaluator's status."""
    differ = [(r, a[STATUS]) for r, a, b in zip(split(records), *map(split, results)) if not same(args, a, b)]
    for record, status in differ[:100]:
        if [equal for _, equal in outcomes(args, ways, tmp, [record], status)] == [False]:
            return record, status
    return None, None


def reduce(args, ways, tmp, records, results):
    """Shows the shortest form that was found of the first record that differs."""
    found, status = first_by_itself(args, ways, tmp, records, results)
    if found is None:
        print("none of them shows by itself")
        return
    count = struct.unpack_from("<I", found, COUNT)[0]
    step = (count + 1) // 2
    while step:
        chunks = [(at, min(step, count - at)) for at in range(0, count, step)]
        variants = [v for v in (without(found, at, n) for at, n in chunks) if v != found]
        smaller = next((v for v, equal in outcomes(args, ways, tmp, variants, status) if not equal), None)
        if smaller:
            found = smaller
        else:
            step //= 2
    path = os.path.join(tmp, "variants")
    with open(path, "wb") as out:
        out.write(found)
    for way, result in zip(ways, ("a", "b")):
        run(args, way, path, os.path.join(tmp, result))
    print("one that shows by itself, reduced:", flush=True)
    subprocess.run([args.random, "diff", path, os.path.join(tmp, "a"), os.path.join(tmp, "b"), args.f], check=False)


def compare(args, tmp, seed):
    """How many of the ways differ from the first, or fail: one that did all records and then died failed, too."""
    masks = args.c.split(",")
    mask = masks[seed % len(masks)]
    records = os.path.join(tmp, "in")
    with open(records, "wb") as out:
        subprocess.run([args.random, "seq" if args.seq else "gen", str(args.n), str(seed), args.p, mask], stdout=out,
                       check=True)
    results = [os.path.join(tmp, str(i)) for i in range(len(args.ways))]
    if not run(args, args.ways[0], records, results[0]):
        return 1
    failed = 0
    for way, result in list(zip(args.ways, results))[1:]:
        through = run(args, way, records, result)
        print(f"seed {seed}, -c {mask}: {args.ways[0]} | {way}", flush=True)
        same_results = not subprocess.run([args.random, "diff", records, results[0], result, args.f], check=False).returncode
        failed += not (through and same_results)
        if args.seq and not same_results:
            reduce(args, (args.ways[0], way), tmp, records, (results[0], result))
        os.unlink(result)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", required=True)
    parser.add_argument("--runner")
    parser.add_argument("--seq", action="store_true")
    parser.add_argument("-n", type=int, default=20000)
    parser.add_argument("-s", default="1")
    parser.add_argument("-p", default="*")
    parser.add_argument("-f", default="0", help="bits of FPSR that need not agree")
    parser.add_argument("-c", default="0xffffffff", help="bits of FPCR that may be set; several: one after the other, by seed")
    parser.add_argument("--pieces", type=int, default=1)
    parser.add_argument("ways", nargs="+")
    args = parser.parse_args()
    seed = random.randrange(1 << 32) if args.s == "new" else int(args.s)

    failed = 0
    for piece in range(args.pieces):
        with tempfile.TemporaryDirectory() as tmp:
            failed += compare(args, tmp, seed + piece)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
