/* A node pool of OKE. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/oci/attributes.h"
#include "provider/oci/kubernetes.h"
#include "provider/oci/node_image.h"
#include "provider/oci/node_pool_placement.h"
#include "provider/oci/oke.h"
#include "provider/oci/ops.h"
#include "provider/oci/plan_checks.h"

enum {
    MOST_GBS_FOR_OCPU = 64,
    LEAST_BOOT_VOLUME = 50,
    MOST_BOOT_VOLUME = 32768,
    MOST_GRACE = 3600
};

static const char *const preemption_types[] = {"TERMINATE", NULL};
static const char *const source_types[] = {"IMAGE", NULL};
static const char *const cycle_modes[] = {"BOOT_VOLUME_REPLACE", "INSTANCE_REPLACE", NULL};
static const char *const launch_types[] = {"PARAVIRTUALIZED", "VFIO", "E1000", NULL};

static const struct attribute label_fields[] = {
    ATTRIBUTE_TEXT("key", OPTIONAL | COMPUTED, "Label."),
    ATTRIBUTE_TEXT("value", OPTIONAL | COMPUTED, "Value."),
    ATTRIBUTES_END,
};

static const struct attribute preemption_action_fields[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = preemption_types,
     .doc = "`TERMINATE`.",
     .sample = "\"TERMINATE\""},
    ATTRIBUTE_SWITCH("is_preserve_boot_volume", OPTIONAL | COMPUTED,
                     "Whether the boot volume outlives the node."),
    ATTRIBUTES_END,
};

static const struct attribute preemptible_fields[] = {
    ATTRIBUTE_BLOCK("preemption_action", REQUIRED, preemption_action_fields,
                    "What happens when OCI wants the capacity back."),
    ATTRIBUTES_END,
};

static const struct attribute placement_fields[] = {
    {.name = "availability_domain",
     .flags = REQUIRED | KEY,
     .equal = equal_any_case,
     .validate = validate_availability_domain,
     .doc = "Availability domain, such as `Uocm:PHX-AD-1`.",
     .sample = "data.oke_availability_domains.all.availability_domains[0].name"},
    {.name = "subnet_id",
     .flags = REQUIRED | KEY,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .doc = "Subnet of the nodes.",
     .sample = "oke_subnet.workers.id"},
    ATTRIBUTE_OCID("capacity_reservation_id", OPTIONAL | COMPUTED, "capacityreservation",
                   "Compute capacity reservation to take nodes from."),
    {.name = "fault_domains",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_fault_domain,
     .doc = "Fault domains to spread nodes over; all by default."},
    ATTRIBUTE_TEXT("host_group_id", OPTIONAL, "Compute host group to take nodes from."),
    ATTRIBUTE_BLOCK("preemptible_node_config", OPTIONAL | COMPUTED, preemptible_fields,
                    "Take preemptible, cheaper capacity."),
    ATTRIBUTES_END,
};

static const struct attribute pod_network_fields[] = {
    {.name = "cni_type",
     .flags = REQUIRED | REPLACE,
     .one_of = oke_cni_types,
     .doc = "`FLANNEL_OVERLAY` or `OCI_VCN_IP_NATIVE`: that of the cluster.",
     .sample = "\"FLANNEL_OVERLAY\""},
    {.name = "max_pods_per_node",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 110,
     .doc = "Most pods on one node; with VCN-native pods also limited by the shape's VNICs."},
    ATTRIBUTE_OCIDS("pod_nsg_ids", ATTRIBUTE_STRING_LIST, OPTIONAL | COMPUTED,
                    "networksecuritygroup",
                    "Network security groups of pods; VCN-native pods only."),
    ATTRIBUTE_OCIDS("pod_subnet_ids", ATTRIBUTE_STRING_LIST, OPTIONAL | COMPUTED, "subnet",
                    "Subnets of pods; VCN-native pods only."),
    ATTRIBUTES_END,
};

static const struct attribute config_fields[] = {
    {.name = "size",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED | UPDATE_WHEN_CHANGED,
     .minimum = 0,
     .maximum = 1000,
     .doc = "Number of nodes. Under a cluster autoscaler put it into `ignore_changes`.",
     .sample = "1"},
    {.name = "placement_configs",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = REQUIRED | UPDATE_WHEN_CHANGED,
     .fields = placement_fields,
     .doc = "Where nodes are put. Nodes that no longer fit are replaced."},
    ATTRIBUTE_BLOCK("node_pool_pod_network_option_details",
                    OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED, pod_network_fields,
                    "Pod network of the nodes."),
    ATTRIBUTE_OCIDS("nsg_ids", ATTRIBUTE_STRING_SET, OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED,
                    "networksecuritygroup", "Network security groups of the nodes."),
    ATTRIBUTE_OCID("kms_key_id", OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED, "key",
                   "Key that encrypts boot volumes."),
    ATTRIBUTE_SWITCH("is_pv_encryption_in_transit_enabled",
                     OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED,
                     "Encrypt the traffic to paravirtualised volumes."),
    ATTRIBUTE_OCID("compute_cluster_id", OPTIONAL | REPLACE, "computecluster",
                   "Compute cluster (RDMA network) to put nodes into."),
    {.name = "defined_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .equal = equal_defined_tags,
     .validate = validate_defined_tags,
     .doc = "Defined tags of the nodes' instances."},
    {.name = "freeform_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED,
     .validate = validate_freeform_tags,
     .doc = "Free-form tags of the nodes' instances."},
    ATTRIBUTES_END,
};

static void validate_eviction(const struct attribute *attribute, const struct value *value,
                              const struct path *path, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    size_t errors = diagnostics->errors;
    int64_t seconds;
    validate_iso_duration(attribute, value, path, diagnostics, arena);
    if (diagnostics->errors == errors &&
        (!duration_seconds(value_text(value), &seconds) || seconds > MOST_GRACE))
        diagnostics_error(diagnostics, path, "Invalid value",
                          "%s: nodes are drained for an hour (PT60M) at most.", attribute->name);
}

static const struct attribute eviction_fields[] = {
    {.name = "eviction_grace_duration",
     .flags = OPTIONAL | COMPUTED,
     .equal = equal_duration,
     .validate = validate_eviction,
     .doc = "How long a node may be drained before it is deleted: `PT0M` to `PT60M`, the default.",
     .sample = "\"PT15M\""},
    ATTRIBUTE_SWITCH("is_force_action_after_grace_duration", OPTIONAL | COMPUTED,
                     "Whether other actions go ahead when draining did not finish in time."),
    ATTRIBUTE_SWITCH("is_force_delete_after_grace_duration", OPTIONAL | COMPUTED,
                     "Whether a node is deleted when draining did not finish in time."),
    ATTRIBUTES_END,
};

static const struct attribute cycling_fields[] = {
    ATTRIBUTE_SWITCH(
        "is_node_cycling_enabled", OPTIONAL | COMPUTED,
        "Whether a change also replaces the nodes that exist. Enhanced clusters only."),
    {.name = "cycle_modes",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .one_of = cycle_modes,
     .doc = "`BOOT_VOLUME_REPLACE`, `INSTANCE_REPLACE`, in order of preference."},
    {.name = "maximum_surge",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_count_or_percent,
     .doc = "Nodes added meanwhile: a count or a percentage; `1` by default."},
    {.name = "maximum_unavailable",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_count_or_percent,
     .doc = "Nodes missing meanwhile: a count or a percentage; `0` by default."},
    ATTRIBUTES_END,
};

static const struct attribute shape_config_fields[] = {
    {.name = "ocpus",
     .kind = ATTRIBUTE_NUMBER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 512,
     .doc = "OCPUs of a node.",
     .sample = "2"},
    {.name = "memory_in_gbs",
     .kind = ATTRIBUTE_NUMBER,
     .flags = OPTIONAL | COMPUTED,
     .json = "memoryInGBs",
     .minimum = 1,
     .maximum = 8192,
     .doc = "Memory of a node in GB; 1 to 64 for each OCPU.",
     .sample = "8"},
    ATTRIBUTES_END,
};

static void validate_boot_volume_size(const struct attribute *attribute, const struct value *value,
                                      const struct path *path, struct diagnostics *diagnostics,
                                      struct arena *arena)
{
    size_t errors = diagnostics->errors;
    validate_integer_text(attribute, value, path, diagnostics, arena);
    long long size = value_text(value) ? atoll(value_text(value)) : 0;
    if (diagnostics->errors == errors && (size < LEAST_BOOT_VOLUME || size > MOST_BOOT_VOLUME))
        diagnostics_error(diagnostics, path, "Invalid value", "%s: boot volumes have %d to %d GB.",
                          attribute->name, LEAST_BOOT_VOLUME, MOST_BOOT_VOLUME);
}

static const struct attribute source_fields[] = {
    {.name = "source_type",
     .flags = REQUIRED,
     .one_of = source_types,
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`IMAGE`.",
     .sample = "\"IMAGE\""},
    {.name = "image_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "image",
     .doc = "Image that fits version, architecture and shape; see the data source "
            "`oke_node_image`.",
     .sample = "data.oke_node_image.arm.image_id"},
    {.name = "boot_volume_size_in_gbs",
     .flags = OPTIONAL | COMPUTED,
     .json = "bootVolumeSizeInGBs",
     .json_kind = JSON_INTEGER_TEXT,
     .validate = validate_boot_volume_size,
     .doc = "Boot volume in GB, at least 50.",
     .sample = "\"50\""},
    ATTRIBUTES_END,
};

static const struct attribute ipv6_pair_fields[] = {
    {.name = "ipv6address",
     .flags = OPTIONAL | COMPUTED,
     .json = "ipv6Address",
     .doc = "IPv6 address; any of the subnet by default."},
    {.name = "ipv6subnet_cidr",
     .flags = OPTIONAL | COMPUTED,
     .json = "ipv6SubnetCidr",
     .doc = "IPv6 range of the subnet."},
    ATTRIBUTES_END,
};

static const struct attribute create_vnic_fields[] = {
    {.name = "subnet_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .doc = "Subnet of the interface.",
     .sample = "oke_subnet.workers.id"},
    {.name = "application_resources",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .doc = "Resource names that pods ask for to get the interface."},
    {.name = "assign_ipv6ip",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .json = "assignIpv6Ip",
     .doc = "Whether it gets an IPv6 address."},
    ATTRIBUTE_SWITCH("assign_public_ip", OPTIONAL | COMPUTED, "Whether it gets a public address."),
    ATTRIBUTE_TEXT("display_name", OPTIONAL | COMPUTED, "Name of the interface."),
    {.name = "ip_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 256,
     .doc = "Addresses for pods."},
    {.name = "ipv6address_ipv6subnet_cidr_pair_details",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED,
     .json = "ipv6AddressIpv6SubnetCidrPairDetails",
     .fields = ipv6_pair_fields,
     .doc = "IPv6 addresses and ranges."},
    ATTRIBUTE_OCIDS("nsg_ids", ATTRIBUTE_STRING_SET, OPTIONAL | COMPUTED, "networksecuritygroup",
                    "Network security groups."),
    ATTRIBUTE_SECURITY_ATTRIBUTES(OPTIONAL | COMPUTED),
    ATTRIBUTE_SWITCH("skip_source_dest_check", OPTIONAL | COMPUTED,
                     "Whether it may forward traffic of others."),
    ATTRIBUTE_DEFINED_TAGS_WITHIN,
    ATTRIBUTE_FREEFORM_TAGS_WITHIN,
    ATTRIBUTES_END,
};

static const struct attribute secondary_vnic_fields[] = {
    ATTRIBUTE_BLOCK("create_vnic_details", REQUIRED, create_vnic_fields, "The interface."),
    ATTRIBUTE_TEXT("display_name", OPTIONAL | COMPUTED, "Name of the attachment."),
    {.name = "nic_index",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 0,
     .maximum = 7,
     .doc = "Physical network card, on bare metal."},
    ATTRIBUTES_END,
};

static const struct attribute primary_vnic_fields[] = {
    ATTRIBUTE_SECURITY_ATTRIBUTES(OPTIONAL | COMPUTED),
    ATTRIBUTES_END,
};

static const struct attribute node_source_fields[] = {
    ATTRIBUTE_TOLD("image_id", "Image."),
    ATTRIBUTE_TOLD("source_name", "Name of the image."),
    ATTRIBUTE_TOLD("source_type", "`IMAGE`."),
    ATTRIBUTES_END,
};

static const char *const old_placement[] = {"quantity_per_subnet", "subnet_ids", NULL};
static const char *const new_placement[] = {"node_config_details", NULL};

static const struct attribute attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(REPLACE),
    {.name = "cluster_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "cluster",
     .doc = "Cluster that the nodes join.",
     .sample = "oke_cluster.main.id"},
    {.name = "name",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 255,
     .doc = "Name.",
     .sample = "\"arm\""},
    {.name = "kubernetes_version",
     .flags = OPTIONAL | COMPUTED,
     .equal = equal_kubernetes_version,
     .validate = validate_kubernetes_version,
     .doc =
         "Version of new nodes, with or without leading `v`; that of the cluster by default. Not "
         "newer than the cluster, and at most three minor versions older.",
     .sample = "oke_cluster.main.kubernetes_version"},
    {.name = "node_shape",
     .flags = REQUIRED,
     .doc = "Shape of the nodes. Flexible shapes need `node_shape_config`.",
     .sample = "\"VM.Standard.A1.Flex\""},
    ATTRIBUTE_BLOCK("node_shape_config", OPTIONAL | COMPUTED, shape_config_fields,
                    "Size of nodes of a flexible shape."),
    ATTRIBUTE_BLOCK("node_source_details", OPTIONAL | COMPUTED, source_fields,
                    "What nodes boot from."),
    {.name = "node_config_details",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | SINGLE | UPDATE_WHEN_CHANGED,
     .fields = config_fields,
     .conflicts = old_placement,
     .doc = "How many nodes, and where."},
    {.name = "initial_node_labels",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED,
     .fields = label_fields,
     .doc = "Kubernetes labels of new nodes."},
    ATTRIBUTE_BLOCK("node_eviction_node_pool_settings", OPTIONAL | COMPUTED, eviction_fields,
                    "How nodes are drained before they are deleted."),
    {.name = "node_metadata",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | COMPUTED,
     .doc =
         "Instance metadata of new nodes. `user_data` (base64) replaces the start script and must "
         "run OKE's."},
    ATTRIBUTE_BLOCK("node_pool_cycling_details", OPTIONAL | COMPUTED, cycling_fields,
                    "How a change reaches the nodes that exist."),
    ATTRIBUTE_BLOCK("primary_vnic", OPTIONAL | COMPUTED, primary_vnic_fields,
                    "First network interface of the nodes."),
    {.name = "secondary_vnics",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = secondary_vnic_fields,
     .doc = "Further network interfaces of the nodes."},
    {.name = "network_launch_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = launch_types,
     .doc = "Emulation of the network card: `PARAVIRTUALIZED`, `VFIO` or `E1000`."},
    {.name = "quantity_per_subnet",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 0,
     .maximum = 1000,
     .conflicts = new_placement,
     .doc = "Nodes in each of `subnet_ids`; superseded by `node_config_details`."},
    {.name = "subnet_ids",
     .kind = ATTRIBUTE_STRING_SET,
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .conflicts = new_placement,
     .doc = "Subnets of the nodes; superseded by `node_config_details`."},
    ATTRIBUTE_TEXT("ssh_public_key", OPTIONAL | COMPUTED,
                   "SSH public key that opens new nodes to the user `opc`."),
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_ID,
    ATTRIBUTE_BLOCK("node_source", COMPUTED | VOLATILE, node_source_fields,
                    "What nodes boot from, as OKE sees it."),
    {.name = "lifecycle_details", .flags = COMPUTED | VOLATILE, .doc = "Detail of the state."},
    ATTRIBUTE_STATE,
    ATTRIBUTES_END,
};

/* --- checks ------------------------------------------------------------------------------------- */

static bool is_given(const struct value *config, const char *member)
{
    const struct value *value = value_get(config, member);
    return value_is_unknown(value) || (value_is_known(value) && value_count(value) > 0) ||
           (value_is_known(value) && value->kind == VALUE_NUMBER);
}

static void missing(struct diagnostics *diagnostics, struct arena *arena, const char *member,
                    const char *why)
{
    diagnostics_error(diagnostics, path_attribute(arena, NULL, member), "Missing argument", "%s",
                      why);
}

static void check_shape(const struct value *config, struct diagnostics *diagnostics,
                        struct arena *arena)
{
    const char *shape = value_text(value_get(config, "node_shape"));
    const struct value *size = value_get(config, "node_shape_config");
    if (!shape || value_is_unknown(size))
        return;
    bool flexible = text_ends_with(shape, ".Flex");
    const struct value *one = value_item(size, 0);
    double ocpus, memory;
    if (flexible && value_is_null(value_get(one, "ocpus")))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "node_shape_config"),
                          "Flexible shape without size",
                          "%s is flexible: node_shape_config must say how many ocpus and "
                          "memory_in_gbs a node has.",
                          shape);
    else if (!flexible && value_count(size) > 0)
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "node_shape_config"),
                          "The shape has a fixed size",
                          "%s is not flexible: leave node_shape_config out.", shape);
    else if (flexible && value_as_double(value_get(one, "ocpus"), &ocpus) &&
             value_as_double(value_get(one, "memory_in_gbs"), &memory) &&
             (memory < ocpus || memory > ocpus * MOST_GBS_FOR_OCPU))
        diagnostics_error(
            diagnostics,
            path_attribute(arena,
                           path_index(arena, path_attribute(arena, NULL, "node_shape_config"), 0),
                           "memory_in_gbs"),
            "Memory does not go with the OCPUs", "A node has 1 to %d GB for each OCPU.",
            MOST_GBS_FOR_OCPU);
}

static void check_pod_network(const struct value *config, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    static const char *const native_only[] = {"pod_subnet_ids", "pod_nsg_ids"};
    const struct value *details = value_item(value_get(config, "node_config_details"), 0);
    const struct value *pods =
        value_item(value_get(details, "node_pool_pod_network_option_details"), 0);
    const char *cni = value_text(value_get(pods, "cni_type"));
    const struct path *path = path_index(
        arena,
        path_attribute(arena,
                       path_index(arena, path_attribute(arena, NULL, "node_config_details"), 0),
                       "node_pool_pod_network_option_details"),
        0);
    if (text_equal(cni, "OCI_VCN_IP_NATIVE") && !is_given(pods, "pod_subnet_ids"))
        diagnostics_error(diagnostics, path_attribute(arena, path, "pod_subnet_ids"),
                          "VCN-native pods without subnet",
                          "cni_type = \"OCI_VCN_IP_NATIVE\" needs pod_subnet_ids.");
    for (size_t i = 0; i < ARRAY_LENGTH(native_only); i++)
        if (text_equal(cni, "FLANNEL_OVERLAY") && is_given(pods, native_only[i]))
            diagnostics_error(diagnostics, path_attribute(arena, path, native_only[i]),
                              "Only for VCN-native pods",
                              "%s needs cni_type = \"OCI_VCN_IP_NATIVE\".", native_only[i]);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    bool old_way = is_given(config, "quantity_per_subnet") || is_given(config, "subnet_ids");
    if (!is_given(config, "node_config_details") && !old_way)
        missing(diagnostics, arena, "node_config_details",
                "A pool needs node_config_details: how many nodes, and where.");
    if (old_way && !is_given(config, "subnet_ids"))
        missing(diagnostics, arena, "subnet_ids", "quantity_per_subnet needs subnet_ids.");
    if (!is_given(config, "node_source_details"))
        missing(diagnostics, arena, "node_source_details",
                "A pool needs node_source_details: the image that nodes boot from.");
    check_shape(config, diagnostics, arena);
    check_pod_network(config, diagnostics, arena);
}

/* A pool cannot change between Arm and x86. */
static bool changes_architecture(const struct plan *plan)
{
    const char *before = value_text(value_get(plan->prior, "node_shape"));
    const char *after = value_text(value_get(plan->planned, "node_shape"));
    return before && after && shape_name_is_aarch64(before) != shape_name_is_aarch64(after);
}

/* OKE refuses images that do not go with shape and version, and not before it is asked. */
static void check_image(struct operation *op, struct plan *plan)
{
    const struct value *source = value_item(value_get(plan->planned, "node_source_details"), 0);
    const char *id = value_text(value_get(source, "image_id"));
    const char *shape = value_text(value_get(plan->planned, "node_shape"));
    const char *version = value_text(value_get(plan->planned, "kubernetes_version"));
    ERROR_AUTO(ignored);
    JSON_AUTO found = NULL;
    struct node_image image;
    struct kubernetes_version wanted;
    const char *path =
        id && shape && op->client ? oci_path(op->arena, &ignored, "/images/%s", id) : NULL;
    if (!path || !api_get(op, OCI_COMPUTE, "GetImage", path, NULL, 0, &found, &ignored))
        return;
    const char *name = json_get_text(found, "displayName");
    if (!name || !node_image_parse(name, &image))
        return; /* an image of the user's own */
    const struct path *where = path_attribute(
        plan->arena,
        path_index(plan->arena, path_attribute(plan->arena, NULL, "node_source_details"), 0),
        "image_id");
    if (image.aarch64 != shape_name_is_aarch64(shape))
        diagnostics_error(plan->diagnostics, where, "The image does not go with the shape",
                          "%s is for %s processors, the shape %s has others. The data source "
                          "oke_node_image finds the right one.",
                          name, image.aarch64 ? "Arm" : "x86", shape);
    if (version && kubernetes_version_parse(version, &wanted) &&
        kubernetes_version_compare(&image.kubernetes, &wanted) != 0)
        diagnostics_error(plan->diagnostics, where, "The image does not go with the version",
                          "%s has Kubernetes %d.%d.%d, kubernetes_version is %s. The data source "
                          "oke_node_image finds the right one.",
                          name, image.kubernetes.major, image.kubernetes.minor,
                          image.kubernetes.patch, version);
}

static void plan_pool(struct operation *op, struct plan *plan)
{
    if (!plan_is_create(plan))
        plan_ask_oci(op, plan, "node_config_details");
    if (changes_architecture(plan))
        plan_require_replace(plan, "node_shape");
    if (plan_is_create(plan) || plan_changes(plan, "node_source_details") ||
        plan_changes(plan, "node_shape") || plan_changes(plan, "kubernetes_version"))
        check_image(op, plan);
    const char *version = value_text(value_get(plan->config, "kubernetes_version"));
    bool news = plan_is_create(plan) || plan_changes(plan, "kubernetes_version");
    JSON_AUTO cluster =
        version && news ? oke_cluster_if_known(op, value_get(plan->config, "cluster_id")) : NULL;
    const char *plane = json_string_value(json_object_get(cluster, "kubernetesVersion"));
    /* The same apply may upgrade the cluster first. */
    const char *problem = kubernetes_skew_problem(plane, version, true);
    if (problem)
        diagnostics_error(
            plan->diagnostics, path_attribute(plan->arena, NULL, "kubernetes_version"),
            "Node version does not go with the cluster",
            "Nodes would have %s, the control plane has %s: %s.", version, plane, problem);
}

/* --- operations --------------------------------------------------------------------------------- */

static bool complete_body(struct api_call *call, json_t *body, struct error *err)
{
    kubernetes_version_canonical(body);
    /* A new shape without its size would get OKE's default size. */
    if (json_object_get(body, "nodeShape") && !json_object_get(body, "nodeShapeConfig"))
        json_body_add(call->op->arena, body, attribute_find(attributes, "node_shape_config"),
                      value_get(call->planned, "node_shape_config"));
    const char *version = json_string_value(json_object_get(body, "kubernetesVersion"));
    JSON_AUTO cluster =
        version ? oke_cluster_if_known(call->op, value_get(call->planned, "cluster_id")) : NULL;
    const char *plane = json_string_value(json_object_get(cluster, "kubernetesVersion"));
    const char *problem = kubernetes_skew_problem(plane, version, false);
    return !problem || error_set(err, ERROR_INVALID,
                                 "kubernetes_version = \"%s\", while the control plane has %s: %s",
                                 version, plane, problem);
}

/* The planned placement; new reference. */
static json_t *planned_placement(struct operation *op, const struct value *planned)
{
    JSON_AUTO body = json_object();
    json_body_add(op->arena, body, attribute_find(attributes, "node_config_details"),
                  value_get(planned, "node_config_details"));
    return json_incref(
        json_object_get(json_object_get(body, "nodeConfigDetails"), "placementConfigs"));
}

static const char narrowed[] = "the pool was made in one place";

/* Out of hosts in one place, the pool is made in another one, and allowed in all of them afterwards. */
static bool try_another_place(struct api_call *call, int attempt, json_t *body)
{
    json_t *details = json_object_get(body, "nodeConfigDetails");
    if (call->phase != API_CREATE || !details)
        return false; /* narrowing what exists would drive out nodes that run */
    JSON_AUTO all = planned_placement(call->op, call->planned);
    STR_AUTO place = STR_INIT;
    json_t *one = placement_narrowed(all, (size_t)attempt - 1, &place);
    if (!one)
        return false;
    json_object_set_new(details, "placementConfigs", one);
    call->context = (void *)(uintptr_t)narrowed;
    diagnostics_warning(call->op->diagnostics, path_attribute(call->op->arena, NULL, "node_shape"),
                        "Out of host capacity",
                        "%s: not enough hosts of shape %s were free; trying with all nodes in %s.",
                        call->title, value_text(value_get(call->planned, "node_shape")),
                        str_text(&place));
    return true;
}

static bool widen(struct api_call *call, struct error *err)
{
    JSON_AUTO body = json_pack("{s{so}}", "nodeConfigDetails", "placementConfigs",
                               planned_placement(call->op, call->planned));
    OCI_RESPONSE_AUTO(response);
    const char *path = api_item_path(call, err);
    struct oci_request request = {.service = OCI_CONTAINER_ENGINE,
                                  .operation = "UpdateNodePool",
                                  .method = "PUT",
                                  .path = path,
                                  .body = body};
    return path && api_send(call, &request, NULL, &response, err) && api_wait(call, &response, err);
}

static bool finish_placement(struct api_call *call, const json_t *object,
                             const struct value **state, struct error *err)
{
    (void)err;
    if (call->phase != API_CREATE || call->context != narrowed ||
        !text_equal(json_get_text(object, "lifecycleState"), "ACTIVE"))
        return true;
    call->context = NULL;
    ERROR_AUTO(refused);
    if (widen(call, &refused))
        *state = value_with(call->op->arena, *state, "node_config_details",
                            value_get(call->planned, "node_config_details"));
    else
        diagnostics_warning(call->op->diagnostics, NULL, "The pool keeps to one place",
                            "%s exists, but could not be allowed in its other places: %s. The next "
                            "apply will try again.",
                            call->title, error_message(&refused));
    return true;
}

static bool explain_capacity(struct operation *op, const struct value *planned, struct error *err)
{
    if (err->code != ERROR_CAPACITY)
        return false;
    STR_AUTO places = STR_INIT;
    JSON_AUTO placement = planned_placement(op, planned);
    placement_print(placement, &places);
    return error_wrap(err,
                      "no hosts of shape %s in %s. Add placement_configs with other availability "
                      "domains, choose another shape or less ocpus, or try again later",
                      value_text(value_get(planned, "node_shape")), str_text(&places));
}

static bool create(struct operation *op, const struct value *planned, const struct value *config,
                   const struct value **state, struct error *err)
{
    return api_create(op, planned, config, state, err) || explain_capacity(op, planned, err);
}

static bool update(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err)
{
    return api_update(op, prior, planned, config, state, err) || explain_capacity(op, planned, err);
}

static const struct attribute list_attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_OCID("cluster_id", OPTIONAL, "cluster", "Only pools of this cluster."),
    ATTRIBUTE_TEXT("name", OPTIONAL, "Only pools of exactly this name."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CONTAINER_ENGINE,
    .noun = "node pool",
    .stem = "NodePool",
    .path = "/nodePools",
    .ocid_type = "nodepool",
    .name = "name",
    .flags = API_UPDATE_CHANGED | API_LIST_SUMMARY,
    .states = &api_states_attention,
    .work_request_entity = "nodepool",
    .retry = oke_retry,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"clusterId", "{cluster_id}"},
                                             {"name", "{name}"},
                                             {NULL}},
    .body = complete_body,
    .state = finish_placement,
    .out_of_capacity = try_another_place,
};

const struct resource oke_node_pool = {
    .name = "node_pool",
    .summary = "A pool of worker nodes of one shape and image.",
    .description =
        "Changes of image, shape, labels, keys and metadata reach new nodes; with "
        "`node_pool_cycling_details` (enhanced clusters) they reach those that exist as well. The "
        "nodes themselves are in the data source `oke_node_pool`.\n\n"
        "When a place is out of hosts while the pool is made, the other `placement_configs` (and "
        "their `fault_domains`) are tried, and a warning says so. Destroying drains the nodes "
        "first, "
        "as `node_eviction_node_pool_settings` say.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = create,
                                        .read = api_read,
                                        .update = update,
                                        .remove = api_remove,
                                        .import = api_import,
                                        .list = api_list},
    .api = &api,
    /* Draining may take an hour. */
    .timeouts = {.create = 50 * 60, .update = 90 * 60, .remove = 90 * 60},
    .import_id = "the node pool's OCID",
    .moved_from = (const char *const[]){"oci_containerengine_node_pool", NULL},
    .validate = validate,
    .plan = plan_pool,
    .list_attributes = list_attributes,
    .example = "resource \"oke_node_pool\" \"arm\" {\n"
               "  compartment_id     = var.compartment_id\n"
               "  cluster_id         = oke_cluster.main.id\n"
               "  name               = \"arm\"\n"
               "  kubernetes_version = oke_cluster.main.kubernetes_version\n"
               "  node_shape         = \"VM.Standard.A1.Flex\"\n"
               "\n"
               "  node_shape_config {\n"
               "    ocpus         = 2\n"
               "    memory_in_gbs = 8\n"
               "  }\n"
               "\n"
               "  node_source_details {\n"
               "    source_type             = \"IMAGE\"\n"
               "    image_id                = data.oke_node_image.arm.image_id\n"
               "    boot_volume_size_in_gbs = \"50\"\n"
               "  }\n"
               "\n"
               "  node_config_details {\n"
               "    size = 1\n"
               "\n"
               "    placement_configs {\n"
               "      availability_domain = "
               "data.oke_availability_domains.all.availability_domains[0].name\n"
               "      subnet_id           = oke_subnet.workers.id\n"
               "    }\n"
               "  }\n"
               "}\n",
};
