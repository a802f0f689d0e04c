# SPDX-License-Identifier: MIT
# packages: gcc libc6-dev libasan8 libtsan2 libubsan1
# limit: 300
# What the sanitizers find, without addresses and process numbers.  Leaks are not looked for: that wants ptrace.
cat >race.c <<'X'
#include <pthread.h>
#include <stdio.h>
static int count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *add(void *locked)
{
    for (int i = 0; i < 1000; i++) {
        if (locked)
            pthread_mutex_lock(&lock);
        count++;
        if (locked)
            pthread_mutex_unlock(&lock);
    }
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, add, argc > 1 ? argv : NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    puts(argc > 1 && count == 2000 ? "2000" : "done");
    return 0;
}
X
cat >memory.c <<'X'
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    int *p = malloc(40), k = argc > 1 ? atoi(argv[1]) : 0;
    if (k == 5)
        free(p);
    p[k] = 1;
    printf("%d\n", p[0] + k * 0x7000000);
    free(p);
    return 0;
}
X
found() {
    "$@" 2>&1 | grep -E 'ERROR|WARNING|SUMMARY|runtime error|^[A-Z]+ of size|^[0-9a-z]+$' |
        sed -E 's/\(pid=[0-9]+\)//; s/==[0-9]+==//; s/0x[0-9a-f]+/ADDRESS/g; s#/[^ ]*/##g'
    echo "${PIPESTATUS[0]}"
}
gcc -g -O1 -fsanitize=thread race.c -o race
found ./race
found ./race locked
gcc -g -O1 -fsanitize=address memory.c -o memory
export ASAN_OPTIONS=detect_leaks=0
for k in 0 5 10; do found ./memory $k; done
gcc -g -O1 -fsanitize=undefined memory.c -o overflow
found ./overflow 29
