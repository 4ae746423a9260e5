/*
 * Values as JSON (raw state, JSON DynamicValue) and types as JSON (go-cty's encoding). Own scanner:
 * numbers keep every digit (up to VALUE_MAX_NUMBER). Strict RFC 8259, UTF-8 only; a member that comes
 * twice is refused; escapes of lone surrogates become U+FFFD, as in Go. Limits: VALUE_MAX_BYTES,
 * VALUE_MAX_DEPTH. All errors of reading are ERROR_INVALID and name the byte or the attribute. Results
 * borrow nothing from the JSON, but may use names of the type.
 */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_JSON_H
#define OKESTRA_PROVIDER_VALUE_VALUE_JSON_H

#include "lib/base/error.h"
#include "provider/value/value.h"

enum value_json_mode {
    VALUE_JSON_STRICT, /* unknown object attributes are an error */
    VALUE_JSON_STATE, /* unknown attributes are dropped, missing ones become null; strings convert to
                          numbers and bools and back (state upgrade, moved from another provider) */
};

const struct value *value_json_decode(struct arena *arena, const struct type *type,
                                      enum value_json_mode mode, struct slice json,
                                      struct error *err);
/* Decodes JSON by its own shape: objects become maps, arrays lists. For states of other types. */
const struct value *value_json_decode_any(struct arena *arena, struct slice json,
                                          struct error *err);
/* Unknown values cannot be written: false. */
bool value_json_encode(const struct type *type, const struct value *value, struct str *out,
                       struct error *err);

/* "string", ["list","string"], ["object",{"a":"number"}] */
void type_json_encode(const struct type *type, struct str *out);
const struct type *type_json_decode(struct arena *arena, struct slice json, struct error *err);

#endif
