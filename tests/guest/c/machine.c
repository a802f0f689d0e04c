/* SPDX-License-Identifier: MIT */
/*
 * What an AArch64 program may find out about its machine: uname, HWCAP against the identification
 * registers, CTR_EL0, DCZID_EL0, the counter, /proc/cpuinfo.
 *
 * skip-qemu: it has other features, and shows the host's /proc/cpuinfo
 */
#include "t.h"

#include <asm/hwcap.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

#define REG(name)                                                                                            \
    ({                                                                                                       \
        uint64_t v_;                                                                                         \
        __asm__ volatile("mrs %0, " name : "=r"(v_));                                                        \
        v_;                                                                                                  \
    })

int main(void)
{
    struct utsname u;
    uname(&u);
    unsigned long cap = getauxval(AT_HWCAP);
    printf("%s %s %s\n", u.sysname, u.machine, (char *)getauxval(AT_PLATFORM));
    printf("fp %d asimd %d atomics %d cpuid %d\n", (cap & HWCAP_FP) != 0, (cap & HWCAP_ASIMD) != 0,
           (cap & HWCAP_ATOMICS) != 0, (cap & HWCAP_CPUID) != 0);
    uint64_t isar0 = REG("id_aa64isar0_el1"), pfr0 = REG("id_aa64pfr0_el1");
    printf("atomics %d aes %d sha2 %d crc %d fp %d asimd %d\n",
           ((isar0 >> 20 & 15) >= 2) == ((cap & HWCAP_ATOMICS) != 0),
           ((isar0 >> 4 & 15) >= 1) == ((cap & HWCAP_AES) != 0),
           ((isar0 >> 12 & 15) >= 1) == ((cap & HWCAP_SHA2) != 0),
           ((isar0 >> 16 & 15) >= 1) == ((cap & HWCAP_CRC32) != 0), (pfr0 >> 16 & 15) != 15,
           (pfr0 >> 20 & 15) != 15);
    uint64_t ctr = REG("ctr_el0"), zid = REG("dczid_el0");
    printf("lines sane %d, dc zva %d\n", (ctr & 15) <= 5 && (ctr >> 16 & 15) <= 5,
           (zid & 16) != 0 || (zid & 15) <= 9);
    uint64_t t0 = REG("cntvct_el0"), f = REG("cntfrq_el0");
    usleep(20000);
    double s = (double)(REG("cntvct_el0") - t0) / (double)f;
    printf("counter %d\n", s >= 0.0199 && s < 1);
    uint64_t tls = REG("tpidr_el0");
    printf("thread pointer %d\n", tls == (uint64_t)__builtin_thread_pointer());
    char line[300];
    int seen = 0, n = 0;
    FILE *c = fopen("/proc/cpuinfo", "r");
    while (c && fgets(line, sizeof line, c)) {
        n += !strncmp(line, "processor", 9);
        seen |= !strncmp(line, "Features", 8) && strstr(line, " fp asimd")     ? 1
                : !strncmp(line, "CPU implementer", 15)                        ? 2
                : strstr(line, "GenuineIntel") || strstr(line, "AuthenticAMD") ? 4
                                                                               : 0;
    }
    printf("cpuinfo %d %d\n", seen, n == sysconf(_SC_NPROCESSORS_ONLN));
    printf("sizes %ld %ld\n", sysconf(_SC_PAGESIZE), (long)(getauxval(AT_MINSIGSTKSZ) >= 4720));
    return 0;
}
