# SPDX-License-Identifier: MIT
# packages: busybox
# Thirty applets.
b() { echo "== $1"; busybox "$@"; echo "status $?"; }
seq 1 50 >n
printf 'b 2\na 1\nc 3\n' >t
b echo hello; b cat t; b sort t; b head -n 3 n; b tail -n 2 n; b wc n; b cut -d ' ' -f 2 t; b tr a-z A-Z <t
b sed 's/a/x/' t; b awk '{ s += $2 } END { print s }' t; b grep b t; b md5sum n; b sha1sum n; b sha256sum n; b cksum n
b expr 6 \* 7; b basename /a/b.c .c; b dirname /a/b; b factor 123456; b seq 3; b tac t; b uniq t; b rev t; b od -c t
b test -f t; b printf '%05d %s\n' 42 x; b base64 t; b xxd t; b find . -name t; b stat -c '%s %F' t; b cmp t n
b gzip -c n | busybox zcat | busybox md5sum
b tar cf - t n | busybox tar tf -; b dc -e '2 100 ^ p'; b date -u -d @0; b sh -c 'i=0; while [ $i -lt 5 ]; do i=$((i+1)); done; echo $i'
