/* cmocka with the headers that it needs, for *_test.c files. */
#ifndef OKESTRA_BASE_TEST_H
#define OKESTRA_BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* fail() and fail_msg() never return; analysers should know. */
/* NOLINTNEXTLINE(readability-redundant-declaration) */
void _fail(const char *file, int line) __attribute__((noreturn));

#endif
