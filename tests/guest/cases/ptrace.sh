# SPDX-License-Identifier: MIT
# packages: strace gdb gcc libc6-dev binutils
# Debuggers inside the guest are refused, and name what they miss (ptrace); natively they work, or are not allowed to.
said() {
    if grep -qi ptrace err && [ "$1" != 124 ] || [ "$1 $(uname -m)" = '0 x86_64' ]; then
        echo "$2: as it should"
    else
        echo "$2: status $1"
        cat err
    fi
}
echo 'int main(void) { return 3; }' >t.c
gcc -g t.c -o t
timeout 20 strace -o log true 2>err
said $? strace
timeout 20 strace -f -c -o log ls >/dev/null 2>err
said $? 'strace -c'
timeout 60 gdb -nx -batch -ex run ./t >err 2>&1
said $? 'gdb run'
gdb -nx -batch -ex 'list main' -ex 'print sizeof(long)' -ex 'info functions ^main' ./t 2>&1 | grep -v warning
echo $?
