/* SPDX-License-Identifier: MIT */
/*
 * The guest's address space: every mapping that the guest may see, with the protection that the guest asked
 * for.
 *
 * Guest address = host address.  Guest code is mapped without PROT_EXEC on the host; the guest's PROT_EXEC
 * lives here and is what the translator asks (space_fetchable).  xrun's own memory (program, translator,
 * stacks) is reserved: requests that touch it fail as they would on a full address space, and it is not shown
 * in /proc/self/maps.  Functions take locks (those of space.c's head), so none but the inline ones may be called from a
 * signal handler.
 */
#ifndef LOADER_SPACE_H
#define LOADER_SPACE_H

#include "dbt/own.h"
#include "dbt/types.h"

#include <sys/mman.h>
#include <sys/types.h>

/* Guest protections are PROT_READ | PROT_WRITE | PROT_EXEC and, on AArch64, PROT_BTI (0x10), PROT_MTE (0x20).
 */

/* End of the host's user addresses (four-level page tables). */
#define SPACE_TOP 0x7ffffffff000ull
/* End of the guest's, which --va-bits puts lower: programs look at where their stack is to learn how large the space is. */
extern gaddr space_end;
/*
 * xrun's window (dbt/own.h), and below it a hole in which nothing is ever mapped, so that whoever walks upwards from guest
 * memory stops there.  Only the first thread's host stack lies elsewhere.
 */
#define SPACE_OWN_START 0x7cff00000000ull
#define SPACE_OWN_END   OWN_END
#define SPACE_HOLE      (OWN_IMAGE - SPACE_OWN_START)
struct space_own {
    gaddr stack_start, stack_end;
};
extern struct space_own space_own;

/* Is it an address in xrun's window or host stack? */
static inline bool space_is_own(gaddr a)
{
    return (a - SPACE_OWN_START < SPACE_OWN_END - SPACE_OWN_START) |
           (a - space_own.stack_start < space_own.stack_end - space_own.stack_start);
}

/* An address in the lower half of the hole, with the same place in its page, because calls check alignment. */
static inline gaddr space_hole(gaddr a)
{
    return SPACE_OWN_START + (1u << 20) + a % PAGE;
}

/* The host's protection of what the guest has mapped with prot: code is for xrun to read, and for nobody to run. */
static inline uint64_t space_host_prot(int prot)
{
    return (uint64_t)(prot & (PROT_READ | PROT_WRITE)) | (prot & PROT_EXEC ? PROT_READ : 0);
}

/* Finds out what the host has mapped already and marks it as xrun's own.  Call once, first. */
void space_init(void);
/* Is any byte of the range xrun's own, or outside what a guest may address? */
bool space_forbidden(gaddr start, uint64_t len);
/* Or in the gap below its stack (space_set_gap), where host memory is, but none for the guest? */
bool space_hidden(gaddr start, uint64_t len);

/* As the system calls, in Linux's flags; -errno or the address.  They invalidate translations where needed.
 */
int64_t space_mmap(gaddr addr, uint64_t len, int prot, int flags, int fd, off_t off);
int64_t space_munmap(gaddr addr, uint64_t len);
int64_t space_mprotect(gaddr addr, uint64_t len, int prot);
int64_t space_mremap(gaddr old, uint64_t old_len, uint64_t new_len, int flags, gaddr fixed);
int64_t space_brk(gaddr brk);
/* Is the file on a file system mounted noexec?  The host, which is not asked for executable memory, does not say so. */
bool space_no_code(int fd);
/* Where that byte of a file is mapped, writable: at `guess`, if there, or at the lowest address; 0: nowhere. */
gaddr space_find(uint64_t device, uint64_t inode, uint64_t offset, gaddr guess);
/* Does the byte belong to a file (MAP_PRIVATE, too), to an anonymous shared mapping or to a segment of System V? */
bool space_is_shared(gaddr addr);
/* To a file? */
bool space_is_file(gaddr addr);
/* The highest free place for len bytes that the guest may have; 0: there is none.  It may be taken a moment later. */
gaddr space_place(uint64_t len);
/* Records a mapping that something else made (shmat, io_uring); prot as the guest sees it; object: the same for all
 * mappings of the same memory, 0: there are no others. */
void space_note(gaddr addr, uint64_t len, int prot, uint64_t object);
/* Makes a call that unmaps the len bytes at addr, its first argument (shmdt, io_destroy), where nothing is xrun's own; its result. */
int64_t space_unmap_by(long nr, gaddr addr, uint64_t len);
/* Turns what the guest has mapped there into the gap below its stack: nothing is there for the guest, and no mapping is
 * placed there.  Only MAP_FIXED and munmap change that. */
void space_set_gap(gaddr start, gaddr end);
/* The start of the gap that ends at `end`; `end` itself if there is none. */
gaddr space_gap_start(gaddr end);

/* RLIMIT_AS and RLIMIT_DATA as the guest has set them, in bytes; ~0: none.  The calls here keep them. */
struct space_limits {
    uint64_t as, data;
};
extern struct space_limits space_limits;
/* Would RLIMIT_AS let something else map len bytes more that are shared (shmat, io_setup)? */
bool space_fits(uint64_t len);

/* Why code cannot be fetched; also exit_arg of EXIT_FETCH_FAULT. */
enum {
    SPACE_FETCH_UNMAPPED,
    SPACE_FETCH_DENIED,     /* not executable */
    SPACE_FETCH_MISALIGNED, /* pc is no multiple of 4 */
    SPACE_FETCH_BUSY,       /* another thread is changing the mapping: space_wait, then try again */
    SPACE_FETCH_BUS,        /* a page of a file, behind the file's end; or a guard page */
};
/* Bytes that may be fetched as code from pc on (0: none, and *why tells the reason). */
size_t space_fetchable(gaddr pc, uint64_t *why);
/* The guest's protection bit of memory in which indirect branches need landing pads, or 0: its processor knows none. */
extern int space_guard_prot;
bool space_guarded(gaddr pc);
/* Guest protection of the page, or -1 if nothing is mapped there. */
int space_prot(gaddr addr);
/* Is there executable memory in the range? */
bool space_has_code(gaddr start, uint64_t len);
/* The lowest executable address above `after`, other than addr, that maps the same byte as addr does; 0: none. */
gaddr space_alias(gaddr addr, gaddr after);
/* Waits until no change of mappings is in progress. */
void space_wait(void);
/* Between these two no mapping changes. */
void space_hold(void);
void space_release(void);

/* Memory becomes executable only when it is mapped, and is then not writable (PR_SET_MDWE).  The host keeps that setting over
 * fork and exec, and xrun, whose code is mapped twice, lives with it; but the guest's code is no code to the host. */
extern _Atomic bool space_code_is_fixed;
/* Asks the host for it: behind what the loader maps, and when the guest has changed it. */
void space_ask_code_is_fixed(void);

/* What can be read can be executed, if it is mapped or protected from now on (personality(READ_IMPLIES_EXEC)). */
extern _Atomic bool space_read_is_exec;

#define SPACE_AUXV 21
/* Where the loader puts things; used by /proc/self/maps, /proc/self/stat and brk. */
struct space_layout {
    gaddr code_start, code_end, data_start, data_end, brk_start, stack_end, stack_top;
    gaddr arg_start, arg_end, env_start, env_end, vdso;
    _Atomic gaddr brk;            /* end of the heap, 0 before the first space_brk, which moves it */
    _Atomic gaddr stack_start;    /* stack_limit moves it */
    uint64_t auxv[SPACE_AUXV][2]; /* as the program began with it, AT_NULL included */
};
extern struct space_layout space_layout;

/* The guest's version of maps, or smaps with smaps=true, as text: a new descriptor, or -errno.  pid 0: of this process; of
 * another guest otherwise (-EPERM: it cannot be looked into), whose file of the host's is open as `host` and is read. */
int space_maps_fd(int64_t pid, int host, bool smaps);

/* Around fork: prepare, then dbt_fork_prepare, then freeze; then exactly one of the others on each side,
 * behind dbt's. */
void space_fork_prepare(void);
void space_fork_freeze(void);
void space_fork_parent(void);
void space_fork_child(void);

#endif
