/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DECODE_SWEEP_RUN_H
#define TESTS_DECODE_SWEEP_RUN_H

#include <stdbool.h>
#include <stdint.h>

enum depth {
    DEPTH_DECODE, /* to IR, verified */
    DEPTH_RUN,    /* also optimised, compiled for both kinds of host, and evaluated */
};

void sweep_run_init(void);
/* Whether the decoder accepts w.  Aborts with a message about w where something is wrong with it. */
bool sweep_run(uint32_t w, enum depth depth);

#endif
