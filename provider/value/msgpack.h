/* Values as msgpack, as DynamicValue carries them (go-cty's encoding). */
#ifndef OKESTRA_PROVIDER_VALUE_MSGPACK_H
#define OKESTRA_PROVIDER_VALUE_MSGPACK_H

#include "lib/base/error.h"
#include "provider/value/value.h"

enum { VALUE_MAX_DEPTH = 128, VALUE_MAX_BYTES = 256 * 1024 * 1024 };

/* Strict by type: wrong attribute sets, kinds, malformed refinements and trailing bytes are
 * ERROR_INVALID; every ext type is an unknown. Refinements other than not null and the string prefix
 * are dropped. The result borrows nothing from data, but may use names of type. Memory is bounded by
 * a multiple of data's length, whatever lengths data claims. */
const struct value *msgpack_decode(struct arena *arena, const struct type *type, struct slice data,
                                   struct error *err);
/* Object attributes absent in the map value are written as null; strings must be UTF-8. A value that
 * is not of its type is written as null: the reader must never take it for something else. */
void msgpack_encode(const struct type *type, const struct value *value, struct str *out);

#endif
