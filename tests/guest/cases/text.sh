# SPDX-License-Identifier: MIT
# awk, sed, grep, find, xargs.
seq 1 5000 | gawk '
{
    n[$1 % 7] += $1
    s = s substr("abcdefg", $1 % 7 + 1, 1)
}
END {
    for (k = 0; k < 7; k++)
        printf "%d %d %.3f\n", k, n[k], sqrt(n[k])
    print length(s), substr(s, 100, 10)
    print strftime("%F", 86400, 1), toupper("abc"), index("foobar", "bar"), match("xaaay", /a+/), RLENGTH
    print sin(1), exp(1), atan2(1, 2), int(-3.7), 2 ^ 0.5, 1e300 * 1e300
}' 2>/dev/null
gawk 'BEGIN {
    while (("echo a; echo b" | getline l) > 0)
        print "got " l
    printf "%c%5.2f|%-5s|%05d|%x\n", 65, 3.14159, "ab", 42, 255
    split("a:b:c", p, ":")
    print p[3]
    print gensub(/(a)(b)/, "\\2\\1", "g", "abab")
    "date -u -d @0 +%Y" | getline y
    print y
}'
seq 1 100 | sed -n '/5$/{s/5/five/;p}'
printf 'one\ntwo\nthree\n' | sed '1!G;h;$!d'
sed 's/\(a*\)b/[\1]/g;y/x/y/' <<<'aabxab'
sed -E 's/([0-9]+)-([0-9]+)/\2-\1/' <<<12-34
seq 1 3000 | grep -c '7.*7'
grep -E -o '[a-z]+@[a-z]+' <<<'x me@here y'
grep -P '(?<=a)b' <<<'ab cb'
seq 20 | grep -A1 -B1 -w 10
grep -vxFf <(seq 2 9) <(seq 10)
mkdir -p a/b/c
touch a/1 a/b/2 a/b/c/3
find a -type f -printf '%p %s\n' | sort
find a -name '[12]' -exec echo {} + | tr ' ' '\n' | sort
find a -depth -type d | sort -r
find a -type f -size 0 | sort
seq 1 100 | xargs -n 10 echo | tail -1; seq 4 | xargs -P 2 -I{} sh -c 'echo $(({} * 2))' | sort -n
