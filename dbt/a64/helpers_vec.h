/* SPDX-License-Identifier: MIT */
/* Helpers of the Advanced SIMD integer instructions; bodies in helpers_vec.c. */
X(simd_pmul)
X(simd_pmull)
