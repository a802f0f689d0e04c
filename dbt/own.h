/* SPDX-License-Identifier: MIT */
/*
 * Where xrun's own memory is: in one window of addresses, so that a pointer into it is known by a compare
 * (loader/space.h).  The image comes first (loader/start.S), then its heap, then what own_map gives.
 */
#ifndef DBT_OWN_H
#define DBT_OWN_H

#include <stddef.h>

#define OWN_IMAGE  0x7d0000000000ull
#define OWN_MEMORY (OWN_IMAGE + (16ull << 30))
#define OWN_END    0x7e0000000000ull

/* For variables that every fork writes, in the parent or in the child, or that every child reads: together, they are one page to
 * copy, not one each. */
#define OWN_BY_FORK __attribute__((section("own_by_fork")))

/* New memory, readable and writable, not reserved in advance; flags: MAP_PRIVATE or MAP_SHARED.  NULL: there is
 * none.  Given back with munmap.  Usable on any thread, and takes no lock. */
void *own_map(size_t size, int flags);
void *own_map_as(size_t size, int flags, int prot); /* with another protection */

/*
 * Gets the pages up to `need` of a region of size bytes that is used upwards, of which `ready` bytes are there: a good piece at a
 * time, a tenth of what the faults would cost.  advice: MADV_POPULATE_...; where the kernel has none (before 5.14), they come by
 * faults.
 */
void own_ready(void *base, size_t size, size_t need, size_t *ready, int advice);

#endif
