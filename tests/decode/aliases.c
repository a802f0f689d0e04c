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

/* Why Capstone may reject a word that is right. */
enum reason {
    LATER,         /* the pattern is of an extension newer than Capstone 4's tables */
    SAME_PAIR,     /* constrained unpredictable: a pair is loaded into one register */
    BASE_TRANSFER, /* constrained unpredictable: write-back to a register that is transferred; also, by
                    * Capstone's mistake, unprivileged accesses, which write nothing back */
    SHOULD_BE_ONE, /* a bit that should be one is zero */
    IGNORED_BITS,  /* bits of imm5 or imm4 that the lane's size makes meaningless, and the manual ignored, are
                      set */
};

static const struct unknown {
    const char *base; /* mnemonic part of the pattern's name */
    enum reason reason;
    uint32_t ones; /* SHOULD_BE_ONE: which */
} unknown[] = {
    {"LDNP", SAME_PAIR, 0},
    {"LDP", SAME_PAIR, 0},
    {"LDPSW", SAME_PAIR, 0},
    {"LDXP", SAME_PAIR, 0},
    {"LDP", BASE_TRANSFER, 0},
    {"LDPSW", BASE_TRANSFER, 0},
    {"STP", BASE_TRANSFER, 0},
    {"LDR", BASE_TRANSFER, 0},
    {"LDRS", BASE_TRANSFER, 0},
    {"STR", BASE_TRANSFER, 0},
    {"LDTR", BASE_TRANSFER, 0},
    {"LDTRS", BASE_TRANSFER, 0},
    {"STTR", BASE_TRANSFER, 0},
    {"LDAR", SHOULD_BE_ONE, 0x001ffc00}, /* bit 15 clear: LDLAR, STLLR, of ARMv8.1 */
    {"STLR", SHOULD_BE_ONE, 0x001ffc00},
    {"LDXR", SHOULD_BE_ONE, 0x001f7c00},
    {"STXR", SHOULD_BE_ONE, 0x00007c00},
    {"LDXP", SHOULD_BE_ONE, 0x001f0000},
    {"SMULH", SHOULD_BE_ONE, 0x00007c00},
    {"UMULH", SHOULD_BE_ONE, 0x00007c00},
    {"DUP", IGNORED_BITS, 0},
    {"INS", IGNORED_BITS, 0},
    {"CAS", LATER, 0}, /* LSE */
    {"CASP", LATER, 0},
    {"LDADD", LATER, 0},
    {"LDCLR", LATER, 0},
    {"LDEOR", LATER, 0},
    {"LDSET", LATER, 0},
    {"LDSMAX", LATER, 0},
    {"LDSMIN", LATER, 0},
    {"LDUMAX", LATER, 0},
    {"LDUMIN", LATER, 0},
    {"SWP", LATER, 0},
    {"SHA512H", LATER, 0}, /* SHA512, SHA3, SM3, SM4 */
    {"SHA512H2", LATER, 0},
    {"SHA512SU0", LATER, 0},
    {"SHA512SU1", LATER, 0},
    {"EOR3", LATER, 0},
    {"BCAX", LATER, 0},
    {"RAX1", LATER, 0},
    {"XAR", LATER, 0},
    {"SM3PARTW1", LATER, 0},
    {"SM3PARTW2", LATER, 0},
    {"SM3SS1", LATER, 0},
    {"SM3TT1A", LATER, 0},
    {"SM3TT1B", LATER, 0},
    {"SM3TT2A", LATER, 0},
    {"SM3TT2B", LATER, 0},
    {"SM4E", LATER, 0},
    {"SM4EKEY", LATER, 0},
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

/* INS (element): imm4 below the size that imm5 tells; DUP: imm5 above it. */
static unsigned ignored_bits(uint32_t w)
{
    unsigned imm5 = w >> 16 & 31, imm4 = w >> 11 & 15;
    unsigned size_bit = imm5 & -imm5;
    return w >> 29 & 1 ? imm4 & (size_bit - 1) : imm5 & ~size_bit;
}

static bool reason_holds(const struct unknown *u, uint32_t w)
{
    unsigned rt = w & 31, rn = w >> 5 & 31, rt2 = w >> 10 & 31;
    bool is_pair = (w >> 27 & 7) == 5;
    switch (u->reason) {
    case LATER: return true;
    case SAME_PAIR: return rt == rt2;
    case BASE_TRANSFER: return rn != 31 && (rn == rt || (is_pair && rn == rt2));
    case IGNORED_BITS: return ignored_bits(w) != 0;
    case SHOULD_BE_ONE: return (w & u->ones) != u->ones;
    }
    return false;
}

bool alias_unknown_to_capstone(const char *name, uint32_t word)
{
    size_t length = base_length(name);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (strlen(unknown[i].base) == length && memcmp(unknown[i].base, name, length) == 0 &&
            reason_holds(&unknown[i], word))
            return true;
    return false;
}
