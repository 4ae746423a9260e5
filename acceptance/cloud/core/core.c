#include "acceptance/cloud/core/core.h"

#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "acceptance/cloud/core/models.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

/* --- shared rules ------------------------------------------------------------------------------------ */

static bool check_vcn(struct call *call, const struct object *object, const struct kind *kind,
                      const char *id)
{
    const struct object *other = store_find(call->store, kind, id);
    return !other || text_equal(object_text(other, "vcnId"), object_text(object, "vcnId")) ||
           call_invalid(call, "The %s %s belongs to another VCN", kind->title, id);
}

bool core_same_vcn(struct call *call, const struct object *object, const char *field,
                   const struct kind *kind)
{
    const json_t *value = json_object_get(object->body, field);
    size_t i;
    json_t *id;
    json_array_foreach(value, i,
                       id) if (!check_vcn(call, object, kind, json_string_value(id))) return false;
    return !json_is_string(value) || check_vcn(call, object, kind, json_string_value(value));
}

const struct lifecycle core_life = {.active = "AVAILABLE",
                                    .updating = "UPDATING",
                                    .deleting = "TERMINATING",
                                    .deleted = "TERMINATED",
                                    .delete_ms = 300,
                                    .linger_ms = 20 * 1000};

/* --- work requests ----------------------------------------------------------------------------------- */

/*
 * Entities stay IN_PROGRESS even after success: oracle/oci looks for them so ("work request succeeded but
 * no identifier was found" otherwise).
 */
const struct work_flavour core_work = {.kind = &kind_core_work,
                                       .percent = true,
                                       .resource_query = "resourceId",
                                       .keep_in_progress = true};

const struct kind kind_core_work = {.type = "coreservicesworkrequest",
                                    .title = "work request",
                                    .internal = true,
                                    .work = &core_work,
                                    .step = work_step,
                                    .summary = "id|operationType|status|compartmentId|"
                                               "percentComplete|timeAccepted|timeStarted|"
                                               "timeFinished"};

bool core_start_pending(struct call *call, struct object *object, const char *operation_type,
                        const char *entity, json_t *pending)
{
    json_object_set_new(object->hidden, "pending", pending);
    call_set_state(object, object->kind->life->updating);
    work_start(call, &core_work, operation_type, object,
               &(struct work_entity){.type = entity, .action = "UPDATED"}, "pending",
               CIDR_CHANGE_MS);
    call_set_header(call, "ETag", object->etag);
    return call_reply(call, 202, NULL);
}

bool core_take_pending(struct call *call, struct object *object, const char *step, bool failed)
{
    (void)call;
    if (strcmp(step, "pending") != 0)
        return false;
    json_t *pending = json_object_get(object->hidden, "pending");
    if (!failed)
        json_object_update(object->body, pending);
    json_object_del(object->hidden, "pending");
    call_set_state(object, object->kind->life->active);
    return true;
}

bool core_change_compartment(struct call *call)
{
    struct object *object = crud_open(call, call->operation->kind);
    const char *target = call_text(call, "compartmentId");
    return object && call_compartment(call, target) &&
           core_start_pending(call, object, "CHANGE_COMPARTMENT", object->kind->type,
                              json_pack("{s:s}", "compartmentId", target));
}

/* --- query parameters -------------------------------------------------------------------------------- */

#define STATES "PROVISIONING|AVAILABLE|TERMINATING|TERMINATED"
#define QUERY_STATE(states)                                                                        \
    {                                                                                              \
        "lifecycleState", .one_of = (states), .filter = "lifecycleState", .ignore_case = true      \
    }
#define QUERY_VCN                                                                                  \
    {                                                                                              \
        "vcnId", .filter = "vcnId"                                                                 \
    }
#define SORT QUERIES_SORT("TIMECREATED|DISPLAYNAME")

static const struct query vcn_queries[] = {
    QUERY_COMPARTMENT, QUERY_DISPLAY_NAME, QUERY_STATE(STATES "|UPDATING"), SORT,
    QUERIES_PAGING,    QUERIES_END};
static const struct query subnet_queries[] = {
    QUERY_COMPARTMENT, QUERY_VCN,  QUERY_DISPLAY_NAME, QUERY_STATE(STATES "|UPDATING"), SORT,
    QUERIES_PAGING,    QUERIES_END};
static const struct query usual_queries[] = {QUERY_COMPARTMENT,   QUERY_VCN, QUERY_DISPLAY_NAME,
                                             QUERY_STATE(STATES), SORT,      QUERIES_PAGING,
                                             QUERIES_END};
static const struct query service_gateway_queries[] = {
    QUERY_COMPARTMENT, QUERY_VCN, QUERY_STATE(STATES), SORT, QUERIES_PAGING, QUERIES_END};
static const struct query group_queries[] = {{"compartmentId", .filter = "compartmentId"},
                                             {"vlanId", .filter = "vlanId"},
                                             QUERY_VCN,
                                             QUERY_DISPLAY_NAME,
                                             QUERY_STATE(STATES),
                                             SORT,
                                             QUERIES_PAGING,
                                             QUERIES_END};
static const struct query rule_queries[] = {{"direction", .one_of = "INGRESS|EGRESS"},
                                            QUERIES_SORT("TIMECREATED"),
                                            QUERIES_PAGING,
                                            QUERIES_END};
static const struct query group_vnic_queries[] = {QUERIES_SORT("TIMEASSOCIATED"), QUERIES_PAGING,
                                                  QUERIES_END};
static const struct query public_ip_queries[] = {
    {"scope", .required = true, .one_of = "REGION|AVAILABILITY_DOMAIN", .filter = "scope"},
    QUERY_COMPARTMENT,
    {"availabilityDomain", .filter = "availabilityDomain"},
    {"lifetime", .one_of = "EPHEMERAL|RESERVED", .filter = "lifetime"},
    {"publicIpPoolId", .filter = "publicIpPoolId"},
    QUERIES_PAGING,
    QUERIES_END};
static const struct query private_ip_queries[] = {{"ipAddress", .filter = "ipAddress"},
                                                  {"subnetId", .filter = "subnetId"},
                                                  {"vnicId", .filter = "vnicId"},
                                                  {"vlanId", .filter = "vlanId"},
                                                  {"ipState", .filter = "ipState"},
                                                  {"lifetime", .filter = "lifetime"},
                                                  QUERIES_PAGING,
                                                  QUERIES_END};
static const struct query paging_queries[] = {QUERIES_PAGING, QUERIES_END};
static const struct query line_queries[] = {
    {"sortOrder", .one_of = "ASC|DESC"}, QUERIES_PAGING, QUERIES_END};
static const struct query image_queries[] = {{"compartmentId", .required = true},
                                             {"displayName"},
                                             {"operatingSystem"},
                                             {"operatingSystemVersion"},
                                             {"shape"},
                                             {"lifecycleState"},
                                             SORT,
                                             QUERIES_PAGING,
                                             QUERIES_END};
static const struct query shape_queries[] = {{"compartmentId", .required = true},
                                             {"availabilityDomain"},
                                             {"imageId"},
                                             {"shape"},
                                             QUERIES_PAGING,
                                             QUERIES_END};
static const struct query instance_queries[] = {
    {"compartmentId", .required = true},
    {"availabilityDomain"},
    {"capacityReservationId"},
    {"computeClusterId"},
    {"displayName"},
    {"lifecycleState",
     .one_of = "MOVING|PROVISIONING|RUNNING|STARTING|STOPPING|STOPPED|"
               "CREATING_IMAGE|TERMINATING|TERMINATED",
     .ignore_case = true},
    SORT,
    QUERIES_PAGING,
    QUERIES_END};
static const struct query attachment_queries[] = {{"compartmentId", .required = true},
                                                  {"availabilityDomain"},
                                                  {"instanceId"},
                                                  {"vnicId"},
                                                  QUERIES_PAGING,
                                                  QUERIES_END};
static const struct query work_queries[] = {
    QUERY_COMPARTMENT, {"resourceId"}, QUERIES_PAGING, QUERIES_END};

/* --- operations -------------------------------------------------------------------------------------- */

#define TOKEN OPERATION_RETRY_TOKEN

/* Create, get, list, update, delete of a kind: the five that all have. */
#define USUAL(name, names, path, parameter, kind, create_model, update_model, list_queries)        \
    {"Create" name, "POST", path, crud_create, kind, NULL, create_model, TOKEN},                   \
        {"Get" name, "GET", path "/{" parameter "}", crud_get, kind},                              \
        {"List" names, "GET", path, crud_list, kind, list_queries},                                \
        {"Update" name, "PUT", path "/{" parameter "}", crud_update, kind, NULL, update_model},    \
    {                                                                                              \
        "Delete" name, "DELETE", path "/{" parameter "}", crud_delete, kind                        \
    }

#define ACTION(name, path, parameter, action, handler, kind, model)                                \
    {                                                                                              \
        name, "POST", path "/{" parameter "}/actions/" action, handler, kind, NULL, model, TOKEN   \
    }

static const struct operation operations[] = {
    USUAL("Vcn", "Vcns", "/vcns", "vcnId", &kind_vcn, &create_vcn_details, &update_vcn_details,
          vcn_queries),
    ACTION("ChangeVcnCompartment", "/vcns", "vcnId", "changeCompartment", core_change_compartment,
           &kind_vcn, &change_vcn_compartment_details),
    ACTION("AddVcnCidr", "/vcns", "vcnId", "addCidr", vcn_add_cidr, &kind_vcn,
           &add_vcn_cidr_details),
    ACTION("RemoveVcnCidr", "/vcns", "vcnId", "removeCidr", vcn_remove_cidr, &kind_vcn,
           &remove_vcn_cidr_details),
    ACTION("ModifyVcnCidr", "/vcns", "vcnId", "modifyCidr", vcn_modify_cidr, &kind_vcn,
           &modify_vcn_cidr_details),
    {"AddIpv6VcnCidr", "POST", "/vcns/{vcnId}/actions/addIpv6Cidr", vcn_add_ipv6_cidr, &kind_vcn,
     NULL, &add_vcn_ipv6_cidr_details, TOKEN | OPERATION_BODY_OPTIONAL},
    ACTION("RemoveIpv6VcnCidr", "/vcns", "vcnId", "removeIpv6Cidr", vcn_remove_ipv6_cidr, &kind_vcn,
           &remove_vcn_ipv6_cidr_details),

    USUAL("Subnet", "Subnets", "/subnets", "subnetId", &kind_subnet, &create_subnet_details,
          &update_subnet_details, subnet_queries),
    ACTION("ChangeSubnetCompartment", "/subnets", "subnetId", "changeCompartment",
           core_change_compartment, &kind_subnet, &change_subnet_compartment_details),
    ACTION("AddIpv4SubnetCidr", "/subnets", "subnetId", "addIpv4Cidr", subnet_add_cidr,
           &kind_subnet, &add_ipv4_subnet_cidr_details),
    ACTION("RemoveIpv4SubnetCidr", "/subnets", "subnetId", "removeIpv4Cidr", subnet_remove_cidr,
           &kind_subnet, &remove_ipv4_subnet_cidr_details),
    ACTION("ModifyIpv4SubnetCidr", "/subnets", "subnetId", "modifyIpv4Cidr", subnet_modify_cidr,
           &kind_subnet, &modify_ipv4_subnet_cidr_details),
    ACTION("AddIpv6SubnetCidr", "/subnets", "subnetId", "addIpv6Cidr", subnet_add_ipv6_cidr,
           &kind_subnet, &add_subnet_ipv6_cidr_details),
    ACTION("RemoveIpv6SubnetCidr", "/subnets", "subnetId", "removeIpv6Cidr",
           subnet_remove_ipv6_cidr, &kind_subnet, &remove_subnet_ipv6_cidr_details),

    USUAL("InternetGateway", "InternetGateways", "/internetGateways", "igId",
          &kind_internet_gateway, &create_internet_gateway_details,
          &update_internet_gateway_details, usual_queries),
    ACTION("ChangeInternetGatewayCompartment", "/internetGateways", "igId", "changeCompartment",
           crud_change_compartment, &kind_internet_gateway,
           &change_internet_gateway_compartment_details),

    USUAL("NatGateway", "NatGateways", "/natGateways", "natGatewayId", &kind_nat_gateway,
          &create_nat_gateway_details, &update_nat_gateway_details, usual_queries),
    ACTION("ChangeNatGatewayCompartment", "/natGateways", "natGatewayId", "changeCompartment",
           crud_change_compartment, &kind_nat_gateway, &change_nat_gateway_compartment_details),

    USUAL("ServiceGateway", "ServiceGateways", "/serviceGateways", "serviceGatewayId",
          &kind_service_gateway, &create_service_gateway_details, &update_service_gateway_details,
          service_gateway_queries),
    ACTION("ChangeServiceGatewayCompartment", "/serviceGateways", "serviceGatewayId",
           "changeCompartment", crud_change_compartment, &kind_service_gateway,
           &change_service_gateway_compartment_details),
    {"AttachServiceId", "POST", "/serviceGateways/{serviceGatewayId}/actions/attachService",
     gateway_attach_service, &kind_service_gateway, NULL, &service_id_request_details},
    {"DetachServiceId", "POST", "/serviceGateways/{serviceGatewayId}/actions/detachService",
     gateway_detach_service, &kind_service_gateway, NULL, &service_id_request_details},
    {"ListServices", "GET", "/services", services_list, .queries = paging_queries},
    {"GetService", "GET", "/services/{serviceId}", services_get},

    USUAL("RouteTable", "RouteTables", "/routeTables", "rtId", &kind_route_table,
          &create_route_table_details, &update_route_table_details, usual_queries),
    ACTION("ChangeRouteTableCompartment", "/routeTables", "rtId", "changeCompartment",
           crud_change_compartment, &kind_route_table, &change_route_table_compartment_details),

    USUAL("SecurityList", "SecurityLists", "/securityLists", "securityListId", &kind_security_list,
          &create_security_list_details, &update_security_list_details, usual_queries),
    ACTION("ChangeSecurityListCompartment", "/securityLists", "securityListId", "changeCompartment",
           crud_change_compartment, &kind_security_list, &change_security_list_compartment_details),

    USUAL("DhcpOptions", "DhcpOptions", "/dhcps", "dhcpId", &kind_dhcp_options,
          &create_dhcp_details, &update_dhcp_details, usual_queries),
    ACTION("ChangeDhcpOptionsCompartment", "/dhcps", "dhcpId", "changeCompartment",
           crud_change_compartment, &kind_dhcp_options, &change_dhcp_options_compartment_details),

    USUAL("NetworkSecurityGroup", "NetworkSecurityGroups", "/networkSecurityGroups",
          "networkSecurityGroupId", &kind_network_security_group,
          &create_network_security_group_details, &update_network_security_group_details,
          group_queries),
    ACTION("ChangeNetworkSecurityGroupCompartment", "/networkSecurityGroups",
           "networkSecurityGroupId", "changeCompartment", crud_change_compartment,
           &kind_network_security_group, &change_network_security_group_compartment_details),
    {"AddNetworkSecurityGroupSecurityRules", "POST",
     "/networkSecurityGroups/{networkSecurityGroupId}/actions/addSecurityRules", security_rules_add,
     &kind_network_security_group, NULL, &add_network_security_group_security_rules_details},
    {"UpdateNetworkSecurityGroupSecurityRules", "POST",
     "/networkSecurityGroups/{networkSecurityGroupId}/actions/updateSecurityRules",
     security_rules_update, &kind_network_security_group, NULL,
     &update_network_security_group_security_rules_details},
    {"RemoveNetworkSecurityGroupSecurityRules", "POST",
     "/networkSecurityGroups/{networkSecurityGroupId}/actions/removeSecurityRules",
     security_rules_remove, &kind_network_security_group, NULL,
     &remove_network_security_group_security_rules_details},
    {"ListNetworkSecurityGroupSecurityRules", "GET",
     "/networkSecurityGroups/{networkSecurityGroupId}/securityRules", security_rules_list,
     &kind_network_security_group, rule_queries},
    {"ListNetworkSecurityGroupVnics", "GET",
     "/networkSecurityGroups/{networkSecurityGroupId}/vnics", security_group_vnics,
     &kind_network_security_group, group_vnic_queries},

    USUAL("PublicIp", "PublicIps", "/publicIps", "publicIpId", &kind_public_ip,
          &create_public_ip_details, &update_public_ip_details, public_ip_queries),
    ACTION("ChangePublicIpCompartment", "/publicIps", "publicIpId", "changeCompartment",
           crud_change_compartment, &kind_public_ip, &change_public_ip_compartment_details),
    {"GetPublicIpByIpAddress", "POST", "/publicIps/actions/getByIpAddress",
     public_ip_get_by_address, &kind_public_ip, NULL, &get_public_ip_by_ip_address_details},
    {"GetPublicIpByPrivateIpId", "POST", "/publicIps/actions/getByPrivateIpId",
     public_ip_get_by_private_ip, &kind_public_ip, NULL, &get_public_ip_by_private_ip_id_details},
    {"GetVnic", "GET", "/vnics/{vnicId}", crud_get, &kind_vnic},
    {"UpdateVnic", "PUT", "/vnics/{vnicId}", crud_update, &kind_vnic, NULL, &update_vnic_details},
    {"GetPrivateIp", "GET", "/privateIps/{privateIpId}", crud_get, &kind_private_ip},
    {"ListPrivateIps", "GET", "/privateIps", private_ip_list, &kind_private_ip, private_ip_queries},

    {"ListImages", "GET", "/images", images_list, .queries = image_queries},
    {"GetImage", "GET", "/images/{imageId}", images_get},
    {"ListImageShapeCompatibilityEntries", "GET", "/images/{imageId}/shapes", images_list_shapes,
     .queries = paging_queries},
    {"ListShapes", "GET", "/shapes", shapes_list, .queries = shape_queries},

    {"ListInstances", "GET", "/instances", instances_list, .queries = instance_queries},
    {"GetInstance", "GET", "/instances/{instanceId}", instances_get},
    {"ListVnicAttachments", "GET", "/vnicAttachments", vnic_attachments_list,
     .queries = attachment_queries},

    {"GetWorkRequest", "GET", "/workRequests/{workRequestId}", work_get, &kind_core_work},
    {"ListWorkRequests", "GET", "/workRequests", work_list, &kind_core_work, work_queries},
    {"ListWorkRequestErrors", "GET", "/workRequests/{workRequestId}/errors", work_list_errors,
     &kind_core_work, line_queries},
    {"ListWorkRequestLogs", "GET", "/workRequests/{workRequestId}/logs", work_list_logs,
     &kind_core_work, line_queries},
    {NULL}};

const struct service service_core = {
    .name = "core",
    .hosts = "iaas",
    .base_path = "/20160918",
    .operations = operations,
    .kinds = (const struct kind *const[]){
        &kind_vcn, &kind_subnet, &kind_internet_gateway, &kind_nat_gateway, &kind_service_gateway,
        &kind_route_table, &kind_security_list, &kind_network_security_group, &kind_dhcp_options,
        &kind_public_ip, &kind_private_ip, &kind_vnic, &kind_core_work, NULL}};
