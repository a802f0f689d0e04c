# SPDX-License-Identifier: MIT
# Loops, arrays, substitutions, pipes, traps, jobs.
for i in {1..5}; do a[i]=$((i * i)); done; echo "${a[@]}" "${!a[@]}" "${#a[@]}"
declare -A m=([x]=1 [y]=2); for k in x y; do echo "$k=${m[$k]}"; done
x=$(for i in 1 2 3; do echo $(($(echo $i) + 1)); done); echo $x
s=hello.world.txt; echo ${s%.*} ${s##*.} ${s/world/there} ${s^^} ${s:2:3} ${#s}
f() { local v=$1; [ $v -le 1 ] && { echo 1; return; }; echo $((v * $(f $((v - 1))))); }; f 10
seq 1 1000 | while read n; do ((t += n)); echo $t; done | tail -1
trap 'echo trapped USR1' USR1; kill -USR1 $$; trap 'echo exit trap' EXIT
(trap 'echo term; exit 7' TERM; kill -TERM $BASHPID; sleep 1); echo "status $?"
sleep 0.1 & p=$!; wait $p; echo "waited $?"; (exit 3) & wait $!; echo $?
{ set -m; sleep 30 & sleep 0.5; kill %1; wait %1; echo "job $?" >&3; set +m; } 3>&1 2>/dev/null
{ sh -c 'kill -9 $$'; } 2>/dev/null; echo $?; [[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}
cat <<EOF | tr a-z A-Z
here $((6 * 7)) $(echo doc)
EOF
diff <(seq 5) <(seq 6); echo $?; printf '%s\n' {a,b}{1,2}; select z in q; do break; done <<<1; echo ${PIPESTATUS[@]}
case abc in a*) echo glob;; esac; i=0; until ((i++ >= 3)); do :; done; echo $i; echo $((16#ff + 2 ** 10)) $((7 / -2)) $((7 % -3)) $((1 << 62))
exec 5>out
echo fd5 >&5
exec 5>&-
cat out
coproc cat
echo co >&${COPROC[1]}
read -u ${COPROC[0]} l
echo $l
kill $COPROC_PID; wait 2>/dev/null # at once, or bash may say that it was killed
for i in $(seq 40); do /bin/true & done
wait
echo all
yes | head -3
type -t cd
ulimit -n >/dev/null
echo ${RANDOM:+r}
mapfile -t L < <(seq 3)
echo ${L[2]}
nonexistent_command
echo $?
./case.sh.missing
echo $?
getopts ab: o -b v
echo $o $OPTARG
