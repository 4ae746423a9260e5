/* Internet, NAT and service gateways, and the services that the last ones lead to. */
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

/* --- services ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *label,
        *description; /* with the region's key in capitals and small letters */
    const char *unique;
} network_services[] = {
    {"OCI %s Object Storage", "oci-%s-objectstorage", "OCI %s Object Storage", "objectstorage"},
    {"All %s Services In Oracle Services Network", "all-%s-services-in-oracle-services-network",
     "All %s Services In Oracle Services Network", "all"},
};

enum { SERVICES = 2, UNIQUE_PART = 60 };

static const char *lower(struct call *call, const char *text)
{
    char *copy = arena_strdup(call->arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    return copy;
}

/* The tables' "%s" is the region's key. */
static const char *fill(struct call *call, const char *text, const char *key)
{
    const char *mark = strstr(text, "%s");
    return arena_printf(call->arena, "%.*s%s%s", (int)(mark - text), text, key, mark + 2);
}

static const char *label_of(struct call *call, int index)
{
    return fill(call, network_services[index].label, lower(call, call_settings(call)->region_key));
}

static const char *name_of(struct call *call, int index)
{
    return fill(call, network_services[index].name, call_settings(call)->region_key);
}

static const char *id_of(struct call *call, int index)
{
    STR_AUTO unique = STR_INIT;
    str_printf(&unique, "aaaaaaaa%s", network_services[index].unique);
    while (unique.length < UNIQUE_PART)
        str_append_char(&unique, 'a');
    return arena_printf(call->arena, "ocid1.service.%s.%s.%s", call_settings(call)->realm,
                        call_settings(call)->region, str_text(&unique));
}

static int service_index(struct call *call, const char *id)
{
    for (int i = 0; i < SERVICES; i++)
        if (text_equal(id_of(call, i), id))
            return i;
    return -1;
}

const char *service_label(struct call *call, const char *id)
{
    int index = service_index(call, id);
    return index < 0 ? NULL : label_of(call, index);
}

bool core_is_service_label(struct call *call, const char *label)
{
    for (int i = 0; i < SERVICES; i++)
        if (text_equal(label_of(call, i), label))
            return true;
    return false;
}

static json_t *service_json(struct call *call, int index)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s}", "id", id_of(call, index), "name", name_of(call, index),
        "description",
        fill(call, network_services[index].description, call_settings(call)->region_key),
        "cidrBlock", label_of(call, index));
}

bool services_list(struct call *call)
{
    json_t *list = json_array();
    for (int i = 0; i < SERVICES; i++)
        json_array_append_new(list, service_json(call, i));
    return crud_reply_page(call, list);
}

bool services_get(struct call *call)
{
    int index = service_index(call, call->path_values[0]);
    return index < 0 ? call_not_found(call, "service", call->path_values[0])
                     : call_reply(call, 200, service_json(call, index));
}

/* --- internet gateways ------------------------------------------------------------------------------- */

static bool check_route_table(struct call *call, struct object *gateway, const json_t *before)
{
    (void)before;
    return core_same_vcn(call, gateway, "routeTableId", &kind_route_table);
}

static bool internet_create(struct call *call, struct object *gateway)
{
    return check_route_table(call, gateway, NULL);
}

static const struct reference gateway_references[] = {
    {"vcnId", &kind_vcn}, {"routeTableId", &kind_route_table}, {NULL}};

const struct kind kind_internet_gateway = {.type = "internetgateway",
                                           .title = "internet gateway",
                                           .default_name = "internetgateway",
                                           .parent_field = "vcnId",
                                           .references = gateway_references,
                                           .life = &core_life,
                                           .limit = 1,
                                           .limit_name = "internet-gateway-count",
                                           .create = internet_create,
                                           .update = check_route_table};

/* --- NAT gateways ------------------------------------------------------------------------------------ */

static bool nat_create(struct call *call, struct object *gateway)
{
    const struct object *address =
        public_ip_assign(call, object_text(gateway, "publicIpId"), gateway, "NAT_GATEWAY");
    if (!address)
        return false;
    json_set_text(gateway->body, "publicIpId", address->id);
    json_set_text(gateway->body, "natIp", object_text(address, "ipAddress"));
    if (!json_object_get(gateway->body, "blockTraffic"))
        json_object_set_new(gateway->body, "blockTraffic", json_false());
    return check_route_table(call, gateway, NULL);
}

static bool nat_remove(struct call *call, struct object *gateway)
{
    public_ip_release(call, gateway->id);
    return true;
}

const struct kind kind_nat_gateway = {.type = "natgateway",
                                      .title = "NAT gateway",
                                      .default_name = "natgateway",
                                      .parent_field = "vcnId",
                                      .references = gateway_references,
                                      .life = &core_life,
                                      .limit = 1,
                                      .limit_name = "nat-gateway-count",
                                      .create = nat_create,
                                      .update = check_route_table,
                                      .remove = nat_remove};

/* --- service gateways -------------------------------------------------------------------------------- */

static bool set_services(struct call *call, struct object *gateway)
{
    size_t i;
    json_t *service;
    json_t *services = json_object_get(gateway->body, "services");
    if (json_array_size(services) > 1)
        return call_invalid(call, "A service gateway can have one service, not %zu",
                            json_array_size(services));
    json_array_foreach(services, i, service)
    {
        const char *id = json_get_text(service, "serviceId");
        int index = service_index(call, id);
        if (index < 0)
            return call_not_found(call, "service", id);
        json_set_text(service, "serviceName", name_of(call, index));
    }
    return true;
}

static bool has_service(const json_t *services, const char *id)
{
    size_t i;
    json_t *service;
    json_array_foreach(
        services, i, service) if (text_equal(json_get_text(service, "serviceId"), id)) return true;
    return false;
}

static bool routes_to(const struct object *table, const char *gateway, const char *label)
{
    size_t i;
    json_t *rule;
    json_array_foreach(json_object_get(table->body, "routeRules"), i,
                       rule) if (text_equal(json_get_text(rule, "networkEntityId"), gateway) &&
                                 text_equal(json_get_text(rule, "destination"), label)) return true;
    return false;
}

/* A service that rules use stays. */
static bool check_removed(struct call *call, const struct object *gateway, const json_t *before)
{
    size_t i;
    json_t *service;
    const json_t *now = json_object_get(gateway->body, "services");
    json_array_foreach(before, i, service)
    {
        const char *id = json_get_text(service, "serviceId");
        const char *label = service_label(call, id);
        if (has_service(now, id))
            continue;
        for (const struct object *table = store_first(call->store, &kind_route_table); table;
             table = store_next(call->store, table))
            if (object_exists(table) && routes_to(table, gateway->id, label))
                return call_conflict(call, "The service %s is in use by the route table %s", label,
                                     table->id);
    }
    return true;
}

static bool service_create(struct call *call, struct object *gateway)
{
    json_object_set_new(gateway->body, "blockTraffic", json_false());
    return set_services(call, gateway) && check_route_table(call, gateway, NULL);
}

static bool service_update(struct call *call, struct object *gateway, const json_t *before)
{
    return set_services(call, gateway) && check_route_table(call, gateway, before) &&
           check_removed(call, gateway, json_object_get(before, "services"));
}

const struct kind kind_service_gateway = {.type = "servicegateway",
                                          .title = "service gateway",
                                          .default_name = "servicegateway",
                                          .parent_field = "vcnId",
                                          .references = gateway_references,
                                          .life = &core_life,
                                          .limit = 1,
                                          .limit_name = "service-gateway-count",
                                          .create = service_create,
                                          .update = service_update};

static bool replace_services(struct call *call, struct object *gateway, json_t *services)
{
    JSON_AUTO details = json_pack("{s:o}", "services", services);
    return crud_merge(call, gateway, details) && call_reply_object(call, 200, gateway);
}

bool gateway_attach_service(struct call *call)
{
    struct object *gateway = crud_open(call, &kind_service_gateway);
    if (!gateway)
        return false;
    json_t *services = json_deep_copy(json_object_get(gateway->body, "services"));
    if (!has_service(services, call_text(call, "serviceId")))
        json_array_append(services, call->body);
    return replace_services(call, gateway, services);
}

bool gateway_detach_service(struct call *call)
{
    struct object *gateway = crud_open(call, &kind_service_gateway);
    if (!gateway)
        return false;
    json_t *services = json_deep_copy(json_object_get(gateway->body, "services"));
    for (size_t i = json_array_size(services); i-- > 0;)
        if (text_equal(json_get_text(json_array_get(services, i), "serviceId"),
                       call_text(call, "serviceId")))
            json_array_remove(services, i);
    return replace_services(call, gateway, services);
}
