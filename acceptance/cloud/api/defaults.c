#include "acceptance/cloud/api/defaults.h"

static void fill(json_t *target, json_t *defaults)
{
    const char *name;
    json_t *value;
    json_object_foreach(defaults, name, value)
    {
        json_t *present = json_object_get(target, name);
        if (!present || json_is_null(present))
            json_object_set_new(target, name, json_deep_copy(value));
        else if (json_is_object(present) && json_is_object(value))
            fill(present, value);
    }
}

void defaults_fill(json_t *target, json_t *defaults)
{
    fill(target, defaults);
    json_decref(defaults);
}

void defaults_keep(json_t *body, const json_t *before, const char *field)
{
    json_t *now = json_object_get(body, field);
    json_t *then = json_object_get(before, field);
    if (json_is_object(now) && json_is_object(then))
        json_object_update_missing(now, then);
}
