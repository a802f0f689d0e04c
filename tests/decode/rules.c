/* SPDX-License-Identifier: MIT */
/*
 * Reads differences.rules: one line a rule,
 *
 *     WHO yes|no BITS [if FIELD=FIELD] : REASON
 *
 * WHO is C (Capstone), O (objdump) or CO.  `yes` means that we accept the words and they do not, `no` the opposite.  BITS
 * are 32 of 0, 1 and -, spaces between them as one likes, as in pattern files.  FIELD is rd, rn, ra or rs (bits 4..0,
 * 9..5, 14..10, 20..16); the condition may also be FIELD!=FIELD.  @FEATURE in place of BITS stands for all the words of
 * patterns that need this feature, where we accept them.  '#' starts a comment.
 *
 * Rules are few and most words need none, so they are tried in turn.
 */
#include "rules.h"

#include "a64_decode.h"
#include "dbt/a64/feature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RULES 512

static struct rule {
    uint32_t mask, value;
    uint8_t feature; /* FEAT_..., or 0 */
    uint8_t who;     /* set of 1 << enum oracle */
    bool ours, same;
    uint8_t left, right; /* shifts of the two fields of the condition; equal: none */
    uint8_t used;        /* as who */
    unsigned line;
} rules[MAX_RULES];
static unsigned rule_count;

static const char *rules_path;

static void bad(unsigned line, const char *what)
{
    fprintf(stderr, "%s:%u: %s\n", rules_path, line, what);
    exit(2);
}

static unsigned field(const char *name, unsigned line)
{
    static const struct {
        const char *name;
        unsigned shift;
    } fields[] = {{"rd", 0}, {"rn", 5}, {"ra", 10}, {"rs", 16}};
    for (unsigned i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].name, name) == 0)
            return fields[i].shift;
    bad(line, "no such field");
    return 0;
}

static void parse_condition(struct rule *r, char *text)
{
    char *equal = strchr(text, '=');
    if (!equal || equal == text)
        bad(r->line, "a condition is FIELD=FIELD or FIELD!=FIELD");
    r->same = equal[-1] != '!';
    equal[r->same ? 0 : -1] = 0;
    r->left = (uint8_t)field(text, r->line);
    r->right = (uint8_t)field(equal + 1, r->line);
}

static uint8_t feature(const char *name, unsigned line)
{
    static const char *const names[] = {
#define X(name, ...) #name,
        A64_FEATURES(X)
#undef X
    };
    for (unsigned i = 1; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return (uint8_t)i;
    bad(line, "no such feature");
    return 0;
}

static void parse_bits(struct rule *r, const char *text, unsigned *count)
{
    for (; *text; text++, ++*count) {
        if (!strchr("01-", *text) || *count == 32)
            bad(r->line, "BITS are 32 of 0, 1 and -");
        r->mask = r->mask << 1 | (*text != '-');
        r->value = r->value << 1 | (*text == '1');
    }
}

static void parse_rule(struct rule *r, char *text)
{
    const char *who = strtok(text, " "), *ours = strtok(NULL, " ");
    if (!who || !ours || strspn(who, "CO") != strlen(who))
        bad(r->line, "a rule starts with C, O or CO, then yes or no");
    r->who = (uint8_t)((strchr(who, 'C') ? 1u << ORACLE_CAPSTONE : 0) |
                       (strchr(who, 'O') ? 1u << ORACLE_OBJDUMP : 0));
    r->ours = strcmp(ours, "yes") == 0;
    if (!r->ours && strcmp(ours, "no") != 0)
        bad(r->line, "neither yes nor no");
    unsigned count = 0;
    for (char *part; (part = strtok(NULL, " "));)
        if (strcmp(part, "if") == 0) {
            char *condition = strtok(NULL, " ");
            parse_condition(r, condition ? condition : "");
        } else if (*part == '@') {
            r->feature = feature(part + 1, r->line);
            count = 32;
        } else {
            parse_bits(r, part, &count);
        }
    if (count != 32)
        bad(r->line, "BITS are 32 of 0, 1 and -");
}

void rules_read(const char *path)
{
    char text[256];
    FILE *f = fopen(path, "r");
    rules_path = path;
    if (!f) {
        perror(path);
        exit(2);
    }
    for (unsigned line = 1; fgets(text, sizeof text, f); line++) {
        text[strcspn(text, "#\n")] = 0;
        if (text[strspn(text, " ")] == 0)
            continue;
        char *reason = strchr(text, ':');
        if (!reason || reason[1 + strspn(reason + 1, " ")] == 0)
            bad(line, "no reason");
        if (rule_count == MAX_RULES)
            bad(line, "too many rules");
        *reason = 0;
        rules[rule_count] = (struct rule){.line = line};
        parse_rule(&rules[rule_count++], text);
    }
    fclose(f);
}

static bool holds(const struct rule *r, uint32_t w)
{
    if ((w & r->mask) != r->value)
        return false;
    if (r->feature) {
        int n = a64_pattern_of(w);
        return n >= 0 && a64_patterns[n].feature == r->feature;
    }
    return r->left == r->right || ((w >> r->left & 31) == (w >> r->right & 31)) == r->same;
}

bool rules_explain(enum oracle who, bool ours, uint32_t w)
{
    for (struct rule *r = rules; r < rules + rule_count; r++)
        if (r->ours == ours && r->who >> who & 1 && holds(r, w)) {
            r->used |= (uint8_t)(1u << who);
            return true;
        }
    return false;
}

unsigned rules_unused(unsigned oracles)
{
    unsigned unused = 0;
    for (const struct rule *r = rules; r < rules + rule_count; r++)
        if (r->who & oracles & ~r->used) {
            unused++;
            printf("%s:%u: explains nothing\n", rules_path, r->line);
        }
    return unused;
}
