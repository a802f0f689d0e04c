/* SPDX-License-Identifier: MIT */
/*
 * --jitdump: DIR/jit-PID.dump, from which `perf inject --jit` makes object files, so that perf names translated code and
 * perf annotate shows it.  The format is that of perf's tools/perf/Documentation/jitdump-specification.txt, version 1.
 *
 * perf finds the file because the process maps its first page executable, and matches the times in it with its own if they are of
 * the same clock: perf record -k 1.
 */
#ifndef LOADER_JITDUMP_H
#define LOADER_JITDUMP_H

#include "dbt/types.h"

#include <stddef.h>

/* Where the files go: an absolute path, kept by the caller. */
void jitdump_folder(const char *folder);

/* Notes that size bytes of host code at host were made from guest code at pc.  Calls must not overlap.  Where the file
 * cannot be written: says so once. */
void jitdump_add(const void *host, size_t size, gaddr pc);

/* In a child of fork, once its cache is its own: it goes on in a file of its own, which starts with what its parent has noted.  A
 * child that shares its parent's memory, and so its translations, also shares its file. */
void jitdump_fork_child(void);

#endif
