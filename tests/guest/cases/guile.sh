# SPDX-License-Identifier: MIT
# packages: guile-3.0
# limit: 300
# Its JIT as usual, for everything at once, and not at all: big numbers, deep recursion, continuations, collection, threads, an alarm.
# The heap is so large that it is collected only where the program asks for it, while its other threads wait.  For guile 3.0.8 must not collect
# while a thread gets a larger VM stack: vm_expand_stack leaves the old sp behind until it has given the collector's lock back, and
# who collects then (scm_i_vm_mark_stack) gives the new stack's pages away.  A slow machine meets it once in forty runs.
export GC_INITIAL_HEAP_SIZE=400M
cat >a.scm <<'X'
(use-modules (ice-9 threads) (srfi srfi-1) (srfi srfi-4))
(define (say x) (display x) (newline))
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(say (fib 27))
(say (expt 7 300))
(say (par-map fib (iota 20)))
(say (catch #t (lambda () (/ 1 0)) (lambda (key . rest) key)))
(say (let deep ((n 0)) (if (< n 200000) (+ 1 (deep (+ n 1))) 0)))
(say (call-with-prompt 'p (lambda () (+ 1 (abort-to-prompt 'p 5))) (lambda (k v) (k (* v 10)))))
(say (list (exp 1.) (sin 1.) (sqrt 2.) (/ 1. 3) (exact->inexact 1/7)))
(define v (make-vector 100000 0))
(do ((k 0 (+ k 1))) ((= k 20))
  (do ((i 0 (+ i 1))) ((= i 100000)) (vector-set! v i (cons i (* 1.5 k))))
  (gc))
(say (fold + 0 (map car (vector->list v))))
(define lock (make-mutex))
(define count 0)
(define (add . _)
  (do ((i 0 (+ i 1))) ((= i 5000)) (with-mutex lock (set! count (+ count 1)))))
(for-each join-thread (map (lambda (i) (call-with-new-thread add)) (iota 6)))
(say count)
(define f (make-f64vector 1000 1.25))
(say (let sum ((i 0) (s 0.)) (if (< i 1000) (sum (+ i 1) (+ s (f64vector-ref f i))) s)))
(sigaction SIGALRM (lambda (s) (say "alarm") (exit 5)))
(alarm 1)
(let loop () (loop))
X
for threshold in '' 0 -1; do
    ${threshold:+env GUILE_JIT_THRESHOLD=$threshold} guile-3.0 --no-auto-compile a.scm
    echo $?
done
guile-3.0 --no-auto-compile -c '(use-modules (system base compile))
    (compile-file "a.scm" #:output-file "a.go" #:optimization-level 3) (load-compiled (string-append (getcwd) "/a.go"))'
echo $?
