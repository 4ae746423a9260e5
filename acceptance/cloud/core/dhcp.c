#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "lib/base/json.h"

enum { SERVERS = 3 };

static bool check_servers(struct call *call, json_t *option)
{
    bool custom = text_equal(json_get_text(option, "serverType"), "CustomDnsServer");
    json_t *servers = json_object_get(option, "customDnsServers");
    size_t count = json_array_size(servers), i;
    json_t *server;
    uint32_t address;
    if (custom != (count > 0) || count > SERVERS)
        return call_invalid(call,
                            "customDnsServers must have 1 to %d addresses with the serverType "
                            "CustomDnsServer, and none with others",
                            SERVERS);
    json_array_foreach(servers, i, server) if (
        !ipv4_parse(json_string_value(server),
                    &address)) return call_invalid(call, "customDnsServers: '%.64s' is no address",
                                                   json_string_value(server));
    if (!servers)
        json_object_set_new(option, "customDnsServers", json_array());
    return true;
}

static bool create(struct call *call, struct object *options)
{
    size_t i;
    json_t *option;
    int counts[2] = {0, 0};
    json_array_foreach(json_object_get(options->body, "options"), i, option)
    {
        bool search = text_equal(json_get_text(option, "type"), "SearchDomain");
        if (counts[search]++)
            return call_invalid(call, "options has two of the type %s",
                                json_get_text(option, "type"));
        if (!search && !check_servers(call, option))
            return false;
        if (search && json_array_size(json_object_get(option, "searchDomainNames")) != 1)
            return call_invalid(call, "searchDomainNames must have one name");
    }
    return counts[0] || call_invalid(call, "options must have one of the type DomainNameServer");
}

static bool update(struct call *call, struct object *options, const json_t *before)
{
    (void)before;
    return create(call, options);
}

const struct kind kind_dhcp_options = {.type = "dhcpoptions",
                                       .title = "DHCP options",
                                       .default_name = "dhcpoptions",
                                       .parent_field = "vcnId",
                                       .references =
                                           (const struct reference[]){{"vcnId", &kind_vcn}, {NULL}},
                                       .life = &core_life,
                                       .limit = 300,
                                       .limit_name = "dhcp-option-count",
                                       .create = create,
                                       .update = update,
                                       .remove = core_refuse_default};
