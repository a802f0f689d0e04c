/* SPDX-License-Identifier: MIT */
/* Helpers of the floating-point instructions; bodies in helpers_fp.c. */
