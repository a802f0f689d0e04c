# SPDX-License-Identifier: MIT
# packages: nodejs
# Node: its JIT (hot code, deoptimisation, stack overflow), worker threads on shared memory, an http server under load, child processes.
cat >jit.js <<'J'
function f(a, b) { return a.x + b; }
let s = 0;
for (let i = 0; i < 300000; i++) s += f({ x: i }, 1);
for (let i = 0; i < 1000; i++) s += f({ y: 1, x: i / 2 }, 0.5); // another shape: deoptimises
console.log(s, [f({ x: 'a' }, 1), f({ x: 1n }, 2n)].join());
let depth = 0;
function down() { depth++; down(); }
for (let i = 0; i < 3; i++) try { down(); } catch (e) { console.log(e.constructor.name, depth > 5000); depth = 0; }
const a = new Float64Array(20000).map((_, i) => Math.sin(i) * Math.sqrt(i));
console.log(a.reduce((x, y) => x + y), a.sort()[777], [...'zażółć'].reverse().join(''), /(?<y>\d{4})-(?<m>\d\d)/u.exec('on 2024-05').groups.m);
const m = new Map(); for (let i = 0; i < 200000; i++) m.set('k' + i % 5000, (m.get('k' + i % 5000) || 0) + i);
console.log(m.size, m.get('k77'), require('crypto').createHash('sha256').update(JSON.stringify([...m])).digest('hex'));
console.log(new Intl.NumberFormat('de').format(1234567.891), BigInt(2) ** 200n, require('zlib').gzipSync(Buffer.alloc(100000)).length);
const w = typeof WebAssembly == 'object' && new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]));
console.log(w && new WebAssembly.Instance(w).exports.add(40, 2));
J
cat >worker.js <<'J'
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
if (isMainThread) {
    const shared = new SharedArrayBuffer(8);
    let done = 0, sum = 0;
    for (let i = 0; i < 8; i++) {
        const w = new Worker(__filename, { workerData: { i, shared } });
        w.on('message', m => { sum += m; });
        w.on('exit', () => { if (++done == 8) console.log('workers', sum, new Int32Array(shared)[0]); });
    }
} else {
    const n = new Int32Array(workerData.shared);
    let s = 0;
    for (let k = 0; k < 100000; k++) { s = (s + k * workerData.i) % 1000003; Atomics.add(n, 0, 1); }
    if (Atomics.add(n, 1, 1) < 7) Atomics.wait(n, 1, Atomics.load(n, 1), 20);
    parentPort.postMessage(s);
}
J
cat >http.js <<'J'
const http = require('http'), N = 2000;
const server = http.createServer((q, r) => { let n = 0; q.on('data', d => n += d.length); q.on('end', () => r.end(JSON.stringify({ u: q.url, n }))); });
server.listen(0, '127.0.0.1', () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 40 });
    let next = 0, done = 0, right = 0;
    function one() {
        if (next >= N) return;
        const i = next++;
        http.request({ port: server.address().port, host: '127.0.0.1', agent, method: 'POST', path: '/' + i }, r => {
            let b = '';
            r.on('data', d => b += d);
            r.on('end', () => {
                const o = JSON.parse(b);
                right += o.u == '/' + i && o.n == i;
                if (++done == N) { console.log('http', right); server.close(); agent.destroy(); } else one();
            });
        }).end('z'.repeat(i));
    }
    for (let k = 0; k < 40; k++) one();
});
J
for f in jit worker http; do node $f.js; echo "$f $?"; done
node --jitless jit.js 2>&1
node -e 'const c = require("child_process"); console.log(c.execSync("echo $((6*7))").toString(), c.spawnSync("sh", ["-c", "kill -9 $$"]).signal); process.on("SIGUSR2", () => { console.log("usr2"); process.exit(5); }); process.kill(process.pid, "SIGUSR2"); setTimeout(() => {}, 10000)'
echo $?
node -e 'null.x' 2>&1 | grep TypeError; (node -e 'process.abort()'; echo $? >&3) 3>&1 >/dev/null 2>&1
