#include "acceptance/cloud/api/tags.h"

#include <stdbool.h>
#include <string.h>

static bool good_key(const char *key)
{
    size_t length = strlen(key);
    return length > 0 && length <= TAG_KEY_LIMIT;
}

static bool good_value(const json_t *value)
{
    return !json_is_string(value) || json_string_length(value) <= TAG_VALUE_LIMIT;
}

const char *tags_check_text_map(json_t *value)
{
    const char *key;
    json_t *item;
    if (!json_is_object(value))
        return "must be an object";
    json_object_foreach(value, key,
                        item) if (!json_is_string(item)) return "must have texts as values";
    return NULL;
}

const char *tags_check_freeform(json_t *value)
{
    const char *key;
    json_t *item;
    const char *problem = tags_check_text_map(value);
    if (problem)
        return problem;
    if (json_object_size(value) > TAGS_FREEFORM)
        return "must not have more than 10 tags";
    json_object_foreach(value, key, item)
    {
        if (!good_key(key) || strpbrk(key, ". "))
            return "must have keys of 1 to 100 characters without blanks and full stops";
        if (!good_value(item))
            return "must have values of at most 256 characters";
    }
    return NULL;
}

const char *tags_check_defined(json_t *value)
{
    const char *name, *key;
    json_t *space, *item;
    size_t count = 0;
    if (!json_is_object(value))
        return "must be an object";
    json_object_foreach(value, name, space)
    {
        if (!good_key(name) || !json_is_object(space))
            return "must have tag namespaces with their tags";
        json_object_foreach(space, key, item)
        {
            count++;
            if (!good_key(key) || !good_value(item) || json_is_object(item) || json_is_array(item))
                return "must have keys of 1 to 100 and values of at most 256 characters";
        }
    }
    return count > TAGS_DEFINED ? "must not have more than 64 tags" : NULL;
}
