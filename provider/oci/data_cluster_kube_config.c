#include "provider/oci/attributes.h"
#include "provider/oci/cluster_access.h"
#include "provider/oci/source.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_OCID("cluster_id", REQUIRED, "cluster", "OCID of the cluster."),
    {.name = "endpoint",
     .flags = OPTIONAL,
     .one_of = cluster_access_endpoints,
     .doc = "Which endpoint of the cluster to use. Left out: the public one, or else the private "
            "one."},
    {.name = "token_version",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"2.0.0", NULL},
     .doc = "Kind of token; there is one."},
    {.name = "expiration",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .minimum = 1,
     .maximum = INT32_MAX,
     .doc = "Seconds; without effect on tokens of version 2.0.0."},
    ATTRIBUTE_TOLD("content", "The kubeconfig, as YAML. It logs in by the OCI command line."),
    ATTRIBUTES_END,
};

static bool open_kube_config(struct operation *op, const struct value *config,
                             const struct value **result, struct error *err)
{
    STR_AUTO content = STR_INIT;
    struct cluster_access_query query = {.cluster_id = value_text(value_get(config, "cluster_id")),
                                         .endpoint = value_text(value_get(config, "endpoint")),
                                         .token_version =
                                             value_text(value_get(config, "token_version"))};
    value_as_integer(value_get(config, "expiration"), &query.expiration);
    if (!cluster_access_kubeconfig(op, &query, &content, err))
        return false;
    *result = value_with(op->arena, config, "content",
                         value_string_bytes(op->arena, content.ptr, content.length));
    *result = value_with(op->arena, *result, "id", source_id(op, config));
    return true;
}

const struct resource oke_data_cluster_kube_config = {
    .name = "cluster_kube_config",
    .summary = "The kubeconfig that OKE makes for a cluster.",
    .description = "It holds no secret: who uses it logs in by the OCI command line. For a "
                   "kubeconfig with a token "
                   "in it see the ephemeral resource `oke_kubeconfig`.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_kube_config},
    .example = "data \"oke_cluster_kube_config\" \"main\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "}\n",
};
