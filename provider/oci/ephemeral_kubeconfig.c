#include "provider/oci/attributes.h"
#include "provider/oci/cluster_access.h"
#include "provider/oci/kubeconfig.h"

static const struct attribute attributes[] = {
    {.name = "cluster_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "cluster",
     .doc = "OCID of the cluster.",
     .sample = "oke_cluster.main.id"},
    {.name = "endpoint",
     .flags = OPTIONAL,
     .one_of = cluster_access_endpoints,
     .doc = "Which endpoint of the cluster to use. Left out: the public one, or else the private "
            "one."},
    {.name = "name",
     .flags = OPTIONAL,
     .default_value = "oke",
     .doc = "Name of cluster, user and context in the file."},
    {.name = "namespace", .flags = OPTIONAL, .doc = "Namespace of the context."},
    {.name = "content", .flags = COMPUTED | SENSITIVE, .doc = "The whole file, as YAML."},
    {.name = "host", .flags = COMPUTED, .doc = "URL of the API server."},
    {.name = "cluster_ca_certificate", .flags = COMPUTED, .doc = "Its CA, as PEM."},
    {.name = "token",
     .flags = COMPUTED | SENSITIVE,
     .doc = "Bearer token. It carries the identity that the provider uses."},
    {.name = "time_expires",
     .flags = COMPUTED,
     .doc = "When the API server stops to accept the token, four minutes from now (RFC 3339)."},
    ATTRIBUTES_END,
};

static const struct value *to_result(struct arena *arena, const struct cluster_access *access,
                                     const struct value *token, const struct value *expires,
                                     const struct str *content)
{
    const struct value_entry entries[] = {
        {slice_from("cluster_ca_certificate"), value_string(arena, access->authority)},
        {slice_from("content"), value_string_bytes(arena, content->ptr, content->length)},
        {slice_from("host"), value_string(arena, access->server)},
        {slice_from("name"), value_string(arena, "oke")},
        {slice_from("time_expires"), expires},
        {slice_from("token"), token},
    };
    return value_map(arena, entries, ARRAY_LENGTH(entries));
}

static bool open_kubeconfig(struct operation *op, const struct value *config,
                            const struct value **result, struct error *err)
{
    const struct cluster_access_query query = {
        .cluster_id = value_text(value_get(config, "cluster_id")),
        .endpoint = value_text(value_get(config, "endpoint"))};
    struct cluster_access access;
    const struct value *token, *expires;
    STR_AUTO content = STR_INIT;
    if (!cluster_access_find(op, &query, &access, err) ||
        !cluster_access_token(op, query.cluster_id, NULL, &token, &expires, err))
        return false;
    const struct kubeconfig kubeconfig = {
        .name = value_text(value_get(config, "name")),
        .server = access.server,
        .authority = access.authority,
        .namespace = value_text(value_get(config, "namespace")),
        .token = value_text(token),
    };
    if (!kubeconfig_write(&kubeconfig, &content, err))
        return error_wrap(err, "kubeconfig of %s", query.cluster_id);
    *result = to_result(op->arena, &access, token, expires, &content);
    return true;
}

const struct resource oke_ephemeral_kubeconfig = {
    .name = "kubeconfig",
    .summary = "A complete kubeconfig for an OKE cluster, with a token in it.",
    .description = "For tools and providers that take a kubeconfig, or host, CA and token. Nothing "
                   "of it reaches "
                   "the state. The token is valid for four minutes; Terraform makes a new one for "
                   "each plan and "
                   "each apply, and cannot replace it in between.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_kubeconfig},
    .example = "ephemeral \"oke_kubeconfig\" \"main\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "}\n"
               "\n"
               "# what a provider \"kubernetes\" block takes\n"
               "locals {\n"
               "  host                   = ephemeral.oke_kubeconfig.main.host\n"
               "  cluster_ca_certificate = ephemeral.oke_kubeconfig.main.cluster_ca_certificate\n"
               "  token                  = ephemeral.oke_kubeconfig.main.token\n"
               "}\n",
};
