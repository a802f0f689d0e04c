/* SPDX-License-Identifier: MIT */
/*
 * binfmt_misc, both sides of it: the registration, and a start by the kernel because of one
 * (Documentation/admin-guide/binfmt-misc.rst).
 *
 * Flags of the registration, and what each is good for:
 *   O  the kernel passes the program open (AT_EXECFD): it is the file that was checked, it need not be
 *      readable, and its name may mean nothing here (/dev/fd/N).
 *   C  set-user-id programs get their credentials.  So a start by the kernel takes no option from its
 *      arguments, and with AT_SECURE none from the environment (options.c).
 *   F  xrun is opened at registration, so that it runs programs of other roots, where its path leads nowhere.
 *   P  argv[0] stands behind the program's path; AT_FLAGS tells that it does.
 *
 * A start by the kernel is known by AT_EXECFD or that bit of AT_FLAGS: no user can forge either.  A
 * registration by hand without O and P works as `xrun PROGRAM ARGS`, and loses argv[0].
 *
 * Entries of others are left alone: where one takes AArch64 programs already, --register says so.  The kernel would
 * let the newest win, which the other's owner would not understand.
 */
#include "loader/binfmt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/vfs.h>
#include <unistd.h>

#define DIR_PATH   "/proc/sys/fs/binfmt_misc"
#define ENTRY      "xrun-aarch64"
#define FLAGS      "POCF" /* in the order in which the kernel shows them */
#define FS_MAGIC   0x42494e4d
#define ARGV0_KEPT 1 /* AT_FLAGS_PRESERVE_ARGV0 of linux/binfmts.h */

/*
 * The first 20 bytes of a 64-bit little-endian AArch64 ELF file, executable or position-independent, for any
 * System V-like system (EI_OSABI 0 to 3; GNU is 3).
 */
#define HEADER 20
static const unsigned char magic[HEADER] = "\x7f"
                                           "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\xb7";
static const unsigned char mask[HEADER] =
    "\xff\xff\xff\xff\xff\xff\xff\xfc\x00\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff";

/* -- started by the kernel -- */

bool binfmt_start(struct command *c, char **argv)
{
    errno = 0;
    unsigned long fd = getauxval(AT_EXECFD);
    bool open = errno == 0, argv0 = getauxval(AT_FLAGS) & ARGV0_KEPT;
    if ((!open && !argv0) || !argv[0] || !argv[1])
        return false;
    c->by_kernel = true;
    c->program = argv[1];
    c->argv = argv0 && argv[2] ? argv + 2 : argv + 1;
    c->execfn = (const char *)getauxval(AT_EXECFN);
    c->fd = open ? (int)fd : -1;
    return true;
}

/* -- the folder -- */

/* Says why the folder cannot be used, or opens it. */
static int folder_open(void)
{
    struct statfs s;
    int fd = open(DIR_PATH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        die(EXIT_OWN, "%s: the kernel has no binfmt_misc (or /proc is not mounted)", DIR_PATH);
    if (fd < 0)
        die(EXIT_OWN, "%s: %s", DIR_PATH, strerror(errno));
    if (fstatfs(fd, &s) != 0 || s.f_type != FS_MAGIC)
        die(EXIT_OWN, "%s: binfmt_misc is not mounted there (mount -t binfmt_misc binfmt_misc %s)", DIR_PATH,
            DIR_PATH);
    return fd;
}

/* A file of the folder as a string; false if it is not there. */
static bool folder_read(int dir, const char *name, char *text, size_t size)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0)
        close(fd);
    text[n < 0 ? 0 : n] = 0;
    return n >= 0;
}

static void folder_write(int dir, const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
    if (n < 0 && (errno == EACCES || errno == EPERM))
        die(EXIT_OWN, "%s/%s: %s (this needs root)", DIR_PATH, name, strerror(errno));
    if (n < 0)
        die(EXIT_OWN, "%s/%s: %s", DIR_PATH, name, strerror(errno));
    close(fd);
}

/* -- entries -- */

struct entry {
    bool enabled, header; /* header: it goes by a magic number that AArch64 programs have */
    char interpreter[PATH_MAX], flags[16];
};

static size_t hex_bytes(const char *text, unsigned char to[128])
{
    size_t n = 0;
    for (char pair[3] = "", *end = pair + 2; n < 128 && text[0] && text[1]; text += 2, n++) {
        memcpy(pair, text, 2);
        to[n] = (unsigned char)strtoul(pair, &end, 16);
        if (end != pair + 2)
            break;
    }
    return n;
}

/* Would an AArch64 program's header match? */
static bool matches(const char *magic_hex, const char *mask_hex, unsigned long offset)
{
    unsigned char want[128], care[128];
    size_t n = hex_bytes(magic_hex, want), k = mask_hex ? hex_bytes(mask_hex, care) : 0;
    memset(care + k, 0xff, sizeof care - k);
    for (size_t i = 0; i < n && offset + i < HEADER; i++)
        if ((want[i] ^ magic[offset + i]) & care[i])
            return false;
    return n > 0 && offset < HEADER;
}

/* The kernel's text of an entry: lines "enabled", "interpreter PATH", "flags: X", "offset N", "magic HEX", "mask HEX". */
static struct entry entry_parse(char *text)
{
    struct entry e = {.enabled = strncmp(text, "enabled", 7) == 0};
    const char *magic_hex = NULL, *mask_hex = NULL;
    unsigned long offset = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *value = strchr(line, ' ');
        if (!value)
            continue;
        value++;
        if (strncmp(line, "interpreter ", 12) == 0)
            snprintf(e.interpreter, sizeof e.interpreter, "%s", value);
        else if (strncmp(line, "flags: ", 7) == 0)
            snprintf(e.flags, sizeof e.flags, "%s", value);
        else if (strncmp(line, "offset ", 7) == 0)
            offset = strtoul(value, NULL, 10);
        else if (strncmp(line, "magic ", 6) == 0)
            magic_hex = value;
        else if (strncmp(line, "mask ", 5) == 0)
            mask_hex = value;
    }
    e.header = magic_hex && matches(magic_hex, mask_hex, offset);
    return e;
}

static bool entry_read(int dir, const char *name, struct entry *e)
{
    char text[2 * PATH_MAX];
    if (!folder_read(dir, name, text, sizeof text))
        return false;
    *e = entry_parse(text);
    return true;
}

/* The next entry of somebody else's that takes AArch64 programs: its name, or NULL. */
static const char *other_next(DIR *d, struct entry *e)
{
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        static const char *const no[] = {".", "..", "register", "status", ENTRY};
        bool skip = false;
        for (size_t i = 0; i < sizeof no / sizeof *no; i++)
            skip |= strcmp(f->d_name, no[i]) == 0;
        if (!skip && entry_read(dirfd(d), f->d_name, e) && e->enabled && e->header)
            return f->d_name;
    }
    return NULL;
}

static DIR *folder_list(int dir)
{
    DIR *d = fdopendir(dup(dir));
    if (!d)
        die(EXIT_OWN, "%s: %s", DIR_PATH, strerror(errno));
    return d;
}

/* -- the options -- */

static void escape(char *to, const unsigned char *bytes)
{
    size_t n = 0;
    for (unsigned i = 0; i < HEADER; i++)
        n += (size_t)sprintf(to + n, "\\x%02x", bytes[i]);
}

/* The registration as the kernel reads it. */
static void line_for(const char *interpreter, char *line, size_t size)
{
    char m[4 * HEADER + 1], k[4 * HEADER + 1];
    escape(m, magic);
    escape(k, mask);
    if (strchr(interpreter, ':') || strchr(interpreter, '\n') ||
        snprintf(line, size, ":%s:M::%s:%s:%s:%s", ENTRY, m, k, interpreter, FLAGS) >= (int)size)
        die(EXIT_OWN, "%s: binfmt_misc cannot be told such a path", interpreter);
}

void binfmt_print(const char *interpreter)
{
    char line[1920];
    line_for(interpreter, line, sizeof line);
    puts(line);
}

int binfmt_register(void)
{
    char self[PATH_MAX], line[1920]; /* the kernel takes no longer one */
    struct entry e;
    int dir = folder_open();
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        die(EXIT_OWN, "/proc/self/exe: %s", strerror(errno));
    self[n] = 0;
    if (entry_read(dir, ENTRY, &e) && strcmp(e.interpreter, self) != 0)
        die(EXIT_OWN, "%s is registered already, with %s (--unregister takes it back)", ENTRY, e.interpreter);
    DIR *d = folder_list(dir);
    const char *other = other_next(d, &e);
    if (other)
        die(EXIT_OWN, "%s takes AArch64 programs already, with %s (echo -1 >%s/%s takes it back)", other,
            e.interpreter, DIR_PATH, other);
    closedir(d);
    line_for(self, line, sizeof line);
    if (entry_read(dir, ENTRY, &e)) /* perhaps of an older xrun in the same place */
        folder_write(dir, ENTRY, "-1");
    folder_write(dir, "register", line);
    close(dir);
    return 0;
}

int binfmt_unregister(void)
{
    struct entry e;
    int dir = folder_open();
    if (!entry_read(dir, ENTRY, &e))
        die(EXIT_OWN, "%s is not registered", ENTRY);
    folder_write(dir, ENTRY, "-1");
    close(dir);
    return 0;
}

int binfmt_status(void)
{
    char text[64];
    struct entry e, other;
    int dir = folder_open();
    bool on = folder_read(dir, "status", text, sizeof text) && strncmp(text, "enabled", 7) == 0;
    bool there = entry_read(dir, ENTRY, &e);
    printf("binfmt_misc: %s\n", on ? "enabled" : "disabled");
    if (there)
        printf("%s: %s, interpreter %s, flags %s\n", ENTRY, e.enabled ? "enabled" : "disabled", e.interpreter,
               e.flags);
    else
        printf("%s: not registered\n", ENTRY);
    DIR *d = folder_list(dir);
    for (const char *name; (name = other_next(d, &other)) != NULL;)
        printf("%s: takes AArch64 programs too, interpreter %s, flags %s\n", name, other.interpreter,
               other.flags);
    closedir(d);
    close(dir);
    return on && there && e.enabled ? 0 : 1;
}
