/* URL parsing and decoding of any bytes; what parses must render to something that parses again. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(free_pointer) char *text = mem_strndup((const char *)data, size);
    STR_AUTO decoded = STR_INIT;
    url_decode((const char *)data, size, true, &decoded);
    STR_AUTO encoded = STR_INIT;
    url_encode(URL_COMPONENT, (const char *)data, size, &encoded);
    STR_AUTO back = STR_INIT;
    if (!url_decode(str_text(&encoded), encoded.length, false, &back) || back.length != size)
        abort();
    ERROR_AUTO(err);
    URL_AUTO(url);
    if (!url_parse(text, &url, &err))
        return 0;
    STR_AUTO again = STR_INIT;
    url_append_origin(&url, &again);
    url_append_target(&url, &again);
    URL_AUTO(second);
    if (!url_parse(str_text(&again), &second, &err))
        abort();
    STR_AUTO value = STR_INIT;
    if (url.query)
        url_query_value(url.query, "page", &value);
    return 0;
}
