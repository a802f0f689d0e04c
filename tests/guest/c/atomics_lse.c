/* SPDX-License-Identifier: MIT */
/*
 * Atomics of all sizes under contention, with the LSE instructions.
 *
 * flags: -latomic
 * arm: -march=armv8.1-a
 */
#include "atomics.c"
