#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/default_object.h"

static const char *const option_types[] = {"DomainNameServer", "SearchDomain", NULL};
static const char *const server_types[] = {"VcnLocal", "VcnLocalPlusInternet", "CustomDnsServer",
                                           NULL};
static const char *const domain_name_types[] = {"SUBNET_DOMAIN", "VCN_DOMAIN", "CUSTOM_DOMAIN",
                                                NULL};

static const struct attribute option_fields[] = {
    {.name = "type",
     .flags = REQUIRED | KEY,
     .one_of = option_types,
     .doc = "`DomainNameServer` or `SearchDomain`.",
     .sample = "\"DomainNameServer\""},
    {.name = "server_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = server_types,
     .doc = "For `DomainNameServer`: `VcnLocal`, `VcnLocalPlusInternet` or `CustomDnsServer`.",
     .sample = "\"VcnLocalPlusInternet\""},
    {.name = "custom_dns_servers",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .max_items = 3,
     .validate = validate_ip_address,
     .doc = "For `CustomDnsServer`: up to three addresses."},
    {.name = "search_domain_names",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .max_items = 1,
     .doc = "For `SearchDomain`: the domain."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_DEFAULT_RESOURCE_ID("dhcpoptions", "oke_vcn.main.default_dhcp_options_id"),
    ATTRIBUTE_DEFAULT_COMPARTMENT_ID,
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "domain_name_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = domain_name_types,
     .doc = "Which search domain instances get: `SUBNET_DOMAIN`, `VCN_DOMAIN` or "
            "`CUSTOM_DOMAIN`."},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = REQUIRED,
     .fields = option_fields,
     .doc = "The options, one of each type."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const struct value *options = value_get(config, "options");
    for (size_t i = 0; i < value_count(options); i++) {
        const struct value *option = value_item(options, i);
        bool servers = text_equal(value_text(value_get(option, "type")), "DomainNameServer");
        bool domains = text_equal(value_text(value_get(option, "type")), "SearchDomain");
        const char *needed = servers ? "server_type" : domains ? "search_domain_names" : NULL;
        if (needed && value_is_null(value_get(option, needed)))
            diagnostics_error(diagnostics, path_attribute(arena, NULL, "options"),
                              "Missing argument", "An option of type %s needs %s.",
                              value_text(value_get(option, "type")), needed);
    }
}

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "default DHCP options",
    .stem = "DhcpOptions",
    .path = "/dhcps",
    .ocid_type = "dhcpoptions",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeDhcpOptionsCompartment"),
                                           {.attribute = NULL}},
};

DEFAULT_OBJECT_OPS("{\"options\":[{\"type\":\"DomainNameServer\",\"serverType\":"
                   "\"VcnLocalPlusInternet\"}]}");

const struct resource oke_default_dhcp_options = {
    .name = "default_dhcp_options",
    .summary = "The DHCP options that a VCN comes with. Destroying them sets them back.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &ops,
    .api = &api,
    .import_id = "the DHCP options' OCID",
    .moved_from = (const char *const[]){"oci_core_default_dhcp_options", NULL},
    .validate = validate,
    .example = "resource \"oke_default_dhcp_options\" \"main\" {\n"
               "  manage_default_resource_id = oke_vcn.main.default_dhcp_options_id\n"
               "\n"
               "  options {\n"
               "    type        = \"DomainNameServer\"\n"
               "    server_type = \"VcnLocalPlusInternet\"\n"
               "  }\n"
               "}\n",
};
