/* RSA keys and command lines for unit tests only (all functions are static). */
#ifndef OKESTRA_OCI_TEST_KEYS_H
#define OKESTRA_OCI_TEST_KEYS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/str.h"

/* A fresh directory below TMPDIR, and a path in it. */
static char test_directory[128];

ATTR_UNUSED static void test_directory_make(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(test_directory, sizeof(test_directory), "%s/okestra-test-XXXXXX",
             base && strlen(base) < 90 ? base : "/tmp");
    if (!mkdtemp(test_directory))
        fatal_error("cannot make %s", test_directory);
}

ATTR_UNUSED static void test_directory_remove(void)
{
    char command[256];
    snprintf(command, sizeof(command), "rm -rf '%s'", test_directory);
    if (system(command) != 0)
        fatal_error("cannot remove %s", test_directory);
}

/* Caller frees. */
ATTR_UNUSED static char *test_path(const char *name)
{
    struct str path = STR_INIT;
    str_printf(&path, "%s/%s", test_directory, name);
    return str_steal(&path);
}

ATTR_UNUSED static void test_file_write(const char *name, const char *text)
{
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *path = test_path(name);
    if (!file_write_atomic(path, text, strlen(text), 0600, &err))
        fatal_error("%s", error_message(&err));
}

ATTR_UNUSED static char *test_file_read(const char *name)
{
    ERROR_AUTO(err);
    struct str text = STR_INIT;
    CLEANUP(free_pointer) char *path = test_path(name);
    if (!file_read(path, 1024 * 1024, &text, &err))
        fatal_error("%s", error_message(&err));
    return str_steal(&text);
}

/* Runs a shell command in the directory; true when it exits with 0. */
ATTR_UNUSED static bool test_run(const char *command)
{
    STR_AUTO line = STR_INIT;
    str_printf(&line, "cd '%s' && { %s ; } >/dev/null 2>&1", test_directory, command);
    return system(str_text(&line)) == 0;
}

#endif
