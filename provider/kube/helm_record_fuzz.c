/* A record of a release from any bytes, also packed as Helm does it: read, or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/encoding.h"
#include "provider/kube/helm_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const char *text)
{
    ERROR_AUTO(err);
    json_t *record = helm_record_decode(text, &err);
    if (!record != error_is_set(&err))
        abort();
    json_decref(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(free_pointer) char *text = mem_strndup((const char *)data, size);
    decode(text);
    STR_AUTO packed = STR_INIT;
    STR_AUTO inner = STR_INIT;
    STR_AUTO outer = STR_INIT;
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)data, .avail_in = (uInt)size};
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    str_reserve(&packed, deflateBound(&stream, size) + 1);
    stream.next_out = (unsigned char *)packed.ptr;
    stream.avail_out = (uInt)packed.capacity;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        abort();
    base64_encode(BASE64_STANDARD, packed.ptr, stream.total_out, &inner);
    deflateEnd(&stream);
    base64_encode(BASE64_STANDARD, str_text(&inner), inner.length, &outer);
    decode(str_text(&outer));
    return 0;
}
