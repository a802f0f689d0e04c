/* SPDX-License-Identifier: MIT */
/*
 * --perf-map: /tmp/perf-PID.map, by which perf report names translated code after the guest's functions.
 *
 * One line a translation: "START SIZE NAME" in hexadecimal, as perf's tools/perf/Documentation/jit-interface.txt has it.
 * NAME is as loader/symbols.h has it.
 */
#ifndef LOADER_PERF_MAP_H
#define LOADER_PERF_MAP_H

#include "dbt/types.h"

#include <stddef.h>

/* Notes that size bytes of host code at host were made from guest code at pc.  Calls must not overlap.  Where the file
 * cannot be written: says so once. */
void perf_map_add(const void *host, size_t size, gaddr pc);

/* In a child of fork, before it makes or forgets anything: it goes on in a file of its own, which starts as a copy of its
 * parent's.  A child that shares its parent's memory, and so its translations, also shares its file. */
void perf_map_fork_child(void);

/* Forgets what was noted: the format has no times, so perf would give later code the names of what was there before. */
void perf_map_clear(void);

#endif
