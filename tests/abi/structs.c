/* SPDX-License-Identifier: MIT */
/*
 * Structures that calls fill or take: each field that is no accident of the machine or the moment.  Files and what
 * they say about themselves, System V IPC, epoll.  Runs in an empty directory, in namespaces of its own.
 */
#include "abi/host_nr.h"
#include "tests/abi/show.h"

#include <asm/sembuf.h>
#include <dirent.h>
#include <linux/stat.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <time.h>

#undef st_atime
#undef st_mtime
#undef st_ctime

static void print_stat(const char *name, const struct stat *s)
{
    printf("%s: mode %o links %ld uid %u gid %u rdev %u:%u size %lld blksize %ld blocks %lld atime "
           "%lld.%09ld mtime %lld.%09ld\n",
           name, s->st_mode, (long)s->st_nlink, s->st_uid, s->st_gid, major(s->st_rdev), minor(s->st_rdev),
           S_ISDIR(s->st_mode) || S_ISCHR(s->st_mode) ? 0ll : (long long)s->st_size, (long)s->st_blksize,
           S_ISREG(s->st_mode) ? (long long)s->st_blocks : 0ll,
           S_ISREG(s->st_mode) ? (long long)s->st_atim.tv_sec : 0ll,
           S_ISREG(s->st_mode) ? s->st_atim.tv_nsec : 0,
           S_ISREG(s->st_mode) ? (long long)s->st_mtim.tv_sec : 0ll,
           S_ISREG(s->st_mode) ? s->st_mtim.tv_nsec : 0);
}

static void print_statx(const char *name, const struct statx *s)
{
    printf("%s: mask %#x mode %o links %u uid %u gid %u rdev %u:%u attributes %#llx of %#llx blksize %u\n",
           name, s->stx_mask & 0x7ff, s->stx_mode, s->stx_nlink, s->stx_uid, s->stx_gid, s->stx_rdev_major,
           s->stx_rdev_minor, (unsigned long long)s->stx_attributes,
           (unsigned long long)s->stx_attributes_mask, s->stx_blksize);
    if (S_ISREG(s->stx_mode))
        printf("  size %llu blocks %llu atime %lld.%09u mtime %lld.%09u\n", (unsigned long long)s->stx_size,
               (unsigned long long)s->stx_blocks, (long long)s->stx_atime.tv_sec, s->stx_atime.tv_nsec,
               (long long)s->stx_mtime.tv_sec, s->stx_mtime.tv_nsec);
}

static void stat_all(const char *name)
{
    static const long flags[] = {
        0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_NO_AUTOMOUNT, AT_SYMLINK_FOLLOW, 0x4000, 0x8000};
    struct stat st;
    struct statx stx;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (show(syscall(__NR_newfstatat, AT_FDCWD, name, &st, flags[i]), "newfstatat %s %#lx", name,
                 flags[i]) == 0)
            print_stat(name, &st);
        if (show(syscall(__NR_statx, AT_FDCWD, name, flags[i], 0x7ff, &stx), "statx %s %#lx", name,
                 flags[i]) == 0)
            print_statx(name, &stx);
    }
    int fd = open(name, O_PATH | O_NOFOLLOW);
    if (show(fstat(fd, &st), "fstat %s", name) == 0)
        print_stat(name, &st);
    close(fd);
}

static void check_stat(void)
{
    static const struct timespec times[][2] = {
        {{0, 0}, {1, 1}},           {{1000000000, 999999999}, {-1, 5}}, {{4000000000, 1}, {0x7fffffff, 2}},
        {{0, UTIME_OMIT}, {77, 7}}, {{1, 1000000000}, {0, 0}},          {{3, 3}, {5, UTIME_OMIT}},
    };
    static const char *const names[] = {"file",       "dir",           "link",   "dirlink", "dangling",
                                        "fifo",       "hard",          "sparse", "missing", "",
                                        "/dev/null",  "/dev/zero",     "/",      "file/x",  "/sys",
                                        "/proc/self", "/proc/self/exe"};
    int fd = open("file", O_CREAT | O_RDWR, 0640);

    if (write(fd, "text", 4) != 4 || mkdir("dir", 01750) || symlink("file", "link") ||
        symlink("dir", "dirlink") || symlink("nowhere", "dangling") || mkfifo("fifo", 0604) ||
        link("file", "hard"))
        exit(2);
    close(open("sparse", O_CREAT | O_WRONLY, 0600));
    show(truncate("sparse", 5ll << 32), "truncate");
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        show(utimensat(AT_FDCWD, "file", times[i], 0), "utimensat %zu", i);
        stat_all("file");
    }
    show(utimensat(AT_FDCWD, "sparse", times[0], 0), "utimensat");
    for (size_t i = 1; i < sizeof names / sizeof *names - 1; i++)
        stat_all(names[i]);
    for (unsigned mask = 1; mask; mask <<= 1) {
        struct statx stx;
        show(syscall(__NR_statx, AT_FDCWD, "file", 0, mask, &stx), "statx mask %#x", mask);
    }
}

static void check_statfs(void)
{
    static const char *const names[] = {".", "/proc", "/dev/null", "missing", "", "/sys"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct statfs s;
        memset(&s, 0xff, sizeof s);
        if (show(statfs(names[i], &s), "statfs %s", names[i]) != 0)
            continue;
        printf("type %lx bsize %ld frsize %ld namelen %ld flags %lx spare %ld\n", (long)s.f_type,
               (long)s.f_bsize, (long)s.f_frsize, (long)s.f_namelen, (long)s.f_flags, (long)s.f_spare[3]);
    }
}

static void check_dirents(void)
{
    static const char types[] = "?f?c?d?b?r?l?s";
    uint8_t buf[4096];
    int fd = open(".", O_RDONLY), count = 0, type[16] = {0};
    long n;

    for (size_t size = 0; size < 64; size += 8)
        show(syscall(__NR_getdents64, fd, buf, size) > 0 ? 1 : -(errno != 0), "getdents64 %zu is some", size);
    lseek(fd, 0, SEEK_SET);
    while ((n = syscall(__NR_getdents64, fd, buf, sizeof buf)) > 0)
        for (long at = 0; at < n;) {
            struct dirent64 *d = (void *)(buf + at);
            count++;
            type[d->d_type & 15]++;
            at += d->d_reclen;
        }
    printf("%d entries:", count);
    for (int i = 0; i < 14; i++)
        if (type[i])
            printf(" %c%d", types[i], type[i]);
    printf("\n");
    close(fd);
}

static void print_sem(const struct semid64_ds *d)
{
    printf("  key %d mode %o uid %u cuid %u nsems %lu otime %d ctime %d\n", d->sem_perm.key, d->sem_perm.mode,
           d->sem_perm.uid, d->sem_perm.cuid, (unsigned long)d->sem_nsems, d->sem_otime != 0,
           d->sem_ctime != 0);
}

static void check_sem(void)
{
    struct semid64_ds ds;
    struct seminfo info;
    unsigned short values[4] = {1, 2, 3, 4};
    long id = show(syscall(__NR_semget, 4711, 4, IPC_CREAT | 0640), "semget");

    for (int cmd = -1; cmd < 25; cmd++) {
        if (cmd == IPC_RMID || cmd == IPC_SET || cmd == GETALL || cmd == SETALL || cmd == SETVAL ||
            cmd == IPC_STAT)
            continue;
        memset(&ds, 0, sizeof ds);
        show(syscall(__NR_semctl, id, 1, cmd, &ds), "semctl %d", cmd);
        if (cmd == SEM_STAT || cmd == 20)
            print_sem(&ds);
    }
    show(syscall(__NR_semctl, id, 0, SETALL, values), "SETALL");
    for (int i = -1; i < 5; i++) {
        show(syscall(__NR_semctl, id, i, GETVAL, 0), "GETVAL %d", i);
        show(syscall(__NR_semctl, id, i, GETNCNT, 0), "GETNCNT %d", i);
        show(syscall(__NR_semctl, id, i, SETVAL, 40000 * i), "SETVAL %d", i);
    }
    memset(values, 0, sizeof values);
    show(syscall(__NR_semctl, id, 0, GETALL, values), "GETALL");
    printf("%u %u %u %u\n", values[0], values[1], values[2], values[3]);
    show(syscall(__NR_semctl, id, 0, IPC_STAT, &ds), "IPC_STAT");
    print_sem(&ds);
    ds.sem_perm.mode = 0444;
    show(syscall(__NR_semctl, id, 0, IPC_SET, &ds), "IPC_SET");
    struct sembuf ops[] = {{0, 5, 0}, {1, -1, IPC_NOWAIT}, {9, 1, 0}};
    show(syscall(__NR_semop, id, ops, 1), "semop");
    show(syscall(__NR_semop, id, ops, 3), "semop of none");
    show(syscall(__NR_semop, id, ops, 501), "semop of many");
    show(syscall(__NR_semtimedop, id, ops, 2, &(struct timespec){0, 1000}), "semtimedop");
    show(syscall(__NR_semctl, id, 0, IPC_STAT, &ds), "IPC_STAT");
    print_sem(&ds);
    show(syscall(__NR_semctl, 0, 0, SEM_INFO, &info) >= 0 ? 0 : -1, "SEM_INFO");
    printf("  semusz %d semaem %d semvmx %d semmsl %d semmni %d\n", info.semusz, info.semaem, info.semvmx,
           info.semmsl, info.semmni);
    show(syscall(__NR_semctl, id, 0, IPC_RMID, 0), "IPC_RMID");
    show(syscall(__NR_semctl, id, 0, IPC_STAT, &ds), "IPC_STAT of none");
}

static void check_msg(void)
{
    struct {
        long type;
        char text[100];
    } m = {7, "a message"};
    struct msqid_ds ds;
    struct msginfo info;
    long id = show(syscall(__NR_msgget, 4712, IPC_CREAT | 0600), "msgget");

    for (long type = -1; type < 4; type++) {
        m.type = type;
        show(syscall(__NR_msgsnd, id, &m, 10, IPC_NOWAIT), "msgsnd %ld", type);
    }
    show(syscall(__NR_msgsnd, id, &m, 100000, IPC_NOWAIT), "msgsnd too long");
    show(syscall(__NR_msgsnd, id, &m, -1, IPC_NOWAIT), "msgsnd -1");
    show(syscall(__NR_msgctl, id, IPC_STAT, &ds), "IPC_STAT");
    printf("  mode %o qnum %lu qbytes %lu lspid %d stime %d rtime %d\n", ds.msg_perm.mode,
           (unsigned long)ds.msg_qnum, (unsigned long)ds.msg_qbytes, ds.msg_lspid == getpid(),
           ds.msg_stime != 0, ds.msg_rtime != 0);
    ds.msg_qbytes = 8000;
    show(syscall(__NR_msgctl, id, IPC_SET, &ds), "IPC_SET");
    for (long type = -3; type < 4; type++) {
        memset(&m, 0, sizeof m);
        show(syscall(__NR_msgrcv, id, &m, type == 2 ? 4 : 100, type, IPC_NOWAIT), "msgrcv %ld", type);
        printf("  %ld %s\n", m.type, m.text);
    }
    show(syscall(__NR_msgrcv, id, &m, 4, 0, IPC_NOWAIT | MSG_NOERROR), "msgrcv");
    show(syscall(__NR_msgrcv, id, &m, 4, 0, MSG_COPY), "msgrcv MSG_COPY");
    show(syscall(__NR_msgctl, 0, MSG_INFO, &info) >= 0 ? 0 : -1, "MSG_INFO");
    printf("  pool %d map %d max %d mnb %d mni %d\n", info.msgpool, info.msgmap, info.msgmax, info.msgmnb,
           info.msgmni);
    show(syscall(__NR_msgctl, id, MSG_STAT, &ds) >= 0 ? 0 : -1, "MSG_STAT");
    show(syscall(__NR_msgctl, id, 13, &ds) >= 0 ? 0 : -1, "MSG_STAT_ANY");
    show(syscall(__NR_msgctl, id, IPC_RMID, 0), "IPC_RMID");
}

static void check_shm(void)
{
    static const long flags[] = {0, SHM_RDONLY, SHM_RND, SHM_EXEC, SHM_REMAP, 0x80000, SHM_RDONLY | SHM_EXEC};
    static const long offsets[] = {0, 4096, 5, 8192 + 17};
    struct shmid_ds ds;
    struct shminfo info;
    long id = show(syscall(__NR_shmget, 4713, 10000, IPC_CREAT | 0620), "shmget");
    char *room = (char *)(0x200000000000);

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++) {
            long r = syscall(__NR_shmat, id, k ? room + offsets[k] : NULL, flags[i]);
            show(r == -1 ? r : k ? r - (long)room : 0, "shmat %#lx +%ld", flags[i], offsets[k]);
            if (r == -1)
                continue;
            show(syscall(__NR_shmctl, id, IPC_STAT, &ds), "IPC_STAT");
            printf("  mode %o segsz %zu nattch %lu cpid %d lpid %d\n", ds.shm_perm.mode, ds.shm_segsz,
                   (unsigned long)ds.shm_nattch, ds.shm_cpid == getpid(), ds.shm_lpid == getpid());
            show(syscall(__NR_shmdt, r + 4096), "shmdt of the middle");
            show(syscall(__NR_shmdt, r), "shmdt");
        }
    show(syscall(__NR_shmdt, room), "shmdt of nothing");
    for (int cmd = -1; cmd < 20; cmd++)
        if (cmd != IPC_RMID && cmd != IPC_SET)
            good(syscall(__NR_shmctl, id, cmd, &ds), "shmctl");
    show(syscall(__NR_shmctl, 0, IPC_INFO, &info), "IPC_INFO");
    printf("  max %lu min %lu mni %lu seg %lu all %lu\n", info.shmmax, info.shmmin, info.shmmni, info.shmseg,
           info.shmall);
    show(syscall(__NR_shmctl, id, IPC_RMID, 0), "IPC_RMID");
}

static void check_epoll(void)
{
    static const uint32_t events[] = {EPOLLIN,
                                      EPOLLOUT,
                                      EPOLLIN | EPOLLOUT,
                                      EPOLLET | EPOLLIN,
                                      EPOLLONESHOT | EPOLLIN,
                                      0,
                                      EPOLLPRI,
                                      EPOLLEXCLUSIVE | EPOLLIN,
                                      EPOLLRDHUP,
                                      EPOLLEXCLUSIVE | EPOLLRDHUP,
                                      EPOLLWAKEUP | EPOLLOUT};
    struct epoll_event got[40];
    struct timespec zero = {0, 0};

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        int ep = epoll_create1(0), fd[20];
        for (int k = 0; k < 20; k++) {
            struct epoll_event e = {.events = events[i],
                                    .data.u64 = 0x0123456789abcdefull * (uint64_t)(k + 1)};
            fd[k] = eventfd((unsigned)(k & 1), 0);
            show(epoll_ctl(ep, EPOLL_CTL_ADD, fd[k], &e), "add %#x %d", events[i], k);
            if (k % 5 == 0) {
                e.data.u64 = ~e.data.u64;
                show(epoll_ctl(ep, EPOLL_CTL_MOD, fd[k], &e), "mod");
                show(epoll_ctl(ep, EPOLL_CTL_ADD, fd[k], &e), "add again");
            }
        }
        for (int max = -1; max < 40; max += 13) {
            memset(got, 0x55, sizeof got);
            long n = show(syscall(__NR_epoll_pwait, ep, got, max, 0, NULL, 8), "epoll_pwait of %d", max);
            for (long k = 0; k < n; k++)
                printf("  %#x %#llx\n", got[k].events, (unsigned long long)got[k].data.u64);
            n = show(syscall(__NR_epoll_pwait2, ep, got, max, &zero, NULL, 8), "epoll_pwait2 of %d", max);
            for (long k = 0; k < n; k++)
                printf("  %#x %#llx\n", got[k].events, (unsigned long long)got[k].data.u64);
        }
        for (int op = -1; op < 6; op++)
            show(epoll_ctl(ep, op, fd[0], got), "op %d", op);
        for (int k = 0; k < 20; k++)
            close(fd[k]);
        close(ep);
    }
}

static void check_locks(void)
{
    static const short types[] = {F_RDLCK, F_WRLCK, F_UNLCK, 9};
    int fd = open("file", O_RDWR), other = open("file", O_RDWR);

    for (size_t i = 0; i < 4; i++)
        for (int whence = 0; whence < 4; whence++)
            for (int ofd = 0; ofd < 2; ofd++) {
                struct flock l = {types[i], (short)whence, 1, 100, 0}, q = {F_WRLCK, SEEK_SET, 0, 0, 0};
                show(fcntl(fd, ofd ? F_OFD_SETLK : F_SETLK, &l), "lock %d %d %d", types[i], whence, ofd);
                show(fcntl(other, F_OFD_GETLK, &q), "F_OFD_GETLK");
                printf("  type %d whence %d start %lld len %lld pid %d\n", q.l_type, q.l_whence,
                       (long long)q.l_start, (long long)q.l_len, q.l_pid == -1 ? -1 : q.l_pid == getpid());
            }
    struct f_owner_ex own = {F_OWNER_TID, getpid()};
    show(fcntl(fd, F_SETOWN_EX, &own), "F_SETOWN_EX");
    own.pid = 0;
    show(fcntl(fd, F_GETOWN_EX, &own), "F_GETOWN_EX");
    printf("  type %d pid %d\n", own.type, own.pid == getpid());
    close(fd);
    close(other);
}

static void check_watches(void)
{
    uint8_t buf[4096];
    int fd = inotify_init1(IN_NONBLOCK);
    long n;

    show(inotify_add_watch(fd, "dir", IN_ALL_EVENTS), "inotify_add_watch");
    close(open("dir/new", O_CREAT | O_WRONLY, 0600));
    rename("dir/new", "dir/old");
    unlink("dir/old");
    n = show(read(fd, buf, sizeof buf), "inotify");
    for (long at = 0; at < n;) {
        struct inotify_event *e = (void *)(buf + at);
        printf("  wd %d mask %#x cookie %d %s\n", e->wd, e->mask, e->cookie != 0, e->len ? e->name : "");
        at += (long)(sizeof *e + e->len);
    }
    close(fd);
}

static void check_xattr(void)
{
    char buf[100];

    show(setxattr("file", "user.one", "value", 5, 0), "setxattr");
    show(setxattr("file", "user.one", "other", 5, XATTR_CREATE), "setxattr XATTR_CREATE");
    show(setxattr("file", "nonsense", "other", 5, 0), "setxattr nonsense");
    for (size_t size = 0; size < 12; size += 3) {
        show(getxattr("file", "user.one", buf, size), "getxattr %zu", size);
        show(listxattr("file", buf, size), "listxattr %zu", size);
    }
    show(lgetxattr("link", "user.one", buf, sizeof buf), "lgetxattr");
    show(removexattr("file", "user.one"), "removexattr");
    show(removexattr("file", "user.one"), "removexattr again");
}

int main(void)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    umask(0);
    check_stat();
    check_statfs();
    check_dirents();
    check_sem();
    check_msg();
    check_shm();
    check_epoll();
    check_locks();
    check_watches();
    check_xattr();
    return 0;
}
