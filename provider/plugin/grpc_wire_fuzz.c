/* gRPC's frames, status texts and timeouts on any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provider/plugin/grpc_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096 };

/* The division into pieces must not matter. */
static enum grpc_status read_in_pieces(struct slice bytes, size_t piece, struct str *message)
{
    struct grpc_reader reader = {0};
    const char *reason = NULL;
    enum grpc_status status = GRPC_OK;
    for (size_t at = 0; at < bytes.length && status == GRPC_OK; at += piece) {
        size_t length = bytes.length - at < piece ? bytes.length - at : piece;
        status = grpc_reader_put(&reader, (struct slice){bytes.ptr + at, length}, LIMIT, &reason);
    }
    if (status == GRPC_OK)
        status = grpc_reader_end(&reader, &reason);
    if ((status == GRPC_OK) != (reason == NULL) || reader.message.length > LIMIT)
        abort();
    if (status == GRPC_OK)
        str_append_slice(message, grpc_reader_message(&reader));
    grpc_reader_free(&reader);
    return status;
}

static void check_texts(struct slice bytes)
{
    STR_AUTO encoded = STR_INIT;
    STR_AUTO decoded = STR_INIT;
    char *text = mem_strndup(bytes.ptr, bytes.length);
    grpc_percent_encode(text, 3 * bytes.length, &encoded);
    grpc_percent_decode((struct slice){encoded.ptr, encoded.length}, &decoded);
    if (strcmp(str_text(&decoded), text) != 0)
        abort();
    str_clear(&decoded);
    grpc_percent_decode(bytes, &decoded);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    STR_AUTO whole = STR_INIT;
    STR_AUTO pieces = STR_INIT;
    struct slice bytes = {(const char *)data, size};
    int64_t milliseconds = 0;
    enum grpc_status status = read_in_pieces(bytes, size + 1, &whole);
    if (read_in_pieces(bytes, 1, &pieces) != status || whole.length != pieces.length ||
        memcmp(str_text(&whole), str_text(&pieces), whole.length) != 0)
        abort();
    check_texts(bytes);
    if (grpc_timeout_parse(bytes, &milliseconds) && milliseconds < 0)
        abort();
    grpc_content_type_valid(bytes);
    return 0;
}
