#include "provider/oci/node_pool_placement.h"

static const char *domain_of(const json_t *config)
{
    const char *name = json_string_value(json_object_get(config, "availabilityDomain"));
    return name ? name : "?";
}

static size_t places_in(const json_t *config)
{
    size_t fault_domains = json_array_size(json_object_get(config, "faultDomains"));
    return fault_domains > 1 ? fault_domains : 1;
}

json_t *placement_narrowed(const json_t *placement_configs, size_t index, struct str *name)
{
    size_t total = 0, i;
    json_t *config;
    json_array_foreach(placement_configs, i, config) total += places_in(config);
    if (total < 2 || index >= total)
        return NULL;
    for (i = 0; index >= places_in(json_array_get(placement_configs, i)); i++)
        index -= places_in(json_array_get(placement_configs, i));
    config = json_deep_copy(json_array_get(placement_configs, i));
    str_append(name, domain_of(config));
    if (places_in(config) > 1) {
        json_t *fault_domain = json_array_get(json_object_get(config, "faultDomains"), index);
        str_printf(name, ", %s", json_string_value(fault_domain));
        json_object_set_new(config, "faultDomains", json_pack("[O]", fault_domain));
    }
    return json_pack("[o]", config);
}

void placement_print(const json_t *placement_configs, struct str *out)
{
    size_t i;
    json_t *config;
    json_array_foreach(placement_configs, i, config)
        str_printf(out, "%s%s", i ? ", " : "", domain_of(config));
}
