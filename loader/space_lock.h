/* SPDX-License-Identifier: MIT */
/* mlockall and munlockall, for the guest's mappings alone. */
#ifndef LOADER_SPACE_LOCK_H
#define LOADER_SPACE_LOCK_H

#include "loader/space.h"

/* As the system calls, -errno or 0. */
int64_t space_lock_all(int flags);
int64_t space_unlock_all(void);

/* Does what is locked as it is mapped (MCL_FUTURE) leave len more bytes within the limit? */
bool space_lock_fits(uint64_t len);
/* The guest has this mapping now. */
void space_lock_new(gaddr start, uint64_t len);
/* Its stack has become larger by this. */
void space_lock_stack(gaddr start, gaddr end);
/* Locks are not inherited. */
void space_lock_fork_child(void);

#endif
