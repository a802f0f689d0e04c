/* SPDX-License-Identifier: MIT */
/*
 * The registry of guests, and what follows from their tables alone.
 *
 * A guest's flags may be a permutation of the host's (AArch64's O_DIRECTORY is x86-64's O_DIRECT), so a
 * translation first takes away all bits that differ and then adds what the ones that were set stand for.
 */
#include "abi/abi.h"

const struct abi *abi = &abi_a64;

uint64_t abi_open_flags_to_host(uint64_t guest)
{
    uint64_t rest = guest, add = 0;

    for (const struct abi_flag *f = abi->open_flags; f->guest; f++) {
        rest &= ~(uint64_t)f->guest;
        add |= guest & f->guest ? f->host : 0;
    }
    return rest | add;
}

uint64_t abi_open_flags_to_guest(uint64_t host)
{
    uint64_t rest = host, add = 0;

    for (const struct abi_flag *f = abi->open_flags; f->guest; f++) {
        rest &= ~(uint64_t)f->host;
        add |= host & f->host ? f->guest : 0;
    }
    return rest | add;
}
