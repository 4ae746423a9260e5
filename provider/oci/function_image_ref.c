/* image_ref(image): a reference taken apart, or put together and then taken apart. */
#include "lib/oci/image_ref.h"
#include "lib/oci/region.h"
#include "provider/engine/schema.h"
#include "provider/oci/function_arguments.h"

static const char *const members[] = {"registry", "region", "namespace", "repository",
                                      "tag",      "digest", NULL};

struct parts {
    const char *registry, *region, *namespace, *repository, *tag, *digest;
};

static bool read_parts(struct arena *arena, const struct value *object, struct parts *parts,
                       struct error *err)
{
    return argument_check_members(object, members, err) &&
           argument_text(arena, object, "registry", &parts->registry, err) &&
           argument_text(arena, object, "region", &parts->region, err) &&
           argument_text(arena, object, "namespace", &parts->namespace, err) &&
           argument_text(arena, object, "repository", &parts->repository, err) &&
           argument_text(arena, object, "tag", &parts->tag, err) &&
           argument_text(arena, object, "digest", &parts->digest, err);
}

static bool append_registry(const struct parts *parts, struct str *out, struct error *err)
{
    OCI_REGION_AUTO(region);
    if (!parts->registry == !parts->region)
        return error_set(err, ERROR_INVALID, "either registry or region is needed");
    if (parts->registry) {
        str_append(out, parts->registry);
        return true;
    }
    if (!parts->namespace)
        return error_set(err, ERROR_INVALID, "with region the tenancy's namespace is needed, too");
    if (!oci_region_resolve(parts->region, &region, err))
        return false;
    str_printf(out, "ocir.%s.oci.%s", region.name, region.domain);
    return true;
}

/* "registry/namespace/repository:tag@digest" */
static const char *compose(struct arena *arena, const struct value *object, struct error *err)
{
    struct parts parts = {0};
    STR_AUTO out = STR_INIT;
    if (!read_parts(arena, object, &parts, err) || !append_registry(&parts, &out, err))
        return NULL;
    if (!parts.repository) {
        error_set(err, ERROR_INVALID, "repository is needed");
        return NULL;
    }
    if (parts.namespace)
        str_printf(&out, "/%s", parts.namespace);
    str_printf(&out, "/%s", parts.repository);
    if (parts.tag)
        str_printf(&out, ":%s", parts.tag);
    if (parts.digest)
        str_printf(&out, "@%s", parts.digest);
    return str_copy_to(&out, arena);
}

static const struct value *text(struct arena *arena, struct slice slice)
{
    return slice.length ? value_string_bytes(arena, slice.ptr, slice.length) : &value_null;
}

static const struct value *take_apart(struct arena *arena, const char *reference, struct error *err)
{
    struct image_ref ref;
    OCI_REGION_AUTO(region);
    if (!image_ref_parse(reference, &ref, err))
        return NULL;
    struct slice name = image_ref_region(ref.registry), namespace = {0}, repository = ref.path;
    const char *place = arena_strndup(arena, name.ptr, name.length);
    if (*place && !oci_region_resolve(place, &region, err))
        return NULL;
    bool found = false;
    struct slice rest = slice_cut(ref.path, '/', &namespace, &found);
    if (!*place)
    namespace = (struct slice){0};
    else if (found) repository = rest;
    else
    {
        error_set(err, ERROR_INVALID,
                  "\"%s\" names no repository: OCI Registry wants <namespace>/<repository>",
                  reference);
        return NULL;
    }
    const struct value_entry entries[] = {
        {slice_from("digest"), text(arena, ref.digest)},
        {slice_from("namespace"), text(arena, namespace)},
        {slice_from("reference"), value_string(arena, reference)},
        {slice_from("region"), value_string(arena, region.name)},
        {slice_from("registry"), text(arena, ref.registry)},
        {slice_from("repository"), text(arena, repository)},
        {slice_from("tag"), text(arena, ref.tag)},
    };
    return value_map(arena, entries, ARRAY_LENGTH(entries));
}

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)count;
    *argument = 0;
    const struct value *image = argument_value(arguments[0]);
    const char *reference = value_text(image);
    if (!reference)
        reference = compose(arena, image, err);
    return reference ? take_apart(arena, reference, err) : NULL;
}

const struct function oke_function_image_ref = {
    .name = "image_ref",
    .summary = "Takes a container image reference apart, or puts one together.",
    .description = "Takes a text (`fra.ocir.io/mytenancy/todo/backend:1.0`) or an object with "
                   "`region` (name or "
                   "key) or `registry`, `namespace`, `repository`, and optionally `tag` and "
                   "`digest`. Either way "
                   "the result has `reference`, `registry`, `region` (full name; null when the "
                   "registry is not "
                   "OCI's), `namespace` (of the tenancy; OCI Registry only), `repository`, `tag` "
                   "and `digest`.",
    .parameters =
        (const struct function_parameter[]){
            {.name = "image", .type = &type_dynamic, .doc = "The reference, or its parts."},
            {.name = NULL}},
    .result =
        &(const struct type){.kind = TYPE_OBJECT,
                             .fields = (const struct type_field[]){{"digest", &type_string},
                                                                   {"namespace", &type_string},
                                                                   {"reference", &type_string},
                                                                   {"region", &type_string},
                                                                   {"registry", &type_string},
                                                                   {"repository", &type_string},
                                                                   {"tag", &type_string}},
                             .count = 7},
    .call = call,
    .example = "locals {\n"
               "  backend = provider::oke::image_ref({\n"
               "    region     = \"eu-frankfurt-1\"\n"
               "    namespace  = data.oke_objectstorage_namespace.this.namespace\n"
               "    repository = \"todo/backend\"\n"
               "    tag        = \"1.0\"\n"
               "  }).reference\n"
               "}\n"
               "\n"
               "data \"oke_objectstorage_namespace\" \"this\" {}\n",
};
