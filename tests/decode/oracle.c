/* SPDX-License-Identifier: MIT */
/*
 * Capstone as a library; objdump as a program, which disassembles a file of words and whose listing is read.
 *
 * objdump marks what it does not know with ".inst ... ; undefined"; an instruction with a note ("; note: ...", for
 * unpredictable operands) is one that it knows.
 */
#include "oracle.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "sweep: %s\n", what);
    exit(2);
}

void oracle_capstone(const uint32_t *w, size_t n, bool *known)
{
    static csh capstone;
    static cs_insn *disas;
    if (!disas && (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &capstone) != CS_ERR_OK ||
                   !(disas = cs_malloc(capstone))))
        die("no Capstone for arm64");
    for (size_t i = 0; i < n; i++) {
        const uint8_t *code = (const uint8_t *)&w[i];
        size_t size = sizeof *w;
        uint64_t address = 0;
        known[i] = cs_disasm_iter(capstone, &code, &size, &address, disas);
    }
}

static void write_words(const char *path, int fd, const uint32_t *w, size_t n)
{
    FILE *f = fdopen(fd, "wb");
    if (!f || fwrite(w, sizeof *w, n, f) != n || fclose(f) != 0)
        die(path);
}

/* Lines are "  OFFSET:\tWORD \ttext"; everything else is a heading. */
static void read_listing(FILE *f, const uint32_t *w, size_t n, bool *known)
{
    char line[512];
    size_t i = 0;
    while (fgets(line, sizeof line, f)) {
        char *colon = strchr(line, ':');
        if (line[0] != ' ' || !colon || colon[1] != '\t')
            continue;
        if (i == n || strtoul(line, NULL, 16) != i * sizeof *w || strtoul(colon + 1, NULL, 16) != w[i])
            die("objdump's listing is not as expected");
        known[i++] = !strstr(line, "; undefined");
    }
    if (i != n)
        die("objdump's listing is too short");
}

void oracle_objdump(const char *program, const uint32_t *w, size_t n, bool *known)
{
    char path[] = "/tmp/sweep.XXXXXX", command[4200];
    int fd = mkstemp(path);
    if (fd < 0)
        die("no temporary file");
    write_words(path, fd, w, n);
    snprintf(command, sizeof command, "exec '%s' -D -z -b binary -m aarch64 %s", program, path);
    FILE *f = popen(command, "r");
    if (!f)
        die(program);
    read_listing(f, w, n, known);
    unlink(path);
    int status = pclose(f);
    if (status != 0) {
        fprintf(stderr, "sweep: %s: status %#x\n", program, (unsigned)status);
        exit(2);
    }
}
