/* A cluster of OKE. */
#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/kubernetes.h"
#include "provider/oci/oke.h"
#include "provider/oci/ops.h"
#include "provider/oci/plan_checks.h"

enum { FIRST_WITHOUT_POD_SECURITY_POLICY = 25 };

static const char *const cluster_types[] = {"BASIC_CLUSTER", "ENHANCED_CLUSTER", NULL};
static const char *const ip_families[] = {"IPv4", "IPv6", NULL};

static const struct attribute pod_network_fields[] = {
    {.name = "cni_type",
     .flags = REQUIRED | REPLACE,
     .one_of = oke_cni_types,
     .doc = "`FLANNEL_OVERLAY` or `OCI_VCN_IP_NATIVE`.",
     .sample = "\"FLANNEL_OVERLAY\""},
    ATTRIBUTES_END,
};

static const struct attribute endpoint_fields[] = {
    {.name = "subnet_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .doc = "Subnet of the Kubernetes API endpoint. Another one needs a new cluster.",
     .sample = "oke_subnet.api.id"},
    {.name = "is_public_ip_enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .doc = "Whether the endpoint also has a public address; the subnet must be public then.",
     .sample = "true"},
    ATTRIBUTE_OCIDS("nsg_ids", ATTRIBUTE_STRING_SET, OPTIONAL, "networksecuritygroup",
                    "Network security groups of the endpoint."),
    ATTRIBUTE_SECURITY_ATTRIBUTES(OPTIONAL | COMPUTED),
    ATTRIBUTES_END,
};

static const struct attribute key_fields[] = {
    ATTRIBUTE_OCID("kms_key_id", OPTIONAL | COMPUTED, "key",
                   "Key that images must be signed with."),
    ATTRIBUTES_END,
};

static const struct attribute image_policy_fields[] = {
    ATTRIBUTE_SWITCH("is_policy_enabled", OPTIONAL | COMPUTED,
                     "Whether only signed images may run."),
    {.name = "key_details",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED,
     .fields = key_fields,
     .doc = "Keys whose signatures count."},
    ATTRIBUTES_END,
};

static const struct attribute add_on_fields[] = {
    ATTRIBUTE_SWITCH("is_kubernetes_dashboard_enabled", OPTIONAL | COMPUTED | REPLACE,
                     "Install the Kubernetes dashboard (old clusters only; see `oke_addon`)."),
    ATTRIBUTE_SWITCH("is_tiller_enabled", OPTIONAL | COMPUTED | REPLACE,
                     "Install Tiller (old clusters only)."),
    ATTRIBUTES_END,
};

static const struct attribute admission_fields[] = {
    ATTRIBUTE_SWITCH("is_pod_security_policy_enabled", OPTIONAL | COMPUTED,
                     "Pod security policies; Kubernetes 1.25 and later have none."),
    ATTRIBUTES_END,
};

static const struct attribute network_fields[] = {
    {.name = "pods_cidr",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_cidr,
     .doc = "Addresses of pods, `10.244.0.0/16` by default. Must not overlap the VCN.",
     .sample = "\"10.244.0.0/16\""},
    {.name = "services_cidr",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_cidr,
     .doc = "Addresses of services, `10.96.0.0/16` by default. Must not overlap the VCN.",
     .sample = "\"10.96.0.0/16\""},
    ATTRIBUTES_END,
};

static const struct attribute claim_fields[] = {
    ATTRIBUTE_TEXT("key", OPTIONAL, "Claim of the token."),
    ATTRIBUTE_TEXT("value", OPTIONAL, "Value it must have."),
    ATTRIBUTES_END,
};

static const char *const oidc_file_conflict[] = {"configuration_file", NULL};
#define OIDC_TEXT(name_, doc_)                                                                     \
    {                                                                                              \
        .name = (name_), .flags = OPTIONAL, .conflicts = oidc_file_conflict, .doc = (doc_)         \
    }

static const struct attribute oidc_fields[] = {
    {.name = "is_open_id_connect_auth_enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = REQUIRED,
     .doc = "Whether tokens of the issuer are accepted.",
     .sample = "true"},
    OIDC_TEXT("ca_certificate", "Certificate authority of the issuer: PEM in base64."),
    OIDC_TEXT("client_id", "Audience that tokens must be for."),
    OIDC_TEXT("groups_claim", "Claim with the user's groups."),
    OIDC_TEXT("groups_prefix", "Put before each group name."),
    OIDC_TEXT("issuer_url", "Issuer of the tokens; `https://`."),
    OIDC_TEXT("username_claim", "Claim with the user name, `sub` by default."),
    OIDC_TEXT("username_prefix", "Put before each user name."),
    {.name = "required_claims",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = claim_fields,
     .conflicts = oidc_file_conflict,
     .doc = "Claims that a token must carry."},
    {.name = "signing_algorithms",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .conflicts = oidc_file_conflict,
     .doc = "Accepted signing algorithms, `RS256` by default."},
    ATTRIBUTE_TEXT(
        "configuration_file", OPTIONAL,
        "A Kubernetes authentication configuration in base64, instead of all the others."),
    ATTRIBUTES_END,
};

static const struct attribute oidc_discovery_fields[] = {
    ATTRIBUTE_SWITCH(
        "is_open_id_connect_discovery_enabled", OPTIONAL | COMPUTED,
        "Whether the cluster publishes its own keys, so that others can trust its tokens."),
    ATTRIBUTES_END,
};

static const struct attribute volume_fields[] = {ATTRIBUTE_DEFINED_TAGS_WITHIN,
                                                 ATTRIBUTE_FREEFORM_TAGS_WITHIN, ATTRIBUTES_END};

static const struct attribute load_balancer_fields[] = {
    ATTRIBUTE_OCIDS("backend_nsg_ids", ATTRIBUTE_STRING_LIST, OPTIONAL | COMPUTED,
                    "networksecuritygroup",
                    "Network security groups of the backends of load balancers."),
    ATTRIBUTE_DEFINED_TAGS_WITHIN,
    ATTRIBUTE_FREEFORM_TAGS_WITHIN,
    ATTRIBUTES_END,
};

static const struct attribute option_fields[] = {
    ATTRIBUTE_BLOCK("add_ons", OPTIONAL | COMPUTED | REPLACE, add_on_fields,
                    "Add-ons of old clusters."),
    ATTRIBUTE_BLOCK("admission_controller_options", OPTIONAL | COMPUTED, admission_fields,
                    "Admission controllers."),
    {.name = "ip_families",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of = ip_families,
     .doc = "`[\"IPv4\"]` or `[\"IPv4\", \"IPv6\"]`."},
    ATTRIBUTE_BLOCK("kubernetes_network_config", OPTIONAL | COMPUTED | REPLACE, network_fields,
                    "Addresses inside the cluster."),
    ATTRIBUTE_BLOCK("open_id_connect_token_authentication_config", OPTIONAL | COMPUTED, oidc_fields,
                    "Users of an OpenID Connect issuer. Enhanced clusters only."),
    ATTRIBUTE_BLOCK("open_id_connect_discovery", OPTIONAL | COMPUTED, oidc_discovery_fields,
                    "The cluster as an OpenID Connect issuer. Enhanced clusters only."),
    ATTRIBUTE_BLOCK("persistent_volume_config", OPTIONAL | COMPUTED, volume_fields,
                    "Tags of block volumes that Kubernetes makes."),
    ATTRIBUTE_BLOCK("service_lb_config", OPTIONAL | COMPUTED, load_balancer_fields,
                    "Load balancers that Kubernetes makes."),
    {.name = "service_lb_subnet_ids",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .doc = "Default subnets of load balancers.",
     .sample = "[oke_subnet.public.id]"},
    ATTRIBUTES_END,
};

static const struct attribute address_fields[] = {
    {.name = "ipv6endpoint",
     .flags = COMPUTED,
     .json = "ipv6Endpoint",
     .doc = "`host:port` with an IPv6 address."},
    ATTRIBUTE_TOLD("kubernetes", "`host:port` of old clusters whose API is outside the VCN."),
    ATTRIBUTE_TOLD("private_endpoint", "`host:port` inside the VCN."),
    ATTRIBUTE_TOLD("public_endpoint", "`host:port` on the Internet, if enabled."),
    ATTRIBUTE_TOLD("vcn_hostname_endpoint", "`host:port` with a host name inside the VCN."),
    ATTRIBUTES_END,
};

static const struct attribute metadata_fields[] = {
    ATTRIBUTE_TOLD("created_by_user_id", "Who created the cluster."),
    ATTRIBUTE_TOLD("created_by_work_request_id", "Work request that created it."),
    ATTRIBUTE_TOLD("deleted_by_user_id", "Who deleted it."),
    ATTRIBUTE_TOLD("deleted_by_work_request_id", "Work request that deleted it."),
    ATTRIBUTE_TOLD("time_created", "When it was created."),
    ATTRIBUTE_TOLD("time_credential_expiration", "When its certificates end."),
    ATTRIBUTE_TOLD("time_deleted", "When it was deleted."),
    ATTRIBUTE_TOLD("time_updated", "When it was last updated."),
    ATTRIBUTE_TOLD("updated_by_user_id", "Who updated it last."),
    ATTRIBUTE_TOLD("updated_by_work_request_id", "Work request that updated it last."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(REPLACE),
    {.name = "name",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 255,
     .doc = "Name.",
     .sample = "\"todo\""},
    {.name = "vcn_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "vcn",
     .doc = "VCN of the cluster.",
     .sample = "oke_vcn.main.id"},
    {.name = "kubernetes_version",
     .flags = REQUIRED | UPDATE_WHEN_CHANGED,
     .equal = equal_kubernetes_version,
     .validate = validate_kubernetes_version,
     .doc = "Version of the control plane, with or without leading `v`. Upgrades go one minor "
            "version at a time and never back.",
     .sample = "\"v1.34.2\""},
    {.name = "type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = cluster_types,
     .doc = "`BASIC_CLUSTER` (no charge; the default) or `ENHANCED_CLUSTER` (add-ons, node "
            "cycling, workload identity). An enhanced cluster cannot become basic again.",
     .sample = "\"BASIC_CLUSTER\""},
    ATTRIBUTE_BLOCK(
        "endpoint_config", OPTIONAL | COMPUTED | CREATE_ONLY, endpoint_fields,
        "Kubernetes API endpoint in the VCN. A cluster that has one keeps it, also when this is "
        "taken away."),
    {.name = "cluster_pod_network_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .fields = pod_network_fields,
     .max_items = 1,
     .doc = "Pod network; flannel by default."},
    ATTRIBUTE_BLOCK("options", OPTIONAL | COMPUTED, option_fields, "Further options."),
    ATTRIBUTE_BLOCK("image_policy_config", OPTIONAL | COMPUTED, image_policy_fields,
                    "Image signature verification."),
    ATTRIBUTE_OCID("kms_key_id", OPTIONAL | COMPUTED | REPLACE, "key",
                   "Key that encrypts Kubernetes secrets."),
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_ID,
    {.name = "available_kubernetes_upgrades",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED | VOLATILE,
     .doc = "Versions that the control plane can be upgraded to."},
    ATTRIBUTE_BLOCK("endpoints", COMPUTED | VOLATILE, address_fields,
                    "Where the Kubernetes API is; without `https://`."),
    ATTRIBUTE_BLOCK("metadata", COMPUTED | VOLATILE, metadata_fields,
                    "Who changed the cluster and when."),
    ATTRIBUTE_TOLD("open_id_connect_discovery_endpoint", "Where the cluster publishes its keys."),
    ATTRIBUTE_TOLD("open_id_connect_discovery_key", "Key of the discovery endpoint."),
    ATTRIBUTE_TOLD("lifecycle_details", "Detail of the state."),
    ATTRIBUTE_STATE,
    ATTRIBUTES_END,
};

/* --- checks ------------------------------------------------------------------------------------- */

static const struct path *path_to(struct arena *arena, const char *const *names)
{
    const struct path *path = NULL;
    for (; *names; names++)
        path = path_index(arena, path_attribute(arena, path, *names), 0);
    return path;
}

static const struct path *network_path(struct arena *arena, const char *member)
{
    return path_attribute(
        arena, path_to(arena, (const char *const[]){"options", "kubernetes_network_config", NULL}),
        member);
}

static const struct value *option(const struct value *config, const char *name)
{
    return value_item(value_get(value_item(value_get(config, "options"), 0), name), 0);
}

/* The configured block, or OKE's default; false when it is not known yet. */
static bool block_of(const struct value *config, const char *member, const char *fallback,
                     struct cidr *cidr)
{
    if (value_is_unknown(value_get(config, "options")))
        return false;
    const struct value *text = value_get(option(config, "kubernetes_network_config"), member);
    return !value_is_unknown(text) &&
           cidr_parse(value_is_null(text) ? fallback : value_text(text), cidr);
}

static bool pods_of(const struct value *config, struct cidr *cidr)
{
    return block_of(config, "pods_cidr", "10.244.0.0/16", cidr);
}

static bool services_of(const struct value *config, struct cidr *cidr)
{
    return block_of(config, "services_cidr", "10.96.0.0/16", cidr);
}

static bool is_on(const struct value *object, const char *member)
{
    return value_as_bool(value_get(object, member), false);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    struct cidr pods, services;
    if (pods_of(config, &pods) && services_of(config, &services) && cidr_overlap(&pods, &services))
        diagnostics_error(
            diagnostics, network_path(arena, "services_cidr"), "Address blocks overlap",
            "Pods and services need blocks of their own (by default 10.244.0.0/16 and "
            "10.96.0.0/16).");
    struct kubernetes_version version;
    if (is_on(option(config, "admission_controller_options"), "is_pod_security_policy_enabled") &&
        kubernetes_version_parse(value_text(value_get(config, "kubernetes_version")), &version) &&
        version.minor >= FIRST_WITHOUT_POD_SECURITY_POLICY)
        diagnostics_error(
            diagnostics,
            path_to(arena, (const char *const[]){"options", "admission_controller_options", NULL}),
            "No pod security policies in this version",
            "Kubernetes 1.25 and later have none; see Pod Security Admission.");
}

static void check_upgrade(struct plan *plan)
{
    const char *from = value_text(value_get(plan->prior, "kubernetes_version"));
    const char *to = value_text(value_get(plan->planned, "kubernetes_version"));
    const char *problem = kubernetes_upgrade_problem(from, to);
    if (problem)
        diagnostics_error(plan->diagnostics,
                          path_attribute(plan->arena, NULL, "kubernetes_version"),
                          "Impossible upgrade", "%s to %s: %s.", from, to, problem);
    if (text_equal(value_text(value_get(plan->prior, "type")), "ENHANCED_CLUSTER") &&
        text_equal(value_text(value_get(plan->planned, "type")), "BASIC_CLUSTER"))
        diagnostics_error(
            plan->diagnostics, path_attribute(plan->arena, NULL, "type"),
            "An enhanced cluster stays enhanced",
            "OKE turns basic clusters into enhanced ones, never back. Replace it with "
            "terraform apply -replace to get a basic one.");
}

/* Objects that the cluster refers to, when they exist already. New reference, or NULL. */
static json_t *referred(struct operation *op, const struct value *id, const char *operation,
                        const char *format)
{
    ERROR_AUTO(err);
    json_t *object = NULL;
    const char *path =
        op->client && value_is_known(id) ? arena_printf(op->arena, format, value_text(id)) : NULL;
    if (path)
        api_get(op, OCI_CORE, operation, path, NULL, 0, &object, &err);
    return object;
}

static void check_network(struct operation *op, struct plan *plan)
{
    JSON_AUTO vcn = referred(op, value_get(plan->config, "vcn_id"), "GetVcn", "/vcns/%s");
    struct cidr blocks[2], block;
    static const char *const members[] = {"pods_cidr", "services_cidr"};
    bool known[] = {pods_of(plan->config, &blocks[0]), services_of(plan->config, &blocks[1])};
    size_t index;
    json_t *text;
    json_array_foreach(json_object_get(vcn, "cidrBlocks"), index, text)
    {
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
            if (known[i] && cidr_parse(json_string_value(text), &block) &&
                cidr_overlap(&block, &blocks[i]))
                diagnostics_error(plan->diagnostics, network_path(plan->arena, members[i]),
                                  "Address block overlaps the VCN",
                                  "%s overlaps the block %s of the VCN: choose one outside of it.",
                                  members[i], json_string_value(text));
    }
    const struct value *endpoint = value_item(value_get(plan->config, "endpoint_config"), 0);
    JSON_AUTO subnet =
        is_on(endpoint, "is_public_ip_enabled")
            ? referred(op, value_get(endpoint, "subnet_id"), "GetSubnet", "/subnets/%s")
            : NULL;
    if (json_is_true(json_object_get(subnet, "prohibitPublicIpOnVnic")))
        diagnostics_error(
            plan->diagnostics,
            path_attribute(plan->arena,
                           path_to(plan->arena, (const char *const[]){"endpoint_config", NULL}),
                           "is_public_ip_enabled"),
            "The subnet is private",
            "A public endpoint needs a subnet that allows public addresses; %s has "
            "prohibit_public_ip_on_vnic.",
            value_text(value_get(endpoint, "subnet_id")));
}

/* Otherwise it would show in the middle of an apply only. */
static void check_offered(struct operation *op, struct plan *plan)
{
    static const struct oci_query patches_too = {"shouldListAllPatchVersions", "true"};
    const struct value *wanted = value_get(plan->planned, "kubernetes_version");
    ERROR_AUTO(ignored);
    JSON_AUTO options = NULL;
    if (!op->client || !value_text(wanted) || !plan_changes(plan, "kubernetes_version") ||
        !api_get(op, OCI_CONTAINER_ENGINE, "GetClusterOptions", "/clusterOptions/all", &patches_too,
                 1, &options, &ignored))
        return;
    const json_t *versions = json_object_get(options, "kubernetesVersions");
    STR_AUTO offered = STR_INIT;
    size_t index;
    json_t *version;
    json_array_foreach(versions, index, version)
    {
        const char *text = json_string_value(version);
        if (text && equal_kubernetes_version(wanted, value_string(plan->arena, text)))
            return;
        str_printf(&offered, "%s%s", index ? ", " : "", text ? text : "");
    }
    if (offered.length)
        diagnostics_error(plan->diagnostics,
                          path_attribute(plan->arena, NULL, "kubernetes_version"),
                          "Version not offered", "OKE offers %s, and not %s.", str_text(&offered),
                          value_text(wanted));
}

/* What only enhanced clusters can, and what they need. A new cluster is a basic one unless told. */
static void check_type(struct plan *plan)
{
    static const char *const wanted[][2] = {
        {"open_id_connect_token_authentication_config", "is_open_id_connect_auth_enabled"},
        {"open_id_connect_discovery", "is_open_id_connect_discovery_enabled"},
    };
    const struct value *endpoint =
        value_get(plan_is_create(plan) ? plan->config : plan->planned, "endpoint_config");
    bool enhanced = text_equal(value_text(value_get(plan->planned, "type")), "ENHANCED_CLUSTER");
    if (value_is_unknown(value_get(plan->config, "type")))
        return;
    if (enhanced && value_is_null(endpoint))
        diagnostics_error(plan->diagnostics, path_attribute(plan->arena, NULL, "type"),
                          "Enhanced cluster without endpoint in the VCN",
                          "An ENHANCED_CLUSTER needs endpoint_config.");
    for (size_t i = 0; i < ARRAY_LENGTH(wanted) && !enhanced; i++)
        if (is_on(option(plan->config, wanted[i][0]), wanted[i][1]))
            diagnostics_error(
                plan->diagnostics,
                path_to(plan->arena, (const char *const[]){"options", wanted[i][0], NULL}),
                "Only enhanced clusters can do this", "%s needs type = \"ENHANCED_CLUSTER\".",
                wanted[i][0]);
}

static void plan_cluster(struct operation *op, struct plan *plan)
{
    check_type(plan);
    check_offered(op, plan);
    if (!plan_is_create(plan)) {
        check_upgrade(plan);
        plan_ask_oci(op, plan, "options");
    }
    if (plan_is_create(plan) || plan->replace_count)
        check_network(op, plan);
}

/* --- operations --------------------------------------------------------------------------------- */

static bool complete_body(struct api_call *call, json_t *body, struct error *err)
{
    (void)call, (void)err;
    kubernetes_version_canonical(body);
    return true;
}

/* An endpoint that a cluster never had comes by migration, one that it has is updated. */
static bool change_endpoint(struct api_call *call, const struct api_action *action,
                            struct error *err)
{
    struct arena *arena = call->op->arena;
    const struct value *prior = value_item(value_get(call->prior, action->attribute), 0);
    const struct value *planned = value_item(value_get(call->planned, action->attribute), 0);
    bool migrate = value_is_null(prior);
    json_t *endpoint = json_body_from_value(
        arena, endpoint_fields, migrate ? BODY_CREATE : BODY_UPDATE, prior, planned, planned);
    JSON_AUTO body = migrate ? json_pack("{so}", "endpointConfig", endpoint) : endpoint;
    return migrate ? api_act(call, "ClusterMigrateToNativeVcn", "/actions/migrateToNativeVcn", body,
                             err)
                   : api_act(call, action->operation, "/actions/updateEndpointConfig", body, err);
}

/* As oke_retry, but a refused delete is looked into. */
static const struct api_retry retry[] = {
    {API_UPDATE, {.status = 409, .code = "IncorrectState", .for_ms = OKE_BUSY_MS}},
    {API_UPDATE, {.status = 409, .code = "Conflict", .for_ms = OKE_BUSY_MS}},
    {.phases = 0},
};

static const struct oci_api api = {
    .service = OCI_CONTAINER_ENGINE,
    .noun = "cluster",
    .stem = "Cluster",
    .path = "/clusters",
    .ocid_type = "cluster",
    .name = "name",
    .flags = API_UPDATE_CHANGED | API_LIST_SUMMARY,
    .states = &api_states_attention,
    .work_request_entity = "cluster",
    .retry = retry,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"name", "{name}"},
                                             {NULL}},
    .actions = (const struct api_action[]){{.attribute = "endpoint_config",
                                            .operation = "UpdateClusterEndpointConfig",
                                            .run = change_endpoint},
                                           {.attribute = NULL}},
    .blockers =
        (const struct api_blocker[]){
            {.noun = "node pool",
             .operation = "ListNodePools",
             .service = OCI_CONTAINER_ENGINE,
             .path = "/nodePools",
             .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                 {"clusterId", "{id}"},
                                                 {NULL}}},
            {.noun = "load balancer",
             .operation = "ListLoadBalancers",
             .service = OCI_LOAD_BALANCER,
             .path = "/loadBalancers",
             .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"}, {NULL}}},
            {.noun = "VNIC",
             .operation = "ListVnicAttachments",
             .service = OCI_COMPUTE,
             .path = "/vnicAttachments",
             .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"}, {NULL}},
             .id = "vnicId"},
            {.noun = NULL},
        },
    .body = complete_body,
};

const struct resource oke_cluster = {
    .name = "cluster",
    .summary = "A Kubernetes cluster of OKE: the control plane; nodes come with `oke_node_pool`.",
    .description =
        "Destroying a cluster leaves behind what Kubernetes made outside of it: delete services of "
        "type `LoadBalancer` and persistent volume claims first, or the subnets cannot be "
        "destroyed.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .timeouts = {.create = 60 * 60, .update = 60 * 60, .remove = 60 * 60},
    .import_id = "the cluster's OCID",
    .moved_from = (const char *const[]){"oci_containerengine_cluster", NULL},
    .validate = validate,
    .plan = plan_cluster,
    .list_attributes = list_by_name,
    .example = "resource \"oke_cluster\" \"main\" {\n"
               "  compartment_id     = var.compartment_id\n"
               "  name               = \"todo\"\n"
               "  vcn_id             = oke_vcn.main.id\n"
               "  kubernetes_version = \"v1.34.2\"\n"
               "  type               = \"BASIC_CLUSTER\"\n"
               "\n"
               "  cluster_pod_network_options {\n"
               "    cni_type = \"FLANNEL_OVERLAY\"\n"
               "  }\n"
               "\n"
               "  endpoint_config {\n"
               "    subnet_id            = oke_subnet.api.id\n"
               "    is_public_ip_enabled = true\n"
               "  }\n"
               "\n"
               "  options {\n"
               "    service_lb_subnet_ids = [oke_subnet.api.id]\n"
               "  }\n"
               "}\n",
};
