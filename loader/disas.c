// SPDX-License-Identifier: MIT
/*
 * Disassembly for --dump.  Capstone's tables are linked in but cost nothing unless a dump is asked for: xrun is at a fixed
 * address, so nothing of them is relocated at start.  What Capstone does not know is shown as data and skipped.
 */
#include "loader/disas.h"

#include <capstone/capstone.h>

static csh handle_for(bool host)
{
    static csh handle[2];
    if (!handle[host]) {
        cs_err err = host ? cs_open(CS_ARCH_X86, CS_MODE_64, &handle[host])
                          : cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle[host]);
        if (err != CS_ERR_OK)
            return 0;
    }
    return handle[host];
}

void disas_print(FILE *out, bool host, const void *bytes, size_t len, uint64_t addr)
{
    csh handle = handle_for(host);
    if (!handle)
        return;
    const uint8_t *code = bytes;
    cs_insn *insn = cs_malloc(handle);
    while (len > 0) {
        if (cs_disasm_iter(handle, &code, &len, &addr, insn)) {
            fprintf(out, "%12lx:  %s %s\n", (unsigned long)insn->address, insn->mnemonic, insn->op_str);
            continue;
        }
        size_t skip = host || len < 4 ? 1 : 4;
        fprintf(out, "%12lx:  .byte", (unsigned long)addr);
        for (size_t i = 0; i < skip; i++)
            fprintf(out, " 0x%02x", code[i]);
        fputc('\n', out);
        code += skip, len -= skip, addr += skip;
    }
    cs_free(insn, 1);
}
