/* SPDX-License-Identifier: MIT */
/*
 * C++ exceptions: through many frames, rethrown, with destructors, in threads, across qsort, dynamic_cast,
 * and one that nobody catches.
 */
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <typeinfo>
#include <vector>

static int alive;
struct guard {
    guard() { alive++; }
    ~guard() { alive--; }
};
struct base {
    virtual ~base() {}
    virtual int f() { return 1; }
};
struct left : virtual base {
    int f() override { return 2; }
};
struct right : virtual base {
};
struct both : left, right {
};

__attribute__((noinline)) static int dive(int n, int kind)
{
    guard g;
    if (n == 0) {
        switch (kind) {
        case 0: throw 7;
        case 1: throw std::runtime_error("runtime");
        case 2: throw std::string("text");
        case 3: std::vector<int>(3).at(5); break;
        default: throw both();
        }
    }
    return dive(n - 1, kind) + 1;
}

static std::string attempt(int n, int kind)
{
    try {
        try {
            dive(n, kind);
        } catch (const std::exception &e) {
            guard g;
            throw;
        }
    } catch (int i) {
        return "int " + std::to_string(i);
    } catch (const std::string &s) {
        return "string " + s;
    } catch (const std::logic_error &e) {
        return "logic";
    } catch (const std::exception &e) {
        return std::string("exception ") + e.what();
    } catch (base &b) {
        return std::string("base ") + std::to_string(b.f()) + (dynamic_cast<right *>(&b) ? " right" : "");
    }
    return "none";
}

static int compare(const void *a, const void *b)
{
    if (*(const int *)a == 3)
        throw 3;
    return *(const int *)a - *(const int *)b;
}

int main()
{
    for (int i = 0; i < 60; i++) {
        std::string s = attempt(i % 40, i % 5);
        if (i < 10)
            printf("%s\n", s.c_str());
    }
    printf("alive %d\n", alive);
    std::vector<std::thread> t;
    std::string got[4];
    for (int i = 0; i < 4; i++)
        t.emplace_back([&, i] {
            for (int k = 0; k < 8; k++)
                got[i] = attempt(20, i);
        });
    for (auto &x : t)
        x.join();
    for (auto &s : got)
        printf("%s\n", s.c_str());
    int v[] = {5, 1, 3, 2};
    try {
        qsort(v, 4, sizeof *v, compare);
    } catch (int i) {
        printf("through qsort %d\n", i);
    }
    std::exception_ptr p;
    try {
        throw std::out_of_range("kept");
    } catch (...) {
        p = std::current_exception();
    }
    try {
        std::rethrow_exception(p);
    } catch (std::exception &e) {
        printf("%s %s\n", e.what(), typeid(e) == typeid(std::out_of_range) ? "typed" : "untyped");
    }
    fflush(stdout);
    std::set_terminate([] {
        puts("terminate");
        fflush(stdout);
        std::_Exit(9);
    });
    throw 1;
}
