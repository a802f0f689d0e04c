/* SPDX-License-Identifier: MIT */
/* Helpers of the BFloat16 instructions; bodies in helpers_bf16.c. */
X(bfdot)
X(bfmmla)
X(bfcvt)
X(bfmlal)
