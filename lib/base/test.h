/* cmocka with the headers that it needs, for *_test.c files. */
#ifndef OKESTRA_BASE_TEST_H
#define OKESTRA_BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
