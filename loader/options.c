/* SPDX-License-Identifier: MIT */
/*
 * The command line.  One table row an option; a row's function gets the option's value.
 *
 * Options of which a child must know (an exec of a guest program starts another xrun) are collected in
 * options.forward: most as they were given, as the table says; names of files absolute; the sysroot always as
 * --parent-sysroot, wherever it came from, because a guest may clear its environment; "/" if there is none any more, or was to
 * be none, because it may be set there still.  --parent-sysroot, --exec-fd, --execfn, --seccomp-fd and --self-fd are exec's own and
 * not in the help.
 */
#include "loader/options.h"

#include "dbt/a64/feature.h"
#include "loader/binfmt.h"
#include "loader/disas.h"
#include "loader/jitdump.h"
#include "loader/perf_map.h"
#include "loader/space.h"
#include "syscall/calls.h"
#include "syscall/exec_self.h"
#include "syscall/task.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "usage: xrun [options] PROGRAM [ARGS...]\n"
    "Runs a Linux program for AArch64 on x86-64.\n"
    "\n"
    "  -L DIR           look up the guest's absolute paths in DIR first (or XRUN_SYSROOT, QEMU_LD_PREFIX)\n"
    "  -E VAR=VALUE     set a variable of the guest's environment\n"
    "  -U VAR           remove one\n"
    "  -0 ARGV0         the guest's argv[0]\n"
    "  --cpu=NAME[,+FEATURE,-FEATURE]  the processor to emulate (also -cpu NAME...); --cpu=help lists them\n"
    "  --interp         evaluate instead of compiling (slow)\n"
    "  --no-opt         compile without optimising; implies --tier=1\n"
    "  --tier=1|2       compile all code the first time it runs: 1, as single units; 2, as traces\n"
    "  --careful[=1]    compile all code in the slower form otherwise kept for what traps often (=1: the\n"
    "                   milder of its two forms); implies --tier=1\n"
    "  --cache-size=N[k|M|G]  memory for translated code, 16k to 1G (default 64M); when it is full, it is "
    "emptied\n"
    "  --no-store       share no translations with other processes, through /dev/shm (or XRUN_NO_STORE)\n"
    "  --host=v3|v4     use AVX2 only, or AVX-512 where available (the default)\n"
    "  --va-bits=39|42|47  bits of the guest's addresses (default 47); TSan and MSan need 39 or 42\n"
    "  --dump=LIST[@PC] print stages of the translation (in,ir,opt,ra,out) to stderr, of all code or the "
    "unit at PC\n"
    "  --stats[=FILE]   at the end of each process, print what the translator did to stderr, or append it to "
    "FILE\n"
    "  --perf-map       write /tmp/perf-PID.map, from which perf report names translated code\n"
    "  --jitdump[=DIR]  write DIR/jit-PID.dump (DIR: /tmp), from which perf inject --jit and perf annotate "
    "show it\n"
    "  --strace         print the guest's system calls to stderr\n"
    "  --syscalls       print the table of system calls: number, name, state, reason\n"
    "  --register       let the kernel start AArch64 programs with this xrun (binfmt_misc; needs root)\n"
    "  --unregister     take that back\n"
    "  --status         print what is registered; status 1 if xrun is not, or is disabled\n"
    "  --binfmt=PATH    print the registration for an xrun at PATH, for a file in /etc/binfmt.d\n"
    "  --version, --help\n"
    "\n"
    "The status is the program's own; 125: an error of xrun's, 126: PROGRAM cannot be run, 127: it is not "
    "there.\n";

void die(int status, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("xrun: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(status);
}

static void forward(const char *option)
{
    static size_t count;
    char **list = realloc(options.forward, (count + 2) * sizeof *list);
    if (!list)
        die(EXIT_OWN, "no memory");
    list[count++] = (char *)option;
    list[count] = NULL;
    options.forward = list;
}

/* -- one function an option -- */

static void set_sysroot(const char *dir, const char *from)
{
    struct stat st;
    char *path = realpath(dir, NULL);
    if (!path || stat(path, &st) != 0)
        die(EXIT_OWN, "%s: %s: %s", from, dir, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        die(EXIT_OWN, "%s: %s: not a directory", from, dir);
    options.sysroot = strcmp(path, "/") == 0 ? NULL : path;
}

static void opt_sysroot(struct command *c, const char *v)
{
    set_sysroot(v, "-L");
}

/* The guest may have changed its root, so that there is no such folder any more: then its paths are the host's. */
static void opt_parent_sysroot(struct command *c, const char *v)
{
    if (access(v, F_OK) == 0)
        set_sysroot(v, "--parent-sysroot");
}

static void opt_setenv(struct command *c, const char *v)
{
    const char *eq = strchr(v, '=');
    if (!eq || eq == v)
        die(EXIT_OWN, "-E %s: VAR=VALUE is wanted", v);
    if (putenv((char *)v) != 0)
        die(EXIT_OWN, "no memory");
}

static void opt_unsetenv(struct command *c, const char *v)
{
    if (unsetenv(v) != 0)
        die(EXIT_OWN, "-U %s: not a variable's name", v);
}

static void opt_argv0(struct command *c, const char *v)
{
    c->argv[0] = (char *)v;
}

static void list_names(const char *what, unsigned kind)
{
    printf("%s:", what);
    for (unsigned i = 0; a64_cpu_name(kind, i); i++)
        printf(" %s", a64_cpu_name(kind, i));
    putchar('\n');
}

/* What was asked for has been printed, if it could be. */
static _Noreturn void exit_printed(int status)
{
    exit(fflush(stdout) == 0 ? status : EXIT_OWN);
}

static void opt_cpu(struct command *c, const char *v)
{
    if (strcmp(v, "help") == 0) {
        list_names("processors", 0);
        list_names("features", 1);
        exit_printed(0);
    }
    const char *wrong = a64_cpu_select(v);
    if (wrong)
        die(EXIT_OWN, "--cpu=%s: nothing is known by the name of %.*s (see --cpu=help)", v,
            (int)strcspn(wrong, ","), wrong);
}

static void opt_interp(struct command *c, const char *v)
{
    c->dbt.interp = true;
}

static void opt_careful(struct command *c, const char *v)
{
    if (*v && strcmp(v, "1") != 0 && strcmp(v, "2") != 0)
        die(EXIT_OWN, "--careful=%s: 1 or 2 is wanted", v);
    c->dbt.careful = *v == '1' ? 1 : 2;
    c->dbt.tier = 1;
}

static void opt_no_store(struct command *c, const char *v)
{
    c->no_store = true;
}

static void opt_no_opt(struct command *c, const char *v)
{
    c->dbt.no_opt = true;
    c->dbt.tier = 1;
}

static void opt_tier(struct command *c, const char *v)
{
    if (strcmp(v, "1") != 0 && strcmp(v, "2") != 0)
        die(EXIT_OWN, "--tier=%s: 1 or 2 is wanted", v);
    c->dbt.tier = *v - '0';
}

static void opt_host(struct command *c, const char *v)
{
    if (strcmp(v, "v3") != 0 && strcmp(v, "v4") != 0)
        die(EXIT_OWN, "--host=%s: v3 or v4 is wanted", v);
    c->dbt.v3 = strcmp(v, "v3") == 0;
}

/* Of the sizes that AArch64 kernels are built with. */
static void opt_va_bits(struct command *c, const char *v)
{
    if (strcmp(v, "39") != 0 && strcmp(v, "42") != 0 && strcmp(v, "47") != 0)
        die(EXIT_OWN, "--va-bits=%s: 39, 42 or 47 is wanted", v);
    long bits = strtol(v, NULL, 10);
    space_end = bits == 47 ? SPACE_TOP : 1ull << bits;
}

static void opt_dump(struct command *c, const char *v)
{
    static const char *const stages[] = {"in", "ir", "opt", "ra", "out"};
    const char *p = v;
    for (;;) {
        size_t n = strcspn(p, ",@"), i = 0;
        while (i < 5 && (strlen(stages[i]) != n || strncmp(p, stages[i], n) != 0))
            i++;
        if (i == 5)
            die(EXIT_OWN, "--dump=%s: stages are in, ir, opt, ra, out", v);
        c->dbt.dump |= 1u << i;
        p += n;
        if (*p != ',')
            break;
        p++;
    }
    char *end = (char *)p;
    if (*p == '@') {
        errno = 0;
        c->dbt.dump_pc = strtoull(p + 1, &end, 16);
        if (p[1] == 0 || errno)
            end = (char *)p;
    }
    if (*end)
        die(EXIT_OWN, "--dump=%s: a hexadecimal address is wanted behind the @", v);
    c->dbt.dump_out = stderr;
    c->dbt.disas = disas;
}

static void opt_stats(struct command *c, const char *v)
{
    c->dbt.stats = true;
    options.stats = "";
}

/* The guest may change its folder, so the file's name is made absolute. */
static void opt_stats_file(struct command *c, const char *v)
{
    static char path[2 * PATH_MAX], option[2 * PATH_MAX + 16];
    size_t n = 0;
    if (*v == 0)
        die(EXIT_OWN, "--stats=: the name of a file is wanted");
    if (*v != '/' && getcwd(path, PATH_MAX)) {
        n = strlen(path);
        path[n++] = '/';
    }
    snprintf(path + n, sizeof path - n, "%s", v);
    FILE *f = fopen(path, "ae");
    if (!f)
        die(EXIT_OWN, "--stats=%s: %s", v, strerror(errno));
    fclose(f);
    c->dbt.stats = true;
    options.stats = path;
    snprintf(option, sizeof option, "--stats=%s", path);
    forward(option);
}

/* Jumps reach 2 GiB; what does not fit in the smallest is evaluated. */
static void opt_cache_size(struct command *c, const char *v)
{
    static const char units[] = "kMG";
    const unsigned long least = 16 << 10, most = 1 << 30;
    char *end;
    errno = 0;
    unsigned long n = strtoul(v, &end, 10), unit = 1;
    const char *u = *end ? strchr(units, *end) : NULL;
    if (u) {
        unit = 1024ul << 10 * (u - units);
        end++;
    }
    if (*v < '0' || *v > '9' || *end || errno || n > most / unit || n * unit < least)
        die(EXIT_OWN, "--cache-size=%s: a size from 16k to 1G is wanted", v);
    c->dbt.cache_size = n * unit;
}

static void both(const void *host, size_t size, gaddr pc)
{
    perf_map_add(host, size, pc);
    jitdump_add(host, size, pc);
}

static void tell_of_made(struct command *c, void (*made)(const void *host, size_t size, gaddr pc))
{
    c->dbt.made = c->dbt.made && c->dbt.made != made ? both : made;
}

static void opt_perf_map(struct command *c, const char *v)
{
    tell_of_made(c, perf_map_add);
    c->dbt.gone = perf_map_clear;
}

static void opt_jitdump_folder(struct command *c, const char *v)
{
    static char option[PATH_MAX + 16];
    const char *folder = realpath(v, NULL);
    if (!folder || access(folder, W_OK) != 0)
        die(EXIT_OWN, "--jitdump=%s: %s", v, strerror(errno));
    jitdump_folder(folder);
    tell_of_made(c, jitdump_add);
    snprintf(option, sizeof option, "--jitdump=%s", folder);
    forward(option);
}

static void opt_jitdump(struct command *c, const char *v)
{
    opt_jitdump_folder(c, "/tmp");
}

static void opt_strace(struct command *c, const char *v)
{
    options.strace = true;
}

static void opt_exec_fd(struct command *c, const char *v)
{
    c->fd = (int)strtol(v, NULL, 10);
}
static void opt_seccomp_fd(struct command *c, const char *v)
{
    c->seccomp_fd = (int)strtol(v, NULL, 10);
}
static void opt_self_fd(struct command *c, const char *v)
{
    exec_kept_self((int)strtol(v, NULL, 10));
}
static void opt_execfn(struct command *c, const char *v)
{
    c->execfn = v;
}

static void print_and_exit(const char *text)
{
    fputs(text, stdout);
    exit_printed(0);
}

static void opt_syscalls(struct command *c, const char *v)
{
    static const char *const states[] = {
        [CALL_PASS] = "passed",  [CALL_PATH] = "translated", [CALL_BUFS] = "passed",
        [CALL_LESS] = "passed",  [CALL_OWN] = "translated",  [CALL_NONE] = "refused",
        [CALL_MISS] = "refused",
    };
    for (unsigned nr = 0; nr < call_count(); nr++) {
        const struct call *call = call_find(nr);
        if (call)
            printf("%3u  %-24s %s%s%s\n", nr, call->name, states[call->kind], call->why ? ": " : "",
                   call->why ? call->why : "");
    }
    exit_printed(0);
}

static void opt_register(struct command *c, const char *v)
{
    exit(binfmt_register());
}

static void opt_unregister(struct command *c, const char *v)
{
    exit(binfmt_unregister());
}

static void opt_status(struct command *c, const char *v)
{
    int status = binfmt_status();
    exit_printed(status);
}

static void opt_binfmt(struct command *c, const char *v)
{
    binfmt_print(v);
    exit_printed(0);
}

static void opt_version(struct command *c, const char *v)
{
    print_and_exit("xrun " XRUN_VERSION "\n");
}

static void opt_help(struct command *c, const char *v)
{
    print_and_exit(help);
}

/* clang-format off */
enum value { NONE, NEXT, BEHIND }; /* no value; the next argument; behind the name's "=" */
static const struct {
    const char *name;
    enum value value;
    void (*fn)(struct command *c, const char *value);
    bool forward; /* a child gets it as it was given */
} table[] = {
    {"-L", NEXT, opt_sysroot, false},
    {"-E", NEXT, opt_setenv, false},
    {"-U", NEXT, opt_unsetenv, false},
    {"-0", NEXT, opt_argv0, false},
    {"--cpu=", BEHIND, opt_cpu, true},
    {"-cpu", NEXT, opt_cpu, true},
    {"--interp", NONE, opt_interp, true},
    {"--no-opt", NONE, opt_no_opt, true},
    {"--no-store", NONE, opt_no_store, true},
    {"--tier=", BEHIND, opt_tier, true},
    {"--careful", NONE, opt_careful, true},
    {"--careful=", BEHIND, opt_careful, true},
    {"--host=", BEHIND, opt_host, true},
    {"--va-bits=", BEHIND, opt_va_bits, true},
    {"--cache-size=", BEHIND, opt_cache_size, true},
    {"--dump=", BEHIND, opt_dump, true},
    {"--stats", NONE, opt_stats, true},
    {"--stats=", BEHIND, opt_stats_file, false},
    {"--perf-map", NONE, opt_perf_map, true},
    {"--jitdump", NONE, opt_jitdump, false},
    {"--jitdump=", BEHIND, opt_jitdump_folder, false},
    {"--strace", NONE, opt_strace, true},
    {"--syscalls", NONE, opt_syscalls, false},
    {"--register", NONE, opt_register, false},
    {"--unregister", NONE, opt_unregister, false},
    {"--status", NONE, opt_status, false},
    {"--binfmt=", BEHIND, opt_binfmt, false},
    {"--version", NONE, opt_version, false},
    {"--help", NONE, opt_help, false},
    {"--parent-sysroot", NEXT, opt_parent_sysroot, false},
    {"--exec-fd=", BEHIND, opt_exec_fd, false},
    {"--execfn=", BEHIND, opt_execfn, false},
    {"--seccomp-fd=", BEHIND, opt_seccomp_fd, false},
    {"--self-fd=", BEHIND, opt_self_fd, false},
};
/* clang-format on */

/* Does the option at argv[i]; the index behind it. */
static int parse_one(struct command *c, int argc, char **argv, int i)
{
    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        size_t n = strlen(table[k].name);
        bool match = table[k].value == BEHIND ? strncmp(argv[i], table[k].name, n) == 0
                                              : strcmp(argv[i], table[k].name) == 0;
        if (!match)
            continue;
        if (table[k].value == NEXT && i + 1 >= argc)
            die(EXIT_OWN, "%s: a value is missing", argv[i]);
        int end = i + (table[k].value == NEXT ? 2 : 1);
        table[k].fn(c, table[k].value == NEXT ? argv[i + 1] : argv[i] + n);
        for (int j = i; table[k].forward && j < end; j++)
            forward(argv[j]);
        return end;
    }
    die(EXIT_OWN, "unknown option %s (see --help)", argv[i]);
}

/* Parses the arguments; was a sysroot given? */
static bool parse_all(struct command *c, int argc, char **argv)
{
    static char *argv0;
    bool sysroot = false;
    int i = 1;
    c->argv = &argv0;
    while (i < argc && argv[i][0] == '-') {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        sysroot |= strcmp(argv[i], "-L") == 0 || strcmp(argv[i], "--parent-sysroot") == 0;
        i = parse_one(c, argc, argv, i);
    }
    if (i >= argc)
        die(EXIT_OWN, "no program is given (see --help)");
    c->program = argv[i];
    c->argv = &argv[i];
    if (argv0)
        argv[i] = argv0;
    return sysroot;
}

/* The environment's sysroot.  Whoever starts a set-user-id program must not choose its libraries. */
static void sysroot_from_env(void)
{
    static const char *const from_env[] = {"XRUN_SYSROOT", "QEMU_LD_PREFIX"};
    for (size_t k = 0; k < 2 && !getauxval(AT_SECURE); k++) {
        const char *dir = getenv(from_env[k]);
        if (dir && *dir) {
            set_sysroot(dir, from_env[k]);
            return;
        }
    }
}

void options_parse(struct command *c, int argc, char **argv)
{
    *c = (struct command){.fd = -1, .seccomp_fd = -1};
    bool given = !binfmt_start(c, argv) && parse_all(c, argc, argv);
    if (!given)
        sysroot_from_env();
    if (given || options.sysroot) {
        forward("--parent-sysroot");
        forward(options.sysroot ? options.sysroot : "/");
    }
}
