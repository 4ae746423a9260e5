#include "provider/engine/schema.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "provider/engine/timeouts.h"

/* Types are made once per table and live as long as the process. Readers share the lock. */
enum { CACHE_SIZE = 1024 };

static struct {
    pthread_rwlock_t lock;
    struct arena *arena;
    struct {
        const void *key;
        const struct type *type;
    } slots[CACHE_SIZE];
} cache = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static size_t slot_of(const void *key)
{
    return ((uintptr_t)key >> 4) * 2654435761U % CACHE_SIZE;
}

static const struct type *cache_find(const void *key)
{
    const struct type *found = NULL;
    pthread_rwlock_rdlock(&cache.lock);
    for (size_t i = slot_of(key), tries = 0; tries < CACHE_SIZE && cache.slots[i].key;
         i = (i + 1) % CACHE_SIZE, tries++)
        if (cache.slots[i].key == key) {
            found = cache.slots[i].type;
            break;
        }
    pthread_rwlock_unlock(&cache.lock);
    return found;
}

/* The first writer wins; another thread's equal type is dropped into the arena unused. */
static const struct type *cache_add(const void *key, const struct type *type)
{
    pthread_rwlock_wrlock(&cache.lock);
    size_t i = slot_of(key), tries = 0;
    while (cache.slots[i].key && cache.slots[i].key != key) {
        if (++tries == CACHE_SIZE)
            fatal_error("more than %d attribute tables", CACHE_SIZE);
        i = (i + 1) % CACHE_SIZE;
    }
    if (!cache.slots[i].key) {
        cache.slots[i].type = type;
        cache.slots[i].key = key;
    }
    type = cache.slots[i].type;
    pthread_rwlock_unlock(&cache.lock);
    return type;
}

static pthread_mutex_t arena_mutex = PTHREAD_MUTEX_INITIALIZER;

static const struct type *build_object(const struct attribute *table, const char *extra_name,
                                       const struct type *extra_type)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    const struct type **types = mem_calloc(count + 1, sizeof(*types));
    for (size_t i = 0; i < count; i++)
        types[i] = attribute_type(&table[i]);
    pthread_mutex_lock(&arena_mutex);
    if (!cache.arena)
        cache.arena = arena_new();
    struct type_field *fields = arena_array(cache.arena, struct type_field, count + 1);
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct type_field){table[i].name, types[i]};
    if (extra_name)
        fields[count++] = (struct type_field){extra_name, extra_type};
    const struct type *type = type_object(cache.arena, fields, count);
    pthread_mutex_unlock(&arena_mutex);
    free_pointer(&types);
    return type;
}

const struct type *attributes_type(const struct attribute *table)
{
    const struct type *type = cache_find(table);
    return type ? type : cache_add(table, build_object(table, NULL, NULL));
}

const struct type *resource_type(const struct resource *resource)
{
    const struct type *type = cache_find(resource);
    if (type)
        return type;
    return cache_add(resource, build_object(resource->attributes, "timeouts", &timeouts_type));
}

static const struct type string_list = {.kind = TYPE_LIST, .element = &type_string};
static const struct type string_set = {.kind = TYPE_SET, .element = &type_string};
static const struct type string_map = {.kind = TYPE_MAP, .element = &type_string};

static const struct type *object_collection(const struct attribute *attribute)
{
    const struct type *type = cache_find(attribute);
    if (type)
        return type;
    const struct type *element = attributes_type(attribute->fields);
    pthread_mutex_lock(&arena_mutex);
    if (!cache.arena)
        cache.arena = arena_new();
    type = attribute->kind == ATTRIBUTE_OBJECT_SET ? type_set(cache.arena, element)
                                                   : type_list(cache.arena, element);
    pthread_mutex_unlock(&arena_mutex);
    return cache_add(attribute, type);
}

const struct type *attribute_type(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return &type_string;
    case ATTRIBUTE_BOOL:
        return &type_bool;
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        return &type_number;
    case ATTRIBUTE_STRING_LIST:
        return &string_list;
    case ATTRIBUTE_STRING_SET:
        return &string_set;
    case ATTRIBUTE_STRING_MAP:
        return &string_map;
    case ATTRIBUTE_OBJECT_LIST:
    case ATTRIBUTE_OBJECT_SET:
        return object_collection(attribute);
    case ATTRIBUTE_DYNAMIC:
        return &type_dynamic;
    }
    return &type_dynamic;
}

const struct attribute *attribute_find(const struct attribute *table, const char *name)
{
    for (; table && table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

const char *attribute_json_name(struct arena *arena, const struct attribute *attribute)
{
    if (attribute->json)
        return attribute->json;
    char *name = arena_strdup(arena, attribute->name), *to = name;
    for (const char *from = attribute->name; *from; from++) {
        if (*from == '_' && from[1])
            *to++ = (char)toupper((unsigned char)*++from);
        else
            *to++ = *from;
    }
    *to = '\0';
    return name;
}
