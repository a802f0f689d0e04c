/* SPDX-License-Identifier: MIT */
/* Tokens of a programming language: a switch over characters, tables of states. */
#include "bench.h"

static const char source[] =
    "static int find(const struct node *n, int key) { while (n && n->key != key) n = key < n->key ? n->left : n->right; "
    "return n ? n->value : -1; } /* a comment */ double x = 3.25e2 + 0x1f; char *s = \"text \\\" more\"; if (a <= b && c >= 7) "
    "a += b << 2, c -= d >> 1; else f(a, b, c[4], &d); ";

enum token { END, NAME, NUMBER, STRING, SIGN, COMMENT };

static enum token next(const char **p)
{
    const char *s = *p;
    enum token t = SIGN;
    while (*s == ' ')
        s++;
    switch (*s) {
    case 0: *p = s; return END;
    case 'a' ... 'z': case 'A' ... 'Z': case '_':
        t = NAME;
        while ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_' || (*s >= '0' && *s <= '9'))
            s++;
        break;
    case '0' ... '9':
        t = NUMBER;
        while ((*s >= '0' && *s <= '9') || *s == '.' || (*s >= 'a' && *s <= 'f') || *s == 'x')
            s++;
        break;
    case '"':
        t = STRING;
        for (s++; *s != '"'; s++)
            if (*s == '\\')
                s++;
        s++;
        break;
    case '/':
        if (s[1] == '*') {
            t = COMMENT;
            for (s += 2; s[0] != '*' || s[1] != '/'; s++)
                ;
            s += 2;
            break;
        }
        s++;
        break;
    case '<': case '>': s += s[1] == '=' || s[1] == s[0] ? 2 : 1; break;
    case '&': case '|': case '+': s += s[1] == '=' || s[1] == s[0] ? 2 : 1; break;
    case '-': s += s[1] == '=' || s[1] == '-' || s[1] == '>' ? 2 : 1; break;
    case '=': case '!': s += s[1] == '=' ? 2 : 1; break;
    default: s++; break;
    }
    *p = s;
    return t;
}

int main(int argc, char **argv)
{
    uint64_t count[6] = {0}, sum = 0;
    for (long r = bench_rounds(argc, argv, 660000); r > 0; r--) {
        const char *p = source;
        for (enum token t; (t = next(&p)) != END;)
            count[t]++;
    }
    for (int i = 0; i < 6; i++)
        sum = sum * 1000003 + count[i];
    return bench_end(sum);
}
