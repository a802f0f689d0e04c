/* SPDX-License-Identifier: MIT */
/* fp_arm.c again under FPCR.DN (default NaN), FZ (flush to zero), and both with another rounding. */
#define CONTROL                                                                                              \
    {                                                                                                        \
        1u << 25, 1u << 24, 1u << 25 | 1u << 24 | 2u << 22                                                   \
    }
#include "fp_arm.c"
