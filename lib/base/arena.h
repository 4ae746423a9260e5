/*
 * Arena: memory that is released as a whole.
 *
 * One arena serves one RPC, request or command. Memory from it is zeroed, aligned for any type and
 * valid until arena_free(). An arena belongs to one thread at a time. Out of memory aborts.
 */
#ifndef OKESTRA_BASE_ARENA_H
#define OKESTRA_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "lib/base/compiler.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* accepts NULL */
void arena_free_pointer(struct arena **arena);
#define ARENA_AUTO CLEANUP(arena_free_pointer) struct arena *

/* Releases everything but keeps the first block for reuse. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc));
void *arena_calloc(struct arena *arena, size_t count, size_t size) __attribute__((malloc));
/* Grows an array; the old memory stays allocated, so grow geometrically. */
void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t new_size);

char *arena_strdup(struct arena *arena, const char *text); /* NULL in, NULL out */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *data, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...) ATTR_PRINTF(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) ATTR_PRINTF(2, 0);

/* Bytes handed out since arena_new() or arena_reset(). */
size_t arena_used(const struct arena *arena);

#define arena_new_of(arena, type)       ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

#endif
