/* parse_ocid(ocid) */
#include "lib/oci/ocid.h"
#include "lib/oci/region.h"
#include "provider/engine/schema.h"

static const struct value *text(struct arena *arena, struct slice slice)
{
    return slice.length ? value_string_bytes(arena, slice.ptr, slice.length) : &value_null;
}

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)count;
    *argument = 0;
    struct ocid ocid;
    OCI_REGION_AUTO(region);
    if (!ocid_parse(value_text(arguments[0]), &ocid, err))
        return NULL;
    const char *place = arena_strndup(arena, ocid.region.ptr, ocid.region.length);
    if (*place && !oci_region_resolve(place, &region, err))
        return NULL;
    const struct value_entry entries[] = {
        {slice_from("realm"), text(arena, ocid.realm)},
        {slice_from("region"), value_string(arena, region.name)},
        {slice_from("region_part"), text(arena, ocid.region)},
        {slice_from("type"), text(arena, ocid.type)},
        {slice_from("unique"), text(arena, ocid.unique)},
    };
    return value_map(arena, entries, ARRAY_LENGTH(entries));
}

const struct function oke_function_parse_ocid = {
    .name = "parse_ocid",
    .summary = "Takes an OCID apart.",
    .description =
        "The result has `type` (`vcn`, `cluster`, …), `realm` (`oc1`), `region` (the full name, "
        "`us-phoenix-1`, also when the OCID has the short key; null for global things), "
        "`region_part` "
        "(as it stands in the OCID) and `unique`. A text of another form is an error.",
    .parameters =
        (const struct function_parameter[]){
            {.name = "ocid", .type = &type_string, .doc = "The OCID."}, {.name = NULL}},
    .result =
        &(const struct type){.kind = TYPE_OBJECT,
                             .fields = (const struct type_field[]){{"realm", &type_string},
                                                                   {"region", &type_string},
                                                                   {"region_part", &type_string},
                                                                   {"type", &type_string},
                                                                   {"unique", &type_string}},
                             .count = 5},
    .call = call,
    .example = "locals {\n"
               "  region = provider::oke::parse_ocid(var.cluster_id).region\n"
               "}\n",
};
