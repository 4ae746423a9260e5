#include "provider/oci/oke.h"

#include "provider/oci/ops.h"

const char *const oke_cni_types[] = {"FLANNEL_OVERLAY", "OCI_VCN_IP_NATIVE", NULL};

const struct api_retry oke_retry[] = {
    {API_CREATE | API_UPDATE,
     {.status = 409, .code = "Conflict", .contains = "image", .for_ms = 0}},
    {API_CREATE | API_UPDATE | API_DELETE,
     {.status = 409, .code = "IncorrectState", .for_ms = OKE_BUSY_MS}},
    {API_CREATE | API_UPDATE | API_DELETE,
     {.status = 409, .code = "Conflict", .for_ms = OKE_BUSY_MS}},
    {.phases = 0},
};

json_t *oke_cluster_if_known(struct operation *op, const struct value *cluster_id)
{
    if (!op->client || !value_is_known(cluster_id))
        return NULL;
    ERROR_AUTO(err);
    json_t *cluster = NULL;
    const char *path = oci_path(op->arena, &err, "/clusters/%s", value_text(cluster_id));
    if (!path || !api_get(op, OCI_CONTAINER_ENGINE, "GetCluster", path, NULL, 0, &cluster, &err))
        return NULL;
    return cluster;
}
