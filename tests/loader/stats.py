#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""stats.py XRUN: --stats and --cache-size.  What is counted must be there, and right where it is known; one report for each end of a
process, with the end that it was; nothing at all without the option.  The guest's programs are shell-like and made here.
"""
import os, re, subprocess, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import fail

XRUN = os.path.abspath(sys.argv[1])
SOURCE = r'''
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int step_fn(int);
static int one(int n) { return n + 1; }
static int two(int n) { return n * 2; }
static step_fn *const volatile steps[2] = {one, two};
static int sum(int n) { int s = 0; for (int i = 0; i < n; i++) s = steps[i & 1](s) & 1023; return s; }
static void *thread(void *arg) { pause(); return arg; }

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int s = sum(200000);
    pthread_t t;
    if (!strcmp(what, "threads")) {
        for (int i = 0; i < 5; i++)
            pthread_create(&t, NULL, thread, NULL);
        what = "fork";
    }
    if (!strcmp(what, "fork")) {
        if (fork() == 0)
            _exit(3);
        wait(NULL);
    } else if (!strcmp(what, "exec")) {
        execl(argv[0], argv[0], "status", NULL);
    } else if (!strcmp(what, "vfork")) {
        if (vfork() == 0) {
            execl("/no/such/program", "x", NULL);
            execl(argv[0], argv[0], "status", NULL);
        }
        wait(NULL);
    } else if (!strcmp(what, "status")) {
        return s > 2000 ? 1 : 5;
    } else if (!strcmp(what, "abort")) {
        abort();
    } else if (!strcmp(what, "crash")) {
        *(volatile int *)8 = 1;
    } else if (!strcmp(what, "term")) {
        kill(getpid(), SIGTERM);
        pause();
    } else if (!strcmp(what, "stack")) { /* a loop that leaves the stack pointer misaligned, and does not use it */
        long n = 2000000;
        __asm__ volatile("sub sp, sp, #8\n1: subs %0, %0, #1\n b.ne 1b\n add sp, sp, #8" : "+r"(n) : : "cc", "memory");
    } else if (!strcmp(what, "thread")) {
        pthread_create(&t, NULL, thread, NULL);
        alarm(1);
        pthread_join(t, NULL);
    }
    return 0;
}
'''
LINES = ['time', 'tier 0 units', 'tier 1 units', 'tier 2 traces', 'taken from others', 'threads', 'evaluation', 'exits', 'misses', 'floating-point traps',
         'invalidations', 'shared by fork', 'evictions', 'cache', 'expansion']


def parse(text):
    """The reports in it: a list of (end, {line: rest})."""
    found = []
    for line in text.splitlines():
        head = re.fullmatch(r'xrun: statistics of process (\d+) \((.*)\): (.*)', line)
        if head:
            found.append((head.group(3), {}))
        elif found and ': ' in line:
            key, rest = line.split(': ', 1)
            found[-1][1][key] = rest
    return found


def reports(args, options=(), status=0, program='./guest'):
    if os.path.exists('stats'):
        os.unlink('stats')
    p = subprocess.run([XRUN, '--no-store', '--stats=stats', *options, program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode != status or p.stdout or p.stderr:
        fail(args, (p.returncode, p.stdout, p.stderr))
    return parse(open('stats').read())


def number(report, line, pattern):
    m = re.search(pattern, report[1].get(line, ''))
    return int(m.group(1)) if m else -1


def check_counts():
    [r] = reports([])
    if list(r[1]) != LINES:
        fail('lines', list(r[1]))
    tier1, used = number(r, 'tier 1 units', r'^(\d+)'), number(r, 'cache', r'^(\d+) of 67108864 bytes')
    if not 50 < tier1 < 5000 or not 10000 < used < 1000000:
        fail('counts', r)
    if number(r, 'misses', r'inline caches (\d+)') < 10000:  # every second step goes elsewhere, until a trace knows
        fail('inline caches', r[1]['misses'])
    if not 50 < number(r, 'exits', r'link (\d+)') < 2 * tier1:  # each exit comes out once
        fail('links', r)
    if number(r, 'exits', r'system call (\d+)') < 3 or number(r, 'threads', r'(\d+)') != 1:
        fail('exits', r)
    expansion = float(r[1]['expansion'].split()[0])
    if not 1 < expansion <= 8:
        fail('expansion', r[1]['expansion'])
    [r] = reports(['stack'])
    if number(r, 'evaluation', r'^(\d+)') > 5000:
        fail('misaligned stack pointer', r[1]['evaluation'])
    [r] = reports([], ['--interp'])
    if number(r, 'evaluation', r'^(\d+)') < 100000:
        fail('--interp', r[1]['evaluation'])
    [r] = reports([], ['--tier=2'])
    if number(r, 'tier 2 traces', r'^(\d+)') < 50:
        fail('--tier=2', r[1]['tier 2 traces'])


def check_large():
    """In a program of many units, loops and both their ways become traces, and nobody comes out again and again."""
    many = range(1500)
    with open('large.c', 'w') as f:
        f.write('#include <stdlib.h>\n')
        for n in many:
            f.write(f'__attribute__((noinline)) int f{n}(int x) {{ return x > {n} ? abs(x - {n}) : x ^ {n}; }}\n')
        f.write('int main(void) {\n volatile int s = 0;\n for (int k = 0; k < 3; k++) {\n')
        f.writelines(f'  s = f{n}(s);\n' for n in many)
        f.write(' }\n for (int i = 0; i < 2000000; i++)\n  if (i / 8 & 1)\n   s = s * 3 + 1;\n  else\n   s = (s ^ i) / 7;\n return 0;\n}\n')
    subprocess.check_call(['aarch64-linux-gnu-gcc', '-O2', '-static', '-o', 'large', 'large.c'])
    [r] = reports([], program='./large')
    tier1 = number(r, 'tier 1 units', r'^(\d+)')
    if tier1 < 1500 or number(r, 'tier 2 traces', r'^(\d+)') < 2:
        fail('traces of a large program', r)
    for why in 'link', 'look-up', 'end of evaluation':
        if number(r, 'exits', why + r' (\d+)') > 4 * tier1:
            fail('exits of a large program', r[1]['exits'])


def check_ends():
    for args, status, ends in [([], 0, ['status 0']),
                               (['status'], 5, ['status 5']),
                               (['fork'], 0, ['status 3', 'status 0']),
                               (['exec'], 5, ['executes another program', 'status 5']),
                               (['vfork'], 0, ['status 5', 'status 0']),
                               (['abort'], -6, ['killed by signal 6']),
                               (['crash'], -11, ['killed by signal 11']),
                               (['term'], -15, ['killed by signal 15']),
                               (['thread'], -14, ['killed by signal 14'])]:
        got = [end for end, _ in reports(args, status=status)]
        if got != ends:
            fail(args, got)
    r = reports(['fork'])
    if number(r[0], 'tier 1 units', r'^(\d+)') * 2 > number(r[1], 'tier 1 units', r'^(\d+)'):
        fail('what the parent did is counted for the child', r)


    r = reports(['threads'])
    if [number(x, 'threads', r'(\d+)') for x in r] != [1, 6]:
        fail("the parent's threads are counted for the child", r)


def check_eviction():
    [r] = reports([], ['--cache-size=16k'])
    if number(r, 'evictions', r'^(\d+)') < 1 or number(r, 'cache', r'of (\d+) bytes') != 16384:
        fail('eviction', r)
    for size, want in ('1M', 1 << 20), ('20000', 20480), ('1G', 1 << 30):
        [r] = reports([], [f'--cache-size={size}'])
        if number(r, 'cache', r'of (\d+) bytes') != want:
            fail(size, r)
    for bad in '', '0', '4k', '2G', '1x', '64kk', '-1', '99999999999999999999':
        p = subprocess.run([XRUN, f'--cache-size={bad}', './guest'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if p.returncode != 125 or not p.stderr.startswith(f'xrun: --cache-size={bad}: '.encode()):
            fail(f'--cache-size={bad}', p)


def check_output():
    p = subprocess.run([XRUN, '--stats', './guest', 'status'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode != 5 or [end for end, _ in parse(p.stderr.decode())] != ['status 5']:
        fail('to stderr', p)
    p = subprocess.run([XRUN, './guest', 'status'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.stderr:
        fail('not asked for', p)
    p = subprocess.run([XRUN, '--stats=/no/such/folder/x', './guest'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode != 125 or b'/no/such/folder/x' not in p.stderr:
        fail('no such folder', p)


harness.run([check_counts, check_large, check_ends, check_eviction, check_output], SOURCE, '-D_GNU_SOURCE', '-pthread')
