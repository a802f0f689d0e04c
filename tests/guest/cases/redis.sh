# SPDX-License-Identifier: MIT
# packages: redis-server redis-tools
# limit: 200
# Redis with 50 clients, Lua (its own), a snapshot by fork, and a restart from it.
serve() { redis-server --port 0 --unixsocket "$PWD/s" --save '' --dir . --daemonize no >log 2>&1 & pid=$!; for i in $(seq 100); do c ping >/dev/null 2>&1 && break; sleep 0.1; done; }
c() { redis-cli -s s "$@"; }
serve
c set a b; c get a; c incrbyfloat n 10.5; c hset h f 1 g 2; c zadd z 1 one 2.5 two; c zrange z 0 -1 withscores
redis-benchmark -s s -c 50 -n 4000 -q -t set,get,incr,lpush,lrange_100,mset 2>&1 | tr '\r' '\n' | grep 'requests per' | sed 's/:.*//'
c eval 'local s = 0 for i = 1, 100000 do s = s + i * i end return s' 0
c eval 'return redis.sha1hex(cjson.encode({1,2,3}))' 0
c llen mylist
c get counter:__rand_int__
c pfadd hll $(seq 500)
c pfcount hll
c setbit bits 70000 1
c bitcount bits
c xadd st 1-1 f v
c save
c dbsize
c debug digest 2>&1 | wc -c
c shutdown nosave; wait $pid; echo $?; serve; c dbsize; c get a; c pfcount hll
c bgsave
for i in $(seq 100); do c info persistence | grep -q 'rdb_bgsave_in_progress:0' && break; sleep 0.1; done
c info persistence | grep rdb_last_bgsave_status
kill -9 $pid; wait $pid 2>/dev/null; echo $?
