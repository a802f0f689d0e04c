# SPDX-License-Identifier: MIT
# packages: stress-ng
# limit: 300
# A sample of stress-ng.sh.
check() {
    stress-ng "$@" --verify -t 200 >out.txt 2>&1
    status=$?
    echo "$*: $status"
    sed -n 's/^stress-ng: \(fail\|error\): *\[[0-9]*\]/\1/p' out.txt
}
check --cpu 1 --cpu-method all --cpu-ops 90
check --matrix 1 --matrix-method all --matrix-ops 100
check --vecmath 1 --vecmath-ops 1
check --vecfp 1 --vecfp-method all --vecfp-ops 10
check --fp 1 --fp-method all --fp-ops 10
check --hash 1 --hash-method all --hash-ops 10
check --crypt 1 --crypt-ops 1
check --atomic 1 --atomic-ops 10
