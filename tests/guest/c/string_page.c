/* SPDX-License-Identifier: MIT */
/*
 * String functions on strings that end, or begin, right at an inaccessible page: reading ahead must not
 * fault, results must be right.
 */
#include "t.h"

#include <sys/mman.h>
#include <wchar.h>

static char *guarded(void)
{
    char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p, 4096, PROT_NONE);
    mprotect(p + 8192, 4096, PROT_NONE);
    return p + 4096;
}

int main(void)
{
    char *a = guarded(), *b = guarded(), *a_end = a + 4096, *b_end = b + 4096;
    uint64_t h = 0;
    for (int n = 0; n < 150; n++) {
        char *s = a_end - n - 1, *t = b_end - n - 1;
        for (int i = 0; i < n; i++)
            s[i] = (char)('a' + (i * 7 + n) % 26);
        s[n] = 0;
        h = mix(h, strlen(s)), h = mix(h, strnlen(s, (size_t)n + 1));
        strcpy(t, s);
        h = mix(h, (uint64_t)strcmp(s, t)), h = mix(h, (uint64_t)memcmp(s, t, (size_t)n + 1));
        char *found = strchr(s, 'q'), *last = strrchr(s, 'e'), *m = memchr(s, 0, (size_t)n + 1);
        h = mix(h, (uint64_t)(found ? found - s : -1)), h = mix(h, (uint64_t)(last ? last - s : -1)),
        h = mix(h, (uint64_t)(m - s));
        if (n)
            t[n / 2] ^= 1;
        int c = strcmp(s, t), k = memcmp(s, t, (size_t)n), l = strncmp(s, t, (size_t)n);
        h = mix(h, (uint64_t)((c > 0) - (c < 0))), h = mix(h, (uint64_t)((k > 0) - (k < 0))),
        h = mix(h, (uint64_t)((l > 0) - (l < 0)));
        memmove(t, t + n / 3, (size_t)(n - n / 3)), memmove(t + n / 4, t, (size_t)(n - n / 4)),
            memset(t, 'x', (size_t)n / 5);
        t[n] = 0;
        for (int i = 0; i <= n; i++)
            h = mix(h, (uint64_t)t[i]);
        char *u = b;
        memcpy(u, s, (size_t)n + 1);
        h = mix(h, strlen(u)), h = mix(h, strspn(s, "abcdefghijklm")), h = mix(h, strcspn(s, "xyz"));
        h = mix(h, (uint64_t)(memrchr(u, 'a', (size_t)n) ? 1 : 0)), h = mix(h, (uint64_t)(stpcpy(t, s) - t));
        if (n % 30 == 0)
            printf("%d %016lx\n", n, h);
    }
    for (size_t n = 0; n < 3000; n += 61) {
        memset(a_end - n, (int)n, n);
        memcpy(b_end - n, a_end - n, n);
        memmove(b, b_end - n, n);
        h = mix(h, n ? (uint8_t)b[n - 1] : 0), h = mix(h, (uint64_t)memcmp(b, a_end - n, n));
    }
    char *r = memmem(a, 4096, "\x05", 1);
    strcpy(a_end - 12, "needle hay\n");
    printf("%016lx %d %s", h, r != NULL, strstr(a_end - 12, "dle"));
    wchar_t *w = (wchar_t *)(a_end - 20);
    wcscpy(w, L"wide");
    printf("%zu %d %d\n", wcslen(w), (int)(wcschr(w, L'e') - w), strcasecmp("HeLLo", "hEllO"));
    char text[] = "one,two,,three";
    for (char *save, *p = strtok_r(text, ",", &save); p; p = strtok_r(NULL, ",", &save))
        puts(p);
    return 0;
}
