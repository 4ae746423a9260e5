#include "lib/kube/fields.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/json.h"

/*
 * FieldsV1 is a tree. The names of its members tell what they stand for: "f:name" a member of an
 * object, "k:{…}" the item of a list that has these keys, "v:…" the item that is this value, "i:3" an
 * item by position, "." the thing itself. A tree without members stands for all that is below.
 */

static bool subresource_is(const json_t *entry, const char *subresource)
{
    const char *has = json_get_text(entry, "subresource");
    return text_equal(has ? has : "", subresource ? subresource : "");
}

const json_t *kube_fields_of(const json_t *object, const char *manager, const char *subresource)
{
    const json_t *entries = json_at_path(object, "metadata.managedFields"), *entry;
    size_t at;
    json_array_foreach(
        entries, at,
        entry) if (text_equal(json_get_text(entry, "manager"), manager) &&
                   text_equal(json_get_text(entry, "operation"), "Apply") &&
                   subresource_is(entry, subresource)) return json_object_get(entry, "fieldsV1");
    return NULL;
}

/* Adds the tree `from`; a place that is a leaf in one and has members in the other has members. */
static void add_fields(json_t *into, const json_t *from, int depth)
{
    const char *name;
    json_t *below;
    json_object_foreach((json_t *)(uintptr_t)from, name, below)
    {
        json_t *known = json_object_get(into, name);
        if (!known)
            json_object_set_new(into, name, json_deep_copy(below));
        else if (depth < KUBE_FIELDS_DEPTH)
            add_fields(known, below, depth + 1);
    }
}

json_t *kube_fields_of_all(const json_t *object)
{
    json_t *all = json_object();
    const json_t *entry;
    size_t at;
    json_array_foreach(json_at_path(object, "metadata.managedFields"), at, entry)
        add_fields(all, json_object_get(entry, "fieldsV1"), 0);
    return all;
}

static bool is_whole(const json_t *fields)
{
    size_t members = json_object_size(fields);
    return members == 0 || (members == 1 && json_object_get(fields, "."));
}

static bool has_keys(const json_t *item, const json_t *keys)
{
    const char *name;
    json_t *value;
    if (!json_is_object(item) || json_object_size(keys) == 0)
        return false;
    json_object_foreach((json_t *)(uintptr_t)keys, name,
                        value) if (!json_equal(json_object_get(item, name), value)) return false;
    return true;
}

/* What follows "k:" or "v:". New reference. */
static json_t *parse_rest(const char *name)
{
    ERROR_AUTO(ignored);
    return json_parse(name + 2, strlen(name + 2), &ignored);
}

static bool names_item(const char *name, const json_t *item, size_t position)
{
    if (strncmp(name, "i:", 2) == 0)
        return strtoull(name + 2, NULL, 10) == position;
    if (strncmp(name, "k:", 2) != 0 && strncmp(name, "v:", 2) != 0)
        return false;
    JSON_AUTO rest = parse_rest(name);
    return rest && (name[0] == 'k' ? has_keys(item, rest) : json_equal(item, rest));
}

static void add_keys(json_t *selected, const json_t *item, const char *name)
{
    if (strncmp(name, "k:", 2) != 0 || !json_is_object(selected))
        return;
    JSON_AUTO keys = parse_rest(name);
    const char *key;
    json_t *value;
    json_object_foreach(keys, key, value)
        json_object_set(selected, key, json_object_get(item, key));
}

static json_t *select_fields(const json_t *from, const json_t *fields, int depth);

static json_t *select_members(const json_t *object, const json_t *fields, int depth)
{
    json_t *selected = json_object();
    const char *name;
    json_t *below;
    json_object_foreach((json_t *)(uintptr_t)fields, name, below)
    {
        json_t *member = strncmp(name, "f:", 2) == 0 ? json_object_get(object, name + 2) : NULL;
        if (member)
            json_object_set_new(selected, name + 2, select_fields(member, below, depth + 1));
    }
    return selected;
}

static json_t *select_items(const json_t *list, const json_t *fields, int depth)
{
    json_t *selected = json_array();
    json_t *item;
    size_t at;
    json_array_foreach(list, at, item)
    {
        const char *name;
        json_t *below;
        json_object_foreach((json_t *)(uintptr_t)fields, name, below)
        {
            if (!names_item(name, item, at))
                continue;
            json_t *part = select_fields(item, below, depth + 1);
            add_keys(part, item, name);
            json_array_append_new(selected, part);
            break;
        }
    }
    return selected;
}

static json_t *select_fields(const json_t *from, const json_t *fields, int depth)
{
    if (is_whole(fields) || depth > KUBE_FIELDS_DEPTH)
        return json_deep_copy(from);
    if (json_is_object(from))
        return select_members(from, fields, depth);
    if (json_is_array(from))
        return select_items(from, fields, depth);
    return json_deep_copy(from);
}

/* apiVersion, kind, name and namespace belong to whoever speaks of the object. */
static void add_identity(json_t *selected, const json_t *object)
{
    static const char *const members[] = {"name", "namespace"};
    json_object_set(selected, "apiVersion", json_object_get(object, "apiVersion"));
    json_object_set(selected, "kind", json_object_get(object, "kind"));
    json_t *metadata = json_object_get(selected, "metadata");
    if (!metadata) {
        metadata = json_object();
        json_object_set_new(selected, "metadata", metadata);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        json_t *value = json_object_get(json_object_get(object, "metadata"), members[i]);
        if (value)
            json_object_set(metadata, members[i], value);
    }
}

json_t *kube_fields_select(const json_t *object, const json_t *fields)
{
    json_t *selected =
        fields && !is_whole(fields) ? select_members(object, fields, 0) : json_object();
    add_identity(selected, object);
    return selected;
}

/* --- overlap ------------------------------------------------------------------------------------ */

static const json_t *item_for(const json_t *live, const json_t *wanted, size_t position,
                              const json_t *fields, const json_t **below)
{
    const char *name;
    json_t *member;
    *below = NULL;
    json_object_foreach((json_t *)(uintptr_t)fields, name, member)
    {
        if (!names_item(name, wanted, position))
            continue;
        const json_t *item;
        size_t at;
        *below = member;
        json_array_foreach(live, at, item) if (names_item(name, item, at)) return item;
        return NULL;
    }
    return json_array_get(live, position);
}

static json_t *overlap(const json_t *live, const json_t *desired, const json_t *fields, int depth);

static json_t *overlap_items(const json_t *live, const json_t *desired, const json_t *fields,
                             int depth)
{
    json_t *found = json_array();
    const json_t *wanted;
    size_t at;
    json_array_foreach(desired, at, wanted)
    {
        const json_t *below, *item = item_for(live, wanted, at, fields, &below);
        if (item)
            json_array_append_new(found, overlap(item, wanted, below, depth + 1));
    }
    return found;
}

static json_t *overlap_members(const json_t *live, const json_t *desired, const json_t *fields,
                               int depth)
{
    json_t *found = json_object();
    const char *name;
    json_t *wanted;
    json_object_foreach((json_t *)(uintptr_t)desired, name, wanted)
    {
        const json_t *has = json_object_get(live, name);
        STR_AUTO field = STR_INIT;
        str_printf(&field, "f:%s", name);
        if (has)
            json_object_set_new(
                found, name,
                overlap(has, wanted, json_object_get(fields, str_text(&field)), depth + 1));
    }
    return found;
}

/* An atomic list or object, which has no fields below, is seen as a whole. */
static json_t *overlap(const json_t *live, const json_t *desired, const json_t *fields, int depth)
{
    bool atomic = depth > KUBE_FIELDS_DEPTH || (fields && is_whole(fields));
    if (!atomic && json_is_object(live) && json_is_object(desired))
        return overlap_members(live, desired, fields, depth);
    if (!atomic && json_is_array(live) && json_is_array(desired) && fields)
        return overlap_items(live, desired, fields, depth);
    return json_deep_copy(live);
}

json_t *kube_fields_overlap(const json_t *live, const json_t *desired, const json_t *fields)
{
    bool nothing_known = json_object_size(fields) == 0; /* nobody owns anything */
    json_t *found = overlap(live, desired, nothing_known ? NULL : fields, 0);
    add_identity(found, live);
    return found;
}

void kube_fields_other_managers(const json_t *object, const char *manager, struct str *out)
{
    const json_t *entry;
    size_t at;
    json_array_foreach(json_at_path(object, "metadata.managedFields"), at, entry)
    {
        const char *name = json_get_text(entry, "manager");
        const char *subresource = json_get_text(entry, "subresource");
        if (!name || text_equal(name, manager))
            continue;
        str_printf(out, "%s%s", out->length ? ", " : "", name);
        if (!text_empty(subresource))
            str_printf(out, " (by %s)", subresource);
    }
}
