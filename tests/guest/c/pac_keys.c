/* SPDX-License-Identifier: MIT */
/* Keys of pointer authentication: new ones, and switching them off and on, each thread for itself.
 * arm: -march=armv8.3-a -pthread
 * skip-qemu: 7.2 does not know PR_PAC_SET_ENABLED_KEYS
 */
#include "t.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESET_KEYS = 54, SET_ENABLED = 60, GET_ENABLED = 61, IA = 1, IB = 2, DA = 4, DB = 8, GA = 16 };

#define SIGN(insn, p)                                                                                     \
    ({                                                                                                    \
        uint64_t v = (p);                                                                                 \
        __asm__ volatile(insn " %0, %1" : "+r"(v) : "r"(0x1234ul));                                       \
        v;                                                                                                \
    })

static const uint64_t p = 0x0000aaaabbbb0000;

/* A letter for each key that signs; small: what it signed does not authenticate.  The code has seven bits, so one pointer may
 * look unsigned. */
#define LETTER(pac, aut, letter)                       \
    ({                                                 \
        bool signs = false, good = true;               \
        for (unsigned i = 0; i < 32; i++) {            \
            uint64_t q = p + i * 4096, s = SIGN(pac, q); \
            signs |= s != q;                           \
            good &= SIGN(aut, s) == q;                 \
        }                                              \
        signs ? good ? letter : letter | 32 : '-';     \
    })

static void show_keys(const char *title)
{
    char a = LETTER("pacia", "autia", 'A'), b = LETTER("pacib", "autib", 'B');
    char c = LETTER("pacda", "autda", 'A'), d = LETTER("pacdb", "autdb", 'B');
    printf("%s: %c%c%c%c, enabled %d\n", title, a, b, c, d, prctl(GET_ENABLED, 0, 0, 0, 0));
}

static int set(unsigned long keys, unsigned long enabled, unsigned long more)
{
    return prctl(SET_ENABLED, keys, enabled, more, 0) ? -errno : 0;
}

static pthread_barrier_t barrier;
static void *thread(void *title)
{
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    show_keys(title);
    return NULL;
}

int main(void)
{
    pthread_t before, after;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&before, NULL, thread, "a thread from before");
    pthread_barrier_wait(&barrier);
    show_keys("at first");
    printf("IA off: %d\n", set(IA, 0, 0));
    show_keys("without IA");
    pthread_barrier_wait(&barrier);
    pthread_join(before, NULL);
    pthread_create(&after, NULL, thread, "a thread from after");
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    pthread_join(after, NULL);
    printf("IB, DB off, DA on: %d\n", set(IB | DB | DA, DA, 0));
    show_keys("without IA, IB, DB");
    uint64_t signed_by_da = SIGN("pacda", p), old_code = SIGN("pacda", p);
    printf("bad arguments: %d %d %d %d\n", set(GA, 0, 0), set(IA, IB, 0), set(IA, 0, 1), prctl(GET_ENABLED, 1, 0, 0, 0));
    printf("all on: %d\n", set(15, 15, 0));
    show_keys("all");
    printf("authenticates still: %d\n", SIGN("autda", signed_by_da) == p);
    printf("new DA: %d\n", prctl(RESET_KEYS, DA, 0, 0, 0));
    bool differs = false;
    for (int i = 0; i < 8; i++, prctl(RESET_KEYS, DA, 0, 0, 0))
        differs |= SIGN("pacda", p) != old_code;
    printf("other codes: %d\n", differs);
    set(15, IB, 0);
    fflush(stdout);
    if (fork() == 0) {
        show_keys("a child");
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    return 0;
}
