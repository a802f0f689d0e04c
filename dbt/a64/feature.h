/* SPDX-License-Identifier: MIT */
/*
 * What the emulated processor can do: one row a feature.  AT_HWCAP, AT_HWCAP2, the identification registers,
 * /proc/cpuinfo, --cpu= and the patterns that are refused all come from these rows and from a64_features.
 *
 *   X(FEATURE, "option", base, models, register, shift, value, word, bit, "cpuinfo")
 *     FEATURE   FEAT_FEATURE here; `needs FEATURE` in pattern files
 *     option    the name in --cpu=NAME,+option; rows may share one (half precision); "": always there
 *     base      the row that this one cannot be without (NONE: none); stands further up
 *     models    the processors that have it; only what has CPU_MAX is implemented, and a row without it is
 *               announced nowhere (but to --cpu=max,+option, for whoever is implementing it)
 *     register, shift, value
 *               the field of an identification register and what it says at least; a field shows the
 *               largest value of its features (Arm ARM D19.2); ID_NONE: no field
 *     word, bit, cpuinfo
 *               1 AT_HWCAP, 2 AT_HWCAP2, 0 neither; the bit, and its name in /proc/cpuinfo
 *               (Linux, arch/arm64/include/uapi/asm/hwcap.h and kernel/cpuinfo.c)
 *
 * The Linux columns stand here although dbt knows no Linux, because a second table would have to be kept in
 * step; nothing in dbt uses them but a64_hwcap.
 */
#ifndef DBT_A64_FEATURE_H
#define DBT_A64_FEATURE_H

#include <stdbool.h>
#include <stdint.h>

enum a64_model {
    CPU_A53 = 1,
    CPU_A72 = 2,
    CPU_N1 = 4,
    CPU_MAX = 8,
    CPU_V82 = CPU_N1 | CPU_MAX,
    CPU_V80 = CPU_A53 | CPU_A72 | CPU_V82,
};

/* Identification registers by CRm << 3 | op2 (op0 3, op1 0, CRn 0). */
enum a64_id {
    ID_NONE = 0,
    ID_PFR0 = 4 << 3,
    ID_PFR1,
    ID_ISAR0 = 6 << 3,
    ID_ISAR1,
    ID_ISAR2,
    ID_MMFR0 = 7 << 3,
    ID_MMFR1,
    ID_MMFR2,
};

/* clang-format off */
#define A64_FEATURES(X) \
  X(NONE,     "",        NONE,  CPU_V80,            ID_NONE,   0, 0, 0,  0, "") \
  X(FP,       "",        NONE,  CPU_V80,            ID_PFR0,  16, 0, 1,  0, "fp") \
  X(ASIMD,    "",        NONE,  CPU_V80,            ID_PFR0,  20, 0, 1,  1, "asimd") \
  X(EVTSTRM,  "",        NONE,  CPU_V80,            ID_NONE,   0, 0, 1,  2, "evtstrm") \
  X(CPUID,    "",        NONE,  CPU_V80,            ID_NONE,   0, 0, 1, 11, "cpuid") \
  /* -- cryptography, checksums -------------------------------------------------------------------------------- */ \
  X(AES,      "aes",     NONE,  CPU_V80,            ID_ISAR0,  4, 1, 1,  3, "aes") \
  X(PMULL,    "pmull",   AES,   CPU_V80,            ID_ISAR0,  4, 2, 1,  4, "pmull") \
  X(SHA1,     "sha1",    NONE,  CPU_V80,            ID_ISAR0,  8, 1, 1,  5, "sha1") \
  X(SHA2,     "sha2",    NONE,  CPU_V80,            ID_ISAR0, 12, 1, 1,  6, "sha2") \
  X(CRC32,    "crc32",   NONE,  CPU_V80,            ID_ISAR0, 16, 1, 1,  7, "crc32") \
  X(SHA512,   "sha512",  SHA2,  CPU_MAX,            ID_ISAR0, 12, 2, 1, 21, "sha512") \
  X(SHA3,     "sha3",    NONE,  CPU_MAX,            ID_ISAR0, 32, 1, 1, 17, "sha3") \
  X(SM3,      "sm3",     NONE,  CPU_MAX,            ID_ISAR0, 36, 1, 1, 18, "sm3") \
  X(SM4,      "sm4",     NONE,  CPU_MAX,            ID_ISAR0, 40, 1, 1, 19, "sm4") \
  /* -- arithmetic --------------------------------------------------------------------------------------------- */ \
  X(FP16,     "fp16",    NONE,  CPU_V82,            ID_PFR0,  16, 1, 1,  9, "fphp") \
  X(FP16SIMD, "fp16",    FP16,  CPU_V82,            ID_PFR0,  20, 1, 1, 10, "asimdhp") \
  X(RDM,      "rdm",     NONE,  CPU_V82,            ID_ISAR0, 28, 1, 1, 12, "asimdrdm") \
  X(JSCVT,    "jscvt",   NONE,  CPU_MAX,            ID_ISAR1, 12, 1, 1, 13, "jscvt") \
  X(FCMA,     "fcma",    NONE,  CPU_MAX,            ID_ISAR1, 16, 1, 1, 14, "fcma") \
  X(DOTPROD,  "dotprod", NONE,  CPU_V82,            ID_ISAR0, 44, 1, 1, 20, "asimddp") \
  X(FHM,      "fhm",     FP16SIMD, CPU_MAX,          ID_ISAR0, 48, 1, 1, 23, "asimdfhm") \
  X(FRINTTS,  "frintts", NONE,  CPU_MAX,            ID_ISAR1, 32, 1, 2,  8, "frint") \
  X(I8MM,     "i8mm",    NONE,  CPU_MAX,            ID_ISAR1, 52, 1, 2, 13, "i8mm") \
  X(BF16,     "bf16",    NONE,  CPU_MAX,            ID_ISAR1, 44, 1, 2, 14, "bf16") \
  X(EBF16,    "ebf16",   BF16,  CPU_MAX,            ID_ISAR1, 44, 2, 2, 32, "ebf16") \
  X(AFP,      "afp",     NONE,  CPU_MAX,            ID_MMFR1, 44, 1, 2, 20, "afp") \
  X(RPRES,    "rpres",   AFP,   CPU_MAX,            ID_ISAR2,  4, 1, 2, 21, "rpres") \
  /* -- memory ------------------------------------------------------------------------------------------------- */ \
  X(LSE,      "lse",     NONE,  CPU_V82,            ID_ISAR0, 20, 2, 1,  8, "atomics") \
  X(LSE2,     "lse2",    NONE,  CPU_MAX,            ID_MMFR2, 32, 1, 1, 25, "uscat") \
  X(LSE128,   "lse128",  LSE,   CPU_MAX,            ID_ISAR0, 20, 3, 2, 47, "lse128") \
  X(RCPC,     "rcpc",    NONE,  CPU_V82,            ID_ISAR1, 20, 1, 1, 15, "lrcpc") \
  X(RCPC2,    "rcpc2",   RCPC,  CPU_MAX,            ID_ISAR1, 20, 2, 1, 26, "ilrcpc") \
  X(RCPC3,    "rcpc3",   RCPC2, CPU_MAX,            ID_ISAR1, 20, 3, 2, 46, "lrcpc3") \
  X(DPB,      "dpb",     NONE,  CPU_V82,            ID_ISAR1,  0, 1, 1, 16, "dcpop") \
  X(DPB2,     "dpb2",    DPB,   CPU_MAX,            ID_ISAR1,  0, 2, 2,  0, "dcpodp") \
  X(MOPS,     "mops",    NONE,  CPU_MAX,            ID_ISAR2, 16, 1, 2, 43, "mops") \
  /* -- flags, branches, the system ---------------------------------------------------------------------------- */ \
  X(FLAGM,    "flagm",   NONE,  CPU_MAX,            ID_ISAR0, 52, 1, 1, 27, "flagm") \
  X(FLAGM2,   "flagm2",  FLAGM, CPU_MAX,            ID_ISAR0, 52, 2, 2,  7, "flagm2") \
  X(CSSC,     "cssc",    NONE,  CPU_MAX,            ID_ISAR2, 52, 1, 2, 34, "cssc") \
  X(HBC,      "hbc",     NONE,  CPU_MAX,            ID_ISAR2, 20, 1, 2, 44, "hbc") \
  X(PAUTH,    "pauth",   NONE,  CPU_MAX,            ID_ISAR1,  8, 1, 1, 30, "paca") \
  X(PAUTH_G,  "pauth",   PAUTH, CPU_MAX,            ID_ISAR1, 28, 1, 1, 31, "pacg") \
  X(BTI,      "bti",     NONE,  CPU_MAX,            ID_PFR1,   0, 1, 2, 17, "bti") \
  X(SB,       "sb",      NONE,  CPU_MAX,            ID_ISAR1, 36, 1, 1, 29, "sb") \
  X(SSBS,     "ssbs",    NONE,  CPU_V82,            ID_PFR1,   4, 2, 1, 28, "ssbs") \
  X(DIT,      "dit",     NONE,  CPU_MAX,            ID_PFR0,  48, 1, 1, 24, "dit") \
  X(RNG,      "rng",     NONE,  CPU_MAX,            ID_ISAR0, 60, 1, 2, 16, "rng") \
  X(WFXT,     "wfxt",    NONE,  CPU_MAX,            ID_ISAR2,  0, 2, 2, 31, "wfxt") \
  X(DGH,      "dgh",     NONE,  CPU_MAX,            ID_ISAR1, 48, 1, 2, 15, "dgh")
/* clang-format on */

enum a64_feature {
#define X(name, ...) FEAT_##name,
    A64_FEATURES(X)
#undef X
        FEAT_COUNT
};
_Static_assert(FEAT_COUNT <= 64, "a set of features is 64 bits");

/* What this process's guest has, bit FEAT_x; set once, before anything is translated. */
extern uint64_t a64_features;
extern uint32_t a64_midr;

static inline bool a64_has(enum a64_feature f)
{
    return a64_features >> f & 1;
}

/* Becomes the processor of `spec`, NAME[,+option,-option]; NULL, or the part of spec that names nothing known. */
const char *a64_cpu_select(const char *spec);
/* Names of the models and the options of one kind (0 models, 1 options) by number; NULL behind the last. */
const char *a64_cpu_name(unsigned kind, unsigned i);
/* AT_HWCAP (1), AT_HWCAP2 (2). */
uint64_t a64_hwcap(unsigned word);
/* An identification register as Linux lets user code see it. */
uint64_t a64_id_register(enum a64_id id);

#endif
