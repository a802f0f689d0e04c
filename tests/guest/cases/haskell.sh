# SPDX-License-Identifier: MIT
# packages: pandoc shellcheck
# limit: 200
# Programs with GHC's run time (tail calls through registers, green threads, timer signals): pandoc, shellcheck.
for i in $(seq 60); do printf '# Title %d\n\nSome *text* with **bold**, `code`, a [link](http://x.y/%d) and $e^{i\\pi}+%d$.[^%d]\n\n[^%d]: A note.\n\n| a | b |\n|---|--:|\n| 1 | %d |\n\n1. one\n2. two\n    - sub\n\n```python\ndef f(x): return x\n```\n\n' $i $i $i $i $i $i; done >t.md
pandoc t.md -t html | head -60; for f in latex rst man org json docbook plain mediawiki; do echo "$f $(pandoc t.md -t $f | md5sum)"; done
pandoc -s t.md -t docx -o t.docx && pandoc t.docx -t markdown | md5sum
pandoc -s t.md -t epub -o t.epub && pandoc t.epub -t plain | wc -l
pandoc +RTS -N4 -RTS t.md -t html 2>&1 | md5sum
echo '\frac{' | pandoc -f nothing 2>&1 | head -1
cat >s.sh <<'S'
#!/bin/sh
if [ $a == "b" ]; then echo $x; fi
for i in $(ls *.x); do rm $i; done
cat file | grep -v y > file
cd dir; echo `date` && exit $1
S
for f in tty gcc json checkstyle diff; do shellcheck -f $f s.sh; echo "$f $?"; done
shellcheck -s bash -o all case.sh | head -20
shellcheck --list-optional | md5sum
