/* Image references from any text: the parts of one that is taken put together are the text again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/oci/image_ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void append(struct str *out, const char *before, struct slice part, const char *after)
{
    if (!part.length)
        return;
    str_append(out, before);
    str_append_slice(out, part);
    str_append(out, after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_strndup((const char *)data, size);
    ERROR_AUTO(err);
    STR_AUTO again = STR_INIT;
    struct image_ref ref;
    if (image_ref_parse(text, &ref, &err)) {
        append(&again, "", ref.registry, "/");
        append(&again, "", ref.path, "");
        append(&again, ":", ref.tag, "");
        append(&again, "@", ref.digest, "");
        if (strcmp(str_text(&again), text) != 0 || image_ref_region(ref.registry).length > size)
            abort();
    } else if (!error_is_set(&err)) {
        abort();
    }
    free(text);
    return 0;
}
