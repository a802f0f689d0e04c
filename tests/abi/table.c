/* SPDX-License-Identifier: MIT */
/*
 * Checks abi/a64/syscalls.h: the guest's and the host's numbers against libseccomp's tables, the order of
 * lines, and the words of each signature.  Calls newer than the installed libseccomp are only counted, and
 * must have the same number on both sides, as all new calls have.
 */
#include "abi/host_nr.h"
#include "syscall/calls.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(cond, ...)                                                                                     \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            fprintf(stderr, __VA_ARGS__);                                                                    \
            fputc('\n', stderr);                                                                             \
            failures++;                                                                                      \
        }                                                                                                    \
    } while (0)

struct line {
    int nr;
    const char *name, *sig;
    int host;
    int paths, lists; /* how many arguments of these kinds there must be; -1: any number */
};

#define PASS(nr, name, sig)      {nr, #name, sig, __NR_##name, 0, 0},
#define PATH(nr, name, sig)      {nr, #name, sig, __NR_##name, 1, 0},
#define BUFS(nr, name, sig)      {nr, #name, sig, __NR_##name, 0, 1},
#define LESS(nr, name, sig)      {nr, #name, sig, __NR_##name, 0, 0},
#define CALL(nr, name, sig, why) {nr, #name, sig, __NR_##name, -1, -1},
#define NONE(nr, name, why)      {nr, #name, "", __NR_##name, 0, 0},
#define MISS(nr, name, why)      {nr, #name, "", __NR_##name, 0, 0},
static const struct line lines[] = {
#include "abi/a64/syscalls.h"
};
#define LINES (sizeof lines / sizeof *lines)

static const char *const words[] = {"int",  "fd",    "uint",   "long",  "size",  "hex", "oct", "ptr", "str",
                                    "path", "lpath", "mpath",  "npath", "fpath", "in",  "out", "at",  "sig",
                                    "prot", "atf",   "oflags", "addr",  "arg",   "iov", "msg", "mmsg"};

static bool known_word(const char *w, size_t n)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && !memcmp(words[i], w, n))
            return true;
    return false;
}

static void check_signature(const struct line *l)
{
    int args = 0, paths = 0, lists = 0;
    bool flags_needed = false, flags = false;
    const char *s = l->sig + (l->sig[0] == '!');

    while (*s && *s != ':') {
        size_t whole = strcspn(s, ",:"), n = strcspn(s, ",:.");
        CHECK(known_word(s, n), "%s: word %.*s", l->name, (int)n, s);
        paths += n >= 4 && !memcmp(s + n - 4, "path", 4);
        lists += n >= 3 && (!memcmp(s, "iov", 3) || !memcmp(s + n - 3, "msg", 3));
        flags_needed |= n == 5 && (!memcmp(s, "npath", 5) || !memcmp(s, "fpath", 5));
        flags |= n == 3 && !memcmp(s, "atf", 3);
        args++;
        s += whole + (s[whole] == ',');
    }
    CHECK(*s == 0 || !strcmp(s, ":addr"), "%s: end of signature %s", l->name, s);
    CHECK(args <= 6, "%s: %d arguments", l->name, args);
    CHECK(!flags_needed || flags, "%s: a path depends on flags that are not there", l->name);
    CHECK(l->paths < 0 || paths == l->paths || (l->paths && paths == 2), "%s: %d paths", l->name, paths);
    CHECK(l->lists < 0 || lists == l->lists, "%s: %d lists", l->name, lists);
}

int main(void)
{
    int newer = 0;

    for (size_t i = 0; i < LINES; i++) {
        const struct line *l = &lines[i];
        int guest = seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, l->name);
        int host = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, l->name);

        check_signature(l);
        CHECK(i == 0 || lines[i - 1].nr < l->nr, "%s: out of order", l->name);
        if (guest == __NR_SCMP_ERROR) {
            newer++;
            CHECK(l->nr > 440 && l->nr == l->host, "%s: %d, host %d", l->name, l->nr, l->host);
            continue;
        }
        CHECK(guest == l->nr, "%s: %d, libseccomp says %d", l->name, l->nr, guest);
        CHECK(host == l->host, "%s: host %d, libseccomp says %d", l->name, l->host, host);
    }
    for (int nr = 0; nr <= lines[LINES - 1].nr; nr++) {
        char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_AARCH64, nr);
        bool found = !name;
        for (size_t i = 0; i < LINES; i++)
            found |= lines[i].nr == nr;
        CHECK(found, "%d (%s) has no line", nr, name ? name : "?");
        free(name);
    }
    printf("%zu calls, %d of them newer than libseccomp\n", LINES, newer);
    return failures != 0;
}
