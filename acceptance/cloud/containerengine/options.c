#include <string.h>

#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/containerengine/version.h"
#include "acceptance/cloud/core/catalog.h"
#include "lib/base/json.h"

/* The options are the same for every cluster; its id must be one all the same. */
static bool check_scope(struct call *call)
{
    return text_equal(call->path_values[0], "all") || call_target_at(call, &kind_cluster, 0);
}

static json_t *versions(struct call *call)
{
    return version_list(call_query_bool(call, "shouldListAllPatchVersions", false));
}

bool oke_get_cluster_options(struct call *call)
{
    return check_scope(call) &&
           call_reply(call, 200,
                      json_pack("{s:o, s:[{s:s}, {s:s}]}", "kubernetesVersions", versions(call),
                                "clusterPodNetworkOptions", "cniType", "FLANNEL_OVERLAY", "cniType",
                                "OCI_VCN_IP_NATIVE"));
}

static bool wanted(struct call *call, const struct image *image)
{
    const char *type = call_query(call, "nodePoolOsType");
    const char *architecture = call_query(call, "nodePoolOsArch");
    const char *version = call_query(call, "nodePoolK8sVersion");
    const char *system = text_equal(image->system, "Canonical Ubuntu") ? "UBUNTU"
                         : text_equal(image->system_version, "8")      ? "OL8"
                                                                       : "OL9";
    bool arm = image->architecture == ARCHITECTURE_AARCH64;
    return (!type || text_equal(type, system)) &&
           (!architecture || text_equal(architecture, arm ? "AARCH64" : "X86_64")) &&
           (!version || text_equal(version, image->kubernetes_version));
}

bool oke_get_node_pool_options(struct call *call)
{
    const char *region = call_settings(call)->region;
    if (!check_scope(call))
        return false;
    json_t *names = json_array(), *sources = json_array(), *shape_names = json_array();
    for (const struct shape *shape = shapes; shape->name; shape++)
        if (!shape->no_kubernetes)
            json_array_append_new(shape_names, json_string(shape->name));
    for (const struct image *image = images; image->name; image++) {
        if (!wanted(call, image))
            continue;
        json_array_append_new(names, json_string(image->name));
        json_array_append_new(sources, json_pack("{s:s, s:s, s:s}", "sourceType", "IMAGE",
                                                 "sourceName", image->name, "imageId",
                                                 image_id(call->arena, region, image)));
    }
    return call_reply(call, 200,
                      json_pack("{s:o, s:o, s:o, s:o}", "kubernetesVersions", versions(call),
                                "shapes", shape_names, "images", names, "sources", sources));
}
