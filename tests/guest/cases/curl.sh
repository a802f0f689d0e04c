# SPDX-License-Identifier: MIT
# packages: curl python3
mkdir w
seq 1 50000 >w/a
echo hello >w/b
python3 - <<'P' &
import http.server, os, threading
os.chdir('w')
class H(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_POST(self):
        n = int(self.headers['content-length'])
        d = self.rfile.read(n)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'got %d' % len(d))
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
open('../port', 'w').write(str(s.server_port))
threading.Timer(60, s.shutdown).start()
s.serve_forever()
P
for i in $(seq 200); do [ -s port ] && break; sleep 0.1; done
u=http://127.0.0.1:$(cat port)
curl -s $u/b
curl -s $u/a | md5sum
curl -s -o /dev/null -w '%{http_code} %{size_download}\n' $u/none
curl -s -d "$(seq 1000)" $u/
echo
curl -sI $u/b | head -1
curl -s -r 0-3 $u/b
for i in 1 2 3 4; do curl -s $u/a | wc -c & done
wait %2 %3 %4 %5 2>/dev/null
curl -s http://127.0.0.1:1/
echo $?
curl -s nosuch://x
echo $?
kill %1
