/* Import ids, OCIDs and address blocks, as users write them: what was taken apart goes together again. */
#include <stdint.h>
#include <string.h>

#include "provider/oci/ops.h"
#include "provider/oci/validate.h"

static const char *const patterns[] = {
    "{id}", "n/{namespace}/b/{name}", "n/{namespace}/b/{bucket}/p/{par_id}",
    "networkSecurityGroups/{network_security_group_id}/securityRules/{id}"};

static attribute_validate *const checks[] = {validate_ocid,         validate_cidr,
                                             validate_network_cidr, validate_dns_label,
                                             validate_iso_duration, validate_kubernetes_version,
                                             validate_rfc3339,      validate_count_or_percent,
                                             validate_fault_domain, validate_availability_domain,
                                             validate_integer_text, validate_base64};

static void try_pattern(struct arena *arena, const char *pattern, const char *text)
{
    const struct value *parts;
    if (!api_parse(arena, pattern, text, &parts))
        return;
    const char *again = api_text(arena, pattern, parts);
    if (!again || strcmp(again, text) != 0)
        fatal_error("\"%s\" by %s gives \"%s\"", text, pattern, again ? again : "nothing");
}

static void try_block(struct arena *arena, const char *text)
{
    struct cidr block, again;
    STR_AUTO printed = STR_INIT;
    (void)arena;
    if (!cidr_parse(text, &block))
        return;
    cidr_print(&block, &printed);
    if (!cidr_parse(str_text(&printed), &again) || !cidr_equal(&block, &again) ||
        !cidr_contains(&block, &again))
        fatal_error("\"%s\" is printed as \"%s\"", text, str_text(&printed));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO arena = arena_new();
    const char *text = arena_strndup(arena, (const char *)data, size);
    for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++)
        try_pattern(arena, patterns[i], text);
    try_block(arena, text);
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    struct attribute attribute = {.name = "it", .validate_with = "vcn subnet"};
    for (size_t i = 0; i < ARRAY_LENGTH(checks); i++)
        checks[i](&attribute, value_string(arena, text), NULL, &diagnostics, arena);
    return 0;
}
