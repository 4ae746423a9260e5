#include "provider/oci/validate.h"

#include <string.h>

#include "lib/base/test.h"

#define OCID(type) "ocid1." type ".oc1.phx.aaaa"

static size_t errors_of(attribute_validate *validate, const char *with, const struct value *value,
                        struct arena *arena, const char **detail)
{
    struct attribute attribute = {
        .name = "it", .validate_with = with, .kind = ATTRIBUTE_STRING_LIST};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    validate(&attribute, value, path_attribute(arena, NULL, "it"), &diagnostics, arena);
    *detail = diagnostics.count ? diagnostics.items[0].detail : "";
    return diagnostics.errors;
}

static const struct {
    attribute_validate *validate;
    const char *with, *text;
    const char *wrong; /* part of the message; NULL: good */
} texts[] = {
    {validate_ocid, NULL, OCID("vcn"), NULL},
    {validate_ocid, "vcn", OCID("vcn"), NULL},
    {validate_ocid, "subnet vcn", OCID("vcn"), NULL},
    {validate_ocid, "compartment tenancy", "ocid1.tenancy.oc1..aaaa", NULL},
    {validate_ocid, "vcn", OCID("subnet"), "is the OCID of a subnet; expected is one of type vcn"},
    {validate_ocid, "a b c", OCID("vcn"), "of type a, b or c"},
    {validate_ocid, "vc", OCID("vcn"), "is the OCID of a vcn"},
    {validate_ocid, "vcn", "web", "\"web\" is no OCID; expected is one of type vcn"},
    {validate_ocid, NULL, "", "is no OCID"},
    {validate_cidr, NULL, "10.0.0.0/16", NULL},
    {validate_cidr, NULL, "0.0.0.0/0", NULL},
    {validate_cidr, NULL, "::/0", NULL},
    {validate_cidr, NULL, "2001:db8::/56", NULL},
    {validate_cidr, NULL, "10.0.0.1/32", NULL},
    {validate_cidr, NULL, "10.0.0.1/16", "the block is 10.0.0.0/16"},
    {validate_cidr, NULL, "2001:db8::1/56", "the block is 2001:db8::/56"},
    {validate_cidr, NULL, "10.0.0.0", "is no CIDR block"},
    {validate_cidr, NULL, "10.0.0.0/33", "is no CIDR block"},
    {validate_cidr, NULL, "10.0.0.0/", "is no CIDR block"},
    {validate_cidr, NULL, "10.0.0.0/08", "is no CIDR block"},
    {validate_cidr, NULL, "010.0.0.0/8", "is no CIDR block"},
    {validate_cidr, NULL, "300.0.0.0/8", "is no CIDR block"},
    {validate_cidr, NULL, "::/129", "is no CIDR block"},
    {validate_ipv4_cidr, NULL, "::/0", "is no IPv4 CIDR block"},
    {validate_ipv6_cidr, NULL, "10.0.0.0/8", "is no IPv6 CIDR block"},
    {validate_network_cidr, NULL, "10.0.0.0/30", NULL},
    {validate_network_cidr, NULL, "10.0.0.0/15", "/16 to /30"},
    {validate_network_cidr, NULL, "10.0.0.0/31", "/16 to /30"},
    {validate_ip_address, NULL, "10.0.0.1", NULL},
    {validate_ip_address, NULL, "::1", NULL},
    {validate_ip_address, NULL, "10.0.0", "is no IP address"},
    {validate_dns_label, NULL, "web1", NULL},
    {validate_dns_label, NULL, "abcdefghijklmno", NULL},
    {validate_dns_label, NULL, "abcdefghijklmnop", "at most 15"},
    {validate_dns_label, NULL, "1web", "is no DNS label"},
    {validate_dns_label, NULL, "my-web", "is no DNS label"},
    {validate_dns_label, NULL, "", "is no DNS label"},
    {validate_name, "._-", "a.b_c-9", NULL},
    {validate_name, "._-", "a b", "letters and digits, and the characters . _ -"},
    {validate_name, NULL, "a.b", "letters and digits only"},
    {validate_availability_domain, NULL, "Uocm:PHX-AD-1", NULL},
    {validate_availability_domain, NULL, "Uocm:EU-FRANKFURT-1-AD-3", NULL},
    {validate_availability_domain, NULL, "PHX-AD-1", "is no availability domain"},
    {validate_availability_domain, NULL, "AD-1", "is no availability domain"},
    {validate_fingerprint, NULL, "20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34", NULL},
    {validate_fingerprint, NULL, "12:34", "is no fingerprint"},
    {validate_fingerprint, NULL,
     "20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34:", "is no fingerprint"},
    {validate_fault_domain, NULL, "FAULT-DOMAIN-3", NULL},
    {validate_fault_domain, NULL, "FAULT-DOMAIN-", "is no fault domain"},
    {validate_kubernetes_version, NULL, "v1.34.2", NULL},
    {validate_kubernetes_version, NULL, "1.34.2", NULL},
    {validate_kubernetes_version, NULL, "v1.34", "is no Kubernetes version"},
    {validate_kubernetes_version, NULL, "v1.34.2-rc", "is no Kubernetes version"},
    {validate_rfc3339, NULL, "2026-06-02T10:20:30Z", NULL},
    {validate_rfc3339, NULL, "2026-06-02T10:20:30.5+02:00", NULL},
    {validate_rfc3339, NULL, "2026-06-02", "RFC 3339"},
    {validate_date, NULL, "2026-06-02", NULL},
    {validate_date, NULL, "2026-13-02", "is no date"},
    {validate_date, NULL, "2.6.2026", "is no date"},
    {validate_iso_duration, NULL, "PT60M", NULL},
    {validate_iso_duration, NULL, "P5D", NULL},
    {validate_iso_duration, NULL, "P1DT2H3M4S", NULL},
    {validate_iso_duration, NULL, "P", "ISO 8601"},
    {validate_iso_duration, NULL, "PT", "ISO 8601"},
    {validate_iso_duration, NULL, "P1DT", "ISO 8601"},
    {validate_iso_duration, NULL, "60m", "ISO 8601"},
    {validate_iso_duration, NULL, "PT5", "ISO 8601"},
    {validate_integer_text, NULL, "50", NULL},
    {validate_integer_text, NULL, "5.5", "is no whole number"},
    {validate_integer_text, NULL, "", "is no whole number"},
    {validate_count_or_percent, NULL, "1", NULL},
    {validate_count_or_percent, NULL, "25%", NULL},
    {validate_count_or_percent, NULL, "%", "percentage"},
    {validate_count_or_percent, NULL, "2%5", "percentage"},
    {validate_json, NULL, "{\"a\":[1]}", NULL},
    {validate_json, NULL, "{a:1}", "is no JSON"},
    {validate_base64, NULL, "aGVsbG8=", NULL},
    {validate_base64, NULL, "#!/bin/sh", "is no base64"},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        ARENA_AUTO arena = arena_new();
        const char *detail;
        size_t errors = errors_of(texts[i].validate, texts[i].with,
                                  value_string(arena, texts[i].text), arena, &detail);
        if (errors != (texts[i].wrong != NULL) ||
            !strstr(detail, texts[i].wrong ? texts[i].wrong : ""))
            fail_msg("\"%s\": %zu errors, \"%s\"", texts[i].text, errors, detail);
    }
}

static void test_each_element_is_checked(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const char *detail;
    const struct value *items[] = {value_string(arena, "10.0.0.0/16"), value_string(arena, "x"),
                                   &value_unknown, value_string(arena, "y")};
    assert_int_equal(errors_of(validate_cidr, NULL, value_list(arena, items, 4), arena, &detail),
                     2);
}

static void test_tags(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const char *detail;
    struct value_entry entries[11];
    for (size_t i = 0; i < 11; i++)
        entries[i] = (struct value_entry){slice_from(arena_printf(arena, "ns.k%zu", i)),
                                          value_string(arena, "v")};
    const struct value *ten = value_map(arena, entries, 10),
                       *eleven = value_map(arena, entries, 11);
    assert_int_equal(errors_of(validate_freeform_tags, NULL, ten, arena, &detail), 0);
    assert_int_equal(errors_of(validate_freeform_tags, NULL, eleven, arena, &detail), 1);
    assert_int_equal(errors_of(validate_defined_tags, NULL, eleven, arena, &detail), 0);
    entries[0].key = slice_from("plain");
    entries[1].key = slice_from(".k");
    entries[2].key = slice_from("ns.");
    const struct value *bad = value_map(arena, entries, 10);
    assert_int_equal(errors_of(validate_defined_tags, NULL, bad, arena, &detail), 3);
}

static const struct {
    attribute_equal *equal;
    const char *a, *b;
    bool same;
} pairs[] = {
    {equal_any_case, "Web", "wEB", true},
    {equal_any_case, "web", "wep", false},
    {equal_cidr, "2001:db8:0::/56", "2001:DB8::/56", true},
    {equal_cidr, "10.0.0.0/16", "10.0.0.0/17", false},
    {equal_cidr, "x", "x", false},
    {equal_ip_address, "0:0::1", "::1", true},
    {equal_ip_address, "10.0.0.1", "10.0.0.2", false},
    {equal_time, "2026-06-02T10:20:30Z", "2026-06-02T12:20:30.000+02:00", true},
    {equal_time, "2026-06-02T10:20:30Z", "2026-06-02T10:20:31Z", false},
    {equal_date, "2026-06-02", "2026-06-02T00:00:00.000Z", true},
    {equal_date, "2026-06-02", "2026-06-03", false},
    {equal_date, "2026", "2026", false},
    {equal_duration, "PT60M", "PT1H", true},
    {equal_duration, "P1W", "P7D", true},
    {equal_duration, "PT1M", "P1M", false},
    {equal_duration, "P1Y", "P12M", true},
    {equal_duration, "PT15M", "PT16M", false},
    {equal_duration, "15M", "15M", false},
    {equal_json, "{\"a\":1,\"b\":2}", "{ \"b\": 2, \"a\": 1 }", true},
    {equal_json, "{\"a\":1}", "{\"a\":2}", false},
    {equal_trimmed, " a\n", "a", true},
    {equal_trimmed, "a b", "ab", false},
};

static void test_equality(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (pairs[i].equal(value_string(arena, pairs[i].a), value_string(arena, pairs[i].b)) !=
            pairs[i].same)
            fail_msg("%s, %s", pairs[i].a, pairs[i].b);
    const struct value *v = value_string(arena, "v"), *w = value_string(arena, "w");
    const struct value *a = value_with(arena, &value_empty_map, "Ops.Cost", v);
    const struct value *b = value_with(arena, &value_empty_map, "ops.cost", v);
    assert_true(equal_defined_tags(a, b));
    assert_false(equal_defined_tags(a, value_with(arena, &value_empty_map, "ops.cost", w)));
    assert_false(equal_defined_tags(a, value_with(arena, b, "ops.more", v)));
}

static void test_blocks(void **state)
{
    (void)state;
    struct cidr vcn, subnet, other;
    assert_true(cidr_parse("10.0.0.0/16", &vcn) && cidr_parse("10.0.3.0/24", &subnet) &&
                cidr_parse("10.1.0.0/24", &other));
    assert_true(cidr_contains(&vcn, &subnet));
    assert_false(cidr_contains(&subnet, &vcn));
    assert_true(cidr_overlap(&subnet, &vcn));
    assert_false(cidr_overlap(&vcn, &other));
    assert_true(cidr_parse("::/0", &other));
    assert_false(cidr_contains(&other, &vcn));
    assert_false(cidr_parse(NULL, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts),
                                       cmocka_unit_test(test_each_element_is_checked),
                                       cmocka_unit_test(test_tags), cmocka_unit_test(test_equality),
                                       cmocka_unit_test(test_blocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
