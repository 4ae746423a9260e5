/* Values as JSON (raw state, JSON DynamicValue) and types as JSON (go-cty's encoding). Own scanner:
 * numbers of any length keep every digit. */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_JSON_H
#define OKESTRA_PROVIDER_VALUE_VALUE_JSON_H

#include "lib/base/error.h"
#include "provider/value/value.h"

enum value_json_mode {
    VALUE_JSON_STRICT, /* unknown object attributes are an error */
    VALUE_JSON_STATE,  /* unknown attributes are dropped, missing ones become null; strings convert to
                          numbers and bools and back (state upgrade, moved from another provider) */
};

const struct value *value_json_decode(struct arena *arena, const struct type *type,
                                      enum value_json_mode mode, struct slice json,
                                      struct error *err);
/* Decodes JSON by its own shape: objects become maps, arrays lists. For states of other types. */
const struct value *value_json_decode_any(struct arena *arena, struct slice json, struct error *err);
/* Unknown values cannot be written: false. */
bool value_json_encode(const struct type *type, const struct value *value, struct str *out,
                       struct error *err);

/* "string", ["list","string"], ["object",{"a":"number"}] */
void type_json_encode(const struct type *type, struct str *out);
const struct type *type_json_decode(struct arena *arena, struct slice json, struct error *err);

#endif
