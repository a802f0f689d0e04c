/* SPDX-License-Identifier: MIT */
/* Helpers of the floating-point instructions; bodies in helpers_fp.c. */
X(fcmp)
X(fmulx)
X(frecps)
X(frsqrts)
X(frecpe)
X(frsqrte)
X(frecpx)
X(urecpe)
X(ursqrte)
X(fcvtxn)
