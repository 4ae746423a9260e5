#include "lib/oci/jwt.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/net/secret.h"

json_t *jwt_claims(const char *token)
{
    const char *payload = strchr(token, '.');
    const char *end = payload ? strchr(payload + 1, '.') : NULL;
    if (!end)
        return NULL;
    SECRET_STR_AUTO text = STR_INIT;
    str_reserve(&text, (size_t)(end - payload) + 1);
    if (!base64_decode(payload + 1, (size_t)(end - payload - 1), &text))
        return NULL;
    ERROR_AUTO(ignored);
    return json_parse(str_text(&text), text.length, &ignored);
}

int64_t jwt_expiry_ms(const json_t *claims)
{
    const json_t *expiry = json_object_get(claims, "exp");
    double seconds = json_number_value(expiry);
    return seconds > 0 && seconds < 1e12 ? (int64_t)(seconds * 1000) : 0;
}
