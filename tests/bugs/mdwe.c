/* SPDX-License-Identifier: MIT */
/* PR_SET_MDWE: no memory is writable and executable, none becomes executable; a child and an executed program inherit that. */
#include "../guest/c/t.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SET_MDWE = 65, GET_MDWE = 66, REFUSE_EXEC_GAIN = 1, NO_INHERIT = 2 };

static void tell(const char *what, long r)
{
    printf("%s: %s\n", what, r == -1 ? strerror(errno) : r ? "1" : "0");
}

static void *map(const char *what, int prot)
{
    void *p = mmap(NULL, 8192, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("map %s: %s\n", what, p == MAP_FAILED ? strerror(errno) : "done");
    return p;
}

static void memory(void)
{
    char *data = map("data", PROT_READ | PROT_WRITE), *code = map("code", PROT_READ | PROT_EXEC),
         *none = map("none", PROT_NONE);
    map("both", PROT_READ | PROT_WRITE | PROT_EXEC);
    tell("data to code", mprotect(data, 4096, PROT_READ | PROT_EXEC));
    tell("data to both", mprotect(data, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
    tell("none to code", mprotect(none, 4096, PROT_READ | PROT_EXEC));
    tell("code to code", mprotect(code, 8192, PROT_EXEC));
    tell("code to both", mprotect(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
    tell("code to data", mprotect(code, 4096, PROT_READ | PROT_WRITE));
    tell("and back", mprotect(code, 4096, PROT_READ | PROT_EXEC));
    tell("half of it data", mprotect(code, 8192, PROT_READ | PROT_EXEC));
    int id = shmget(IPC_PRIVATE, 4096, 0600);
    void *p = shmat(id, NULL, SHM_EXEC);
    printf("shmat both: %s\n", p == (void *)-1 ? strerror(errno) : "done");
    p = shmat(id, NULL, SHM_EXEC | SHM_RDONLY);
    printf("shmat code: %s\n", p == (void *)-1 ? strerror(errno) : "done");
    shmctl(id, IPC_RMID, NULL);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    tell("get", prctl(GET_MDWE, 0, 0, 0, 0));
    if (argc > 1) {
        map("both", PROT_READ | PROT_WRITE | PROT_EXEC);
        return 0;
    }
    tell("get with more", prctl(GET_MDWE, 1, 0, 0, 0));
    tell("set with more", prctl(SET_MDWE, 1, 1, 0, 0));
    tell("set nothing", prctl(SET_MDWE, 0, 0, 0, 0));
    tell("set unknown", prctl(SET_MDWE, 8, 0, 0, 0));
    memory();
    tell("set", prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0));
    tell("get", prctl(GET_MDWE, 0, 0, 0, 0));
    tell("set less", prctl(SET_MDWE, 0, 0, 0, 0));
    memory();
    if (fork() == 0) {
        memory();
        execl("/proc/self/exe", argv[0], "again", NULL);
        _exit(1);
    }
    int status = 0;
    wait(&status);
    return status;
}
