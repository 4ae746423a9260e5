#include "provider/oci/attributes.h"
#include "provider/oci/cluster_access.h"

static const struct attribute attributes[] = {
    {.name = "cluster_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "cluster",
     .doc = "OCID of the cluster that the token is for.",
     .sample = "oke_cluster.main.id"},
    {.name = "region",
     .flags = OPTIONAL,
     .doc = "Region of the cluster. Left out, it is taken from the OCID."},
    {.name = "token",
     .flags = COMPUTED | SENSITIVE,
     .doc = "Bearer token for the Kubernetes API. It carries the identity that the provider uses."},
    {.name = "time_expires",
     .flags = COMPUTED,
     .doc = "When the API server stops to accept it, four minutes from now (RFC 3339)."},
    ATTRIBUTES_END,
};

static bool open_token(struct operation *op, const struct value *config,
                       const struct value **result, struct error *err)
{
    const struct value *token, *expires;
    if (!cluster_access_token(op, value_text(value_get(config, "cluster_id")),
                              value_text(value_get(config, "region")), &token, &expires, err))
        return false;
    *result = value_with(op->arena, value_with(op->arena, config, "token", token), "time_expires",
                         expires);
    return true;
}

const struct resource oke_ephemeral_cluster_token = {
    .name = "cluster_token",
    .summary = "A bearer token for the Kubernetes API of an OKE cluster.",
    .description =
        "The token is signed by the provider itself, without a request and without the OCI command "
        "line. It is valid for four minutes; Terraform makes a new one for each plan and each "
        "apply, "
        "and cannot replace it in between. Where more time may pass, log in by `exec` (see the "
        "function "
        "`kubeconfig`).",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_token},
    .example = "ephemeral \"oke_cluster_token\" \"main\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "}\n",
};
