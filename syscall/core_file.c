/* SPDX-License-Identifier: MIT */
/*
 * Writes a core file of the guest: its registers, its memory, its mappings, as an AArch64 kernel would (fs/binfmt_elf.c
 * of the kernel; core(5)), for debuggers of that architecture.
 *
 * The guest's /proc/self/maps is the list of segments.  What is written of each is what a debugger cannot find in the
 * file that is mapped there: pages that exist in this process (pagemap), of shared memory without a file those that
 * exist at all (mincore), and the first page of each ELF file.  A segment ends in the core with its last such page, so
 * that terabytes which are only reserved cost nothing; pages that do not exist become holes.
 */
#include "abi/abi.h"
#include "loader/space.h"
#include "syscall/core.h"
#include "syscall/host.h"
#include "syscall/host_maps.h"
#include "syscall/process.h"
#include "syscall/text.h"
#include "syscall/user.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define BATCH 512 /* pages that are looked at together */

struct core {
    int fd;
    struct text notes;
    uint64_t note_bytes;
    uint64_t at, limit; /* where the next segment goes; end of the file at most */
    const struct core_subject *of;
    int64_t pagemap;
};

/* As far as the limit allows. */
static void write_at(struct core *c, const void *p, size_t n, uint64_t at)
{
    gaddr from = ptr(p);
    n = at >= c->limit ? 0 : n < c->limit - at ? n : c->limit - at;
    for (size_t done = 0; done < n;) { /* one call takes 2 GiB at most */
        int64_t r = host_raw(SYS_pwrite64, (uint64_t)c->fd, from + done, n - done, at + done, 0, 0);
        if (r <= 0)
            return;
        done += (size_t)r;
    }
}

/* -- notes -- */

static void put(struct core *c, const void *p, size_t n)
{
    text_mem(&c->notes, p, n);
    c->note_bytes += n;
}

static void put_padding(struct core *c)
{
    put(c, "\0\0\0", -c->note_bytes & 3);
}

static void note_begin(struct core *c, const char *name, uint32_t type, size_t n)
{
    Elf64_Nhdr h = {(uint32_t)strlen(name) + 1, (uint32_t)n, type};
    put(c, &h, sizeof h);
    put(c, name, h.n_namesz);
    put_padding(c);
}

static void note(struct core *c, const char *name, uint32_t type, const void *p, size_t n)
{
    note_begin(c, name, type, n);
    put(c, p, n);
    put_padding(c);
}

static void note_status(struct core *c, struct task *t)
{
    uint8_t buf[ABI_CORE_MAX];
    struct abi_core_thread s = {.tid = t->tid,
                                .parent = c->of->parent,
                                .group = c->of->group,
                                .session = c->of->session,
                                .signo = c->of->signo,
                                .blocked = t->sigmask,
                                .cpu = t->cpu};
    note(c, "CORE", NT_PRSTATUS, buf, abi->core_status(buf, &s));
}

static void note_registers(struct core *c, struct task *t)
{
    uint8_t buf[ABI_CORE_MAX];
    uint32_t type;
    size_t n;
    note(c, "CORE", NT_PRFPREG, buf, abi->core_fpregs(buf, t->cpu));
    for (unsigned i = 0; (n = abi->core_other(i, &type, buf, t->cpu)) != 0; i++)
        note(c, "LINUX", type, buf, n);
}

static void note_other(struct task *t, void *arg)
{
    struct core *c = arg;
    if (t == c->of->task)
        return;
    note_status(c, t);
    note_registers(c, t);
}

/* struct elf_prpsinfo of 64-bit architectures. */
static void note_process(struct core *c)
{
    struct {
        char state, letter, zombie, nice;
        uint64_t flags;
        uint32_t uid, gid;
        int32_t pid, parent, group, session;
        char name[16], args[80];
    } p = {.letter = 'R',
           .uid = (uint32_t)host_id(SYS_getuid),
           .gid = (uint32_t)host_id(SYS_getgid),
           .pid = c->of->pid,
           .parent = c->of->parent,
           .group = c->of->group,
           .session = c->of->session};
    host_raw(SYS_prctl, PR_GET_NAME, ptr(p.name), 0, 0, 0, 0);
    size_t n = space_layout.arg_end - space_layout.arg_start;
    if (user_read(p.args, space_layout.arg_start, n < sizeof p.args - 1 ? n : sizeof p.args - 1) < 0)
        p.args[0] = 0;
    for (size_t i = 0; i + 1 < n && i < sizeof p.args - 1; i++)
        if (!p.args[i])
            p.args[i] = ' ';
    note(c, "CORE", NT_PRPSINFO, &p, sizeof p);
}

/* Calls f for each line of the guest's list of mappings. */
static void each_mapping(struct core *c,
                         void (*f)(struct core *c, const struct maps_line *l, int prot, void *arg), void *arg)
{
    int64_t host =
        host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr("/proc/self/maps"), O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (host < 0)
        return;
    struct maps_reader r = {.fd = space_maps_fd(0, (int)host, false)};
    host_close(host);
    if (r.fd < 0)
        return;
    for (const char *line; (line = maps_next(&r)) != NULL;) {
        struct maps_line l = maps_parse(line);
        const char *p = strchr(line, ' ');
        int prot = (p[1] == 'r' ? PF_R : 0) | (p[2] == 'w' ? PF_W : 0) | (p[3] == 'x' ? PF_X : 0);
        f(c, &l, prot, arg);
    }
    maps_close(&r);
}

struct files {
    uint64_t count, name_bytes;
    bool names; /* the second pass */
};

static void count_file(struct core *c, const struct maps_line *l, int prot, void *arg)
{
    struct files *f = arg;
    if (l->name[0] != '/')
        return;
    f->count++;
    f->name_bytes += strlen(l->name) + 1;
}

static void put_file(struct core *c, const struct maps_line *l, int prot, void *arg)
{
    const struct files *f = arg;
    uint64_t where[3] = {l->start, l->end, l->offset / PAGE};
    if (l->name[0] != '/')
        return;
    if (f->names)
        put(c, l->name, strlen(l->name) + 1);
    else
        put(c, where, sizeof where);
}

static void note_files(struct core *c)
{
    struct files f = {0};
    each_mapping(c, count_file, &f);
    uint64_t head[2] = {f.count, PAGE};
    note_begin(c, "CORE", NT_FILE, sizeof head + f.count * 24 + f.name_bytes);
    put(c, head, sizeof head);
    each_mapping(c, put_file, &f);
    f.names = true;
    each_mapping(c, put_file, &f);
    put_padding(c);
}

static void put_notes(struct core *c)
{
    siginfo_t none = {.si_signo = c->of->signo};
    note_status(c, c->of->task);
    note_process(c);
    note(c, "CORE", NT_SIGINFO, c->of->info ? c->of->info : &none, sizeof none);
    note(c, "CORE", NT_AUXV, space_layout.auxv, sizeof space_layout.auxv);
    note_files(c);
    note_registers(c, c->of->task);
    process_each(note_other, c);
    text_flush(&c->notes);
}

/* -- memory -- */

enum source { PAGES_OWN, PAGES_SHARED, PAGES_FIRST };

static enum source source_of(const struct maps_line *l)
{
    bool file = l->name[0] == '/' && !strstr(l->name, " (deleted)");
    if (l->shared == 's')
        return file ? PAGES_FIRST : PAGES_SHARED;
    return PAGES_OWN;
}

static bool starts_file(const struct maps_line *l)
{
    char head[4];
    return l->name[0] == '/' && l->offset == 0 && user_read(head, l->start, 4) == 0 &&
           memcmp(head, ELFMAG, 4) == 0;
}

/* Pages to be written. */
struct run {
    gaddr start, end;
};

/* ioctl PAGEMAP_SCAN (Linux 6.7), which skips what does not exist. */
struct scan_region {
    uint64_t start, end, categories;
};
struct scan_args {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages, inverted, mask, any_of, returned;
};
#define SCAN         0xc0606610ul
#define SCAN_PRESENT (1u << 3)
#define SCAN_SWAPPED (1u << 4)

static int64_t scan_pages(const struct core *c, gaddr from, gaddr end, struct run *r)
{
    struct scan_region found;
    struct scan_args a = {.size = sizeof a,
                          .start = from,
                          .end = end,
                          .vec = ptr(&found),
                          .vec_len = 1,
                          .any_of = SCAN_PRESENT | SCAN_SWAPPED,
                          .returned = SCAN_PRESENT | SCAN_SWAPPED};
    int64_t n = host_raw(SYS_ioctl, (uint64_t)c->pagemap, SCAN, ptr(&a), 0, 0, 0);
    if (n > 0)
        *r = (struct run){found.start, found.end};
    return n;
}

/* Which of the n pages from a on exist: an entry of pagemap or of mincore says so. */
static bool pages_exist(const struct core *c, bool shared, gaddr a, size_t n, uint64_t exist[BATCH])
{
    uint8_t in_core[BATCH];
    if (!shared)
        return host_raw(SYS_pread64, (uint64_t)c->pagemap, ptr(exist), n * 8, a / PAGE * 8, 0, 0) ==
               (int64_t)(n * 8);
    if (host_raw(SYS_mincore, a, n * PAGE, ptr(in_core), 0, 0, 0) != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        exist[i] = (uint64_t)in_core[i] << 63;
    return true;
}

static bool look_up_pages(const struct core *c, bool shared, gaddr from, gaddr end, struct run *r)
{
    uint64_t exist[BATCH];
    for (gaddr a = from; a < end; a += BATCH * PAGE) {
        size_t n = end - a < BATCH * PAGE ? (end - a) / PAGE : BATCH, i = 0, k;
        if (!pages_exist(c, shared, a, n, exist))
            continue;
        while (i < n && !(exist[i] >> 62))
            i++;
        for (k = i; k < n && exist[k] >> 62;)
            k++;
        if (k > i) {
            *r = (struct run){a + i * PAGE, a + k * PAGE};
            return true;
        }
    }
    return false;
}

static bool next_run(const struct core *c, const struct maps_line *l, gaddr from, struct run *r)
{
    enum source s = source_of(l);
    if (from == l->start && starts_file(l)) {
        *r = (struct run){from, from + PAGE};
        return true;
    }
    if (from >= l->end || s == PAGES_FIRST)
        return false;
    int64_t n = s == PAGES_OWN ? scan_pages(c, from, l->end, r) : -1;
    return n < 0 ? look_up_pages(c, s == PAGES_SHARED, from, l->end, r) : n > 0;
}

/* The end of the last page that is written, from the start. */
static uint64_t write_pages(struct core *c, const struct maps_line *l)
{
    struct run r = {l->start, l->start};
    while (next_run(c, l, r.end, &r))
        write_at(c, (const void *)r.start, r.end - r.start, c->at + (r.start - l->start));
    return r.end - l->start;
}

static void count_segment(struct core *c, const struct maps_line *l, int prot, void *arg)
{
    ++*(uint64_t *)arg;
}

static void put_segment(struct core *c, const struct maps_line *l, int prot, void *arg)
{
    uint64_t *n = arg;
    Elf64_Phdr p = {.p_type = PT_LOAD,
                    .p_flags = (uint32_t)prot,
                    .p_offset = c->at,
                    .p_vaddr = l->start,
                    .p_memsz = l->end - l->start,
                    .p_align = PAGE};
    if (prot & PF_R)
        p.p_filesz = write_pages(c, l);
    write_at(c, &p, sizeof p, sizeof(Elf64_Ehdr) + sizeof p * ++*n);
    c->at += p.p_filesz;
}

void core_file_write(int fd, const struct core_subject *of, uint64_t limit)
{
    char buf[1024];
    uint64_t segments = 0, done = 0;
    struct core c = {.fd = fd, .notes = TEXT(buf, fd), .limit = limit, .of = of};
    c.pagemap = host_raw(SYS_openat, (uint64_t)AT_FDCWD, ptr("/proc/self/pagemap"), 0, 0, 0, 0);
    each_mapping(&c, count_segment, &segments);
    if (segments > PN_XNUM - 2)
        segments = PN_XNUM - 2; /* the kernel allows no more mappings than that, but for one */
    Elf64_Ehdr h = {.e_type = ET_CORE,
                    .e_machine = abi->elf_machine,
                    .e_version = EV_CURRENT,
                    .e_phoff = sizeof h,
                    .e_ehsize = sizeof h,
                    .e_phentsize = sizeof(Elf64_Phdr),
                    .e_phnum = (uint16_t)(segments + 1)};
    memcpy(h.e_ident, ELFMAG, SELFMAG);
    h.e_ident[EI_CLASS] = ELFCLASS64;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_ident[EI_VERSION] = EV_CURRENT;
    Elf64_Phdr notes = {
        .p_type = PT_NOTE, .p_offset = sizeof h + (segments + 1) * sizeof notes, .p_align = 4};
    host_raw(SYS_lseek, (uint64_t)fd, notes.p_offset, 0, 0, 0, 0);
    put_notes(&c);
    notes.p_filesz = c.note_bytes;
    c.at = page_up(notes.p_offset + c.note_bytes);
    write_at(&c, &h, sizeof h, 0);
    write_at(&c, &notes, sizeof notes, sizeof h);
    each_mapping(&c, put_segment, &done);
    if (c.at < limit) /* segments may end in a hole */
        host_raw(SYS_ftruncate, (uint64_t)fd, c.at, 0, 0, 0, 0);
}
