#include "lib/oci/region.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/str.h"

static const struct {
    const char *key, *domain;
} realms[] = {
    {"oc1", "oraclecloud.com"},    {"oc2", "oraclegovcloud.com"}, {"oc3", "oraclegovcloud.com"},
    {"oc4", "oraclegovcloud.uk"},  {"oc8", "oraclecloud8.com"},   {"oc9", "oraclecloud9.com"},
    {"oc10", "oraclecloud10.com"}, {"oc14", "oraclecloud14.com"}, {"oc15", "oraclecloud15.com"},
    {"oc19", "oraclecloud.eu"},    {"oc20", "oraclecloud20.com"}, {"oc21", "oraclecloud21.com"},
    {"oc23", "oraclecloud23.com"}, {"oc24", "oraclecloud24.com"}, {"oc26", "oraclecloud26.com"},
    {"oc29", "oraclecloud29.com"}, {"oc35", "oraclecloud35.com"}, {"oc42", "oraclecloud42.com"},
    {"oc51", "oraclecloud51.com"}, {"oc52", "oraclecloud52.com"},
};

static const struct {
    const char *key, *name, *realm;
} regions[] = {
    {"phx", "us-phoenix-1", "oc1"},      {"iad", "us-ashburn-1", "oc1"},
    {"sjc", "us-sanjose-1", "oc1"},      {"ord", "us-chicago-1", "oc1"},
    {"aga", "us-saltlake-2", "oc1"},     {"dfw", "us-dallas-1", "oc1"},
    {"abl", "us-abilene-1", "oc1"},      {"yyz", "ca-toronto-1", "oc1"},
    {"yul", "ca-montreal-1", "oc1"},     {"gru", "sa-saopaulo-1", "oc1"},
    {"vcp", "sa-vinhedo-1", "oc1"},      {"scl", "sa-santiago-1", "oc1"},
    {"vap", "sa-valparaiso-1", "oc1"},   {"bog", "sa-bogota-1", "oc1"},
    {"qro", "mx-queretaro-1", "oc1"},    {"mty", "mx-monterrey-1", "oc1"},
    {"lhr", "uk-london-1", "oc1"},       {"cwl", "uk-cardiff-1", "oc1"},
    {"fra", "eu-frankfurt-1", "oc1"},    {"ams", "eu-amsterdam-1", "oc1"},
    {"zrh", "eu-zurich-1", "oc1"},       {"mrs", "eu-marseille-1", "oc1"},
    {"cdg", "eu-paris-1", "oc1"},        {"lin", "eu-milan-1", "oc1"},
    {"arn", "eu-stockholm-1", "oc1"},    {"mad", "eu-madrid-1", "oc1"},
    {"mtz", "il-jerusalem-1", "oc1"},    {"jed", "me-jeddah-1", "oc1"},
    {"ruh", "me-riyadh-1", "oc1"},       {"dxb", "me-dubai-1", "oc1"},
    {"auh", "me-abudhabi-1", "oc1"},     {"jnb", "af-johannesburg-1", "oc1"},
    {"bom", "ap-mumbai-1", "oc1"},       {"hyd", "ap-hyderabad-1", "oc1"},
    {"nrt", "ap-tokyo-1", "oc1"},        {"kix", "ap-osaka-1", "oc1"},
    {"icn", "ap-seoul-1", "oc1"},        {"yny", "ap-chuncheon-1", "oc1"},
    {"syd", "ap-sydney-1", "oc1"},       {"mel", "ap-melbourne-1", "oc1"},
    {"sin", "ap-singapore-1", "oc1"},    {"xsp", "ap-singapore-2", "oc1"},
    {"hsg", "ap-batam-1", "oc1"},        {"lfi", "us-langley-1", "oc2"},
    {"luf", "us-luke-1", "oc2"},         {"ric", "us-gov-ashburn-1", "oc3"},
    {"pia", "us-gov-chicago-1", "oc3"},  {"tus", "us-gov-phoenix-1", "oc3"},
    {"ltn", "uk-gov-london-1", "oc4"},   {"brs", "uk-gov-cardiff-1", "oc4"},
    {"nja", "ap-chiyoda-1", "oc8"},      {"ukb", "ap-ibaraki-1", "oc8"},
    {"mct", "me-dcc-muscat-1", "oc9"},   {"wga", "ap-dcc-canberra-1", "oc10"},
    {"bgy", "eu-dcc-milan-1", "oc14"},   {"mxp", "eu-dcc-milan-2", "oc14"},
    {"ork", "eu-dcc-dublin-1", "oc14"},  {"snn", "eu-dcc-dublin-2", "oc14"},
    {"dus", "eu-dcc-rating-1", "oc14"},  {"dtm", "eu-dcc-rating-2", "oc14"},
    {"dac", "ap-dcc-gazipur-1", "oc15"}, {"str", "eu-frankfurt-2", "oc19"},
    {"vll", "eu-madrid-2", "oc19"},      {"beg", "eu-jovanovac-1", "oc20"},
    {"doh", "me-dcc-doha-1", "oc21"},    {"ebb", "us-somerset-1", "oc23"},
    {"ebl", "us-thames-1", "oc23"},      {"avz", "eu-dcc-zurich-1", "oc24"},
    {"avf", "eu-crissier-1", "oc24"},    {"ahu", "me-abudhabi-3", "oc26"},
    {"rba", "me-alain-1", "oc26"},       {"rkt", "me-abudhabi-2", "oc29"},
    {"shj", "me-abudhabi-4", "oc29"},    {"dtz", "ap-seoul-2", "oc35"},
    {"dln", "ap-suwon-1", "oc35"},       {"bno", "ap-chuncheon-2", "oc35"},
};

void oci_region_free(struct oci_region *region)
{
    free(region->name);
    free(region->key);
    free(region->realm);
    free(region->domain);
    *region = (struct oci_region)OCI_REGION_INIT;
}

static void fill(struct oci_region *region, const char *name, const char *key, const char *realm,
                 const char *domain, bool known)
{
    *region = (struct oci_region){mem_strdup(name), mem_strdup(key), mem_strdup(realm),
                                  mem_strdup(domain), known};
}

void oci_region_copy(struct oci_region *to, const struct oci_region *from)
{
    fill(to, from->name, from->key, from->realm, from->domain, from->known);
}

const char *oci_region_name_at(size_t index)
{
    return index < ARRAY_LENGTH(regions) ? regions[index].name : NULL;
}

static const char *realm_domain(const char *realm)
{
    for (size_t i = 0; i < ARRAY_LENGTH(realms); i++)
        if (strcasecmp(realms[i].key, realm) == 0)
            return realms[i].domain;
    return NULL;
}

static bool find_built_in(const char *text, struct oci_region *region)
{
    for (size_t i = 0; i < ARRAY_LENGTH(regions); i++) {
        if (strcasecmp(regions[i].name, text) != 0 && strcasecmp(regions[i].key, text) != 0)
            continue;
        fill(region, regions[i].name, regions[i].key, regions[i].realm,
             realm_domain(regions[i].realm), true);
        return true;
    }
    return false;
}

/* The text becomes part of a host name. */
static bool is_label(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length > OCI_REGION_NAME_LIMIT)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '.' || c == '_';
        if (!good)
            return false;
    }
    return true;
}

/* One metadata object; false when members are missing or unfit. */
static bool read_metadata(const json_t *metadata, struct oci_region *region)
{
    const char *realm = json_get_text(metadata, "realmKey");
    const char *domain = json_get_text(metadata, "realmDomainComponent");
    const char *key = json_get_text(metadata, "regionKey");
    const char *name = json_get_text(metadata, "regionIdentifier");
    if (!realm || !domain || !key || !name || !is_label(domain) || !is_label(name))
        return false;
    fill(region, name, key, realm, domain, true);
    for (char *c = region->key; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return true;
}

bool oci_region_from_metadata(const char *json, struct oci_region *region, struct error *err)
{
    JSON_AUTO metadata = json_parse(json, strlen(json), err);
    if (!metadata)
        return false;
    if (!read_metadata(metadata, region))
        return error_set(err, ERROR_INVALID,
                         "region metadata wants realmKey, realmDomainComponent, regionKey and "
                         "regionIdentifier");
    return true;
}

/* *found tells whether `metadata` describes the region `text`. */
static bool take_if_named(const json_t *metadata, const char *text, struct oci_region *region)
{
    struct oci_region candidate = OCI_REGION_INIT;
    if (!read_metadata(metadata, &candidate))
        return false;
    if (strcasecmp(candidate.name, text) == 0 || strcasecmp(candidate.key, text) == 0) {
        *region = candidate;
        return true;
    }
    oci_region_free(&candidate);
    return false;
}

static bool find_in_environment(const char *text, struct oci_region *region, bool *found,
                                struct error *err)
{
    const char *json = getenv("OCI_REGION_METADATA");
    if (text_empty(json))
        return true;
    JSON_AUTO metadata = json_parse(json, strlen(json), err);
    if (!metadata)
        return error_wrap(err, "read OCI_REGION_METADATA");
    *found = take_if_named(metadata, text, region);
    return true;
}

static bool find_in_file(const char *text, struct oci_region *region, bool *found,
                         struct error *err)
{
    CLEANUP(free_pointer) char *path = file_expand_home("~/.oci/regions-config.json");
    if (!file_exists(path))
        return true;
    STR_AUTO content = STR_INIT;
    if (!file_read(path, OCI_REGION_FILE_LIMIT, &content, err))
        return false;
    JSON_AUTO list = json_parse(str_text(&content), content.length, err);
    if (!list)
        return error_wrap(err, "read %s", path);
    size_t index;
    json_t *metadata;
    json_array_foreach(list, index, metadata)
    {
        *found = take_if_named(metadata, text, region);
        if (*found)
            break;
    }
    return true;
}

static void assume(const char *text, struct oci_region *region)
{
    const char *domain = getenv("OCI_DEFAULT_REALM");
    if (text_empty(domain) || !is_label(domain))
        domain = realms[0].domain;
    fill(region, text, text, "", domain, false);
    for (char *c = region->name; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    LOG(LOG_LEVEL_WARN, "region is not known, its realm is assumed", {"region", text},
        {"domain", domain});
}

bool oci_region_resolve(const char *text, struct oci_region *region, struct error *err)
{
    bool found = false;
    if (text_empty(text))
        return error_set(err, ERROR_INVALID, "no region is set");
    if (!is_label(text))
        return error_set(err, ERROR_INVALID, "\"%.100s\" is no region name", text);
    if (find_built_in(text, region))
        return true;
    if (!find_in_environment(text, region, &found, err))
        return false;
    if (!found && !find_in_file(text, region, &found, err))
        return false;
    if (!found)
        assume(text, region);
    return true;
}
