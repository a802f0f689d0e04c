# SPDX-License-Identifier: MIT
# packages: stress-ng
# with: stress-ng-check
# limit: 300
# A sample of stress-ng.sh.
limit=200
. ./stress-ng-check
check --cpu 1 --cpu-method all --cpu-ops 90
check --matrix 1 --matrix-method all --matrix-ops 100
check --vecmath 1 --vecmath-ops 1
check --vecfp 1 --vecfp-method all --vecfp-ops 10
check --fp 1 --fp-method all --fp-ops 10
check --hash 1 --hash-method all --hash-ops 10
check --crypt 1 --crypt-ops 1
check --atomic 1 --atomic-ops 10
