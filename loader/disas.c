/* SPDX-License-Identifier: MIT */
/*
 * Disassembly for --dump.  The two Capstone handles are made at the first use and kept; the translator calls
 * this with its lock held, so nothing else guards them.  Bytes that Capstone does not know are printed as
 * data, one unit at a time, so that a dump never ends early.
 */
#include "loader/disas.h"

#include <capstone/capstone.h>
#include <inttypes.h>

static csh handle_of(bool host)
{
    static csh handle[2];
    if (!handle[host]) {
        cs_err r = host ? cs_open(CS_ARCH_X86, CS_MODE_64, &handle[host])
                        : cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle[host]);
        if (r != CS_ERR_OK)
            return 0;
    }
    return handle[host];
}

static void print_line(FILE *out, uint64_t addr, const uint8_t *bytes, size_t n, const char *text,
                       const char *operands)
{
    fprintf(out, "  %12" PRIx64 "  ", addr);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%02x", bytes[i]);
    fprintf(out, "%*s %s %s\n", n < 12 ? (int)(24 - 2 * n) : 0, "", text, operands);
}

void disas(FILE *out, bool host, const void *bytes, size_t len, uint64_t addr)
{
    const uint8_t *p = bytes;
    csh h = handle_of(host);
    cs_insn *insn = h ? cs_malloc(h) : NULL;
    while (len) {
        const uint8_t *start = p;
        uint64_t at = addr;
        if (insn && cs_disasm_iter(h, &p, &len, &addr, insn)) {
            print_line(out, at, start, insn->size, insn->mnemonic, insn->op_str);
            continue;
        }
        size_t n = host ? 1 : len < 4 ? len : 4;
        print_line(out, at, start, n, host ? ".byte" : ".word", "");
        p = start + n;
        len -= n;
        addr = at + n;
    }
    if (insn)
        cs_free(insn, 1);
}
