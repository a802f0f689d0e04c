/* SPDX-License-Identifier: MIT */
/* Conditions that are counted and named when they do not hold; main() returns failures != 0. */
#ifndef TESTS_ABI_CHECK_H
#define TESTS_ABI_CHECK_H

#include <stdio.h>

static int failures;

#define CHECK(cond)                                                                                          \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            fprintf(stderr, "line %d: %s\n", __LINE__, #cond);                                               \
            failures++;                                                                                      \
        }                                                                                                    \
    } while (0)

#endif
