/* Compiler attributes and small macros used everywhere. */
#ifndef OKESTRA_BASE_COMPILER_H
#define OKESTRA_BASE_COMPILER_H

#include <stddef.h>

#define ATTR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define ATTR_UNUSED            __attribute__((unused))
#define ATTR_NORETURN          __attribute__((noreturn))
#define ATTR_WARN_UNUSED       __attribute__((warn_unused_result))

/* Runs fn(&variable) when the variable leaves its scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* Ends the process with a message: for out of memory and broken invariants only. */
void fatal_error(const char *format, ...) ATTR_PRINTF(1, 2) ATTR_NORETURN;

/* malloc family that never returns NULL. Sizes are checked for overflow. Free with free(). */
void *mem_alloc(size_t size);
void *mem_calloc(size_t count, size_t size);
void *mem_realloc(void *old, size_t count, size_t size);
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t length);

/* For CLEANUP(free_pointer) on char * and other malloc'd pointers. */
void free_pointer(void *pointer_to_pointer);

#endif
