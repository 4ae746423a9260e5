/* Any text as a bearer token; what parses must have all its parts. */
#include <stdint.h>
#include <stdlib.h>

#include "acceptance/cloud/containerengine/bearer_token.h"
#include "lib/base/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO arena = arena_new();
    STR_AUTO encoded = STR_INIT;
    struct bearer_token token = {0};
    const char *text = arena_strndup(arena, (const char *)data, size);
    bearer_token_parse(text, arena, &token);
    base64_encode(BASE64_URL, data, size, &encoded);
    if (!bearer_token_parse(str_text(&encoded), arena, &token) &&
        (!token.host || !token.cluster_id || !token.authorization || !token.date))
        abort();
    return 0;
}
