/* SPDX-License-Identifier: MIT */
/* More instructions that access tagged pointers than a table of fixed size had room for: from the 32769th on they faulted. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define LOADS 33000

int main(void)
{
    static uint64_t data = 3;
    const size_t size = (LOADS + 2) * 8;
    uint32_t *code = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
             *p = code;
    *p++ = 0xd2800000; /* mov x0, #0 */
    for (int i = 0; i < LOADS; i++) {
        *p++ = 0xf9400022; /* ldr x2, [x1] */
        *p++ = 0x8b020000; /* add x0, x0, x2 */
    }
    *p = 0xd65f03c0; /* ret */
    __builtin___clear_cache((char *)code, (char *)code + size);
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1") = (uint64_t)&data | (uint64_t)0x5a << 56;
    __asm__ volatile("blr %2" : "=r"(x0) : "r"(x1), "r"(code) : "x2", "x30", "memory");
    printf("%lu\n", (unsigned long)x0);
    return 0;
}
