/* SPDX-License-Identifier: MIT */
/* What /proc/self/limits says of limits on memory, which xrun keeps itself. */
#include "../guest/c/t.h"

#include <sys/resource.h>

int main(void)
{
    static const struct rlimit limits[] = {
        {RLIM_INFINITY, RLIM_INFINITY}, {1ull << 45, 1ull << 46}, {1ull << 33, 1ull << 45}};
    for (int i = 0; i < 3; i++) {
        show("set", setrlimit(i == 1 ? RLIMIT_DATA : RLIMIT_AS, &limits[i]));
        FILE *f = fopen("/proc/thread-self/limits", "r");
        char line[200];
        while (f && fgets(line, sizeof line, f))
            if (strncmp(line, "Limit", 5) == 0 || strstr(line, " size ") || strstr(line, " space "))
                fputs(line, stdout);
        fclose(f);
    }
    return 0;
}
