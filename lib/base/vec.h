/*
 * Growing arrays of any element type, on the heap.
 *
 *     struct { int *items; size_t count, capacity; } numbers = {0};
 *     vec_push(&numbers, 7);
 *     vec_free(&numbers);
 */
#ifndef OKESTRA_BASE_VEC_H
#define OKESTRA_BASE_VEC_H

#include <stdlib.h>

#include "lib/base/compiler.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

#define vec_reserve(v, more)                                                                       \
    do {                                                                                           \
        if ((v)->count + (more) > (v)->capacity) {                                                 \
            size_t vec_capacity = (v)->capacity ? (v)->capacity * 2 : 8;                           \
            while (vec_capacity < (v)->count + (more))                                             \
                vec_capacity *= 2;                                                                 \
            (v)->items = mem_realloc((v)->items, vec_capacity, sizeof(*(v)->items));               \
            (v)->capacity = vec_capacity;                                                          \
        }                                                                                          \
    } while (0)

#define vec_push(v, ...)                                                                           \
    do {                                                                                           \
        vec_reserve((v), 1);                                                                       \
        (v)->items[(v)->count++] = (__VA_ARGS__);                                                  \
    } while (0)

#define vec_free(v)                                                                                \
    do {                                                                                           \
        free((v)->items);                                                                          \
        (v)->items = NULL;                                                                         \
        (v)->count = (v)->capacity = 0;                                                            \
    } while (0)

#endif
