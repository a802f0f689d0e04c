/* SPDX-License-Identifier: MIT */
/* fork: the child begins with a copy of its parent's translations, and with those that its elder siblings have made. */
#include "dbt/core.h"
#include "dbt/own.h"

#include <sys/mman.h>
#include <unistd.h>

static void *copy OWN_BY_FORK; /* of the cache, for the child; NULL: they share it, or there is no memory */

void dbt_fork_prepare(bool alone)
{
    lock_take(&core.lock);
    pool_open();
    pool_gather();
    copy = alone && code_freeze() ? NULL : code_copy();
}

void dbt_fork_parent(void)
{
    if (copy)
        munmap(copy, core.size);
    lock_drop(&core.lock);
}

void dbt_fork_child(struct cpu *cpu)
{
    cpu_core(cpu)->pid = getpid();
    lock_fork_child();
    /* The other threads do not exist here; their states wait for cpu_free. */
    for (struct cpu *c = core.cpus; c; c = cpu_core(c)->next)
        if (c != cpu)
            c->in_code = false;
    if (!code_child(copy))
        cache_flush();
    stats_begin(cpu);
    lock_drop(&core.lock);
}
