# SPDX-License-Identifier: MIT
# packages: ruby
# Ruby: threads, fibers, ractors, processes, signals, stack overflow, sockets, garbage collection.
cat >t.rb <<'R'
require 'json'; require 'digest'; require 'socket'; require 'timeout'; require 'bigdecimal'; require 'open3'
h = {}; 100000.times { |i| h["k#{i % 5000}"] = (h["k#{i % 5000}"] || 0) + i }; puts h.size, h['k7'], JSON.parse(JSON.generate(h)).size
p 4.times.map { |t| Thread.new { s = 0; 100000.times { |i| s += i * t }; s } }.map(&:value)
f = Fiber.new { 5.times { |i| Fiber.yield i }; :done }; p 6.times.map { f.resume }
p 3.times.map { |k| Ractor.new(k) { |x| (1..1000).sum * x } }.map(&:take)
Process.wait fork { exit 3 }; p $?.exitstatus
begin; Timeout.timeout(0.2) { loop {} }; rescue Timeout::Error; puts 'timeout'; end
p Digest::SHA256.hexdigest('a' * 10000), 2**200, 'äöü'.upcase, 3.14.to_r, Math.gamma(5.5), 0.1 + 0.2, 10.0.divmod(-3), BigDecimal('2').sqrt(30).to_s
def deep(n) = deep(n + 1)
begin; deep(0); rescue SystemStackError; puts 'stack'; end
trap('USR1') { puts 'usr1' }; Process.kill('USR1', $$); sleep 0.1
puts `echo hi`; p Open3.capture2('tr a-z A-Z', stdin_data: 'abc')[0]; GC.stress = false; 3.times { GC.start }
s = TCPServer.new('127.0.0.1', 0); Thread.new { c = s.accept; c.puts c.gets.upcase; c.close }; c = TCPSocket.new('127.0.0.1', s.addr[1]); c.puts 'x'; p c.gets
q = Queue.new; cs = 3.times.map { Thread.new { r = []; while (v = q.pop) != :end do r << v end; r.size } }; 3000.times { |i| q << i }; 3.times { q << :end }; p cs.map(&:value).sum
p 'The quick brown fox'.gsub(/(\w+) (\w+)/, '\2 \1'), 'x'.encode('UTF-16LE').bytes, [3, 1, 2].sort.lazy.map { _1 * 2 }.to_a, Comparable.instance_method(:clamp).arity
exit 6
R
ruby -W0 t.rb; echo $?; ruby -e 'raise "no"' 2>&1; echo $?; (ruby -e 'Process.kill(:KILL, $$)'; echo $?) 2>/dev/null
