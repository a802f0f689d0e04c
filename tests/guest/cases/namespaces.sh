# SPDX-License-Identifier: MIT
# packages: util-linux procps bubblewrap mount
# needs: root no-chroot
# Namespaces and the like: unshare, bubblewrap, limits, scheduling, no-new-privileges, credentials.
mkdir m
unshare -m true && unshare -m bash -c 'mount -t tmpfs t m && echo x >m/y && cat m/y && grep -c "/m tmpfs" /proc/self/mounts; umount m; grep -c "/m tmpfs" /proc/self/mounts; ls m'
unshare -pf --mount-proc bash -c 'echo $$; ps -e -o pid= | wc -l; (exit 5); echo $?; sh -c "kill -9 \$\$"; echo $?' 2>/dev/null
unshare -n bash -c 'wc -l </proc/net/dev'; unshare -u bash -c 'hostname inside; hostname'; unshare -i true; echo $?
bwrap --bind / / --dev /dev --proc /proc --unshare-pid --unshare-uts --hostname box --unshare-ipc --die-with-parent bash -c 'hostname; echo $$; ls /dev | grep -c null'
echo $?
bwrap --ro-bind / / --dev /dev --proc /proc --setenv A b --unsetenv TERM --chdir /etc bash -c 'touch /etc/x 2>/dev/null; echo $?; pwd | grep -o etc; echo $A$TERM'
echo $?
setpriv --no-new-privs grep NoNewPrivs /proc/self/status
setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override id -u
setpriv --bounding-set=-all grep CapBnd /proc/self/status
flock lock echo locked
ionice -c3 nice -n 5 bash -c 'nice; ionice'
taskset -c 0 nproc
prlimit --nofile=77 bash -c 'ulimit -n'
setsid -w bash -c 'ps -o sid= -p $$ | grep -cw $$'
chrt -b 0 bash -c 'chrt -p $$ | head -1 | sed "s/.*: //"'
timeout 1 sleep 5
echo $?
