#include "provider/oci/cluster_access.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/oci/ocid.h"
#include "lib/oci/oke_token.h"
#include "provider/oci/client.h"
#include "provider/oci/ops.h"
#include "provider/value/value_yaml.h"

const char *const cluster_access_endpoints[] = {"LEGACY_KUBERNETES", "PUBLIC_ENDPOINT",
                                                "PRIVATE_ENDPOINT", "VCN_HOSTNAME", NULL};

/* The public one where there is one: who runs Terraform is seldom in the VCN. NULL and err. */
static const char *choose_endpoint(struct operation *op, const char *cluster_id, struct error *err)
{
    JSON_AUTO cluster = NULL;
    char *path = oci_path(op->arena, err, "/clusters/%s", cluster_id);
    if (!path || !api_get(op, OCI_CONTAINER_ENGINE, "GetCluster", path, NULL, 0, &cluster, err))
        return NULL;
    const json_t *endpoints = json_object_get(cluster, "endpoints");
    if (json_get_text(endpoints, "publicEndpoint"))
        return "PUBLIC_ENDPOINT";
    return json_get_text(endpoints, "privateEndpoint") ? "PRIVATE_ENDPOINT" : "LEGACY_KUBERNETES";
}

bool cluster_access_kubeconfig(struct operation *op, const struct cluster_access_query *query,
                               struct str *content, struct error *err)
{
    JSON_AUTO body = json_object();
    const char *endpoint =
        query->endpoint ? query->endpoint : choose_endpoint(op, query->cluster_id, err);
    if (!endpoint)
        return false;
    json_set_text(body, "tokenVersion", query->token_version ? query->token_version : "2.0.0");
    json_set_text(body, "endpoint", endpoint);
    if (query->expiration)
        json_object_set_new(body, "expiration", json_integer(query->expiration));
    char *path = oci_path(op->arena, err, "/clusters/%s/kubeconfig/content", query->cluster_id);
    const struct oci_request request = {.service = OCI_CONTAINER_ENGINE,
                                        .operation = "CreateKubeconfig",
                                        .object = query->cluster_id,
                                        .method = "POST",
                                        .path = path,
                                        .body = body,
                                        .raw_response = true,
                                        .repeatable = true,
                                        .cancel = op->cancel,
                                        .deadline_ms = op->deadline_ms};
    OCI_RESPONSE_AUTO(response);
    if (!path || !oci_call(api_client(op), &request, &response, err))
        return false;
    str_append_bytes(content, response.raw.ptr, response.raw.length);
    return true;
}

static const struct value *first_cluster(struct arena *arena, const struct str *content,
                                         struct error *err)
{
    const struct value *documents =
        value_yaml_decode(arena, (struct slice){content->ptr, content->length}, err);
    return documents ? value_get(value_item(value_get(value_item(documents, 0), "clusters"), 0),
                                 "cluster")
                     : NULL;
}

bool cluster_access_find(struct operation *op, const struct cluster_access_query *query,
                         struct cluster_access *access, struct error *err)
{
    STR_AUTO content = STR_INIT;
    STR_AUTO authority = STR_INIT;
    if (!cluster_access_kubeconfig(op, query, &content, err))
        return false;
    const struct value *cluster = first_cluster(op->arena, &content, err);
    if (!cluster)
        return error_wrap(err, "kubeconfig of %s", query->cluster_id);
    *access = (struct cluster_access){.server = value_text(value_get(cluster, "server"))};
    if (!access->server)
        return error_set(err, ERROR_REMOTE, "the kubeconfig of %s names no server",
                         query->cluster_id);
    const char *data = value_text(value_get(cluster, "certificate-authority-data"));
    if (data && !base64_decode(data, strlen(data), &authority))
        return error_set(err, ERROR_REMOTE, "the CA in the kubeconfig of %s is not base64",
                         query->cluster_id);
    if (data)
        access->authority = str_copy_to(&authority, op->arena);
    return true;
}

bool cluster_access_token(struct operation *op, const char *cluster_id, const char *region,
                          const struct value **token, const struct value **expires,
                          struct error *err)
{
    struct ocid ocid;
    STR_AUTO text = STR_INIT;
    int64_t until;
    char time[CLOCK_RFC3339_SIZE];
    if (!ocid_parse(cluster_id, &ocid, err))
        return false;
    if (!region && ocid.region.length)
        region = arena_strndup(op->arena, ocid.region.ptr, ocid.region.length);
    if (!oci_oke_token(api_client(op), cluster_id, region, op->cancel, &text, &until, err))
        return false;
    *token = value_string_bytes(op->arena, text.ptr, text.length);
    *expires = value_string(op->arena, clock_format_rfc3339(until, time));
    return true;
}
