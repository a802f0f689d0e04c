/* SPDX-License-Identifier: MIT */
/* Ordinary numbers: what the other two are measured against. */
#include "fp_nan.h"

int main(int argc, char **argv)
{
    return fp_nan_run(argc, argv, 0);
}
