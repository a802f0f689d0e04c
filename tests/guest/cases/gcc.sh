# SPDX-License-Identifier: MIT
# packages: gcc g++ libc6-dev binutils make
# limit: 300
cat >a.c <<'C'
#include <stdio.h>
#include <math.h>
#include <stdlib.h>
struct s { int a; double b; };
static int cmp(const void *x, const void *y) { return *(const int *)x - *(const int *)y; }
int main(int argc, char **argv)
{
    int v[100];
    for (int i = 0; i < 100; i++)
        v[i] = i * 37 % 101;
    qsort(v, 100, sizeof *v, cmp);
    printf("%d %d %.15g %s %d\n", v[0], v[99], sin(1.0) * argc, argv[1], (int)sizeof(struct s));
    return v[50] & 63;
}
C
for o in -O0 -O2 '-O3 -g' -Os; do gcc $o -Wall -o a a.c -lm && ./a arg; echo $?; done
gcc -O2 -static -o a a.c -lm && ./a static
echo $?
gcc -shared -fPIC -o liba.so a.c -lm
gcc -O1 -S -o - a.c -fno-asynchronous-unwind-tables | grep -c ret >/dev/null
gcc -E a.c | tail -9 | wc -c
cat >b.cc <<'C'
#include <iostream>
#include <map>
#include <vector>
#include <string>
#include <algorithm>
#include <stdexcept>
#include <thread>
#include <memory>
#include <regex>
template <class T> T sum(const std::vector<T> &v) { T s{}; for (auto &x : v) s += x; return s; }
int main()
{
    std::map<std::string, int> m;
    for (auto w : {"b", "a", "c", "a"})
        m[w]++;
    for (auto &[k, v] : m)
        std::cout << k << v << ' ';
    std::vector<double> d{1.5, 2.5};
    std::cout << sum(d) << '\n';
    try {
        throw std::runtime_error("thrown");
    } catch (std::exception &e) {
        std::cout << e.what() << '\n';
    }
    int n = 0;
    std::thread t([&] { n = 7; });
    t.join();
    std::cout << n << std::regex_match("abc", std::regex("a.c")) << '\n';
    auto p = std::make_unique<int>(3);
    std::vector<int> v(1000);
    for (int i = 0; i < 1000; i++)
        v[i] = i * 7 % 1000;
    std::sort(v.begin(), v.end());
    std::cout << v[10] << *p << std::endl;
    throw 5;
}
C
g++ -O2 -std=c++17 -o b b.cc -pthread && (./b 2>&1; echo $?) 2>/dev/null
echo 'int f(int x) { return x +; }' >c.c
gcc -c c.c
echo $?
echo 'int main() { return g(); } int g(void);' >d.c
gcc -w d.c -o d 2>&1 | grep -c undefined
printf '.globl main\nmain: .byte 0\n' >e.s
as -o e.o e.s
nm e.o
ar rc l.a e.o
ar t l.a
strip a
size b.cc 2>&1 | head -1
strings -n 12 a | grep -c GLIBC | sed 's/.*/n/'
