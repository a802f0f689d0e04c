# SPDX-License-Identifier: MIT
# packages: python3 libpython3-stdlib
# limit: 240
python3 - <<'P'
import json, re, hashlib, decimal, fractions, math, struct, random, itertools, collections, zlib, datetime, base64, textwrap, statistics
d = {'a': [1, 2.5, None, True], 'b': {'c': 'é'}, 'n': [i ** 3 for i in range(200)]}
s = json.dumps(d, sort_keys=True); assert json.loads(s) == d; print(len(s), hashlib.sha256(s.encode()).hexdigest())
print(len(re.findall(r'(\d)(?=\d{3})', s)), re.sub(r'(\w+)-(\w+)', r'\2-\1', 'foo-bar'), bool(re.fullmatch(r'(?:a|b)*c', 'abababc')))
decimal.getcontext().prec = 60; print(decimal.Decimal(2).sqrt(), decimal.Decimal(1) / 7, fractions.Fraction(22, 7) ** 5)
for h in ('md5', 'sha1', 'sha512', 'blake2b', 'sha3_256'): print(h, hashlib.new(h, b'x' * 10000).hexdigest()[:32])
print(math.pi, math.e ** math.pi, math.gamma(5.5), math.erf(.3), 0.1 + 0.2, 1e308 * 10, float('-inf'), repr(1 / 3), round(2.675, 2), 10 ** 30 // 7, pow(3, 1000, 10 ** 9 + 7), (-7) // 2, -7 % 3, 2 ** 0.5, math.fsum([.1] * 10), float.hex(0.1))
random.seed(42); print([random.randint(0, 100) for _ in range(10)], random.random(), random.gauss(0, 1))
print(struct.pack('<idq', -1, 1.5, 2 ** 40).hex(), zlib.crc32(b'hello'), len(zlib.compress(b'abc' * 1000)), base64.b64encode(bytes(range(10))))
print(list(itertools.permutations('abc'))[3], collections.Counter('mississippi').most_common(2), datetime.date(2024, 2, 29).isoformat(), statistics.stdev([1, 2, 4, 8]))
class A:
    def __init__(self): self.x = 0
    def __iter__(self): return self
    def __next__(self):
        self.x += 1
        if self.x > 3: raise StopIteration
        return self.x
print(list(A()), sorted({3, 1, 2}), {k: v for k, v in zip('ab', (1, 2))}, f'{3.14159:.2f} {255:#x} {"x":>5}', sum(x * x for x in range(10000)))
def g(n): return n if n < 2 else g(n - 1) + g(n - 2)
print(g(20)); print(''.join(chr(i) for i in range(945, 970)), 'ß'.upper(), 'İ'.lower().encode())
try: {}['x']
except KeyError as e: print('KeyError', e)
P
python3 - <<'P'
import threading, subprocess, multiprocessing, queue, os, signal, sys, tempfile, socket, select, time, concurrent.futures
n = 0; lock = threading.Lock()
def w():
    global n
    for _ in range(5000):
        with lock: n += 1
ts = [threading.Thread(target=w) for _ in range(8)]; [t.start() for t in ts]; [t.join() for t in ts]; print('threads', n)
q = queue.Queue(); t = threading.Thread(target=lambda: [q.put(i) for i in range(100)]); t.start(); print(sum(q.get() for _ in range(100))); t.join()
print(subprocess.run(['echo', 'sub'], capture_output=True).stdout, subprocess.call(['sh', '-c', 'exit 9']), subprocess.run('cat', input=b'in', stdout=-1).stdout)
try: subprocess.run(['/no/such/program'])
except FileNotFoundError as e: print(e.errno)
try: subprocess.run(['sleep', '10'], timeout=.2)
except subprocess.TimeoutExpired: print('timeout')
def f(x): return x * x
with multiprocessing.Pool(3) as p: print(p.map(f, range(20)))
with concurrent.futures.ThreadPoolExecutor(4) as e: print(list(e.map(f, range(5))))
r, w_ = os.pipe(); pid = os.fork()
if pid == 0: os.write(w_, b'child'); os._exit(4)
print(os.read(r, 10), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
signal.signal(signal.SIGALRM, lambda *a: print('alarm')); signal.setitimer(signal.ITIMER_REAL, .1); time.sleep(.3)
a, b = socket.socketpair(); a.send(b'x' * 10); print(select.select([b], [], [], 1)[0] == [b], b.recv(99))
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); c = socket.create_connection(s.getsockname()); d, _ = s.accept(); c.sendall(b'tcp'); print(d.recv(9))
with tempfile.NamedTemporaryFile() as t: t.write(b'abc'); t.flush(); print(os.stat(t.name).st_size)
print(os.uname().sysname, sys.byteorder, sys.maxsize, len(os.listdir('/')) > 3, os.cpu_count() > 0); sys.exit(6)
P
