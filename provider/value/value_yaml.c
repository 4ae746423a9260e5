#include "provider/value/value_yaml.h"

#include "lib/base/yaml.h"
#include "provider/value/value_json.h"

const struct value *value_yaml_decode(struct arena *arena, struct slice text, struct error *err)
{
    STR_AUTO json = STR_INIT;
    if (!yaml_to_json(text, &json, err))
        return NULL;
    return value_json_decode_any(arena, (struct slice){json.ptr, json.length}, err);
}
