# SPDX-License-Identifier: MIT
# packages: xz-utils zstd bzip2 gzip tar
# limit: 300
gawk 'BEGIN { s = 1; for (i = 0; i < 1250000; i++) { s = (s * 1103515245 + 12345) % 2147483648; printf "%07d\n", s % 5000000 } }' | head -c 10000000 >d
md5sum d
gzip -n6 <d >d.gz && gzip -dc d.gz | cmp - d && md5sum <d.gz; bzip2 <d >d.bz2 && bzip2 -dc d.bz2 | cmp - d && md5sum <d.bz2
xz -1 -T1 <d >d.xz && xz -dc d.xz | cmp - d && md5sum <d.xz
zstd -q -3 <d >d.zst && zstd -q -dc d.zst | cmp - d && md5sum <d.zst
zstd -q -T2 -1 <d | zstd -dc -q | cmp - d
echo $?
mkdir t
cp d.gz d.bz2 t
ln -s d.gz t/l
touch -h -d @1000000000 t/* t
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf t.tar t
md5sum t.tar
GZIP=-n tar czf t.tgz t 2>/dev/null
mkdir o
tar xzf t.tgz -C o
diff -r t o/t
echo $?
tar tvf t.tar --utc | awk '{ print $1, $3, $6 }'
tar xf missing.tar
echo $?
