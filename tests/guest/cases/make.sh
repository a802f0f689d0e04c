# SPDX-License-Identifier: MIT
# packages: make
cat >Makefile <<'M'
J := $(shell seq 1 20)
all: $(J:%=out.%)
	@cat $(sort $^) | sort -n | tr '\n' ' '; echo
out.%:
	@sleep 0.0$*; echo $$(($* * $*)) >$@
fail: ; @exit 3
.PHONY: all fail
M
make -j2 all
make -s all
make fail
echo $?
make -n -B out.3
touch -d 2001-01-01 out.5
make --no-print-directory -q out.5
echo $?
make -j20 -B -s all
echo 'include none.mk' >M2
make -f M2
echo $?
make -p -f /dev/null >/dev/null 2>&1
echo $?
