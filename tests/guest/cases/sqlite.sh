# SPDX-License-Identifier: MIT
# packages: sqlite3
sqlite3 t.db <<'Q'
create table t(id integer primary key, k text, v real);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 100000) insert into t select x, printf('%05d', x * 7919 % 100003), x / 7.0 from c;
create index i on t(k);
select count(*), sum(id), round(avg(v), 6), min(k), max(k) from t;
select substr(k, 1, 1) g, count(*), round(total(v), 3) from t group by g order by g;
select id from t where k between '01000' and '01010' order by k;
begin; update t set v = v * 2 where id % 3 = 0; delete from t where id % 5 = 0; commit;
select count(*), round(sum(v), 3) from t; select hex(zeroblob(4)), quote(x'0102'), json_extract('{"a":[1,2]}', '$.a[1]'), 1e308 * 10, 9223372036854775807 + 1;
select a.id, b.id from t a join t b on b.id = a.id + 1 where a.k < '00100' order by 1 limit 5; pragma integrity_check; explain query plan select * from t where k = 'x';
Q
echo $?; sqlite3 t.db 'select * from nothing'; echo $?
