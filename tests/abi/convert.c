/* SPDX-License-Identifier: MIT */
/* The translations of abi/: open flags there and back, struct stat, struct semid64_ds, struct loop_info, registers of a call.
 */
#include "abi/a64/structs.h"
#include "abi/abi.h"
#include "tests/abi/check.h"

#include <fcntl.h>
#include <string.h>

static void check_flags(void)
{
    CHECK(abi_open_flags_to_host(A64_O_DIRECTORY) == O_DIRECTORY);
    CHECK(abi_open_flags_to_host(A64_O_NOFOLLOW) == O_NOFOLLOW);
    CHECK(abi_open_flags_to_host(A64_O_DIRECT | O_CLOEXEC) == (O_DIRECT | O_CLOEXEC));
    CHECK(abi_open_flags_to_host(A64_O_LARGEFILE) == 0x8000);
    CHECK(abi_open_flags_to_host((020000000 | A64_O_DIRECTORY) | O_RDWR) == (O_TMPFILE | O_RDWR));
    for (int bit = 0; bit < 64; bit++) {
        CHECK(abi_open_flags_to_guest(abi_open_flags_to_host(1ull << bit)) == 1ull << bit);
        CHECK(abi_open_flags_to_host(abi_open_flags_to_guest(1ull << bit)) == 1ull << bit);
    }
    CHECK(abi_open_flags_to_guest(abi_open_flags_to_host(~0ull)) == ~0ull);
}

static void check_stat(void)
{
    struct stat h = {
        .st_dev = 1, .st_ino = 2, .st_mode = 3, .st_nlink = 4, .st_uid = 5, .st_gid = 6, .st_rdev = 7};
    struct a64_stat g;

    h.st_size = 8;
    h.st_blksize = 9;
    h.st_blocks = 10;
    h.st_mtim.tv_nsec = 11;
    h.st_ctim.tv_sec = -12;
    memset(&g, 0xff, sizeof g);
    abi->stat_put(&g, &h);
    CHECK(abi->stat_size == 128 && abi->stat_size <= ABI_STRUCT_MAX);
    CHECK(g.st_dev == 1 && g.st_ino == 2 && g.st_mode == 3 && g.st_nlink == 4 && g.st_uid == 5 &&
          g.st_gid == 6);
    CHECK(g.st_rdev == 7 && g.st_size == 8 && g.st_blksize == 9 && g.st_blocks == 10 &&
          g.st_mtime_nsec_ == 11);
    CHECK(g.st_ctime_ == -12 && g.pad1 == 0 && g.unused[1] == 0);
}

static void check_semid(void)
{
    struct semid64_ds h = {.sem_otime = 1, .sem_ctime = 2, .sem_nsems = 3}, back;
    struct a64_semid_ds g;

    h.sem_perm.uid = 4;
    h.sem_perm.mode = 0640;
    abi->semid_put(&g, &h);
    CHECK(g.sem_perm.uid == 4 && g.sem_perm.mode == 0640 && g.sem_otime == 1 && g.sem_ctime == 2 &&
          g.sem_nsems == 3);
    abi->semid_get(&back, &g);
    CHECK(back.sem_perm.uid == 4 && back.sem_otime == 1 && back.sem_ctime == 2 && back.sem_nsems == 3);
}

static void check_loop(void)
{
    struct loop_info h = {.lo_number = 1, .lo_device = 2, .lo_inode = 3, .lo_rdevice = 4, .lo_offset = 5},
                     back;
    struct a64_loop_info g;

    h.lo_encrypt_type = 6;
    h.lo_encrypt_key_size = 7;
    h.lo_flags = 8;
    strcpy(h.lo_name, "name");
    h.lo_encrypt_key[31] = 9;
    h.lo_init[1] = 10;
    memset(&g, 0xff, sizeof g);
    abi->loop_put(&g, &h);
    CHECK(abi->loop_size == 160 && abi->loop_size <= ABI_STRUCT_MAX);
    CHECK(g.lo_number == 1 && g.lo_device == 2 && g.lo_inode == 3 && g.lo_rdevice == 4 && g.lo_offset == 5);
    CHECK(g.lo_encrypt_type == 6 && g.lo_encrypt_key_size == 7 && g.lo_flags == 8 &&
          !strcmp(g.lo_name, "name"));
    CHECK(g.lo_encrypt_key[31] == 9 && g.lo_init[1] == 10 && g.reserved == 0);
    abi->loop_get(&back, &g);
    CHECK(back.lo_number == 1 && back.lo_device == 2 && back.lo_inode == 3 && back.lo_rdevice == 4 &&
          back.lo_offset == 5);
    CHECK(back.lo_encrypt_type == 6 && back.lo_encrypt_key_size == 7 && back.lo_flags == 8);
    CHECK(!strcmp(back.lo_name, "name") && back.lo_encrypt_key[31] == 9 && back.lo_init[1] == 10);
}

static void check_registers(void)
{
    static struct cpu cpu;
    uint64_t a[6];

    cpu.a64.x[8] = 0xffffffff00000038;
    for (int i = 0; i < 6; i++)
        cpu.a64.x[i] = 100 + (uint64_t)i;
    abi->call_args(&cpu, a);
    abi->call_result(&cpu, -2);
    CHECK(abi->call_nr(&cpu) == 0x38 && a[0] == 100 && a[5] == 105 && cpu.a64.x[0] == (uint64_t)-2);
}

int main(void)
{
    check_flags();
    check_stat();
    check_semid();
    check_loop();
    check_registers();
    return failures != 0;
}
