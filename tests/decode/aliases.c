/* SPDX-License-Identifier: MIT */
/*
 * Names of patterns against Capstone's mnemonics.
 *
 * A pattern is called by the manual's mnemonic, then '_' and a variant.  Capstone's mnemonic must begin with
 * the former, because suffixes for size and order (LDRB, LDADDAL, SQDMULL2) are fields here; otherwise it
 * must stand in the table: preferred aliases (CMP for SUBS) mostly.  A line for a whole name, variant
 * included, goes before one for the mnemonic.
 */
#include "aliases.h"

#include <ctype.h>
#include <string.h>

/* Mnemonics separated by spaces; `only`: these and no prefix match. */
static const struct alias {
    const char *name;
    bool only;
    const char *mnemonics;
} aliases[] = {
    {"B", true, "b"},
    {"B_cond", true, "b.eq b.ne b.hs b.lo b.mi b.pl b.vs b.vc b.hi b.ls b.ge b.lt b.gt b.le b.al b.nv"},
    {"BR", true, "br"},
    {"SYS", true, "dc ic sys"},
    {"HINT", true, "hint nop yield wfe wfi sev sevl esb psb csdb"},
    {"SB", true,
     "sb msr"}, /* hidden in the space of MSR (immediate), which Capstone 4 prints without asking */
    {"WFET", true, "wfet msr"},
    {"WFIT", true, "wfit msr"},
    {"LDR_lit", true, "ldr"},
    {"ADD_imm", false, "mov"},
    {"ADDS", false, "cmn"},
    {"SUB_shift", false, "neg"},
    {"SUBS", false, "cmp negs"},
    {"ORR", false, "mov"},
    {"ORN", false, "mvn"},
    {"ANDS", false, "tst"},
    {"MOVZ", true, "movz mov"},
    {"MOVN", true, "movn mov"},
    {"UBFM", false, "lsl lsr ubfiz ubfx uxtb uxth"},
    {"SBFM", false, "asr sbfiz sbfx sxtb sxth sxtw"},
    {"BFM", false, "bfi bfxil bfc"},
    {"EXTR", false, "ror"},
    {"SBC", true, "sbc ngc"},
    {"SBCS", true, "sbcs ngcs"},
    {"CSINC", false, "cinc cset"},
    {"CSINV", false, "cinv csetm"},
    {"CSNEG", false, "cneg"},
    {"MADD", false, "mul"},
    {"MSUB", false, "mneg"},
    {"SMADDL", false, "smull"},
    {"SMSUBL", false, "smnegl"},
    {"UMADDL", false, "umull"},
    {"UMSUBL", false, "umnegl"},
    {"UMOV", false, "mov"},
    {"NOT_v", false, "mvn"},
    {"DUP_d", false, "mov"},
    {"LSLV", true, "lsl"},
    {"LSRV", true, "lsr"},
    {"ASRV", true, "asr"},
    {"RORV", true, "ror"},
    {"STXR", false, "stlxr stlxrb stlxrh"},
    {"LDXR", false, "ldaxr ldaxrb ldaxrh"},
    {"STXP", false, "stlxp"},
    {"LDXP", false, "ldaxp"},
    {"STLR", false, "stllr stllrb stllrh"},
    {"LDAR", false, "ldlar ldlarb ldlarh"},
    {"LDADD", false, "stadd staddb staddh staddl staddlb staddlh"},
    {"LDCLR", false, "stclr stclrb stclrh stclrl stclrlb stclrlh"},
    {"LDEOR", false, "steor steorb steorh steorl steorlb steorlh"},
    {"LDSET", false, "stset stsetb stseth stsetl stsetlb stsetlh"},
    {"LDSMAX", false, "stsmax stsmaxb stsmaxh stsmaxl stsmaxlb stsmaxlh"},
    {"LDSMIN", false, "stsmin stsminb stsminh stsminl stsminlb stsminlh"},
    {"LDUMAX", false, "stumax stumaxb stumaxh stumaxl stumaxlb stumaxlh"},
    {"LDUMIN", false, "stumin stuminb stuminh stuminl stuminlb stuminlh"},
};

/* Length of the mnemonic part of a pattern's name. */
static size_t base_length(const char *name)
{
    return strcspn(name, "_");
}

static bool in_list(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += length)
        if ((p == list || p[-1] == ' ') && (p[length] == ' ' || p[length] == 0))
            return true;
    return false;
}

static const struct alias *find_alias(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strlen(aliases[i].name) == length && memcmp(aliases[i].name, name, length) == 0)
            return &aliases[i];
    return NULL;
}

bool alias_matches(const char *name, const char *mnemonic)
{
    const struct alias *a = find_alias(name, strlen(name));
    if (!a)
        a = find_alias(name, base_length(name));
    if (a && in_list(a->mnemonics, mnemonic))
        return true;
    if (a && a->only)
        return false;
    for (size_t i = 0; i < base_length(name); i++)
        if (tolower((unsigned char)name[i]) != mnemonic[i])
            return false;
    return true;
}
