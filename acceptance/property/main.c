/* descriptors: prints what the provider's descriptors say as one JSON object (provider/docs/README.md),
 * for tests that make configurations of every resource. */
#include <stdio.h>
#include <stdlib.h>

#include "provider/docs/docs.h"
#include "provider/engine/engine.h"
#include "provider/oci/provider.h"

int main(void)
{
    ERROR_AUTO(err);
    STR_AUTO out = STR_INIT;
    if (!engine_check_descriptors(&oke_provider, &err)) {
        fprintf(stderr, "descriptors: %s\n", error_message(&err));
        return EXIT_FAILURE;
    }
    docs_print_descriptors(&oke_provider, &out);
    str_append_char(&out, '\n');
    return fputs(str_text(&out), stdout) < 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
