/* Durations from configurations: any bytes are refused or become a number of milliseconds in bounds. */
#include <stdlib.h>

#include "provider/engine/timeouts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(free_pointer) char *text = mem_strndup((const char *)data, size);
    int64_t ms = -1;
    if (timeouts_parse(text, &ms) && (ms < 0 || ms > INT64_C(30) * 365 * 86400 * 1000))
        abort();
    return 0;
}
