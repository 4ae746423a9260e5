/* Values as msgpack, as DynamicValue carries them (go-cty's encoding). */
#ifndef OKESTRA_PROVIDER_VALUE_MSGPACK_H
#define OKESTRA_PROVIDER_VALUE_MSGPACK_H

#include "lib/base/error.h"
#include "provider/value/value.h"

enum { VALUE_MAX_DEPTH = 128, VALUE_MAX_BYTES = 256 * 1024 * 1024 };

/* Strict by type: wrong attribute sets, kinds and trailing bytes are ERROR_INVALID; every ext type
 * is an unknown. The result borrows nothing from data. */
const struct value *msgpack_decode(struct arena *arena, const struct type *type, struct slice data,
                                   struct error *err);
/* Object attributes absent in the map value are written as null; strings must be UTF-8. */
void msgpack_encode(const struct type *type, const struct value *value, struct str *out);

#endif
