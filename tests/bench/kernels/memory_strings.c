/* SPDX-License-Identifier: MIT */
/* The string functions of the C library on short strings. */
#include "bench.h"

int main(int argc, char **argv)
{
    static char line[256], copy[256];
    static const char *const word[] = {"alpha", "be", "gamma ray", "d", "a somewhat longer piece", "zeta", "eta and", "theta"};
    uint64_t sum = 0;
    for (long r = bench_rounds(argc, argv, 4600000); r > 0; r--) {
        strcpy(line, word[r & 7]);
        strcat(line, " ");
        strcat(line, word[r >> 3 & 7]);
        sum += strlen(line);
        const char *space = strchr(line, ' ');
        sum += (uint64_t)(space - line) + (strstr(line, "a p") != NULL) + (strrchr(line, 'a') != NULL);
        memcpy(copy, line, 64);
        sum += strcmp(copy, line) == 0 && strncmp(line, "gamma", 5) == 0;
    }
    return bench_end(sum);
}
