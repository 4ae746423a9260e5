#include "provider/engine/json_body.h"

#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/apply.h"
#include "provider/engine/layout.h"
#include "provider/engine/same.h"
#include "provider/value/value_json.h"

/* --- members by name or path -------------------------------------------------------------------- */

/* "a.b": the object that holds b, made where it is missing; *name becomes "b". */
static json_t *holder_of(json_t *body, const char **name)
{
    const char *dot;
    while ((dot = strchr(*name, '.'))) {
        CLEANUP(free_pointer) char *step = mem_strndup(*name, (size_t)(dot - *name));
        json_t *inner = json_object_get(body, step);
        if (!json_is_object(inner)) {
            inner = json_object();
            json_object_set_new(body, step, inner);
        }
        body = inner;
        *name = dot + 1;
    }
    return body;
}

static const json_t *member_at(const json_t *object, const char *name)
{
    return strchr(name, '.') ? json_at_path(object, name) : json_object_get(object, name);
}

/* --- values to JSON ----------------------------------------------------------------------------- */

struct writing {
    struct arena *arena;
    enum body_purpose purpose;
};

static json_t *object_to_json(const struct writing *writing, const struct attribute *table,
                              const struct value *prior, const struct value *planned,
                              const struct value *config);

static json_t *text_to_json(struct slice text)
{
    json_t *json = json_stringn(text.ptr ? text.ptr : "", text.length);
    return json ? json : json_string("");
}

static json_t *number_to_json(const struct value *number)
{
    int64_t integer;
    double real;
    if (value_as_integer(number, &integer))
        return json_integer(integer);
    return value_as_double(number, &real) ? json_real(real) : json_null();
}

/* APIs know one spelling of what users may write in any case; NULL when it is none of these. */
static const char *canonical(const struct attribute *attribute, const struct value *value)
{
    const char *const *allowed = attribute->one_of_any_case ? attribute->one_of : NULL;
    for (; allowed && *allowed; allowed++)
        if (text_equal_nocase(*allowed, value_text(value)))
            return *allowed;
    return NULL;
}

/* A text that should be a number or JSON and is none goes as it is: the API says what it thinks of it. */
static json_t *scalar_to_json(struct arena *arena, const struct attribute *attribute,
                              const struct value *value)
{
    enum attribute_json kind = attribute->json_kind;
    const char *spelling = canonical(attribute, value);
    if (spelling)
        return json_string(spelling);
    if (value->kind == VALUE_BOOL)
        return json_boolean(value->boolean);
    if (value->kind == VALUE_NUMBER)
        return number_to_json(value);
    if (kind == JSON_INTEGER_TEXT || kind == JSON_NUMBER_TEXT) {
        const struct value *number = value_number(arena, value->text.ptr, value->text.length);
        if (number)
            return number_to_json(number);
    }
    if (kind == JSON_DOCUMENT) {
        ERROR_AUTO(err);
        json_t *json = json_parse(value->text.ptr, value->text.length, &err);
        if (json)
            return json;
    }
    return text_to_json(value->text);
}

static json_t *two_levels_to_json(const struct value *map)
{
    json_t *outer = json_object();
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->map.entries[i];
        if (!value_is_known(entry->value))
            continue;
        const char *dot = memchr(entry->key.ptr, '.', entry->key.length);
        size_t length = dot ? (size_t)(dot - entry->key.ptr) : entry->key.length;
        json_t *value = text_to_json(entry->value->text);
        if (!dot) {
            json_object_setn_new(outer, entry->key.ptr, length, value);
            continue;
        }
        json_t *inner = json_object_getn(outer, entry->key.ptr, length);
        if (!json_is_object(inner)) {
            inner = json_object();
            json_object_setn_new(outer, entry->key.ptr, length, inner);
        }
        json_object_setn_new(inner, dot + 1, entry->key.length - length - 1, value);
    }
    return outer;
}

static json_t *map_to_json(const struct writing *writing, const struct attribute *attribute,
                           const struct value *map)
{
    if (attribute->json_kind == JSON_TWO_LEVEL_MAP)
        return two_levels_to_json(map);
    json_t *object = json_object();
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value_entry *entry = &map->map.entries[i];
        if (value_is_known(entry->value))
            json_object_setn_new(object, entry->key.ptr, entry->key.length,
                                 scalar_to_json(writing->arena, attribute, entry->value));
    }
    return object;
}

/* Elements of lists and sets have no prior of their own: each is sent as a whole. */
static json_t *list_to_json(const struct writing *outer, const struct attribute *attribute,
                            const struct value *list, const struct value *config)
{
    const struct writing *writing = &(const struct writing){outer->arena, BODY_CREATE};
    json_t *array = json_array();
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_item(list, i);
        if (!value_is_known(item))
            continue;
        json_array_append_new(array, attribute->fields
                                         ? object_to_json(writing, attribute->fields, &value_null,
                                                          item, value_item(config, i))
                                         : scalar_to_json(writing->arena, attribute, item));
    }
    return array;
}

/* What a manifest or the like may be: unknown parts cannot be there when something is sent. */
static json_t *dynamic_to_json(struct arena *arena, const struct value *value)
{
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    const struct value *inner = value->kind == VALUE_DYNAMIC ? value->dynamic.value : value;
    if (!value_json_encode(NULL, value_unknowns_to_null(arena, inner), &text, &err))
        return json_null();
    json_t *json = json_parse(str_text(&text), text.length, &err);
    return json ? json : json_null();
}

/* One that was not there before is sent as a whole too. */
static json_t *single_to_json(const struct writing *outer, const struct attribute *attribute,
                              const struct value *prior, const struct value *list,
                              const struct value *config)
{
    struct writing writing = *outer;
    if (value_count(prior) == 0)
        writing.purpose = BODY_CREATE;
    return object_to_json(&writing, attribute->fields, value_item(prior, 0), value_item(list, 0),
                          value_item(config, 0));
}

static json_t *value_to_json(const struct writing *writing, const struct attribute *attribute,
                             const struct value *prior, const struct value *value,
                             const struct value *config)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING_MAP:
        return map_to_json(writing, attribute, value);
    case ATTRIBUTE_OBJECT_LIST:
        if (attribute->flags & SINGLE)
            return single_to_json(writing, attribute, prior, value, config);
        return list_to_json(writing, attribute, value, config);
    case ATTRIBUTE_OBJECT_SET:
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
        return list_to_json(writing, attribute, value, config);
    case ATTRIBUTE_DYNAMIC:
        return dynamic_to_json(writing->arena, value);
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_BOOL:
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        break;
    }
    return scalar_to_json(writing->arena, attribute, value);
}

static void put(json_t *body, const struct attribute *attribute, json_t *value)
{
    const char *name = attribute_json_name(NULL, attribute);
    json_t *holder = holder_of(body, &name);
    json_object_set_new(holder, name, value);
}

/* Says "no more" in the words of the kind. */
static json_t *cleared(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return attribute->json_kind == JSON_PLAIN && !attribute->one_of ? json_string("")
                                                                        : json_null();
    case ATTRIBUTE_BOOL:
        return json_false();
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_SET:
        return json_array();
    case ATTRIBUTE_OBJECT_LIST:
        return attribute->flags & SINGLE ? json_null() : json_array();
    case ATTRIBUTE_STRING_MAP:
        return json_object();
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return json_null();
}

static bool takes_part(const struct writing *writing, const struct layout *layout,
                       const struct attribute *attribute, const struct value *prior,
                       const struct value *planned)
{
    if (!attribute || attribute->flags & LOCAL || !(attribute->flags & (REQUIRED | OPTIONAL)))
        return false;
    if (writing->purpose == BODY_CREATE)
        return true;
    if (attribute->flags & (REPLACE | CREATE_ONLY))
        return false;
    if (attribute->flags & WRITE_ONLY)
        return apply_announces(layout, attribute, prior, planned);
    const struct value *before = value_get(prior, attribute->name);
    const struct value *after = value_get(planned, attribute->name);
    return !(attribute->flags & UPDATE_WHEN_CHANGED) ||
           (apply_matters(attribute, before, after) && !same_planned(attribute, after, before));
}

static void add_members(const struct writing *writing, json_t *body, const struct layout *layout,
                        const struct value *prior, const struct value *planned,
                        const struct value *config)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        if (!takes_part(writing, layout, attribute, prior, planned))
            continue;
        const struct value *given = layout_member(layout, config, i);
        const struct value *before = layout_member(layout, prior, i);
        const struct value *value =
            attribute->flags & WRITE_ONLY ? given : layout_member(layout, planned, i);
        bool empty_single = attribute->flags & SINGLE && value_count(value) == 0;
        if (value_is_known(value) && !empty_single)
            put(body, attribute, value_to_json(writing, attribute, before, value, given));
        else if (!value_is_unknown(value) && writing->purpose == BODY_UPDATE &&
                 !(attribute->flags & COMPUTED) && !same_as_nothing(attribute, before))
            put(body, attribute, cleared(attribute));
    }
}

static json_t *object_to_json(const struct writing *writing, const struct attribute *table,
                              const struct value *prior, const struct value *planned,
                              const struct value *config)
{
    json_t *object = json_object();
    add_members(writing, object, layout_of_table(table), prior, planned, config);
    return object;
}

json_t *json_body_from_value(struct arena *arena, const struct attribute *table,
                             enum body_purpose purpose, const struct value *prior,
                             const struct value *planned, const struct value *config)
{
    const struct writing writing = {arena, purpose};
    return object_to_json(&writing, table, prior, planned, config);
}

void json_body_add(struct arena *arena, json_t *body, const struct attribute *attribute,
                   const struct value *value)
{
    const struct writing writing = {arena, BODY_CREATE};
    bool empty_single = attribute->flags & SINGLE && value_count(value) == 0;
    if (value_is_known(value) && !empty_single)
        put(body, attribute, value_to_json(&writing, attribute, &value_null, value, &value_null));
}

/* --- JSON to values ----------------------------------------------------------------------------- */

static const struct value *object_to_value(struct arena *arena, const struct attribute *table,
                                           const json_t *object);

static const struct value *document_from_json(struct arena *arena, const json_t *json)
{
    if (!json || json_is_null(json))
        return &value_null;
    STR_AUTO text = STR_INIT;
    json_write(json, true, &text);
    return value_string_bytes(arena, text.ptr, text.length);
}

static const struct value *text_from_json(struct arena *arena, const json_t *json)
{
    if (json_is_string(json))
        return value_string_bytes(arena, json_string_value(json), json_string_length(json));
    if (!json || json_is_null(json))
        return &value_null;
    STR_AUTO text = STR_INIT;
    json_write(json, false, &text);
    return value_string_bytes(arena, text.ptr, text.length);
}

static const struct value *number_from_json(struct arena *arena, const json_t *json)
{
    const struct value *number = NULL;
    if (json_is_integer(json))
        number = value_integer(arena, json_integer_value(json));
    else if (json_is_real(json))
        number = value_double(arena, json_real_value(json));
    else if (json_is_string(json))
        number = value_number(arena, json_string_value(json), json_string_length(json));
    return number ? number : &value_null;
}

static const struct value *bool_from_json(const json_t *json)
{
    if (json_is_boolean(json))
        return value_bool(json_is_true(json));
    const char *text = json_string_value(json);
    bool yes = text_equal_nocase(text, "true");
    return yes || text_equal_nocase(text, "false") ? value_bool(yes) : &value_null;
}

static const struct value *list_from_json(struct arena *arena, const struct attribute *attribute,
                                          const json_t *array)
{
    if (!json_is_array(array))
        return &value_null;
    size_t count = 0;
    const struct value **items = arena_array(arena, const struct value *, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        if (attribute->fields ? json_is_object(item) : !json_is_null(item))
            items[count++] = attribute->fields ? object_to_value(arena, attribute->fields, item)
                                               : text_from_json(arena, item);
    }
    return value_list(arena, items, count);
}

static size_t add_entries(struct arena *arena, const char *prefix, const json_t *object,
                          struct value_entry *entries)
{
    size_t count = 0;
    for (void *at = json_object_iter((json_t *)object); at;
         at = json_object_iter_next((json_t *)object, at)) {
        const json_t *value = json_object_iter_value(at);
        if (json_is_null(value))
            continue;
        size_t length = json_object_iter_key_len(at);
        const char *key = arena_strndup(arena, json_object_iter_key(at), length);
        if (prefix) {
            key = arena_printf(arena, "%s.%s", prefix, key);
            length = strlen(key);
        }
        entries[count++] = (struct value_entry){{key, length}, text_from_json(arena, value)};
    }
    return count;
}

static const struct value *map_from_json(struct arena *arena, const struct attribute *attribute,
                                         const json_t *object)
{
    if (!json_is_object(object))
        return &value_null;
    if (attribute->json_kind != JSON_TWO_LEVEL_MAP) {
        struct value_entry *entries =
            arena_array(arena, struct value_entry, json_object_size(object));
        return value_map(arena, entries, add_entries(arena, NULL, object, entries));
    }
    size_t capacity = 0, count = 0;
    const char *name;
    json_t *inner;
    json_object_foreach((json_t *)object, name, inner) capacity += 1 + json_object_size(inner);
    struct value_entry *entries = arena_array(arena, struct value_entry, capacity);
    json_object_foreach((json_t *)object, name, inner)
    {
        if (json_is_object(inner))
            count += add_entries(arena, name, inner, entries + count);
        else if (!json_is_null(inner))
            entries[count++] = (struct value_entry){slice_from(arena_strdup(arena, name)),
                                                    text_from_json(arena, inner)};
    }
    return value_map(arena, entries, count);
}

/* A value and the type that it has by itself: objects and tuples. */
static const struct value *dynamic_from_json(struct arena *arena, const json_t *json);

static const struct value *dynamic_array(struct arena *arena, const json_t *array)
{
    size_t count = json_array_size(array);
    struct type_field *fields = arena_array(arena, struct type_field, count);
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = dynamic_from_json(arena, json_array_get(array, i));
        bool typed = item->kind == VALUE_DYNAMIC;
        fields[i].type = typed ? item->dynamic.type : &type_dynamic;
        items[i] = typed ? item->dynamic.value : item;
    }
    return value_dynamic(arena, type_tuple(arena, fields, count), value_list(arena, items, count));
}

static const struct value *dynamic_object(struct arena *arena, const json_t *object)
{
    size_t size = json_object_size(object), count = 0;
    struct type_field *fields = arena_array(arena, struct type_field, size);
    struct value_entry *entries = arena_array(arena, struct value_entry, size);
    const char *name;
    json_t *inner;
    json_object_foreach((json_t *)object, name, inner)
    {
        const struct value *member = dynamic_from_json(arena, inner);
        bool typed = member->kind == VALUE_DYNAMIC;
        fields[count] = (struct type_field){arena_strdup(arena, name),
                                            typed ? member->dynamic.type : &type_dynamic};
        entries[count] = (struct value_entry){slice_from(fields[count].name),
                                              typed ? member->dynamic.value : member};
        count++;
    }
    return value_dynamic(arena, type_object(arena, fields, count),
                         value_map(arena, entries, count));
}

static const struct value *dynamic_from_json(struct arena *arena, const json_t *json)
{
    if (json_is_array(json))
        return dynamic_array(arena, json);
    if (json_is_object(json))
        return dynamic_object(arena, json);
    if (json_is_boolean(json))
        return value_dynamic(arena, &type_bool, bool_from_json(json));
    if (json_is_number(json))
        return value_dynamic(arena, &type_number, number_from_json(arena, json));
    if (json_is_string(json))
        return value_dynamic(arena, &type_string, text_from_json(arena, json));
    return &value_null;
}

static const struct value *value_from_json(struct arena *arena, const struct attribute *attribute,
                                           const json_t *json)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return attribute->json_kind == JSON_DOCUMENT ? document_from_json(arena, json)
                                                     : text_from_json(arena, json);
    case ATTRIBUTE_BOOL:
        return bool_from_json(json);
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        return number_from_json(arena, json);
    case ATTRIBUTE_STRING_MAP:
        return map_from_json(arena, attribute, json);
    case ATTRIBUTE_OBJECT_LIST:
        if (attribute->flags & SINGLE && json_is_object(json)) {
            const struct value *only = object_to_value(arena, attribute->fields, json);
            return value_list(arena, &only, 1);
        }
        return list_from_json(arena, attribute, json);
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_SET:
        return list_from_json(arena, attribute, json);
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return dynamic_from_json(arena, json);
}

static const struct value *object_to_value(struct arena *arena, const struct attribute *table,
                                           const json_t *object)
{
    const struct layout *layout = layout_of_table(table);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const json_t *json = attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY)
                                 ? NULL
                                 : member_at(object, attribute_json_name(arena, attribute));
        members[i] = json ? value_from_json(arena, attribute, json) : &value_null;
    }
    return layout_object(arena, layout, members);
}

const struct value *json_body_to_value(struct arena *arena, const struct attribute *table,
                                       const json_t *object)
{
    return object_to_value(arena, table, object);
}
