/* SPDX-License-Identifier: MIT */
/* An invalid operation in one of a thousand elements. */
#include "fp_nan.h"

int main(int argc, char **argv)
{
    return fp_nan_run(argc, argv, 1000);
}
