#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/node_image.h"
#include "provider/oci/ops.h"

static const char *const architectures[] = {"x86_64", "aarch64", NULL};

static void validate_version(const struct attribute *attribute, const struct value *value,
                             const struct path *path, struct diagnostics *diagnostics,
                             struct arena *arena)
{
    (void)attribute;
    (void)arena;
    const char *text = value_text(value);
    if (text && !node_image_version_valid(text))
        diagnostics_error(diagnostics, path, "Invalid Kubernetes version",
                          "\"%s\" is no version such as v1.34.2 or v1.34.", text);
}

static const struct attribute attributes[] = {
    ATTRIBUTE_TOLD("id", "The OCID of the image."),
    {.name = "kubernetes_version",
     .flags = REQUIRED,
     .validate = validate_version,
     .doc = "Version of the nodes, `v1.34.2`; or `v1.34` for its newest patch.",
     .sample = "oke_cluster.main.kubernetes_version"},
    {.name = "shape",
     .flags = OPTIONAL,
     .doc = "Shape of the nodes: tells architecture and GPU.",
     .sample = "\"VM.Standard.A1.Flex\""},
    {.name = "architecture",
     .flags = OPTIONAL | COMPUTED,
     .one_of = architectures,
     .doc = "`x86_64` or `aarch64`. Left out, the shape tells; without a shape it is `x86_64`."},
    {.name = "gpu",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .doc = "An image with GPU drivers. Left out, the shape tells."},
    {.name = "operating_system",
     .flags = OPTIONAL | COMPUTED,
     .doc = "Such as `Oracle Linux`. Left out: any."},
    {.name = "operating_system_version",
     .flags = OPTIONAL | COMPUTED,
     .doc = "Such as `8` or `8.10`. Left out: the newest."},
    ATTRIBUTE_OCID("cluster_id", OPTIONAL, "cluster", "Only images that this cluster can use."),
    ATTRIBUTE_OCID("compartment_id", OPTIONAL, "compartment tenancy",
                   "OCID of the compartment that the nodes are for."),
    ATTRIBUTE_TOLD("image_id", "The OCID of the image, for `node_source_details`."),
    ATTRIBUTE_TOLD("name", "The name of the image."),
    ATTRIBUTES_END,
};

static bool read_wish(const struct value *config, struct node_image_wish *wish, struct error *err)
{
    const char *shape = value_text(value_get(config, "shape"));
    const char *architecture = value_text(value_get(config, "architecture"));
    bool arm_shape = shape && shape_name_is_aarch64(shape);
    *wish = (struct node_image_wish){
        .kubernetes_version = value_text(value_get(config, "kubernetes_version")),
        .system = value_text(value_get(config, "operating_system")),
        .system_version = value_text(value_get(config, "operating_system_version")),
        .aarch64 = architecture ? text_equal(architecture, "aarch64") : arm_shape,
        .gpu = value_as_bool(value_get(config, "gpu"), shape && shape_name_has_gpu(shape)),
    };
    return !shape || wish->aarch64 == arm_shape ||
           error_set(err, ERROR_INVALID, "architecture %s does not run on the shape %s",
                     architecture, shape);
}

static bool fetch_sources(struct operation *op, const struct value *config, json_t **options,
                          struct error *err)
{
    const char *cluster = value_text(value_get(config, "cluster_id"));
    const struct oci_query query[] = {
        {"compartmentId", value_text(value_get(config, "compartment_id"))},
        {"shouldListAllPatchVersions", "true"}};
    char *path = oci_path(op->arena, err, "/nodePoolOptions/%s", cluster ? cluster : "all");
    return path && api_get(op, OCI_CONTAINER_ENGINE, "GetNodePoolOptions", path, query,
                           ARRAY_LENGTH(query), options, err);
}

/* The source whose image is the best that fits; NULL when none does. */
static const json_t *pick(const json_t *sources, const struct node_image_wish *wish,
                          struct node_image *best)
{
    const json_t *picked = NULL;
    size_t index;
    json_t *source;
    json_array_foreach(sources, index, source)
    {
        struct node_image image;
        const char *name = json_get_text(source, "sourceName");
        if (!name || !node_image_parse(name, &image) || !node_image_fits(&image, wish) ||
            (picked && node_image_compare(&image, best) <= 0))
            continue;
        picked = source;
        *best = image;
    }
    return picked;
}

/* What there is instead, each kind once: "v1.34.2 x86_64 (Oracle-Linux 8.10), …". */
static void list_kinds(struct arena *arena, const json_t *sources, struct str *out)
{
    enum { MOST = 40 };
    const char *seen[MOST];
    size_t count = 0, index;
    json_t *source;
    json_array_foreach(sources, index, source)
    {
        struct node_image image;
        const char *name = json_get_text(source, "sourceName");
        if (!name || !node_image_parse(name, &image) || count == MOST)
            continue;
        char *kind = arena_printf(arena, "v%d.%d.%d %s%s (%.*s %.*s)", image.kubernetes.major,
                                  image.kubernetes.minor, image.kubernetes.patch,
                                  image.aarch64 ? "aarch64" : "x86_64", image.gpu ? " GPU" : "",
                                  (int)image.system.length, image.system.ptr,
                                  (int)image.system_version.length, image.system_version.ptr);
        size_t known = 0;
        while (known < count && !text_equal(seen[known], kind))
            known++;
        if (known < count)
            continue;
        seen[count++] = kind;
        str_printf(out, "%s%s", out->length ? ", " : "", kind);
    }
}

static bool refuse(struct arena *arena, const struct node_image_wish *wish, const json_t *sources,
                   struct error *err)
{
    STR_AUTO kinds = STR_INIT;
    list_kinds(arena, sources, &kinds);
    return error_set(err, ERROR_NOT_FOUND,
                     "OKE has no node image for Kubernetes %s on %s%s%s%s%s%s. There are: %s",
                     wish->kubernetes_version, wish->aarch64 ? "aarch64" : "x86_64",
                     wish->gpu ? " with GPU" : "", wish->system ? ", " : "",
                     wish->system ? wish->system : "", wish->system_version ? " " : "",
                     wish->system_version ? wish->system_version : "",
                     kinds.length ? str_text(&kinds) : "none at all");
}

static bool open_image(struct operation *op, const struct value *config,
                       const struct value **result, struct error *err)
{
    struct arena *arena = op->arena;
    struct node_image_wish wish;
    struct node_image image;
    JSON_AUTO options = NULL;
    if (!read_wish(config, &wish, err) || !fetch_sources(op, config, &options, err))
        return false;
    const json_t *sources = json_object_get(options, "sources");
    const json_t *source = pick(sources, &wish, &image);
    if (!source)
        return refuse(arena, &wish, sources, err);
    const char *system = arena_strndup(arena, image.system.ptr, image.system.length);
    const struct value *id = value_string(arena, json_get_text(source, "imageId"));
    const struct value_entry entries[] = {
        {slice_from("architecture"), value_string(arena, architectures[image.aarch64])},
        {slice_from("gpu"), value_bool(image.gpu)},
        {slice_from("id"), id},
        {slice_from("image_id"), id},
        {slice_from("name"), value_string(arena, json_get_text(source, "sourceName"))},
        {slice_from("operating_system"),
         value_string(arena, text_equal(system, "Oracle-Linux") ? "Oracle Linux" : system)},
        {slice_from("operating_system_version"),
         value_string_bytes(arena, image.system_version.ptr, image.system_version.length)},
    };
    *result = value_map(arena, entries, ARRAY_LENGTH(entries));
    return true;
}

const struct resource oke_data_node_image = {
    .name = "node_image",
    .summary = "The newest image for worker nodes of a Kubernetes version and a shape.",
    .description =
        "OKE prepares images for each Kubernetes version it offers. This picks the newest one that "
        "fits "
        "version, architecture, GPU and system, and says what there is when none does. A newer "
        "image "
        "changes the result, so that a plan offers it; to stay with one, write its OCID down.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_image},
    .example = "data \"oke_node_image\" \"arm\" {\n"
               "  kubernetes_version = oke_cluster.main.kubernetes_version\n"
               "  shape              = \"VM.Standard.A1.Flex\"\n"
               "}\n",
};
