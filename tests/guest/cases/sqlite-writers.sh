# SPDX-License-Identifier: MIT
# packages: sqlite3
# SQLite written by four processes at once, with a rollback journal and with a write-ahead log (shared memory), and killed in between.
writer() { for i in $(seq 60); do echo "begin immediate; update c set n = n + 1; insert into t(w, v) values($1, $i); commit;"; done | sqlite3 -cmd '.timeout 60000' -cmd 'pragma synchronous=off' db >/dev/null || echo "writer $1: $?"; }
for mode in delete wal; do
    rm -f db*; sqlite3 db "pragma journal_mode=$mode; create table t(w, v, unique(w, v)); create table c(n); insert into c values(0);"
    for w in 1 2 3 4; do writer $w & done
    wait
    sqlite3 db 'select count(*), sum(v), (select n from c) from t; select w, count(*) from t group by w; pragma integrity_check'
done
i=0; while echo "begin; insert into t values(9, $i); update c set n = n + 1; commit;"; do i=$((i+1)); done 2>/dev/null |
    sqlite3 -cmd 'pragma synchronous=off' db >/dev/null 2>&1 & pid=$!
sleep 0.5; kill -9 $pid; wait $pid 2>/dev/null; echo $?
sqlite3 db 'pragma integrity_check; select (select count(*) from t) = (select n from c)'
