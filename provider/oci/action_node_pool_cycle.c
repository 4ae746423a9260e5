#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "provider/oci/action_work.h"
#include "provider/oci/attributes.h"

enum { CYCLE_MOST_SECONDS = 6 * 60 * 60 };

static const struct attribute attributes[] = {
    {.name = "node_pool_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "nodepool",
     .doc = "OCID of the node pool.",
     .sample = "oke_node_pool.main.id"},
    {.name = "maximum_surge",
     .flags = OPTIONAL,
     .validate = validate_count_or_percent,
     .doc = "How many nodes may be made on top of the pool's size, `2` or `25%`. Left out: `1`."},
    {.name = "maximum_unavailable",
     .flags = OPTIONAL,
     .validate = validate_count_or_percent,
     .doc = "How many may be missing meanwhile, `1` or `25%`. Left out: `0`."},
    {.name = "cycle_modes",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"INSTANCE_REPLACE", "BOOT_VOLUME_REPLACE", NULL},
     .doc = "Replace instances, or their boot volumes only. Left out: instances."},
    ATTRIBUTES_END,
};

static json_t *cycling_details(const struct value *config)
{
    const char *surge = value_text(value_get(config, "maximum_surge"));
    const char *unavailable = value_text(value_get(config, "maximum_unavailable"));
    const struct value *modes = value_get(config, "cycle_modes");
    json_t *details = json_object();
    json_object_set_new(details, "isNodeCyclingEnabled", json_true());
    json_set_text(details, "maximumSurge", surge ? surge : "1");
    json_set_text(details, "maximumUnavailable", unavailable ? unavailable : "0");
    json_t *list = json_array();
    for (size_t i = 0; i < value_count(modes); i++)
        json_array_append_new(list, json_string(value_text(value_item(modes, i))));
    if (json_array_size(list))
        json_object_set(details, "cycleModes", list);
    json_decref(list);
    return details;
}

static bool invoke(struct operation *op, const struct value *config,
                   void (*report)(void *context, const char *message), void *context,
                   struct error *err)
{
    const struct action_progress progress = {report, context};
    const char *pool = value_text(value_get(config, "node_pool_id"));
    JSON_AUTO body = json_object();
    json_object_set_new(body, "nodePoolCyclingDetails", cycling_details(config));
    struct oci_request request = {.service = OCI_CONTAINER_ENGINE,
                                  .operation = "UpdateNodePool",
                                  .method = "PUT",
                                  .path = oci_path(op->arena, err, "/nodePools/%s", pool),
                                  .body = body};
    op->deadline_ms = clock_monotonic_ms() + CYCLE_MOST_SECONDS * (int64_t)1000;
    return request.path && action_run_work(op, &request, "cycle nodes", &progress, err);
}

const struct action oke_action_node_pool_cycle = {
    .name = "node_pool_cycle",
    .summary = "Replaces the nodes of a pool, a few at a time, by ones as the pool describes now.",
    .description =
        "Image, shape, labels, keys and metadata of a pool reach new nodes only; this brings them "
        "to "
        "those that run. Works with enhanced clusters. It waits for OKE, six hours at most.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .invoke = invoke,
    .example = "action \"oke_node_pool_cycle\" \"main\" {\n"
               "  config {\n"
               "    node_pool_id        = oke_node_pool.main.id\n"
               "    maximum_unavailable = \"25%\"\n"
               "  }\n"
               "}\n",
};
