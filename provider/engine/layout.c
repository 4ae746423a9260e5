#include "provider/engine/layout.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "provider/engine/timeouts.h"

/*
 * A hash table that only grows: nodes are pushed in front of their bucket under the lock and never
 * change afterwards, so that readers follow the pointers without one. A table and its first attribute
 * have one address; the kind of fact tells them apart.
 */
enum { BUCKETS = 2048 };

enum fact { FACT_LAYOUT, FACT_RESOURCE_LAYOUT, FACT_COLLECTION, FACT_JSON_NAME, FACT_IDENTITY };

struct node {
    struct node *next;
    const void *key;
    enum fact fact;
    const void *content;
};

static struct node *_Atomic buckets[BUCKETS];
static pthread_mutex_t building = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static struct arena *lasting; /* guarded by building */

typedef const void *build_fact(const void *key, const void *context);

static struct node *_Atomic *bucket_of(const void *key, enum fact fact)
{
    uint64_t hash = ((uint64_t)(uintptr_t)key + (uint64_t)fact) * UINT64_C(0x9e3779b97f4a7c15);
    return &buckets[hash >> 32 & (BUCKETS - 1)];
}

static const void *find(const void *key, enum fact fact)
{
    struct node *node = atomic_load_explicit(bucket_of(key, fact), memory_order_acquire);
    while (node && (node->key != key || node->fact != fact))
        node = node->next;
    return node ? node->content : NULL;
}

static const void *find_or_build(const void *key, enum fact fact, build_fact *build,
                                 const void *context)
{
    const void *content = find(key, fact);
    if (content)
        return content;
    pthread_mutex_lock(&building);
    if (!lasting)
        lasting = arena_new();
    content = find(key, fact);
    if (!content) {
        content = build(key, context);
        struct node *_Atomic *bucket = bucket_of(key, fact);
        struct node *node = arena_new_of(lasting, struct node);
        *node = (struct node){atomic_load(bucket), key, fact, content};
        atomic_store_explicit(bucket, node, memory_order_release);
    }
    pthread_mutex_unlock(&building);
    return content;
}

/* --- layouts ------------------------------------------------------------------------------------ */

static const struct layout *build_layout(const struct attribute *table, const struct type *timeouts)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    struct type_field *fields = arena_array(lasting, struct type_field, count + 1);
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct type_field){table[i].name, attribute_type(&table[i])};
    if (timeouts)
        fields[count++] = (struct type_field){"timeouts", timeouts};
    struct layout *layout = arena_new_of(lasting, struct layout);
    layout->type = type_object(lasting, fields, count);
    layout->count = count;
    const struct attribute **sorted = arena_array(lasting, const struct attribute *, count);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = attribute_find(table, layout->type->fields[i].name);
        layout->has_keys |= sorted[i] && sorted[i]->flags & KEY;
    }
    layout->attributes = sorted;
    return layout;
}

static const void *build_table(const void *key, const void *context)
{
    (void)context;
    return build_layout(key, NULL);
}

static const void *build_resource(const void *key, const void *context)
{
    (void)context;
    const struct resource *resource = key;
    return build_layout(resource->attributes, &timeouts_type);
}

const struct layout *layout_of_table(const struct attribute *table)
{
    return find_or_build(table, FACT_LAYOUT, build_table, NULL);
}

const struct layout *layout_of_resource(const struct resource *resource)
{
    return find_or_build(resource, FACT_RESOURCE_LAYOUT, build_resource, NULL);
}

static const void *build_identity(const void *key, const void *context)
{
    const struct identity_attribute *identity = key;
    const struct resource *resource = context;
    size_t count = 0;
    while (identity[count].name)
        count++;
    struct type_field *fields = arena_array(lasting, struct type_field, count);
    for (size_t i = 0; i < count; i++) {
        const struct attribute *attribute = attribute_find(resource->attributes, identity[i].name);
        fields[i] = (struct type_field){identity[i].name,
                                        attribute ? attribute_type(attribute) : &type_string};
    }
    return type_object(lasting, fields, count);
}

const struct type *layout_identity_type(const struct resource *resource,
                                        const struct identity_attribute *identity)
{
    return find_or_build(identity, FACT_IDENTITY, build_identity, resource);
}

const struct value *layout_member(const struct layout *layout, const struct value *object,
                                  size_t index)
{
    const char *name = layout->type->fields[index].name;
    if (object && object->kind == VALUE_MAP && object->map.count == layout->count &&
        slice_equal_text(object->map.entries[index].key, name))
        return object->map.entries[index].value;
    return value_get(object, name);
}

const struct value *layout_object(struct arena *arena, const struct layout *layout,
                                  const struct value *const *members)
{
    struct value_entry *entries = arena_array(arena, struct value_entry, layout->count);
    for (size_t i = 0; i < layout->count; i++)
        entries[i] = (struct value_entry){slice_from(layout->type->fields[i].name), members[i]};
    return value_map(arena, entries, layout->count);
}

const struct attribute *layout_find(const struct layout *layout, const char *name)
{
    size_t low = 0, high = layout->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(layout->type->fields[middle].name, name);
        if (order == 0)
            return layout->attributes[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* --- attributes --------------------------------------------------------------------------------- */

const struct type *attributes_type(const struct attribute *table)
{
    return layout_of_table(table)->type;
}

const struct type *resource_type(const struct resource *resource)
{
    return layout_of_resource(resource)->type;
}

static const void *build_collection(const void *key, const void *context)
{
    (void)context;
    const struct attribute *attribute = key;
    const struct type *element = attributes_type(attribute->fields);
    return attribute->kind == ATTRIBUTE_OBJECT_SET ? type_set(lasting, element)
                                                   : type_list(lasting, element);
}

const struct type *attribute_type(const struct attribute *attribute)
{
    static const struct type string_list = {.kind = TYPE_LIST, .element = &type_string};
    static const struct type string_set = {.kind = TYPE_SET, .element = &type_string};
    static const struct type string_map = {.kind = TYPE_MAP, .element = &type_string};
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
        return find_or_build(attribute, FACT_COLLECTION, build_collection, NULL);
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return &type_dynamic;
}

static const void *build_json_name(const void *key, const void *context)
{
    (void)context;
    const struct attribute *attribute = key;
    char *name = arena_strdup(lasting, attribute->name), *to = name;
    for (const char *from = attribute->name; *from; from++) {
        char c = *from;
        if (c == '_' && from[1]) {
            c = *++from;
            if (c >= 'a' && c <= 'z')
                c = (char)(c - 'a' + 'A');
        }
        *to++ = c;
    }
    *to = '\0';
    return name;
}

const char *attribute_json_name(struct arena *arena, const struct attribute *attribute)
{
    (void)arena; /* names are kept for good */
    if (attribute->json)
        return attribute->json;
    return find_or_build(attribute, FACT_JSON_NAME, build_json_name, NULL);
}
