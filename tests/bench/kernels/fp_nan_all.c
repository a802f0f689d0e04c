/* SPDX-License-Identifier: MIT */
/* Default NaNs all the time. */
#include "fp_nan.h"

int main(int argc, char **argv)
{
    return fp_nan_run(argc, argv, 1);
}
