# SPDX-License-Identifier: MIT
# packages: gcc libc6-dev binutils
# limit: 300
cat >a.c <<'C'
#include <stdio.h>
#include <stdlib.h>
struct node { struct node *next; int value; };
static struct node *push(struct node *n, int v) { struct node *p = malloc(sizeof *p); p->next = n; p->value = v; return p; }
static double mean(const double *v, int n) { double s = 0; for (int i = 0; i < n; i++) s += v[i]; return n ? s / n : 0; }
int main(int argc, char **argv) {
    struct node *list = NULL; double d[4] = {1, 2.5, 4, 8}; int sum = 0;
    for (int i = 0; i < 100; i++) list = push(list, i * i % 17);
    for (struct node *p = list; p; p = p->next) sum += p->value;
    printf("%d %g %d %s\n", sum, mean(d, 4), argc, argc > 1 ? argv[1] : "");
    return 3;
}
C
for o in -O0 -O1 -O2 -O3; do gcc $o -o a a.c && ./a $o; echo $?; done
gcc -O2 -S -o - a.c | grep -c main
