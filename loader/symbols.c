/* SPDX-License-Identifier: MIT */
/*
 * Names of guest code (symbols.h).
 *
 * The symbols of a mapping are read when a translation from it comes up for the first time, and kept for the life of the
 * process.  Mappings are known by their addresses alone: the code of a library that takes the place of another that was
 * unmapped bears the other's names.  To ask what is mapped for each translation would cost more than that is worth.
 */
#include "loader/symbols.h"

#include "syscall/host_maps.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct symbol {
    uint64_t start, end; /* as in the file */
    char *name;
};

struct module {
    gaddr start, end; /* an executable mapping */
    uint64_t vaddr;   /* of its first byte, as in the file */
    char *file;       /* without its folder */
    struct symbol *symbols;
    size_t count;
    struct module *next;
};

static struct module *modules;

static int by_start(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

static void symbols_of_section(struct module *m, Elf *elf, Elf_Scn *section, const GElf_Shdr *shdr)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t n = shdr->sh_entsize ? shdr->sh_size / shdr->sh_entsize : 0;
    m->symbols = data && n ? calloc(n, sizeof *m->symbols) : NULL;
    for (size_t i = 0; m->symbols && i < n; i++) {
        GElf_Sym s;
        if (!gelf_getsym(data, (int)i, &s) || GELF_ST_TYPE(s.st_info) != STT_FUNC || s.st_size == 0)
            continue;
        const char *name = elf_strptr(elf, shdr->sh_link, s.st_name);
        if (name)
            m->symbols[m->count++] = (struct symbol){s.st_value, s.st_value + s.st_size, strdup(name)};
    }
    if (m->symbols)
        qsort(m->symbols, m->count, sizeof *m->symbols, by_start);
}

/* The address in the file's own terms of the code at `offset`; 0 if no segment has it.  A page of the file may be in two
 * segments: the end of one, and the beginning of another. */
static uint64_t vaddr_at(Elf *elf, uint64_t offset)
{
    size_t n = 0;
    elf_getphdrnum(elf, &n);
    for (size_t i = 0; i < n; i++) {
        GElf_Phdr p;
        if (gelf_getphdr(elf, (int)i, &p) && p.p_type == PT_LOAD && (p.p_flags & PF_X) &&
            page_down(p.p_offset) <= offset && offset < p.p_offset + p.p_filesz)
            return offset - p.p_offset + p.p_vaddr;
    }
    return 0;
}

static void module_read(struct module *m, const char *path, uint64_t offset)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd >= 0 && elf_version(EV_CURRENT) != EV_NONE ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    Elf_Scn *best = NULL;
    GElf_Shdr best_shdr = {0};
    for (Elf_Scn *s = NULL; elf && (s = elf_nextscn(elf, s));) {
        GElf_Shdr shdr;
        if (!gelf_getshdr(s, &shdr))
            continue;
        if (shdr.sh_type == SHT_SYMTAB || (shdr.sh_type == SHT_DYNSYM && !best)) {
            best = s;
            best_shdr = shdr;
        }
    }
    if (elf)
        m->vaddr = vaddr_at(elf, offset);
    if (best)
        symbols_of_section(m, elf, best, &best_shdr);
    elf_end(elf);
    if (fd >= 0)
        close(fd);
}

/* Reads the mapping that holds pc and puts its module in front; NULL: there is none, or it has no file. */
static struct module *module_add(gaddr pc)
{
    static struct maps_reader r;
    const char *line;
    struct module *m = NULL;
    if (maps_open(&r, "/proc/self/maps") != 0)
        return NULL;
    while (!m && (line = maps_next(&r))) {
        struct maps_line l = maps_parse(line);
        if (pc < l.start || pc >= l.end || l.name[0] != '/')
            continue;
        m = calloc(1, sizeof *m);
        if (!m)
            break;
        const char *slash = strrchr(l.name, '/');
        *m = (struct module){
            .start = l.start, .end = l.end, .vaddr = l.offset, .file = strdup(slash + 1), .next = modules};
        module_read(m, l.name, l.offset);
        modules = m;
    }
    maps_close(&r);
    return m;
}

static struct module *module_at(gaddr pc)
{
    for (struct module *m = modules; m; m = m->next)
        if (pc >= m->start && pc < m->end)
            return m;
    return module_add(pc);
}

static const struct symbol *symbol_at(const struct module *m, uint64_t vaddr)
{
    size_t lo = 0, hi = m->count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (m->symbols[mid].start <= vaddr)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && vaddr < m->symbols[lo - 1].end ? &m->symbols[lo - 1] : NULL;
}

void symbols_name(gaddr pc, char *to, size_t size)
{
    const struct module *m = module_at(pc);
    uint64_t vaddr = m ? pc - m->start + m->vaddr : pc;
    const struct symbol *s = m ? symbol_at(m, vaddr) : NULL;
    if (s)
        snprintf(to, size, "%s+0x%lx", s->name, (unsigned long)(vaddr - s->start));
    else
        snprintf(to, size, "%s+0x%lx", m ? m->file : "guest", (unsigned long)vaddr);
}
