# SPDX-License-Identifier: MIT
# Sorting, sums, listings, splitting, copying.
seq 1 20000 | sort -R --random-source=/bin/true >r; sort -n r | md5sum; sort r | sha256sum; sort -rn r | head -3
sha1sum r </dev/null | cut -c1-10; sha512sum <(seq 100) | cut -c1-20; b2sum <(seq 100) | cut -c1-20; cksum <(seq 9); md5sum <(seq 10)
mkdir d
touch -d "2001-02-03 04:05:06" d/a d/b
chmod 640 d/a
ln -s a d/l
touch -h -d @1 d/l
ls -l --time-style=full-iso d | awk '{print $1,$2,$5,$6,$7,$9,$10,$11}'
date -u -d '2020-02-29 12:34:56' '+%A %j %s %c'; date -u -d @1234567890 +%FT%T
dd if=/dev/zero of=z bs=4096 count=100 2>/dev/null
stat -c '%s %b %F' z
split -n 4 r x
cat xa? | cmp - r && ls xa?
split -l 6000 r y
wc -l y*
head -c 100000 </dev/zero | od | head -3
paste <(seq 3) <(seq 4 6)
join <(seq 5) <(seq 3 8)
comm <(seq 4) <(seq 3 6)
nl <(seq 3)
fold -w 5 <<<abcdefghijkl
tr -d 0-4 <r | md5sum
cut -c1-2 r | sort -u | wc -l
uniq -c <(sort r | cut -c1)
expr length abcdef
factor 1234567890123456789
seq 0.1 0.3 2
numfmt --to=iec 123456789; printf '%.10e %g\n' 3.14159265358979 1e-300; truncate -s 5M t; du --apparent-size -k t; df . >/dev/null; echo $?
cp -a d e
diff -r d e && echo same
mv e f
rm -r f
ls
tee a b <<<x | cat
id -u
pwd | sed 's/.*-.*/ok/'
readlink d/l
realpath d/l | sed 's/.*\///'
timeout 0.2 sleep 5
echo $?
env -i A=1 env
basename /x/y.z .z
shuf -i 1-10 | sort -n | tr '\n' ' '
base32 <<<hello
tsort <<<'a b b c'
od -An -tf8 -N16 /bin/sh >/dev/null
nproc >/dev/null
test 3 -gt 2
echo $?
mkfifo p
(echo fifo >p &)
cat p
sum r
ptx <<<'a b' | md5sum
stty -a 2>&1 | head -1
tty
