# SPDX-License-Identifier: MIT
# packages: postgresql-15 postgresql-client-15 util-linux
# needs: root
# limit: 400
# PostgreSQL: a cluster made, pgbench with 8 clients, the server killed, its recovery, parallel queries, and its regular end.
export PATH=/usr/lib/postgresql/15/bin:$PATH PGHOST=$PWD PGUSER=postgres PGDATA=$PWD/data PGDATABASE=postgres
# It refuses to run as root.  Files of root are left open to it, because not every machine's /dev/null is everybody's.
as() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_override --ambient-caps=+dac_override "$@"; }
q() { as psql -XAtc "$1" 2>&1; }
start() { as pg_ctl -D data -w -t 120 -l log -o "-c listen_addresses= -c unix_socket_directories=$PWD -c fsync=off" start >/dev/null 2>&1; echo "start $?"; }
chmod 755 .; mkdir data; chown 65534:65534 data .
initdb 2>&1 | grep -o 'cannot be run as root'
as initdb -A trust -U postgres --no-locale -E UTF8 >initdb.log 2>&1; echo "initdb $?"
start
q "select count(*), sum(g), avg(g)::numeric(10,2) from generate_series(1, 100000) g"
q "select 'a' ~ '^[a-c]\$', to_char(1234.5, '9,999.99'), '{\"a\":[1,2]}'::jsonb #>> '{a,1}', 1/3.0, exp(1.0), sqrt(2), 0.1::float8 + 0.2, date '2024-02-29' + interval '1 year'"
q 'select 1/0'; q "do \$\$ declare s bigint := 0; begin for i in 1..100000 loop s := s + i; end loop; raise notice '%', s; end \$\$"
as pgbench -i -s 2 -q >pgbench.log 2>&1; echo "pgbench -i $?"
as pgbench -c 8 -j 2 -t 150 2>pgbench.log | grep -E 'processed|failed'
q "set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; select count(*), sum(aid) from pgbench_accounts where abalance >= -1000000"
(as pgbench -n -c 8 -j 2 -T 60 >/dev/null 2>&1 &)
for i in $(seq 100); do [ "$(q 'select count(*) > 1300 from pgbench_history')" = t ] && break; sleep 0.2; done
pid=$(head -1 data/postmaster.pid); kill -9 $pid; for i in $(seq 300); do kill -0 $pid 2>/dev/null || break; sleep 0.1; done; echo killed
sleep 1; start; grep -c 'redo done' log | sed 's/^[1-9].*/recovered/'
q "select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history), (select sum(bbalance) from pgbench_branches) = (select sum(delta) from pgbench_history), (select count(*) >= 1200 from pgbench_history)"
as pg_ctl -D data -m fast -w stop >/dev/null; echo "stop $?"; tail -1 log | grep -o 'shut down'
