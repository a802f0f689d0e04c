# SPDX-License-Identifier: MIT
# packages: php8.2-cli php8.2-opcache
# PHP, interpreted and with its JIT.
cat >t.php <<'P'
<?php
$a = []; for ($i = 0; $i < 200000; $i++) $a[$i % 1000] = ($a[$i % 1000] ?? 0) + $i; echo count($a), ' ', $a[5], "\n";
echo strlen(json_encode($a)), ' ', md5(serialize($a)), "\n", preg_replace_callback('/(\d+)/', fn($m) => $m[1] * 2, 'a1 b22 c333'), "\n";
function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); } echo fib(22), "\n";
try { intdiv(1, 0); } catch (DivisionByZeroError $e) { echo $e->getMessage(), "\n"; }
echo number_format(1234567.891, 2), ' ', PHP_INT_MAX + 1, ' ', 0.1 + 0.2, ' ', fdiv(1, 0), ' ', -7 % 3, ' ', 2 ** 63, ' ', round(2.5), ' ', intdiv(-7, 2), "\n";
function g() { for ($i = 0; $i < 3; $i++) yield $i => $i * 2; } foreach (g() as $k => $v) echo $k, $v; echo "\n";
$f = new Fiber(function () { $x = Fiber::suspend(1); echo "got $x\n"; }); $f->start(); $f->resume('v');
echo hash('crc32b', str_repeat('abc', 1000)), ' ', hash('sha256', 'x'), ' ', bin2hex(pack('Nd', 1, 1.5)), ' ', strrev(sprintf('%08.3f|%-5s|%x', 3.14159, 'a', 255)), "\n";
usort($a, fn($x, $y) => $y <=> $x); echo $a[0], "\n"; for ($s = 0.0, $i = 1; $i < 300000; $i++) $s += sin($i) / $i; echo $s, "\n";
class P { public function __construct(public readonly int $x) {} public function __get($n) { return "magic $n"; } } $p = new P(3); echo $p->y, "\n"; try { $p->x = 4; } catch (Error $e) { echo $e->getMessage(), "\n"; }
$h = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes); fwrite($pipes[0], 'through cat'); fclose($pipes[0]); echo stream_get_contents($pipes[1]), proc_close($h), "\n"; echo shell_exec('echo shell'); exit(3);
P
php8.2 t.php; echo $?
for mode in tracing function; do php8.2 -d zend_extension=opcache -d opcache.enable_cli=1 -d opcache.jit_buffer_size=32M -d opcache.jit=$mode t.php | md5sum; done
