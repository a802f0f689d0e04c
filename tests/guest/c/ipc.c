/* SPDX-License-Identifier: MIT */
/*
 * System V and POSIX inter-process communication, process-shared and robust mutexes, priority inheritance,
 * futexes directly.
 */
#include "t.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    pthread_mutex_t shared, robust, pi;
    pthread_cond_t cond;
    pthread_barrier_t barrier;
    long count;
    int word;
} * area;

static void system_v(void)
{
    int shm = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600), sem = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600),
        q = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    char *p = shmat(shm, NULL, 0), *r = shmat(shm, NULL, SHM_RDONLY);
    strcpy(p, "through shared memory");
    struct shmid_ds ds;
    shmctl(shm, IPC_STAT, &ds);
    printf("%s %d %zu %d %o\n", r, (int)ds.shm_nattch, ds.shm_segsz, ds.shm_cpid == getpid(),
           ds.shm_perm.mode & 0777);
    fflush(stdout);
    semctl(sem, 1, SETVAL, 0);
    if (fork() == 0) {
        strcpy(p + 100, "child");
        semop(sem, &(struct sembuf){1, 3, 0}, 1);
        struct {
            long type;
            char text[20];
        } m = {7, "message"};
        msgsnd(q, &m, sizeof m.text, 0);
        _exit(0);
    }
    show("semop", semop(sem, &(struct sembuf){1, -2, 0}, 1));
    struct {
        long type;
        char text[20];
    } m;
    show("msgrcv", msgrcv(q, &m, sizeof m.text, 7, 0));
    printf("%s %s\n", m.text, p + 100);
    wait(NULL);
    struct semid_ds sd;
    semctl(sem, 0, IPC_STAT, &sd);
    printf("%d %ld\n", semctl(sem, 1, GETVAL), (long)sd.sem_nsems);
    show("semtimedop", semtimedop(sem, &(struct sembuf){0, -1, 0}, 1, &(struct timespec){0, 1000000}));
    struct msqid_ds md;
    msgctl(q, IPC_STAT, &md);
    printf("%ld %d\n", (long)md.msg_qnum, md.msg_lrpid == getpid());
    show("msgrcv", msgrcv(q, &m, 20, 0, IPC_NOWAIT));
    show("shmdt", shmdt(p)), shmdt(r);
    show("shmctl", shmctl(shm, IPC_RMID, NULL)), show("semctl", semctl(sem, 0, IPC_RMID)),
        show("msgctl", msgctl(q, IPC_RMID, NULL));
    show("gone", shmat(shm, NULL, 0) == (void *)-1 ? -1 : 0);
}

static void mutexes(void)
{
    area = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a), pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&area->shared, &a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST), pthread_mutex_init(&area->robust, &a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_STALLED),
        pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT), pthread_mutex_init(&area->pi, &a);
    pid_t p[3];
    for (int i = 0; i < 3; i++)
        if ((p[i] = fork()) == 0) {
            for (int k = 0; k < 2000; k++) {
                pthread_mutex_t *m = k % 2 ? &area->shared : &area->pi;
                pthread_mutex_lock(&area->shared), area->count++, pthread_mutex_unlock(&area->shared);
                if (m == &area->pi)
                    pthread_mutex_lock(m), area->word++, pthread_mutex_unlock(m);
            }
            if (i == 0)
                pthread_mutex_lock(&area->robust);
            _exit(0);
        }
    for (int i = 0; i < 3; i++)
        waitpid(p[i], NULL, 0);
    printf("%ld %d\n", area->count, area->word);
    int r = pthread_mutex_lock(&area->robust);
    printf("robust %s", r ? strerrorname_np(r) : "no owner died");
    r = pthread_mutex_consistent(&area->robust);
    printf(" %d %d\n", r, pthread_mutex_unlock(&area->robust));
}

static void futexes(void)
{
    area->word = 5;
    show("futex", syscall(SYS_futex, &area->word, FUTEX_WAIT, 4, NULL)),
        show("futex", syscall(SYS_futex, &area->word, FUTEX_WAIT, 5, &(struct timespec){0, 1000000}));
    show("futex", syscall(SYS_futex, &area->word, FUTEX_WAKE, 1)),
        show("futex", syscall(SYS_futex, (char *)&area->word + 1, FUTEX_WAIT, 5, NULL)),
        show("futex", syscall(SYS_futex, 8, FUTEX_WAIT, 5, NULL));
}

static void posix(void)
{
    char name[40];
    snprintf(name, sizeof name, "/xrun-test-%d", getpid());
    int fd = shm_open(name, O_CREAT | O_RDWR | O_EXCL, 0600);
    good("shm_open", fd), ftruncate(fd, 4096), show("shm_unlink", shm_unlink(name));
    sem_t *s = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    show("sem_wait", sem_wait(s)), show("sem_trywait", sem_trywait(s)), sem_close(s),
        show("sem_unlink", sem_unlink(name));
    mqd_t q = mq_open(name, O_CREAT | O_RDWR, 0600, &(struct mq_attr){.mq_maxmsg = 4, .mq_msgsize = 32});
    if (q == (mqd_t)-1) { /* a kernel without it */
        show("mq_open", -1);
        return;
    }
    show("mq_send", mq_send(q, "low", 4, 1)), show("mq_send", mq_send(q, "high", 5, 9));
    char buf[32];
    unsigned prio;
    show("mq_receive", mq_receive(q, buf, 32, &prio));
    printf("%s", buf);
    struct mq_attr at;
    mq_getattr(q, &at);
    printf(" %u %ld %ld\n", prio, at.mq_curmsgs, at.mq_msgsize);
    mq_close(q), show("mq_unlink", mq_unlink(name));
}

int main(void)
{
    system_v();
    mutexes();
    futexes();
    posix();
    return 0;
}
