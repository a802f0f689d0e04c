/* SPDX-License-Identifier: MIT */
/*
 * Threads and processes: clone, clone3, exit, exit_group.
 *
 * The host's clone is called with the guest's own flags, so everything that flags mean is the kernel's work.
 * What differs:
 *  - CLONE_VM: the child gets a host stack, an alternate signal stack, a struct task (one mapping) and a
 *    processor state.  A vfork child (CLONE_VFORK too) really runs in the parent's memory; the parent frees
 *    these when it goes on, because then the child is gone from this memory.  Other children free their own at
 *    exit, but for some threads' (see spares); what is left of a process that ended otherwise is freed when the
 *    next is made.
 *  - no CLONE_VM: the child goes on with its copy of everything.  All of xrun's locks are held over the call,
 *    in their order (tasks, dispositions, space, translator, list of mappings), so that none is found held.
 *  - CLONE_VFORK without CLONE_VM: the kernel would let the parent go on, and drop those locks, only when the
 *    child executes a program or ends; other threads, for which the child may be waiting, want them.  So the
 *    parent waits itself, behind the call, until the last end of a pipe is closed that the child has (unless
 *    they share one table of files).
 *  - CLONE_SETTLS sets the guest's thread pointer; the host's is shared by all (task.h).
 *  - CLONE_CLEAR_SIGHAND also takes xrun's handlers away: the child puts those of synchronous signals back.
 *
 * All signals are blocked over the call.  One taken just before makes the call wait for its delivery, as in the kernel.
 */
#include "syscall/process.h"

#include "abi/abi.h"
#include "dbt/lock.h"
#include "dbt/own.h"
#include "loader/jitdump.h"
#include "loader/perf_map.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/host.h"
#include "syscall/kept.h"
#include "syscall/seccomp.h"
#include "syscall/sighand.h"
#include "syscall/signal.h"
#include "syscall/stats.h"
#include "syscall/uring.h"
#include "syscall/user.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#define STACK_SIZE (256u << 10)
#define TASK_SIZE  page_up(sizeof(struct task))
#define MAP_SIZE   (PAGE + STACK_SIZE + TASK_SIGSTACK + TASK_SIZE)
#define SPARES     32
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif

/* A process of its own kind from the start. */
#define NAMESPACES                                                                                           \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |            \
     CLONE_NEWNET)

static struct lock task_lock OWN_BY_FORK;
struct task *process_tasks OWN_BY_FORK;
static struct task first_task OWN_BY_FORK;

/* Tasks of threads that have ended, with all their memory, for new ones: what costs most in a short thread is the kernel's
 * work for new memory.  One is put in while its thread is still on its stack, and may be taken when it has left. */
static struct task *spares;
static unsigned spare_count;

/* -- tasks -- */

static void task_link(struct task *t, const struct task *parent)
{
    lock_take(&task_lock);
    if (parent)
        seccomp_inherit(t, parent);
    t->next = process_tasks;
    process_tasks = t;
    lock_drop(&task_lock);
}

static void task_unlink(struct task *t)
{
    lock_take(&task_lock);
    for (struct task **p = &process_tasks; *p; p = &(*p)->next)
        if (*p == t) {
            *p = t->next;
            break;
        }
    lock_drop(&task_lock);
}

void process_each(void (*f)(struct task *t, void *arg), void *arg)
{
    for (struct task *t = process_tasks; t; t = t->next)
        f(t, arg);
}

void process_lock(void)
{
    lock_take(&task_lock);
}
void process_unlock(void)
{
    lock_drop(&task_lock);
}

/* A vfork child has the list of its parent, but is a process of its own. */
int process_others(struct task *t, int (*f)(struct task *o, void *arg), void *arg)
{
    int r = 0;
    for (struct task *o = process_tasks; o && r == 0 && !t->borrowed; o = o->next)
        if (o != t && !o->borrowed)
            r = f(o, arg);
    return r;
}

static int is_other(struct task *o, void *arg)
{
    return 1;
}

bool process_has_others(struct task *t)
{
    return process_others(t, is_other, NULL);
}

bool process_is_single(struct task *t)
{
    process_lock();
    bool single = !process_has_others(t);
    process_unlock();
    return single;
}

/* All of a task but its memory. */
static void task_drop(struct task *t)
{
    task_unlink(t);
    seccomp_drop(t);
    sighand_drop(t->sighand);
}

/* A task that is not running (any more). */
static void task_free(struct task *t)
{
    task_drop(t);
    cpu_free(t->cpu);
    for (size_t i = 0; i < sizeof t->exec / sizeof *t->exec; i++)
        if (t->exec[i].map)
            host_free(t->exec[i].map, t->exec[i].size);
    if (t->stack)
        host_free(t->stack, t->stack_size);
}

/* False: there are enough, or it is a process's, for which set_pid may still look. */
static bool spare_add(struct task *t)
{
    lock_take(&task_lock);
    bool wanted = spare_count < SPARES && t->tid != t->pid;
    if (wanted) {
        spare_count++;
        t->next = spares;
        spares = t;
    }
    lock_drop(&task_lock);
    return wanted;
}

static struct task *spare_take(void)
{
    lock_take(&task_lock);
    struct task **p = &spares, *t;
    while ((t = *p) != NULL && !t->left)
        p = &t->next;
    if (t) {
        spare_count--;
        *p = t->next;
    }
    lock_drop(&task_lock);
    return t;
}

static void spares_fork_child(void)
{
    for (struct task *t = spares; t; t = t->next)
        t->left = 1;
}

/* The child may be killed before it says so itself; or it has ended, and its task with it. */
static void set_pid(const struct task *child, int pid)
{
    lock_take(&task_lock);
    for (struct task *o = process_tasks; o; o = o->next)
        if (o == child && !o->pid)
            o->pid = pid;
    lock_drop(&task_lock);
}

static struct task *find_gone(const struct task *t)
{
    lock_take(&task_lock);
    struct task *o = process_tasks;
    while (o && (!o->stack || o->borrowed || !o->pid || o->pid == t->pid || !process_is_gone(o->pid)))
        o = o->next;
    if (o)
        o->pid = t->pid; /* nobody else finds it */
    lock_drop(&task_lock);
    return o;
}

/* Frees the tasks of processes that shared this memory and were killed, or left by exit_group or exec. */
static void free_gone(const struct task *t)
{
    for (struct task *o; (o = find_gone(t)) != NULL;)
        task_free(o);
}

/* That of a new thread lies in front of its task. */
struct task *task_of_sigstack(const void *sigstack)
{
    return sigstack == first_task.sigstack ? &first_task
                                           : (struct task *)((uint8_t *)sigstack + TASK_SIGSTACK);
}

struct task *process_init(void)
{
    struct task *t = &first_task;
    t->cpu = cpu_new(NULL);
    if (!t->cpu)
        return NULL;
    t->cpu->owner = t;
    t->last_nr = -1;
    t->tid = (int)host_id(SYS_gettid);
    t->pid = getpid();
    cpu_bind(t->cpu);
    signal_init(t);
    task_link(t, NULL);
    return t;
}

/* What a call to clone asks for; stack is the guest's stack pointer, 0: the parent's. */
struct request {
    uint64_t flags;
    gaddr stack, parent_tid, child_tid, tls;
    struct clone_args *args; /* clone3: a copy of the guest's, of size bytes */
    size_t size;
};

static void set_child_registers(struct cpu *cpu, const struct request *q)
{
    cpu->a64.x[0] = 0;
    if (q->stack)
        cpu->a64.x[31] = q->stack;
    if (q->flags & CLONE_SETTLS)
        cpu->a64.tpidr = q->tls;
}

/* A task that has nothing but memory, and registers like `from`. */
static struct task *task_memory(const struct cpu *from)
{
    struct task *t = spare_take();
    if (t) {
        cpu_renew(t->cpu, from);
        *t = (struct task){.cpu = t->cpu, .stack = t->stack};
    } else {
        uint8_t *map = host_alloc(MAP_SIZE);
        if (!map)
            return NULL;
        host_raw(SYS_mprotect, (uint64_t)map, PAGE, PROT_NONE, 0, 0, 0);
        t = (struct task *)(map + PAGE + STACK_SIZE + TASK_SIGSTACK);
        t->stack = map;
        t->cpu = cpu_new(from);
        if (!t->cpu) {
            host_free(map, MAP_SIZE);
            return NULL;
        }
    }
    t->stack_size = MAP_SIZE;
    t->sigstack = (uint8_t *)t->stack + PAGE + STACK_SIZE;
    return t;
}

static struct task *task_new(struct task *parent, const struct request *q)
{
    struct task *t = task_memory(parent->cpu);
    if (!t)
        return NULL;
    t->sigmask = parent->sigmask;
    t->last_nr = -1;
    t->borrowed = q->flags & CLONE_VFORK;
    t->altstack_flags = SS_DISABLE;
    if (q->flags & CLONE_VFORK) {
        t->altstack_sp = parent->altstack_sp;
        t->altstack_size = parent->altstack_size;
        t->altstack_flags = parent->altstack_flags;
    }
    t->sighand = q->flags & CLONE_SIGHAND ? sighand_share(parent->sighand) : sighand_copy(parent->sighand);
    if (!t->sighand) {
        cpu_free(t->cpu);
        host_free(t->stack, MAP_SIZE);
        return NULL;
    }
    t->cpu->owner = t;
    set_child_registers(t->cpu, q);
    return t;
}

/* -- children -- */

static void clear_sighand(struct task *t)
{
    for (int signo = 1; signo <= 64; signo++) {
        struct guest_action *a = &t->sighand->action[signo - 1];
        if (a->handler != (uint64_t)SIG_IGN)
            *a = (struct guest_action){.handler = (uint64_t)SIG_DFL};
        if (signal_bit(signo) & SIGNALS_SYNC)
            signal_host_action(signo, a);
    }
}

static void child_main(void *arg)
{
    struct task *t = (struct task *)((uint64_t)arg & ~1ull);
    cpu_bind(t->cpu);
    t->tid = (int)host_id(SYS_gettid);
    t->pid = getpid();
    if (t->tid == t->pid && getppid() == 0) /* a process whose parent is in another PID namespace */
        lock_apart();
    if ((uint64_t)arg & 1)
        clear_sighand(t);
    signal_thread_init(t);
    task_run(t);
}

/* The host's clone or clone3; stack_top 0: go on with a copy of this stack. */
static int64_t host_spawn(const struct request *q, uint8_t *stack, size_t stack_size, void *arg)
{
    uint64_t flags = q->flags & ~(uint64_t)CLONE_SETTLS;
    void (*fn)(void *) = stack ? child_main : NULL;
    if (!q->args)
        return host_clone(flags, stack ? stack + stack_size : NULL, q->parent_tid, q->child_tid, fn, arg);
    q->args->flags = flags;
    q->args->tls = 0;
    q->args->stack = (uint64_t)stack;
    q->args->stack_size = stack ? stack_size : 0;
    return host_clone3(q->args, q->size, fn, arg);
}

static int64_t spawn_thread(struct task *t, const struct request *q, uint64_t old_mask)
{
    struct task *child = task_new(t, q);
    if (!child) {
        signal_set_host_mask(old_mask);
        return -EAGAIN;
    }
    task_link(child, t);
    /* A thread may be gone, and its task with it, as soon as it runs; a vfork child's stays. */
    bool borrowed = child->borrowed;
    uint64_t arg = (uint64_t)child | (q->flags & CLONE_CLEAR_SIGHAND ? 1 : 0);
    int64_t r = host_spawn(q, (uint8_t *)child->stack + PAGE, STACK_SIZE, (void *)arg);
    if (HOST_ERROR(r) || borrowed)
        task_free(child);
    else if (!(q->flags & CLONE_THREAD))
        set_pid(child, (int)r);
    signal_set_host_mask(old_mask);
    return r;
}

/* The child of a fork: the other threads are not in it. */
static void fork_child(struct task *t, const struct request *q)
{
    for (struct task *o = process_tasks, *next; o; o = next) {
        next = o->next;
        if (o != t)
            task_free(o);
    }
    process_tasks = t;
    t->next = NULL;
    spares_fork_child();
    t->tid = (int)host_id(SYS_gettid);
    t->pid = getpid();
    t->borrowed = false;
    t->early_mask = 0;
    t->sighand->refs = 1;
    ring_fork_child(t);
    if (q->flags & CLONE_CLEAR_SIGHAND)
        clear_sighand(t);
    set_child_registers(t->cpu, q);
    stats_fork_child();
    if (q->flags & NAMESPACES)
        dbt_part();
}

/* A pipe that is closed when the child that has its other end executes a program or ends. */
struct leash {
    int end[2];
};
static struct kept leashed OWN_BY_FORK; /* this process's end of it */

/* True: the parent is to wait by it. */
static bool leash_open(struct leash *l, uint64_t flags)
{
    if ((flags & (CLONE_VFORK | CLONE_FILES)) != CLONE_VFORK ||
        host_raw(SYS_pipe2, (uint64_t)l->end, O_CLOEXEC, 0, 0, 0, 0) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        l->end[i] = (int)kept_up(l->end[i]);
    return true;
}

static void leash_child(const struct leash *l)
{
    struct stat st;
    if (kept_is_there(&leashed))
        host_close(leashed.fd);
    leashed.fd = 0;
    if (!l)
        return;
    host_close(l->end[0]);
    kept_take(&leashed, l->end[1], &st);
}

static void leash_wait(const struct leash *l)
{
    char none;
    while (host_raw(SYS_read, (uint64_t)l->end[0], (uint64_t)&none, 1, 0, 0, 0) == -EINTR)
        ;
    host_close(l->end[0]);
}

static int64_t spawn_process(struct task *t, const struct request *asked, uint64_t old_mask)
{
    struct request own = *asked, *q = &own;
    struct leash leash;
    lock_take(&task_lock);
    bool waits = leash_open(&leash, q->flags);
    q->flags &= waits ? ~(uint64_t)CLONE_VFORK : ~0ull;
    bool locks = signal_fork_prepare(t);
    space_fork_prepare();
    dbt_fork_prepare(process_tasks == t && !t->next);
    space_fork_freeze();
    int64_t r = host_spawn(q, NULL, 0, NULL);
    if (r == 0) {
        perf_map_fork_child();
        dbt_fork_child(t->cpu);
        jitdump_fork_child();
        space_fork_child();
    } else {
        dbt_fork_parent();
        space_fork_parent();
    }
    if (r && waits)
        host_close(leash.end[1]);
    signal_fork_done(t, locks);
    lock_drop(&task_lock);
    if (r == 0) {
        leash_child(waits ? &leash : NULL);
        fork_child(t, q);
    } else if (waits) {
        leash_wait(&leash);
    }
    signal_set_host_mask(old_mask);
    return r;
}

static int64_t spawn(struct task *t, const struct request *q)
{
    uint64_t old_mask = signal_block_all();
    if (t->attention) {
        signal_set_host_mask(old_mask);
        return -XRUN_ERESTARTNOINTR;
    }
    if ((q->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
        dbt_share();
    if ((q->flags & (CLONE_VM | CLONE_VFORK | CLONE_THREAD)) == CLONE_VM)
        free_gone(t);
    if ((q->flags & (CLONE_VM | CLONE_THREAD)) == CLONE_VM)
        lock_share();
    return q->flags & CLONE_VM ? spawn_thread(t, q, old_mask) : spawn_process(t, q, old_mask);
}

int64_t sys_clone(struct task *t, const uint64_t a[6])
{
    struct request q = {
        .flags = (uint32_t)a[0], .stack = a[1], .parent_tid = a[2], .tls = a[3], .child_tid = a[4]};
    return spawn(t, &q);
}

/* The kernel, which is the host's, follows no tags. */
static void args_plain(const struct task *t, struct clone_args *args)
{
    __aligned_u64 *const pointers[] = {&args->pidfd, &args->child_tid, &args->parent_tid, &args->set_tid};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        *pointers[i] = abi->pointer(t->cpu, *pointers[i]);
}

int64_t sys_clone3(struct task *t, const uint64_t a[6])
{
    union {
        struct clone_args args;
        uint8_t bytes[PAGE];
    } u;
    memset(&u.args, 0, sizeof u.args);
    if (a[1] > sizeof u)
        return -E2BIG;
    if (a[1] < CLONE_ARGS_SIZE_VER0)
        return -EINVAL;
    if (user_read(&u, a[0], a[1]))
        return -EFAULT;
    if ((u.args.stack == 0) != (u.args.stack_size == 0))
        return -EINVAL;
    args_plain(t, &u.args);
    struct request q = {.flags = u.args.flags,
                        .stack = u.args.stack + u.args.stack_size,
                        .tls = u.args.tls,
                        .args = &u.args,
                        .size = a[1]};
    return spawn(t, &q);
}

/* -- the end -- */

int64_t sys_exit(struct task *t, const uint64_t a[6])
{
    int status = (int)a[0];
    uint64_t old_mask = signal_block_all();
    /* A signal that was meant for the process must not go with this thread. */
    if (t->attention) {
        signal_set_host_mask(old_mask);
        return -XRUN_ERESTARTNOINTR;
    }
    if (options.stats && process_is_single(t))
        stats_end(t, "status ", status & 0xff);
    if (!t->stack || t->borrowed)
        for (;;)
            host_raw(SYS_exit, (uint64_t)status, 0, 0, 0, 0, 0);
    task_drop(t);
    size_t unmap = 0;
    if (!spare_add(t)) {
        cpu_free(t->cpu);
        unmap = t->stack_size;
    }
    host_thread_exit(&t->left, t->stack, unmap, status);
}

int64_t sys_exit_group(struct task *t, const uint64_t a[6])
{
    stats_end(t, "status ", (int)a[0] & 0xff);
    for (;;)
        host_raw(SYS_exit_group, a[0], 0, 0, 0, 0, 0);
}
