/* SPDX-License-Identifier: MIT */
/*
 * The chosen processor: which features it has, and what registers and AT_HWCAP say of them.
 *
 * Without a choice it is `max`: everything that is implemented.  A feature goes together with its base:
 * adding it adds the base, taking the base away takes it away.  The models' MIDR_EL1 are the revisions that
 * one meets in the field; max bears Neoverse CPU_N1's, because C libraries then choose copies with vector
 * registers.
 */
#include "dbt/a64/feature.h"

#include "dbt/a64/state.h"

#include <stddef.h>
#include <string.h>

static const struct row {
    const char *option;
    uint8_t base, models, id, shift, value, word, bit;
} rows[FEAT_COUNT] = {
#define X(name, option, base, models, id, shift, value, word, bit, cpuinfo)                                  \
    {option, FEAT_##base, models, id, shift, value, word, bit},
    A64_FEATURES(X)
#undef X
};

static const struct model {
    const char *name;
    enum a64_model bit;
    uint32_t midr;
} models[] = {
    {"cortex-a53", CPU_A53, 0x410fd034},
    {"cortex-a72", CPU_A72, 0x410fd083},
    {"neoverse-n1", CPU_N1, 0x414fd0c1},
    {"max", CPU_MAX, 0x414fd0c1},
};
#define MODELS (sizeof models / sizeof *models)

#define X(name, option, base, models, ...) | (((models)&CPU_MAX) ? (uint64_t)1 << FEAT_##name : 0)
uint64_t a64_features = 0 A64_FEATURES(X);
#undef X
uint32_t a64_midr = 0x414fd0c1;

bool a64_pac_switched; /* asked when translating, as features are */

static bool same(const char *name, const char *part, size_t n)
{
    return strlen(name) == n && memcmp(name, part, n) == 0;
}

static uint64_t model_features(enum a64_model bit)
{
    uint64_t set = 0;
    for (unsigned i = 0; i < FEAT_COUNT; i++)
        if (rows[i].models & bit && rows[i].models & CPU_MAX)
            set |= (uint64_t)1 << i;
    return set;
}

/* Adds or takes away the rows of an option; false if there is none. */
static bool change(uint64_t *set, const char *part, size_t n, bool on)
{
    bool found = false;
    for (unsigned i = 0; i < FEAT_COUNT; i++)
        if (n && same(rows[i].option, part, n)) {
            found = true;
            if (!on)
                *set &= ~((uint64_t)1 << i);
            for (unsigned k = i; on && k != FEAT_NONE; k = rows[k].base)
                *set |= (uint64_t)1 << k;
        }
    for (unsigned i = 0; i < FEAT_COUNT; i++)
        if (!(*set >> rows[i].base & 1))
            *set &= ~((uint64_t)1 << i);
    return found;
}

const char *a64_cpu_select(const char *spec)
{
    size_t n = strcspn(spec, ",");
    const struct model *m = models;
    while (m < models + MODELS && !same(m->name, spec, n))
        m++;
    if (m == models + MODELS)
        return spec;
    uint64_t set = model_features(m->bit);
    for (const char *p = spec + n; *p; p += n) {
        n = strcspn(++p, ",");
        if ((*p != '+' && *p != '-') || !change(&set, p + 1, n - 1, *p == '+'))
            return p;
    }
    a64_features = set;
    a64_midr = m->midr;
    return NULL;
}

const char *a64_cpu_name(unsigned kind, unsigned i)
{
    if (kind == 0)
        return i < MODELS ? models[i].name : NULL;
    for (unsigned k = 0; k < FEAT_COUNT; k++)
        if (*rows[k].option && strcmp(rows[k].option, rows[k - 1].option) != 0 && i-- == 0)
            return rows[k].option;
    return NULL;
}

uint64_t a64_hwcap(unsigned word)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < FEAT_COUNT; i++)
        if (rows[i].word == word && a64_has(i))
            v |= (uint64_t)1 << rows[i].bit;
    return v;
}

uint64_t a64_id_register(enum a64_id id)
{
    /* EL0 and EL1 are 64-bit only; no memory granule is shown. */
    uint64_t v = id == ID_PFR0 ? 0x11 : id == ID_MMFR0 ? 0xff000000 : 0;
    for (unsigned i = 0; i < FEAT_COUNT; i++) {
        const struct row *r = &rows[i];
        if (id != ID_NONE && r->id == id && a64_has(i) && (v >> r->shift & 15) < r->value)
            v = (v & ~((uint64_t)15 << r->shift)) | (uint64_t)r->value << r->shift;
    }
    return v;
}
