/* SPDX-License-Identifier: MIT */
/* What /proc/self/limits, and that of another process, says of limits on memory, which xrun keeps itself. */
#include "../guest/c/t.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void look(const char *path)
{
    char line[200];
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "Limit", 5) == 0 || strstr(line, " size ") || strstr(line, " space "))
            fputs(line, stdout);
    fclose(f);
}

/* The parent's, from a child that has another. */
static void look_at_parent(bool exec)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/limits", getpid());
    fflush(stdout);
    if (fork() == 0) {
        setrlimit(RLIMIT_AS, &(struct rlimit){1ull << 32, 1ull << 45});
        if (exec)
            execl("/proc/self/exe", "self", path, (char *)NULL);
        look(path);
        exit(0);
    }
    wait(NULL);
}

int main(int argc, char **argv)
{
    static const struct rlimit limits[] = {
        {RLIM_INFINITY, RLIM_INFINITY}, {1ull << 45, 1ull << 46}, {1ull << 33, 1ull << 45}};
    if (argc > 1) {
        look(argv[1]);
        return 0;
    }
    for (int i = 0; i < 3; i++) {
        show("set", setrlimit(i == 1 ? RLIMIT_DATA : RLIMIT_AS, &limits[i]));
        look("/proc/thread-self/limits");
        look_at_parent(i == 1);
    }
    return 0;
}
