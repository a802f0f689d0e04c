/* SPDX-License-Identifier: MIT */
/*
 * uname, prctl, ioctl, and the calls that are refused because they would act on xrun instead of the guest.
 *
 * What belongs to another architecture, or to an extension that the guest's processor does not show, fails as
 * on a kernel without it (EINVAL).  So do options by which the kernel would change how xrun's own code runs.
 */
#include "abi/abi.h"
#include "dbt/dbt.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/dispatch.h"
#include "syscall/seccomp.h"
#include "syscall/user.h"

#include <errno.h>
#include <linux/loop.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

int64_t sys_uname(struct task *t, const uint64_t a[6])
{
    struct utsname u;
    int64_t r = host_raw(SYS_uname, ptr(&u), 0, 0, 0, 0, 0);
    bool narrow = (host_raw(SYS_personality, 0xffffffff, 0, 0, 0, 0, 0) & PER_MASK) == PER_LINUX32;

    if (r < 0)
        return r;
    memset(u.machine, 0, sizeof u.machine);
    strncpy(u.machine, narrow ? abi->machine32 : abi->machine, sizeof u.machine - 1);
    return user_write(a[0], &u, sizeof u);
}

/* The host would make xrun's own memory executable, too. */
int64_t sys_personality(struct task *t, const uint64_t a[6])
{
    const uint32_t own = READ_IMPLIES_EXEC;
    uint32_t old = space_read_is_exec ? own : 0, new = (uint32_t)a[0];
    int64_t r = host_syscall(t, SYS_personality, (uint64_t[6]){new == ~0u ? new : new & ~own});

    if (r >= 0 && new != ~0u)
        space_read_is_exec = (new &own) != 0;
    return r < 0 ? r : r | old;
}

/* When it has made all threads fetch their instructions anew, none may be in the middle of a translation that was dropped because
 * its code changed before: it would run the old code to the end. */
int64_t sys_membarrier(struct task *t, const uint64_t a[6])
{
    int64_t r = host_syscall(t, SYS_membarrier, a);

    if (r == 0 && (int)a[0] == MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE) {
        dbt_stop();
        dbt_go_on();
    }
    return r;
}

/* Options of prctl that must not reach the host; numbers of linux/prctl.h, some newer than the headers. */
static const struct {
    int32_t first, last;
    const char *log; /* said once: a program may rely on it */
} refused[] = {
    {5, 6, NULL},   /* PR_GET_UNALIGN, PR_SET_UNALIGN: other architectures' */
    {9, 12, NULL},  /* PR_GET_FPEMU, PR_SET_FPEMU, PR_GET_FPEXC, PR_SET_FPEXC: other architectures' */
    {19, 20, NULL}, /* PR_GET_ENDIAN, PR_SET_ENDIAN: PowerPC's */
    {25, 26, NULL}, /* PR_GET_TSC, PR_SET_TSC: x86's */
    {43, 44, NULL}, /* PR_MPX_ENABLE_MANAGEMENT, PR_MPX_DISABLE_MANAGEMENT: x86's */
    {45, 46, NULL}, /* PR_SET_FP_MODE, PR_GET_FP_MODE: MIPS' */
    {50, 51, NULL}, /* PR_SVE_SET_VL, PR_SVE_GET_VL */
    {54, 54, NULL}, /* PR_PAC_RESET_KEYS */
    {55, 56,
     NULL}, /* PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL: where abi->prctl does not know them */
    {59, 59, "prctl(PR_SET_SYSCALL_USER_DISPATCH)"}, /* would catch xrun's own calls */
    {60, 61, NULL}, /* PR_PAC_SET_ENABLED_KEYS, PR_PAC_GET_ENABLED_KEYS: as PR_PAC_RESET_KEYS */
    {63, 64, NULL}, /* PR_SME_SET_VL, PR_SME_GET_VL */
    {69, 71, NULL}, /* PR_RISCV_V_SET_CONTROL, PR_RISCV_V_GET_CONTROL, PR_RISCV_SET_ICACHE_FLUSH_CTX */
    {72, 73, NULL}, /* PR_PPC_GET_DEXCR, PR_PPC_SET_DEXCR */
    {74, 76, NULL}, /* PR_GET, PR_SET and PR_LOCK_SHADOW_STACK_STATUS */
};
#define REFUSED (sizeof refused / sizeof *refused)
enum { SET_MDWE = 65 };
#ifndef PR_GET_AUXV
#define PR_GET_AUXV 0x41555856
#endif

static int64_t prctl_auxv(const uint64_t a[6])
{
    const size_t size = sizeof space_layout.auxv;

    if (a[3] || a[4])
        return -EINVAL;
    return user_write(a[1], space_layout.auxv, a[2] < size ? a[2] : size) < 0 ? -EFAULT : (int64_t)size;
}

/*
 * prctl(PR_SET_MM): what /proc shows of the address space.  The host's kernel has the guest's addresses (loader/main.c), so
 * it judges and keeps them; the break alone is xrun's there, and xrun's file is what is executed.
 */
static int64_t refuse_mm(void)
{
    static bool said;

    log_once(&said, "not supported: ", "prctl(PR_SET_MM) of the break or the file");
    return -EINVAL;
}

static int64_t set_mm_map(struct task *t, const uint64_t a[6])
{
    struct prctl_mm_map m;
    int64_t r;

    if (a[3] != sizeof m)
        return -EINVAL;
    if ((r = user_read(&m, a[2], sizeof m)) < 0)
        return r;
    if (m.exe_fd != (uint32_t)-1)
        return refuse_mm();
    m.start_brk = m.brk = (uint64_t)sbrk(0);
    r = host_syscall(t, SYS_prctl, (uint64_t[6]){PR_SET_MM, PR_SET_MM_MAP, ptr(&m), sizeof m});
    if (r == 0) {
        space_layout.arg_start = m.arg_start;
        space_layout.arg_end = m.arg_end;
        space_layout.env_start = m.env_start;
        space_layout.env_end = m.env_end;
    }
    return r;
}

static int64_t set_mm(struct task *t, const uint64_t a[6])
{
    gaddr *shown = NULL;

    switch ((int32_t)a[1]) {
    case PR_SET_MM_MAP: return set_mm_map(t, a);
    case PR_SET_MM_START_BRK:
    case PR_SET_MM_BRK:
    case PR_SET_MM_EXE_FILE: return refuse_mm();
    case PR_SET_MM_ARG_START: shown = &space_layout.arg_start; break;
    case PR_SET_MM_ARG_END: shown = &space_layout.arg_end; break;
    case PR_SET_MM_ENV_START: shown = &space_layout.env_start; break;
    case PR_SET_MM_ENV_END: shown = &space_layout.env_end; break;
    default: break;
    }
    int64_t r = host_syscall(t, SYS_prctl, a);
    if (r == 0 && shown)
        *shown = a[2];
    return r;
}

static void fill_random(void *p, size_t n)
{
    host_raw(SYS_getrandom, ptr(p), n, 0, 0, 0, 0);
}

static void retranslate(void)
{
    dbt_invalidate(0, (size_t)1 << 48);
}

static int64_t set_mdwe(struct task *t, const uint64_t a[6])
{
    int64_t r = host_syscall(t, SYS_prctl, a);

    space_ask_code_is_fixed();
    return r;
}

int64_t sys_prctl(struct task *t, const uint64_t a[6])
{
    static bool said[REFUSED];
    int64_t result;

    if (abi->prctl(t->cpu, a, fill_random, retranslate, &result))
        return result;
    for (size_t i = 0; i < REFUSED; i++) {
        if ((int32_t)a[0] < refused[i].first || (int32_t)a[0] > refused[i].last)
            continue;
        if (refused[i].log)
            log_once(&said[i], "not supported: ", refused[i].log);
        return -EINVAL;
    }
    switch ((int32_t)a[0]) {
    case PR_GET_AUXV: return prctl_auxv(a);
    case PR_GET_SECCOMP: return t->seccomp_mode;
    case SET_MDWE: return set_mdwe(t, a);
    case PR_SET_MM: return set_mm(t, a);
    case PR_SET_SECCOMP: return seccomp_prctl(t, a[1], a[2]);
    default: return host_syscall(t, SYS_prctl, a);
    }
}

/* LOOP_GET_STATUS and LOOP_SET_STATUS, the old ones. */
static int64_t loop_status(struct task *t, const uint64_t a[6])
{
    uint8_t guest[ABI_STRUCT_MAX];
    struct loop_info info;
    int64_t r;

    if (user_read(guest, a[2], abi->loop_size) < 0)
        return host_syscall(t, SYS_ioctl, a);
    abi->loop_get(&info, guest);
    r = host_syscall(t, SYS_ioctl, (uint64_t[6]){a[0], a[1], ptr(&info)});
    if (r < 0 || (uint32_t)a[1] == LOOP_SET_STATUS)
        return r;
    abi->loop_put(guest, &info);
    return user_write(a[2], guest, abi->loop_size) < 0 ? -EFAULT : r;
}

/* Numbers and structures are the same on all machines, but for these. */
int64_t sys_ioctl(struct task *t, const uint64_t a[6])
{
    switch ((uint32_t)a[1]) {
    case SECCOMP_IOCTL_NOTIF_RECV: return seccomp_receive(t, a);
    case LOOP_GET_STATUS:
    case LOOP_SET_STATUS: return loop_status(t, a);
    case TIOCGPTPEER: /* open's flags */
        return host_syscall(t, SYS_ioctl, (uint64_t[6]){a[0], a[1], abi_open_flags_to_host(a[2])});
    default: return host_syscall(t, SYS_ioctl, a);
    }
}
