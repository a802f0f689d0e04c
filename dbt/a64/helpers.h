/* SPDX-License-Identifier: MIT */
/* The C functions that A64 code may call: X(name) for each `void a64_helper_<name>(struct cpu *, union vec io[4])`. */
X(fpcr_write)
X(fpsr_read)
X(fpsr_write)
X(counter)
#include "dbt/a64/helpers_bf16.h"
#include "dbt/a64/helpers_ext.h"
#include "dbt/a64/helpers_fp.h"
#include "dbt/a64/helpers_vec.h"
