/* Any Authorization header, path and query, separated by line ends: reading and signing must end well. */
#include <stdint.h>
#include <string.h>

#include "acceptance/cloud/s3/sigv4.h"
#include "lib/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO arena = arena_new();
    struct slice rest = {(const char *)data, size}, parts[3];
    bool found;
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        rest = slice_cut(rest, '\n', &parts[i], &found);
    struct sigv4_header headers[] = {
        {"authorization", arena_strndup(arena, parts[0].ptr, parts[0].length)},
        {"host", "localhost"},
        {"x-amz-date", "20130524T000000Z"},
        {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
    };
    struct sigv4_request request = {"GET", arena_strndup(arena, parts[1].ptr, parts[1].length),
                                    arena_strndup(arena, parts[2].ptr, parts[2].length), headers,
                                    ARRAY_LENGTH(headers)};
    struct sigv4_authorization authorization;
    if (sigv4_parse(arena, &request, 1369353600000, &authorization) == SIGV4_OK)
        sigv4_verify(arena, &request, &authorization, "secret");
    return 0;
}
