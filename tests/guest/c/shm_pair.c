/* SPDX-License-Identifier: MIT */
/* One segment attached several times, side by side: detaching one leaves the others, in memory and in /proc/self/maps. */
#include "t.h"

#include <sys/ipc.h>
#include <sys/shm.h>

#define TIMES 4

static bool shown(const void *p)
{
    char line[512];
    bool found = false;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f)) {
        unsigned long lo, hi;
        if (sscanf(line, "%lx-%lx", &lo, &hi) == 2 && (unsigned long)p >= lo && (unsigned long)p < hi)
            found = true;
    }
    fclose(f);
    return found;
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, 3 * 4096, IPC_CREAT | 0600);
    char *p[TIMES];
    for (int i = 0; i < TIMES; i++)
        p[i] = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    for (int i = 0; i < TIMES; i++) {
        for (int k = 0; k < TIMES; k++)
            printf("%d%c", shown(p[k]) && shown(p[k] + 3 * 4096 - 1), k + 1 < TIMES ? ' ' : '\n');
        p[TIMES - 1 - i][4096] = (char)(i + 1);
        printf("%d\n", p[0][4096]);
        good("shmdt", shmdt(p[TIMES - 1 - i]));
    }
    return 0;
}
