# SPDX-License-Identifier: MIT
# packages: stress-ng
# with: stress-ng-check
# limit: 1200
# stress-ng checks its own arithmetic (--verify).
# The methods of --cpu differ between the machines (decimal floating point, formats of the x87), so those that pass say nothing.
limit=600
. ./stress-ng-check
for m in $(stress-ng --cpu-method which 2>&1 | sed 's/.*one of: *//'); do
    [ "$m" = all ] || check --cpu 1 --cpu-method "$m" --cpu-ops 8
done | grep -v ': 0$'
check --matrix 1 --matrix-method all --matrix-ops 200
check --matrix-3d 1 --matrix-3d-method all --matrix-3d-ops 200
check --vecmath 1 --vecmath-ops 20
check --vecwide 1 --vecwide-ops 200
check --vecshuf 1 --vecshuf-method all --vecshuf-ops 200
check --vecfp 1 --vecfp-method all --vecfp-ops 100
check --fp 1 --fp-method all --fp-ops 100
check --hash 1 --hash-method all --hash-ops 100
check --crypt 1 --crypt-ops 10
check --atomic 2 --atomic-ops 100
check --rotate 1 --rotate-method all --rotate-ops 10
check --funccall 1 --funccall-ops 10
check --str 1 --str-method all --str-ops 1000
check --wcs 1 --wcs-method all --wcs-ops 1000
check --zlib 1 --zlib-method random --zlib-ops 10
check --memcpy 1 --memcpy-ops 100
check --longjmp 1 --longjmp-ops 10000
check --qsort 1 --qsort-ops 4
check --heapsort 1 --heapsort-ops 4
check --tsearch 1 --tsearch-ops 4
check --sparsematrix 1 --sparsematrix-ops 4
check --jpeg 1 --jpeg-ops 2
