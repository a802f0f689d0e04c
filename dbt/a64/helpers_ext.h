/* SPDX-License-Identifier: MIT */
/* Bodies in helpers_ext.c. */
X(mops_copy)
X(mops_set)
X(random)
