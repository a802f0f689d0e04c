#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the instruction decoder out of pattern files.

    decodegen.py --prefix a64 --header OUT.h --source OUT.c FILE.decode...

A pattern file has one line an encoding:

    # comment
    ADD_imm    sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5
    MUL_vec    0 Q:1 0 01110 size:2 1 Rm:5 100111 Rn:5 Rd:5    where size != 3

NAME, then groups of 0 and 1 and `field:width`, most significant bit first, 32 bits in all; '-' is a bit that does not
matter. `where` takes conditions FIELD == NUMBER and FIELD != NUMBER, separated by commas; all must hold.
`needs FEATURE` at the end of a line (FEAT_FEATURE in dbt/PREFIX/feature.h), or a line `@feature FEATURE` for all lines
behind it, up to `@feature none` or the end of the file, name the feature without which the words are unallocated.
Two patterns that can match one word are an error, so the order of lines and files means nothing.

The header has for each line `struct NAME` with the fields and the declaration of `bool NAME(struct tr *, const struct
NAME *)`, which somebody writes; the source has the table of patterns and PREFIX_decode, which calls it.

The decoder is a tree in tables: each node looks at a few neighbouring bits and names the next node or a list of (nearly
always one) patterns to compare with. Tables and not nested switches: a jump table costs a mispredicted jump a level, a load
does not. Bits that some patterns leave open are allowed in a node; such patterns then stand below several entries.
"""
import argparse
import itertools
import re
import sys

MAX_BITS = 7      # widest window of one tree node
LEAF = 0x8000     # in a tree entry: the rest is an index into the candidate list
NOTHING = 0xFFFF
LAST = 0x8000     # in a candidate: no more behind it


class Pattern:
    def __init__(self, where, name):
        self.where, self.name = where, name
        self.mask = self.value = 0
        self.fields = []   # (name, shift, width), as the line has them
        self.nots = []     # (mask, value): w & mask != value
        self.feature = "NONE"

    def field_bits(self, name):
        for n, shift, width in self.fields:
            if n == name:
                return shift, width
        fail(self.where, f"{self.name}: no field {name}")


def fail(where, message):
    sys.exit(f"{where}: error: {message}")


def parse_condition(p, text):
    m = re.fullmatch(r"(\w+)\s*(==|!=)\s*(\w+)", text.strip())
    if not m:
        fail(p.where, f"{p.name}: bad condition '{text.strip()}'")
    shift, width = p.field_bits(m[1])
    number = int(m[3], 0)
    if number >> width:
        fail(p.where, f"{p.name}: {number} does not fit field {m[1]}")
    mask, value = ((1 << width) - 1) << shift, number << shift
    if m[2] == "==":
        if (p.mask & mask & (p.value ^ value)) or (p.mask & mask):
            fail(p.where, f"{p.name}: field {m[1]} is given twice")
        p.mask |= mask
        p.value |= value
    else:
        p.nots.append((mask, value))


def feature_name(where, text):
    if not re.fullmatch(r"\w+", text.strip()):
        fail(where, f"bad feature '{text.strip()}'")
    return text.strip().upper()


def parse_line(where, line):
    line, _, feature = line.partition(" needs ")
    body, _, conditions = line.partition(" where ")
    name, *groups = body.split()
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        fail(where, f"bad name '{name}'")
    p = Pattern(where, name)
    at = 32
    for g in groups:
        m = re.fullmatch(r"([A-Za-z_]\w*):(\d+)", g)
        if m:
            width = int(m[2])
            at -= width
            if any(f[0] == m[1] for f in p.fields):
                fail(where, f"{name}: field {m[1]} twice")
            p.fields.append((m[1], at, width))
        elif re.fullmatch(r"[01-]+", g):
            for ch in g:
                at -= 1
                if ch != "-" and at >= 0:
                    p.mask |= 1 << at
                    p.value |= int(ch) << at
        else:
            fail(where, f"{name}: bad group '{g}'")
    if at != 0:
        fail(where, f"{name}: {32 - at} bits, not 32")
    for c in filter(str.strip, conditions.split(",")):
        parse_condition(p, c)
    if feature:
        p.feature = feature_name(where, feature)
    return p


def parse_files(files):
    patterns, names = [], {}
    for path in files:
        feature = "NONE"
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                line = line.split("#")[0].rstrip()
                if not line.strip():
                    continue
                if line.startswith("@feature "):
                    feature = feature_name(f"{path}:{number}", line[len("@feature "):])
                    continue
                p = parse_line(f"{path}:{number}", line)
                if p.feature == "NONE":
                    p.feature = feature
                if p.name in names:
                    fail(p.where, f"{p.name} is already defined at {names[p.name].where}")
                names[p.name] = p
                patterns.append(p)
    return patterns


def satisfiable(mask, value, nots):
    """Is there a word with these bits that violates none of the != conditions?"""
    if not nots:
        return True
    bits = 0
    for m, _ in nots:
        bits |= m
    free = [i for i in range(32) if (bits & ~mask) >> i & 1]
    if len(free) > 16:
        return True  # that many open bits cannot be used up by a handful of conditions
    for choice in itertools.product((0, 1), repeat=len(free)):
        w = value
        for i, b in zip(free, choice):
            w |= b << i
        if all(w & m != v for m, v in nots):
            return True
    return False


def check_overlaps(patterns):
    for i, p in enumerate(patterns):
        if not satisfiable(p.mask, p.value, p.nots):
            fail(p.where, f"{p.name} can never match")
        pm, pv = p.mask, p.value
        for q in patterns[:i]:
            if (pv ^ q.value) & pm & q.mask:
                continue
            if satisfiable(pm | q.mask, pv | q.value, p.nots + q.nots):
                fail(p.where, f"{p.name} overlaps {q.name} ({q.where})")


class Tree:
    """nodes: (shift, mask, base); entries: the next node's number, LEAF | candidate list, or NOTHING."""

    def __init__(self, patterns):
        self.patterns = patterns
        self.nodes, self.entries, self.candidates = [], [], []
        self.lists = {}
        self.build(list(range(len(patterns))), 0)

    def leaf(self, members):
        key = tuple(members)
        if key not in self.lists:
            self.lists[key] = len(self.candidates)
            self.candidates += [m | (LAST if m == members[-1] else 0) for m in members]
        return LEAF | self.lists[key]

    def split(self, members, shift, width):
        """The members below each value of the window."""
        buckets = [[] for _ in range(1 << width)]
        window = (1 << width) - 1
        for m in members:
            p = self.patterns[m]
            pm, pv = p.mask >> shift & window, p.value >> shift & window
            if pm == window:
                buckets[pv].append(m)
            else:
                for v in range(1 << width):
                    if v & pm == pv:
                        buckets[v].append(m)
        return buckets

    def best_window(self, members, known):
        best, best_cost = None, None
        useful = 0
        for m in members:
            useful |= self.patterns[m].mask
        useful &= ~known
        for width in range(1, MAX_BITS + 1):
            for shift in range(0, 33 - width):
                window = ((1 << width) - 1) << shift
                if window & known or not useful >> shift & 1 or not useful >> (shift + width - 1) & 1:
                    continue
                sizes = [len(b) for b in self.split(members, shift, width)]
                if max(sizes) == len(members) and min(sizes) == len(members):
                    continue
                # What is left to tell apart on average, plus a little for the table's size.
                cost = sum(s * s for s in sizes) / len(members) + (1 << width) / 16
                if best_cost is None or cost < best_cost:
                    best, best_cost = (shift, width), cost
        return best

    def build(self, members, known):
        if not members:
            return NOTHING
        window = self.best_window(members, known) if len(members) > 1 else None
        if window is None:
            return self.leaf(members)
        shift, width = window
        node, base = len(self.nodes), len(self.entries)
        self.nodes.append((shift, (1 << width) - 1, base))
        self.entries += [NOTHING] * (1 << width)
        known |= ((1 << width) - 1) << shift
        done = {}
        for v, bucket in enumerate(self.split(members, shift, width)):
            key = tuple(bucket)
            # A subtree depends on its members alone, if they agree on everything that was looked at.
            if key not in done:
                done[key] = self.build(bucket, known)
            self.entries[base + v] = done[key]
        return node


def emit_header(out, prefix, patterns, nots):
    out.write(f"/* Made by decodegen.py. */\n#ifndef {prefix.upper()}_DECODE_H\n#define {prefix.upper()}_DECODE_H\n\n")
    out.write("#include <stdbool.h>\n#include <stdint.h>\n\nstruct tr;\n\n")
    for p in patterns:
        names = [f[0] for f in p.fields] or ["word"]
        out.write(f"struct {p.name} {{ uint32_t {', '.join(names)}; }};\n")
        out.write(f"bool {p.name}(struct tr *t, const struct {p.name} *f);\n")
    out.write(f"""
/* A word w is this pattern's if (w & mask) == value, and (w & n.mask) != n.value for each n of except. */
struct {prefix}_pattern {{
    const char *name;
    uint8_t feature; /* FEAT_..., without which the word is unallocated; 0: none */
    uint32_t mask, value;
    struct {{ uint32_t mask, value; }} except[{nots}];
}};
extern const struct {prefix}_pattern {prefix}_patterns[];
extern const unsigned {prefix}_pattern_count;

/* The number of the pattern that w matches, or -1; whatever features there are. */
int {prefix}_pattern_of(uint32_t w);
/* Calls the function of the pattern that t->word matches and returns its answer; false if there is none, or if its
 * feature is off. */
bool {prefix}_decode(struct tr *t);

#endif
""")


def emit_numbers(out, declaration, numbers):
    out.write(f"{declaration} = {{\n")
    for i in range(0, len(numbers), 16):
        out.write("    " + ", ".join(str(n) for n in numbers[i:i + 16]) + ",\n")
    out.write("};\n\n")


def emit_source(out, prefix, header, patterns, tree, nots):
    out.write(f'/* Made by decodegen.py. */\n#include "dbt/{prefix}/feature.h"\n#include "dbt/{prefix}/tr.h"\n#include "{header}"\n\n')
    for p in patterns:
        fields = ", ".join(f".{n} = w >> {s} & {(1 << k) - 1:#x}" for n, s, k in p.fields) or ".word = w"
        out.write(f"static bool decode_{p.name}(struct tr *t, uint32_t w)\n{{\n")
        out.write(f"    const struct {p.name} f = {{{fields}}};\n    return {p.name}(t, &f);\n}}\n")
    out.write("\ntypedef bool decode_fn(struct tr *t, uint32_t w);\nstatic decode_fn *const decoders[] = {\n")
    for p in patterns:
        out.write(f"    decode_{p.name},\n")
    out.write(f"}};\n\nconst struct {prefix}_pattern {prefix}_patterns[] = {{\n")
    for p in patterns:
        rows = p.nots + [(0, 1)] * (nots - len(p.nots))  # the fillers always hold
        cells = ", ".join(f"{{{m:#x}u, {v:#x}u}}" for m, v in rows)
        out.write(f'    {{"{p.name}", FEAT_{p.feature}, {p.mask:#010x}u, {p.value:#010x}u, {{{cells}}}}},\n')
    out.write(f"}};\nconst unsigned {prefix}_pattern_count = {len(patterns)};\n\n")
    out.write("static const struct { uint8_t shift; uint8_t mask; uint16_t base; } nodes[] = {\n")
    for shift, mask, base in tree.nodes:
        out.write(f"    {{{shift}, {mask:#x}, {base}}},\n")
    out.write("};\n\n")
    emit_numbers(out, "static const uint16_t entries[]", tree.entries)
    emit_numbers(out, "static const uint16_t candidates[]", tree.candidates)
    out.write("/* What decides nearly always, in few cache lines. */\nstatic const struct { uint32_t mask, value; } match[] = {\n")
    for p in patterns:
        out.write(f"    {{{p.mask:#010x}u, {p.value:#010x}u}},\n")
    out.write("};\n\n")
    emit_numbers(out, "static const uint8_t has_except[]", [int(bool(p.nots)) for p in patterns])
    checks = " && ".join(f"(w & p->except[{i}].mask) != p->except[{i}].value" for i in range(nots))
    out.write(f"""static bool no_except(unsigned k, uint32_t w)
{{
    const struct {prefix}_pattern *p = &{prefix}_patterns[k];
    return {checks};
}}

int {prefix}_pattern_of(uint32_t w)
{{
    unsigned n = 0;
    do
        n = entries[nodes[n].base + (w >> nodes[n].shift & nodes[n].mask)];
    while (n < {LEAF:#x});
    if (n == {NOTHING:#x})
        return -1;
    for (const uint16_t *c = candidates + (n & {LEAF - 1:#x});; c++) {{
        unsigned k = *c & {LAST - 1:#x};
        if ((w & match[k].mask) == match[k].value && (!has_except[k] || no_except(k, w)))
            return (int)k;
        if (*c & {LAST:#x})
            return -1;
    }}
}}

bool {prefix}_decode(struct tr *t)
{{
    int i = {prefix}_pattern_of(t->word);
    return i >= 0 && ({prefix}_features >> {prefix}_patterns[i].feature & 1) && decoders[i](t, t->word);
}}
""")


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--prefix", required=True)
    ap.add_argument("--header", required=True)
    ap.add_argument("--source", required=True)
    ap.add_argument("files", nargs="+")
    args = ap.parse_args()
    patterns = parse_files(args.files)
    if len(patterns) < 2:
        sys.exit("decodegen.py: error: fewer than two patterns")
    check_overlaps(patterns)
    tree = Tree(patterns)
    if len(tree.entries) >= LEAF or len(tree.candidates) >= LEAF - 1:
        sys.exit("decodegen.py: error: the tree is too large for 16-bit entries")
    nots = max(1, max(len(p.nots) for p in patterns))
    with open(args.header, "w", encoding="utf-8") as out:
        emit_header(out, args.prefix, patterns, nots)
    with open(args.source, "w", encoding="utf-8") as out:
        emit_source(out, args.prefix, args.header.split("/")[-1], patterns, tree, nots)


if __name__ == "__main__":
    main()
