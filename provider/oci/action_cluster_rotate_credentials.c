#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "provider/oci/action_work.h"
#include "provider/oci/attributes.h"

enum { ROTATE_MOST_SECONDS = 2 * 60 * 60 };

static const struct attribute attributes[] = {
    {.name = "cluster_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "cluster",
     .doc = "OCID of the cluster.",
     .sample = "oke_cluster.main.id"},
    {.name = "auto_completion_delay_duration",
     .flags = OPTIONAL,
     .validate = validate_iso_duration,
     .doc =
         "How long the old credentials stay good when nobody completes the rotation: an ISO 8601 "
         "duration in days, at most `P90D`. Left out: `P5D`."},
    {.name = "complete",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Complete the rotation at once: the old credentials end, and so does every kubeconfig "
            "and workload that uses them. Default: false."},
    ATTRIBUTES_END,
};

static bool start(struct operation *op, const char *cluster, const char *delay,
                  const struct action_progress *progress, struct error *err)
{
    JSON_AUTO body = json_object();
    json_set_text(body, "autoCompletionDelayDuration", delay ? delay : "P5D");
    struct oci_request request = {
        .service = OCI_CONTAINER_ENGINE,
        .operation = "StartCredentialRotation",
        .method = "POST",
        .path = oci_path(op->arena, err, "/clusters/%s/actions/startCredentialRotation", cluster),
        .body = body};
    return request.path && action_run_work(op, &request, "issue new credentials", progress, err);
}

static bool complete(struct operation *op, const char *cluster,
                     const struct action_progress *progress, struct error *err)
{
    struct oci_request request = {
        .service = OCI_CONTAINER_ENGINE,
        .operation = "CompleteCredentialRotation",
        .method = "POST",
        .path =
            oci_path(op->arena, err, "/clusters/%s/actions/completeCredentialRotation", cluster)};
    return request.path && action_run_work(op, &request, "retire old credentials", progress, err);
}

static bool invoke(struct operation *op, const struct value *config,
                   void (*report)(void *context, const char *message), void *context,
                   struct error *err)
{
    const struct action_progress progress = {report, context};
    const char *cluster = value_text(value_get(config, "cluster_id"));
    const char *delay = value_text(value_get(config, "auto_completion_delay_duration"));
    op->deadline_ms = clock_monotonic_ms() + ROTATE_MOST_SECONDS * (int64_t)1000;
    if (!start(op, cluster, delay, &progress, err))
        return false;
    return !value_as_bool(value_get(config, "complete"), false) ||
           complete(op, cluster, &progress, err);
}

const struct action oke_action_cluster_rotate_credentials = {
    .name = "cluster_rotate_credentials",
    .summary = "Gives a cluster new certificates, in place of those that are about to end.",
    .description = "New credentials are issued beside the old ones; fetch kubeconfigs anew and "
                   "replace the nodes, "
                   "then complete the rotation. It waits for OKE, two hours at most.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .invoke = invoke,
    .example = "action \"oke_cluster_rotate_credentials\" \"main\" {\n"
               "  config {\n"
               "    cluster_id = oke_cluster.main.id\n"
               "  }\n"
               "}\n",
};
