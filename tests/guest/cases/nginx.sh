# SPDX-License-Identifier: MIT
# packages: nginx-light nodejs
# needs: root
# limit: 300
# nginx with two workers under 10,000 requests from 32 connections; compression, a reload in between, a graceful end.
mkdir -p html tmp; for i in 1 2 3; do head -c $((i * 10000)) /dev/zero | tr '\0' $i >html/$i; done
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
cat >conf <<C
daemon off; pid $PWD/pid; worker_processes 2; error_log $PWD/err; user root root;
events { worker_connections 128; }
http { access_log off; client_body_temp_path $PWD/tmp; proxy_temp_path $PWD/tmp; fastcgi_temp_path $PWD/tmp; uwsgi_temp_path $PWD/tmp; scgi_temp_path $PWD/tmp;
 gzip on; gzip_types *; sendfile on; server { listen 127.0.0.1:$port; root $PWD/html; location /old { return 301 /1; } } }
C
cat >load.js <<'J'
const http = require('http'), [, , port, n] = process.argv.map(Number), agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
let next = 0, done = 0, bytes = 0, bad = 0;
function one() {
    if (next >= n) return;
    const k = next++ % 3 + 1;
    http.get({ port, host: '127.0.0.1', path: '/' + k, agent }, r => {
        let l = 0;
        r.on('data', d => l += d.length);
        r.on('end', () => { bytes += l; bad += r.statusCode != 200 || l != k * 10000; if (++done == n) { console.log(done, bytes, bad); agent.destroy(); } else one(); });
    }).on('error', e => { console.log(e.message); process.exit(1); });
}
for (let k = 0; k < 32; k++) one();
J
nginx -e "$PWD/err" -t -c "$PWD/conf" 2>&1 | grep -c successful
nginx -e "$PWD/err" -c "$PWD/conf" & pid=$!
for i in $(seq 100); do (: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break; sleep 0.1; done
node load.js $port 5000; kill -HUP $pid; sleep 0.5; node load.js $port 5000
node -e 'const h = require("http"), port = +process.argv[1]; h.get({ port, host: "127.0.0.1", path: "/2", headers: { "accept-encoding": "gzip" } }, r => { const b = []; r.on("data", d => b.push(d)); r.on("end", () => console.log(r.headers["content-encoding"], require("zlib").gunzipSync(Buffer.concat(b)).length)); }); for (const p of ["/old", "/none"]) h.get({ port, host: "127.0.0.1", path: p }, r => { r.resume(); console.log(r.statusCode); })' $port | sort
kill -QUIT $pid; wait $pid; echo $?; grep -c -E 'alert|emerg|crit' err
