/* SPDX-License-Identifier: MIT */
/*
 * Atomics of all sizes under contention, through libgcc's functions that ask AT_HWCAP.
 *
 * flags: -latomic -O1
 */
#include "atomics.c"
