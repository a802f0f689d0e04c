/* SPDX-License-Identifier: MIT */
/* strlen, strchr, a comparison and a search for a word, written out. */
#include "bench.h"

#define WORDS 4096
static char text[WORDS * 10];

static size_t length(const char *s)
{
    const char *p = s;
    while (*p)
        p++;
    return (size_t)(p - s);
}

static const char *find(const char *s, char c)
{
    while (*s && *s != c)
        s++;
    return *s ? s : NULL;
}

static int compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

static const char *search(const char *s, const char *word)
{
    for (; *s; s++) {
        size_t i = 0;
        while (word[i] && s[i] == word[i])
            i++;
        if (!word[i])
            return s;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    uint32_t seed = 7;
    char *word[WORDS];
    char *p = text;
    for (int i = 0; i < WORDS; i++) {
        word[i] = p;
        for (uint32_t n = 2 + (bench_random(&seed) >> 29); n > 0; n--)
            *p++ = (char)('a' + (bench_random(&seed) >> 24) % 6);
        *p++ = 0;
    }
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 5100); r > 0; r--)
        for (int i = 0; i + 1 < WORDS; i++) {
            sum += length(word[i]);
            sum += find(word[i], 'c') != NULL;
            sum += compare(word[i], word[i + 1]) < 0;
            sum += search(word[i], "ab") != NULL;
        }
    return bench_end(sum);
}
