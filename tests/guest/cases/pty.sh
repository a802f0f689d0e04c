# SPDX-License-Identifier: MIT
# packages: bsdutils tmux ncurses-base ncurses-bin
# Terminals: a shell under script with job control, and in tmux, whose window changes its size.
script -qec 'tty >/dev/null && stty rows 30 cols 90 && stty size; stty -a | grep -o "[-a-z]*echo "; test -t 0 && echo tty; exit 3' /dev/null </dev/null | tr -d '\r'
echo "${PIPESTATUS[0]}"
printf 'PS1=\necho $((6*7))\nsleep 100 &\nkill %%1\nwait\nsleep 100\n\032bg\njobs\nkill %%1\nwait\nexit 4\n' >in
script -qec 'bash --norc -i' /dev/null <in 2>&1 | tr -d '\r' | grep -cE '^(42|\[1\])'
stty -a </dev/null 2>&1 | sed 's/stty: //'
export TMUX_TMPDIR=$PWD SHELL=/bin/bash
t() { tmux -f /dev/null "$@"; }
shows() { for i in $(seq 100); do t capture-pane -p | grep -q "$1" && echo "shows $1" && return; sleep 0.1; done; t capture-pane -p; }
t new-session -d -x 80 -y 24 'bash --norc'; t set -g status off
t send-keys 'echo a$((1+1))b; stty size' Enter; shows a2b; t resize-window -x 60 -y 20; sleep 0.2
t send-keys 'stty size' Enter
shows '20 60'
t send-keys 'sleep 100' Enter
sleep 0.3
t send-keys C-c
t send-keys 'echo status $?' Enter
shows 'status 130'
t send-keys 'cat; echo end $?' Enter; sleep 0.2; t send-keys 'line' Enter C-d; shows 'end 0'; t kill-server; echo $?
