#include "provider/oci/validate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/oci/ocid.h"
#include "provider/oci/kubernetes.h"

enum {
    MAX_DNS_LABEL = 15,
    MAX_FREEFORM_TAGS = 10,
    MAX_DEFINED_TAGS = 64,
    MAX_TAG_KEY = 100,
    MAX_TAG_VALUE = 256
};

/* Tells in *why what is wrong with a text, in words that follow the text; true when nothing is. */
typedef bool check_text(const struct attribute *attribute, const char *text, struct str *why);

static void check_one(const struct attribute *attribute, const struct value *value,
                      const struct path *path, struct diagnostics *diagnostics, check_text *check)
{
    STR_AUTO why = STR_INIT;
    const char *text = value_text(value);
    if (!text || check(attribute, text, &why))
        return;
    if (attribute->flags & (SENSITIVE | WRITE_ONLY))
        text = "(sensitive)";
    diagnostics_error(diagnostics, path, "Invalid value", "%s: \"%.200s\" %s.", attribute->name,
                      text, str_text(&why));
}

static void check_each(const struct attribute *attribute, const struct value *value,
                       const struct path *path, struct diagnostics *diagnostics,
                       struct arena *arena, check_text *check)
{
    bool list = attribute->kind == ATTRIBUTE_STRING_LIST;
    if (value->kind == VALUE_LIST)
        for (size_t i = 0; i < value_count(value); i++)
            check_one(attribute, value_item(value, i),
                      list ? path_index(arena, path, (int64_t)i) : path, diagnostics, check);
    else if (value->kind == VALUE_MAP)
        for (size_t i = 0; i < value_count(value); i++)
            check_one(attribute, value->map.entries[i].value,
                      path_key(arena, path, value->map.entries[i].key.ptr), diagnostics, check);
    else
        check_one(attribute, value, path, diagnostics, check);
}

#define VALIDATOR(name)                                                                            \
    void validate_##name(const struct attribute *attribute, const struct value *value,             \
                         const struct path *path, struct diagnostics *diagnostics,                 \
                         struct arena *arena)                                                      \
    {                                                                                              \
        check_each(attribute, value, path, diagnostics, arena, check_##name);                      \
    }

static bool only(const char *text, const char *more)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(more, *text))
            return false;
    return true;
}

static bool digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* --- OCIDs -------------------------------------------------------------------------------------- */

/* The words of a list with "a", "an" and commas: "a subnet or a VNIC" would need grammar. */
static void append_kinds(struct str *out, const char *kinds)
{
    bool found;
    struct slice kind, rest = slice_from(kinds);
    for (bool first = true; rest.length; first = false) {
        rest = slice_cut(rest, ' ', &kind, &found);
        str_append(out, first ? "" : rest.length ? ", " : " or ");
        str_append_slice(out, kind);
    }
}

static bool is_of_kind(struct slice type, const char *kinds)
{
    bool found;
    struct slice kind, rest = slice_from(kinds);
    while (rest.length) {
        rest = slice_cut(rest, ' ', &kind, &found);
        if (slice_equal(kind, type))
            return true;
    }
    return false;
}

static bool check_ocid(const struct attribute *attribute, const char *text, struct str *why)
{
    ERROR_AUTO(err);
    struct ocid ocid;
    const char *kinds = attribute->validate_with;
    if (!ocid_parse(text, &ocid, &err)) {
        str_append(why, "is no OCID; expected is one");
        if (kinds) {
            str_append(why, " of type ");
            append_kinds(why, kinds);
        }
        str_append(why, ": ocid1.<type>.<realm>.[region].<unique>");
        return false;
    }
    if (!kinds || is_of_kind(ocid.type, kinds))
        return true;
    str_printf(why, "is the OCID of a %.*s; expected is one of type ", (int)ocid.type.length,
               ocid.type.ptr);
    append_kinds(why, kinds);
    return false;
}
VALIDATOR(ocid)

/* --- addresses ---------------------------------------------------------------------------------- */

static bool check_cidr_of(const char *text, int family, struct str *why)
{
    struct cidr cidr;
    if (!cidr_parse(text, &cidr) || (family && cidr.family != family)) {
        str_printf(why, "is no %sCIDR block, like %s",
                   family == 6   ? "IPv6 "
                   : family == 4 ? "IPv4 "
                                 : "",
                   family == 6 ? "2001:db8::/56" : "10.0.0.0/16");
        return false;
    }
    if (!cidr_has_host_bits(&cidr))
        return true;
    struct cidr network = cidr;
    cidr_clear_host_bits(&network);
    str_append(why, "has bits set beyond its prefix; the block is ");
    cidr_print(&network, why);
    return false;
}

static bool check_cidr(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    return check_cidr_of(text, 0, why);
}
VALIDATOR(cidr)

static bool check_ipv4_cidr(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    return check_cidr_of(text, 4, why);
}
VALIDATOR(ipv4_cidr)

static bool check_ipv6_cidr(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    return check_cidr_of(text, 6, why);
}
VALIDATOR(ipv6_cidr)

static bool check_network_cidr(const struct attribute *attribute, const char *text, struct str *why)
{
    struct cidr cidr;
    if (!check_ipv4_cidr(attribute, text, why))
        return false;
    cidr_parse(text, &cidr);
    if (cidr.prefix >= 16 && cidr.prefix <= 30)
        return true;
    str_printf(why, "has the prefix /%d; networks may have /16 to /30", cidr.prefix);
    return false;
}
VALIDATOR(network_cidr)

static bool check_ip_address(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    if (ip_parse(text, &(struct cidr){0}))
        return true;
    str_append(why, "is no IP address");
    return false;
}
VALIDATOR(ip_address)

/* --- names -------------------------------------------------------------------------------------- */

static bool check_dns_label(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    if (isalpha((unsigned char)*text) && only(text, "") && strlen(text) <= MAX_DNS_LABEL)
        return true;
    str_printf(why, "is no DNS label: a letter, then letters and digits, at most %d in all",
               MAX_DNS_LABEL);
    return false;
}
VALIDATOR(dns_label)

static bool check_name(const struct attribute *attribute, const char *text, struct str *why)
{
    const char *more = attribute->validate_with ? attribute->validate_with : "";
    if (*text && only(text, more))
        return true;
    str_printf(why, "may have letters and digits%s", *more ? ", and the characters " : " only");
    for (const char *c = more; *c; c++)
        str_printf(why, "%s%c", c > more ? " " : "", *c);
    return false;
}
VALIDATOR(name)

static bool check_availability_domain(const struct attribute *attribute, const char *text,
                                      struct str *why)
{
    (void)attribute;
    const char *colon = strchr(text, ':'), *ad = strstr(text, "-AD-");
    if (colon && colon > text && ad && ad > colon + 1 && digits(ad + 4))
        return true;
    str_append(why, "is no availability domain, like Uocm:PHX-AD-1; the data source "
                    "oke_availability_domains lists them");
    return false;
}
VALIDATOR(availability_domain)

static bool check_fault_domain(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    if (text_starts_with(text, "FAULT-DOMAIN-") && digits(text + strlen("FAULT-DOMAIN-")))
        return true;
    str_append(why, "is no fault domain, like FAULT-DOMAIN-1");
    return false;
}
VALIDATOR(fault_domain)

static bool check_fingerprint(const struct attribute *attribute, const char *text, struct str *why)
{
    enum { PAIRS = 16 };
    (void)attribute;
    int pair = 0;
    while (pair < PAIRS && isxdigit((unsigned char)text[0]) && isxdigit((unsigned char)text[1]) &&
           text[2] == (++pair < PAIRS ? ':' : '\0'))
        text += 2 + (pair < PAIRS);
    if (pair == PAIRS && !*text)
        return true;
    str_printf(why, "is no fingerprint: %d pairs of hexadecimal digits with colons between them",
               PAIRS);
    return false;
}
VALIDATOR(fingerprint)

/* --- versions, times, numbers ------------------------------------------------------------------- */

static bool check_kubernetes_version(const struct attribute *attribute, const char *text,
                                     struct str *why)
{
    (void)attribute;
    struct kubernetes_version version;
    if (kubernetes_version_parse(text, &version))
        return true;
    str_append(why, "is no Kubernetes version, like v1.34.2; the data source oke_cluster_option "
                    "lists those that OKE offers");
    return false;
}
VALIDATOR(kubernetes_version)

static bool check_rfc3339(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    int64_t time;
    if (clock_parse_rfc3339(text, &time))
        return true;
    str_append(why, "is no time in the form of RFC 3339, like 2026-06-02T10:20:30Z");
    return false;
}
VALIDATOR(rfc3339)

static bool check_date(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    int64_t time;
    STR_AUTO midnight = STR_INIT;
    str_printf(&midnight, "%sT00:00:00Z", text);
    if (clock_parse_rfc3339(str_text(&midnight), &time))
        return true;
    str_append(why, "is no date, like 2026-06-02");
    return false;
}
VALIDATOR(date)

/* Reads "<digits><unit>" for units in order; *text moves on. True when there was at least one. */
static bool take_units(const char **text, const char *units)
{
    bool any = false;
    for (; *units; units++) {
        size_t length = strspn(*text, "0123456789");
        if (length && (*text)[length] == *units) {
            *text += length + 1;
            any = true;
        }
    }
    return any;
}

static bool check_iso_duration(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    const char *rest = text;
    bool good = *rest == 'P';
    if (good) {
        rest++;
        bool date = take_units(&rest, "YMWD"), time = false;
        if (*rest == 'T') {
            rest++;
            time = take_units(&rest, "HMS");
            good = time;
        }
        good = good && (date || time) && !*rest;
    }
    if (!good)
        str_append(why, "is no duration in the form of ISO 8601, like PT60M or P5D");
    return good;
}
VALIDATOR(iso_duration)

static bool check_integer_text(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    if (digits(text) && strlen(text) <= 18)
        return true;
    str_append(why, "is no whole number");
    return false;
}
VALIDATOR(integer_text)

static bool check_count_or_percent(const struct attribute *attribute, const char *text,
                                   struct str *why)
{
    (void)attribute;
    size_t length = strspn(text, "0123456789");
    if (length && length <= 9 && (!text[length] || strcmp(text + length, "%") == 0))
        return true;
    str_append(why, "is neither a whole number nor a percentage, like 1 or 25%");
    return false;
}
VALIDATOR(count_or_percent)

/* --- documents ---------------------------------------------------------------------------------- */

static bool check_json(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    ERROR_AUTO(err);
    JSON_AUTO json = json_parse(text, strlen(text), &err);
    if (!json)
        str_printf(why, "is no JSON: %s", error_message(&err));
    return json != NULL;
}
VALIDATOR(json)

static bool check_base64(const struct attribute *attribute, const char *text, struct str *why)
{
    (void)attribute;
    STR_AUTO bytes = STR_INIT;
    if (base64_decode(text, strlen(text), &bytes))
        return true;
    str_append(why, "is no base64; the function base64encode() makes it");
    return false;
}
VALIDATOR(base64)

/* --- tags --------------------------------------------------------------------------------------- */

static void check_tag(const struct value_entry *entry, const struct path *path,
                      struct diagnostics *diagnostics)
{
    const char *value = value_text(entry->value);
    if (entry->key.length == 0 || entry->key.length > MAX_TAG_KEY)
        diagnostics_error(diagnostics, path, "Invalid tag",
                          "Tag keys have 1 to %d characters, \"%.120s\" has %zu.", MAX_TAG_KEY,
                          entry->key.ptr, entry->key.length);
    if (value && strlen(value) > MAX_TAG_VALUE)
        diagnostics_error(diagnostics, path, "Invalid tag",
                          "Tag values have at most %d characters, that of \"%s\" has %zu.",
                          MAX_TAG_VALUE, entry->key.ptr, strlen(value));
}

static void check_tags(const struct value *value, size_t most, const struct path *path,
                       struct diagnostics *diagnostics, struct arena *arena)
{
    if (value_count(value) > most)
        diagnostics_error(diagnostics, path, "Too many tags",
                          "An object may have %zu tags of this kind, not %zu.", most,
                          value_count(value));
    for (size_t i = 0; i < value_count(value); i++)
        check_tag(&value->map.entries[i], path_key(arena, path, value->map.entries[i].key.ptr),
                  diagnostics);
}

void validate_freeform_tags(const struct attribute *attribute, const struct value *value,
                            const struct path *path, struct diagnostics *diagnostics,
                            struct arena *arena)
{
    (void)attribute;
    check_tags(value, MAX_FREEFORM_TAGS, path, diagnostics, arena);
}

void validate_defined_tags(const struct attribute *attribute, const struct value *value,
                           const struct path *path, struct diagnostics *diagnostics,
                           struct arena *arena)
{
    (void)attribute;
    check_tags(value, MAX_DEFINED_TAGS, path, diagnostics, arena);
    for (size_t i = 0; i < value_count(value); i++) {
        const char *key = value->map.entries[i].key.ptr, *dot = strchr(key, '.');
        if (!dot || dot == key || !dot[1])
            diagnostics_error(diagnostics, path_key(arena, path, key), "Invalid tag",
                              "The key of a defined tag is \"namespace.key\", not \"%s\".", key);
    }
}

/* --- equality ----------------------------------------------------------------------------------- */

bool equal_any_case(const struct value *a, const struct value *b)
{
    return text_equal_nocase(value_text(a), value_text(b));
}

bool equal_cidr(const struct value *a, const struct value *b)
{
    struct cidr left, right;
    return cidr_parse(value_text(a), &left) && cidr_parse(value_text(b), &right) &&
           cidr_equal(&left, &right);
}

bool equal_ip_address(const struct value *a, const struct value *b)
{
    struct cidr left, right;
    return ip_parse(value_text(a), &left) && ip_parse(value_text(b), &right) &&
           cidr_equal(&left, &right);
}

bool equal_defined_tags(const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < value_count(a); i++) {
        const struct value_entry *entry = &a->map.entries[i];
        bool found = false;
        for (size_t j = 0; j < value_count(b) && !found; j++)
            found = text_equal_nocase(entry->key.ptr, b->map.entries[j].key.ptr) &&
                    value_equal(NULL, entry->value, b->map.entries[j].value);
        if (!found)
            return false;
    }
    return value_count(a) == value_count(b);
}

bool equal_time(const struct value *a, const struct value *b)
{
    int64_t left, right;
    return value_text(a) && value_text(b) && clock_parse_rfc3339(value_text(a), &left) &&
           clock_parse_rfc3339(value_text(b), &right) && left == right;
}

bool equal_date(const struct value *a, const struct value *b)
{
    enum { DAY = 10 }; /* characters of "2026-06-02" */
    const char *left = value_text(a), *right = value_text(b);
    return left && right && strlen(left) >= DAY && strncmp(left, right, DAY) == 0;
}

/* Months, whose length varies, apart from seconds. */
static bool duration_parse(const char *text, int64_t *months, int64_t *seconds)
{
    static const struct {
        char unit;
        bool time;
        int64_t months, seconds;
    } units[] = {
        {'Y', false, 12, 0},  {'M', false, 1, 0}, {'W', false, 0, 604800}, {'D', false, 0, 86400},
        {'H', true, 0, 3600}, {'M', true, 0, 60}, {'S', true, 0, 1},
    };
    bool time = false;
    *months = *seconds = 0;
    if (!text || *text++ != 'P')
        return false;
    while (*text) {
        if (*text == 'T') {
            time = true;
            text++;
            continue;
        }
        char *unit;
        long count = strtol(text, &unit, 10);
        size_t i = 0;
        while (i < ARRAY_LENGTH(units) && (units[i].unit != *unit || units[i].time != time))
            i++;
        if (unit == text || count < 0 || count > INT32_MAX || i == ARRAY_LENGTH(units))
            return false;
        *months += count * units[i].months;
        *seconds += count * units[i].seconds;
        text = unit + 1;
    }
    return true;
}

bool duration_seconds(const char *text, int64_t *seconds)
{
    int64_t months;
    return duration_parse(text, &months, seconds) && months == 0;
}

bool equal_duration(const struct value *a, const struct value *b)
{
    int64_t months[2], seconds[2];
    return duration_parse(value_text(a), &months[0], &seconds[0]) &&
           duration_parse(value_text(b), &months[1], &seconds[1]) && months[0] == months[1] &&
           seconds[0] == seconds[1];
}

bool equal_json(const struct value *a, const struct value *b)
{
    ERROR_AUTO(err);
    const char *left_text = value_text(a), *right_text = value_text(b);
    if (!left_text || !right_text)
        return false;
    JSON_AUTO left = json_parse(left_text, strlen(left_text), &err);
    JSON_AUTO right = left ? json_parse(right_text, strlen(right_text), &err) : NULL;
    return left && right && json_equal(left, right);
}

bool equal_trimmed(const struct value *a, const struct value *b)
{
    return value_text(a) && value_text(b) &&
           slice_equal(slice_trim(slice_from(value_text(a))),
                       slice_trim(slice_from(value_text(b))));
}
