#include "acceptance/cluster/volume.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/event.h"
#include "acceptance/cluster/files.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"

#define PROVISIONER       "blockvolume.csi.oraclecloud.com"
#define ASKED_PROVISIONER "volume.kubernetes.io/storage-provisioner"
#define CHOSEN_NODE       "volume.kubernetes.io/selected-node"
#define PROVISIONED_BY    "pv.kubernetes.io/provisioned-by"

enum { LEAST_GIB = 50, MOST_GIB = 32 * 1024 };

struct volumes {
    const struct cluster *cluster;
    struct kube_client *client;
};

long volume_size_gib(const char *request)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"", 1},
                 {"k", 1e3},
                 {"M", 1e6},
                 {"G", 1e9},
                 {"T", 1e12},
                 {"Ki", 1024.0},
                 {"Mi", 1048576.0},
                 {"Gi", 1073741824.0},
                 {"P", 1e15},
                 {"Ti", 1.099511627776e12},
                 {"Pi", 1.125899906842624e15}};
    char *end = NULL;
    double number = request ? strtod(request, &end) : 0;
    for (size_t i = 0; request && end != request && number > 0 && i < ARRAY_LENGTH(units); i++) {
        if (strcmp(end, units[i].suffix) != 0)
            continue;
        double gib = ceil(number * units[i].factor / 1073741824.0);
        return gib < LEAST_GIB ? LEAST_GIB : gib > MOST_GIB ? 0 : (long)gib;
    }
    return 0;
}

static char *size_text(const json_t *claim)
{
    const char *request = json_get_text(json_at_path(claim, "spec.resources.requests"), "storage");
    long size = volume_size_gib(request);
    struct str text = STR_INIT;
    if (size)
        str_printf(&text, "%ldGi", size);
    return str_steal(&text);
}

static char *folder_of(const struct cluster *cluster, const char *volume)
{
    struct str path = STR_INIT;
    str_printf(&path, "%s/volumes/%s", cluster->state, volume);
    return str_steal(&path);
}

/* ---- claims --------------------------------------------------------------------------------- */

static json_t *make_volume(const struct volumes *volumes, const json_t *claim, const char *name,
                           const char *node, const char *size)
{
    const json_t *metadata = json_object_get(claim, "metadata");
    const json_t *spec = json_object_get(claim, "spec");
    CLEANUP(free_pointer) char *folder = folder_of(volumes->cluster, name);
    json_t *affinity = json_pack("{s:{s:[{s:[{s:s, s:s, s:[s]}]}]}}", "required",
                                 "nodeSelectorTerms", "matchExpressions", "key",
                                 "kubernetes.io/hostname", "operator", "In", "values", node);
    json_t *reference =
        json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "apiVersion", "v1", "kind",
                  "PersistentVolumeClaim", "namespace", json_get_text(metadata, "namespace"),
                  "name", json_get_text(metadata, "name"), "uid", json_get_text(metadata, "uid"));
    const char *mode = json_get_text(spec, "volumeMode");
    return json_pack("{s:s, s:s, s:{s:s, s:{s:s}}, s:{s:{s:s}, s:O, s:s, s:s*, s:s, s:{s:s}, s:o, "
                     "s:o}}",
                     "apiVersion", "v1", "kind", "PersistentVolume", "metadata", "name", name,
                     "annotations", PROVISIONED_BY, PROVISIONER, "spec", "capacity", "storage",
                     size, "accessModes", json_object_get(spec, "accessModes"),
                     "persistentVolumeReclaimPolicy", "Delete", "storageClassName",
                     json_get_text(spec, "storageClassName"), "volumeMode",
                     mode ? mode : "Filesystem", "local", "path", folder, "claimRef", reference,
                     "nodeAffinity", affinity);
}

static bool provision(struct volumes *volumes, const json_t *claim, const char *node,
                      struct error *err)
{
    CLEANUP(free_pointer) char *size = size_text(claim);
    if (!*size)
        return error_set(err, ERROR_INVALID, "a block volume has 50Gi to 32Ti");
    if (text_equal(json_get_text(json_object_get(claim, "spec"), "volumeMode"), "Block"))
        return error_set(err, ERROR_INVALID, "this cluster has no raw block volumes");
    STR_AUTO name = STR_INIT;
    str_printf(&name, "csi-%s", json_get_text(json_object_get(claim, "metadata"), "uid"));
    CLEANUP(free_pointer) char *folder = folder_of(volumes->cluster, str_text(&name));
    if (mkdir(folder, 0755) < 0 && errno != EEXIST)
        return error_set_errno(err, "make %s", folder);
    JSON_AUTO volume = make_volume(volumes, claim, str_text(&name), node, size);
    struct kube_scope scope = {0};
    struct kube_request request = {
        .method = "POST", .path = "/api/v1/persistentvolumes", .body = volume};
    ERROR_AUTO(failure);
    if (!kube_call(volumes->client, &scope, &request, NULL, NULL, &failure) &&
        failure.code != ERROR_EXISTS) {
        error_move(err, &failure);
        return false;
    }
    event_write(volumes->client, claim, false, "ProvisioningSucceeded",
                "Successfully provisioned volume ", str_text(&name));
    return true;
}

/* A folder has room as it is: growing is a matter of saying so, in the volume and then in the claim. */
static bool grow(struct volumes *volumes, const json_t *claim, struct error *err)
{
    const json_t *metadata = json_object_get(claim, "metadata");
    const char *has = json_get_text(json_at_path(claim, "status.capacity"), "storage");
    CLEANUP(free_pointer) char *wants = size_text(claim);
    if (!has || volume_size_gib(wants) <= volume_size_gib(has))
        return true;
    STR_AUTO volume = STR_INIT;
    STR_AUTO status = STR_INIT;
    str_printf(&volume, "/api/v1/persistentvolumes/%s",
               json_get_text(json_object_get(claim, "spec"), "volumeName"));
    str_printf(&status, "/api/v1/namespaces/%s/persistentvolumeclaims/%s/status",
               json_get_text(metadata, "namespace"), json_get_text(metadata, "name"));
    return api_patch(volumes->client, str_text(&volume),
                     json_pack("{s:{s:{s:s}}}", "spec", "capacity", "storage", wants), err) &&
           api_patch(volumes->client, str_text(&status),
                     json_pack("{s:{s:{s:s}, s:n}}", "status", "capacity", "storage", wants,
                               "conditions"),
                     err);
}

static void take_claim(void *context, const json_t *claim, bool gone)
{
    struct volumes *volumes = context;
    const json_t *annotations = json_at_path(claim, "metadata.annotations");
    const char *node = json_get_text(annotations, CHOSEN_NODE);
    const char *phase = json_get_text(json_object_get(claim, "status"), "phase");
    bool bound = json_get_text(json_object_get(claim, "spec"), "volumeName") != NULL;
    if (gone || !text_equal(json_get_text(annotations, ASKED_PROVISIONER), PROVISIONER))
        return;
    ERROR_AUTO(err);
    bool good = text_equal(phase, "Bound") ? grow(volumes, claim, &err)
                : !bound && node           ? provision(volumes, claim, node, &err)
                                           : true;
    if (!good)
        event_write(volumes->client, claim, true,
                    bound ? "VolumeResizeFailed" : "ProvisioningFailed",
                    "failed to provision or resize the volume: ", error_message(&err));
}

bool volumes_run_claims(const struct cluster *cluster, struct kube_client *client,
                        struct error *err)
{
    struct volumes volumes = {cluster, client};
    return api_follow(client,
                      &(struct api_follower){.api_version = "v1",
                                             .kind = "PersistentVolumeClaim",
                                             .on_change = take_claim,
                                             .context = &volumes},
                      err);
}

/* ---- volumes -------------------------------------------------------------------------------- */

static void take_volume(void *context, const json_t *volume, bool gone)
{
    struct volumes *volumes = context;
    const json_t *metadata = json_object_get(volume, "metadata");
    const char *name = json_get_text(metadata, "name");
    if (gone ||
        !text_equal(json_get_text(json_object_get(metadata, "annotations"), PROVISIONED_BY),
                    PROVISIONER) ||
        !text_equal(json_get_text(json_object_get(volume, "status"), "phase"), "Released") ||
        json_get_text(metadata, "deletionTimestamp"))
        return;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *folder = folder_of(volumes->cluster, name);
    struct kube_scope scope = {0};
    struct kube_object object = {.kind = kube_kind_built_in("v1", "PersistentVolume"),
                                 .name = name};
    const struct kube_delete options = {
        .grace_seconds = -1, .uid = kube_uid(volume), .no_wait = true};
    if (!files_remove(folder, &err) ||
        !kube_delete(volumes->client, &scope, &object, &options, &err))
        fprintf(stderr, "volume %s: %s\n", name, error_message(&err));
}

bool volumes_run_releases(const struct cluster *cluster, struct kube_client *client,
                          struct error *err)
{
    struct volumes volumes = {cluster, client};
    return api_follow(client,
                      &(struct api_follower){.api_version = "v1",
                                             .kind = "PersistentVolume",
                                             .on_change = take_volume,
                                             .context = &volumes},
                      err);
}
