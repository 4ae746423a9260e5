/* Any bytes as an XML document; the text of what parses must survive being written and read again. */
#include <stdint.h>
#include <stdlib.h>

#include "acceptance/cloud/s3/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    struct xml_element *root = xml_parse(arena, (const char *)data, size, &err);
    if (!root)
        return 0;
    STR_AUTO out = STR_INIT;
    xml_append(&out, "text", root->text);
    struct xml_element *again = xml_parse(arena, str_text(&out), out.length, &err);
    if (!again || !text_equal(again->text, root->text))
        abort();
    return 0;
}
