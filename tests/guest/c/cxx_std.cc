/* SPDX-License-Identifier: MIT */
/* The C++ library: streams, containers, algorithms, regex, threads and futures. */
#include <algorithm>
#include <atomic>
#include <future>
#include <iomanip>
#include <iostream>
#include <map>
#include <numeric>
#include <random>
#include <regex>
#include <shared_mutex>
#include <sstream>
#include <unordered_map>
#include <vector>

int main()
{
    std::mt19937_64 gen(5);
    std::vector<uint64_t> v(20000);
    for (auto &x : v)
        x = gen() % 100000;
    std::sort(v.begin(), v.end());
    std::cout << v[0] << ' ' << v[10000] << ' ' << v.back() << ' '
              << std::accumulate(v.begin(), v.end(), 0ull) << '\n';
    std::map<std::string, int> m;
    std::unordered_map<int, int> u;
    for (int i = 0; i < 5000; i++)
        m["k" + std::to_string(i % 97)] += i, u[i * 31 % 1009]++;
    std::cout << m.size() << ' ' << m["k13"] << ' ' << u.size() << ' ' << u[7] << '\n';
    std::ostringstream o;
    o << std::setprecision(10) << 1 / 3.0 << ' ' << std::hex << 255 << ' ' << std::setw(8)
      << std::setfill('*') << std::dec << 42 << ' ' << std::boolalpha << true;
    std::cout << o.str() << '\n';
    std::regex re("([a-z]+)=([0-9]+)");
    std::string s = "alpha=1, beta=22; gamma=333";
    for (std::sregex_iterator it(s.begin(), s.end(), re), end; it != end; ++it)
        std::cout << (*it)[2] << (*it)[1] << ' ';
    std::cout << '\n';
    std::vector<std::future<long>> f;
    for (int i = 0; i < 8; i++)
        f.push_back(std::async(std::launch::async, [i] {
            long t = 0;
            for (int k = 0; k < 100000; k++)
                t += k % (i + 2);
            return t;
        }));
    for (auto &x : f)
        std::cout << x.get() << ' ';
    std::cout << '\n';
    std::shared_mutex lock;
    std::atomic<int> n{0};
    std::vector<std::thread> t;
    int guarded = 0;
    for (int i = 0; i < 6; i++)
        t.emplace_back([&, i] {
            for (int k = 0; k < 2000; k++)
                if ((k + i) % 3) {
                    std::shared_lock l(lock);
                    n += guarded >= 0;
                } else {
                    std::unique_lock l(lock);
                    guarded++;
                }
        });
    for (auto &x : t)
        x.join();
    std::cout << guarded << ' ' << n << std::endl;
    std::normal_distribution<double> d(10, 3);
    double sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += d(gen);
    std::cout << std::fixed << std::setprecision(6) << sum << std::endl;
    return 3;
}
