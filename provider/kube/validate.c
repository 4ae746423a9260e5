/* Checks and comparisons that attribute tables of in-cluster resources refer to.
 * Sources: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"
#include "lib/kube/mapper.h"
#include "provider/engine/timeouts.h"
#include "provider/kube/api.h"
#include "provider/value/value_json.h"

enum { LABEL_LENGTH = 63, LABEL_PREFIX_LENGTH = 253 };

void kube_validate_cluster_id(const struct attribute *attribute, const struct value *value,
                              const struct path *path, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    (void)attribute;
    (void)arena;
    const char *text = value_text(value);
    if (text && !text_starts_with(text, "ocid1.cluster."))
        diagnostics_error(diagnostics, path, "Not the OCID of a cluster",
                          "\"%s\" does not begin with \"ocid1.cluster.\".", text);
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* a-z, 0-9, "-" and the characters in `more`, not at the ends. */
static bool is_dns(const char *text, size_t length, size_t most, const char *more)
{
    if (length == 0 || length > most || !is_alphanumeric(text[0]) ||
        !is_alphanumeric(text[length - 1]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric(text[i]) && text[i] != '-' && !strchr(more, text[i]))
            return false;
    return true;
}

void kube_validate_name(const struct attribute *attribute, const struct value *value,
                        const struct path *path, struct diagnostics *diagnostics,
                        struct arena *arena)
{
    (void)attribute;
    (void)arena;
    const char *text = value_text(value);
    if (text && !is_dns(text, strlen(text), KUBE_NAME_LIMIT, "."))
        diagnostics_error(diagnostics, path, "Not a name for an object",
                          "\"%s\": a name is made of lower-case letters, digits, \"-\" and \".\", "
                          "begins and ends with a letter or digit, and has at most %d characters.",
                          text, KUBE_NAME_LIMIT);
}

void kube_validate_label_name(const struct attribute *attribute, const struct value *value,
                              const struct path *path, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    (void)attribute;
    (void)arena;
    const char *text = value_text(value);
    if (text && !is_dns(text, strlen(text), LABEL_LENGTH, ""))
        diagnostics_error(
            diagnostics, path, "Not a DNS label",
            "\"%s\": such a name is made of lower-case letters, digits and \"-\", begins "
            "and ends with a letter or digit, and has at most %d characters.",
            text, LABEL_LENGTH);
}

/* Letters, digits, "-", "_", "."; a letter or digit at both ends. Empty is allowed for values. */
static bool is_label_text(const char *text, size_t length)
{
    if (length > LABEL_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        char lower = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        bool inside = i > 0 && i + 1 < length;
        if (!is_alphanumeric(lower) && !(inside && strchr("-_.", text[i])))
            return false;
    }
    return true;
}

static bool is_label_key(struct slice key)
{
    struct slice prefix = {0};
    bool found;
    struct slice name = slice_cut(key, '/', &prefix, &found);
    if (!found)
        name = key;
    else if (!is_dns(prefix.ptr, prefix.length, LABEL_PREFIX_LENGTH, "."))
        return false;
    return name.length > 0 && is_label_text(name.ptr, name.length);
}

void kube_validate_labels(const struct attribute *attribute, const struct value *value,
                          const struct path *path, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value_entry *entry = &value->map.entries[i];
        const struct path *at =
            path_key(arena, path, arena_strndup(arena, entry->key.ptr, entry->key.length));
        const char *text = value_text(entry->value);
        if (!is_label_key(entry->key))
            diagnostics_error(
                diagnostics, at, "Not a label",
                "\"%.*s\" is no label key: [prefix/]name, with at most %d characters of "
                "letters, digits, \"-\", \"_\" and \".\" in the name.",
                (int)entry->key.length, entry->key.ptr, LABEL_LENGTH);
        else if (text && !is_label_text(text, strlen(text)))
            diagnostics_error(
                diagnostics, at, "Not a label value",
                "\"%s\": a label value has at most %d letters, digits, \"-\", \"_\" and "
                "\".\", with a letter or digit at both ends.",
                text, LABEL_LENGTH);
    }
}

/* --- quantities --------------------------------------------------------------------------------- */

static const struct {
    const char *suffix;
    double factor;
} quantity_units[] = {
    {"", 1},        {"n", 1e-9},    {"u", 1e-6},    {"m", 1e-3},    {"k", 1e3},     {"M", 1e6},
    {"G", 1e9},     {"T", 1e12},    {"P", 1e15},    {"E", 1e18},    {"Ki", 0x1p10}, {"Mi", 0x1p20},
    {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}, {"Ei", 0x1p60},
};

static bool parse_quantity(const char *text, double *amount)
{
    size_t digits = strspn(text + (*text == '-' || *text == '+'), "0123456789.");
    if (!digits || digits > 40)
        return false;
    char *end;
    *amount = strtod(text, &end);
    if (end == text || strpbrk(text, "xXpPnN") == text + 1)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(quantity_units); i++)
        if (strcmp(end, quantity_units[i].suffix) == 0) {
            *amount *= quantity_units[i].factor;
            return isfinite(*amount);
        }
    return false;
}

static void check_quantity(const struct value *value, const struct path *path,
                           struct diagnostics *diagnostics)
{
    double amount;
    const char *text = value_text(value);
    if (text && !parse_quantity(text, &amount))
        diagnostics_error(
            diagnostics, path, "Not a quantity",
            "\"%s\": a quantity is a number with a unit or none, such as \"500m\", \"2\", "
            "\"1.5Gi\" or \"10G\".",
            text);
}

void kube_validate_quantity(const struct attribute *attribute, const struct value *value,
                            const struct path *path, struct diagnostics *diagnostics,
                            struct arena *arena)
{
    if (attribute->kind != ATTRIBUTE_STRING_MAP) {
        check_quantity(value, path, diagnostics);
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value_entry *entry = &value->map.entries[i];
        check_quantity(
            entry->value,
            path_key(arena, path, arena_strndup(arena, entry->key.ptr, entry->key.length)),
            diagnostics);
    }
}

static bool same_quantity(const struct value *a, const struct value *b)
{
    double left, right;
    const char *x = value_text(a), *y = value_text(b);
    if (!x || !y)
        return value_equal(NULL, a, b);
    if (!parse_quantity(x, &left) || !parse_quantity(y, &right))
        return strcmp(x, y) == 0;
    return fabs(left - right) <= 1e-12 * fmax(fabs(left), fabs(right));
}

bool kube_equal_quantity(const struct value *a, const struct value *b)
{
    if (a->kind != VALUE_MAP || b->kind != VALUE_MAP)
        return same_quantity(a, b);
    if (value_count(a) != value_count(b))
        return false;
    for (size_t i = 0; i < value_count(a); i++) {
        const struct value *other = value_find(b, a->map.entries[i].key);
        if (!other || !same_quantity(a->map.entries[i].value, other))
            return false;
    }
    return true;
}

void kube_validate_go_duration(const struct attribute *attribute, const struct value *value,
                               const struct path *path, struct diagnostics *diagnostics,
                               struct arena *arena)
{
    (void)attribute;
    (void)arena;
    int64_t milliseconds;
    const char *text = value_text(value);
    if (text && !timeouts_parse(text, &milliseconds))
        diagnostics_error(diagnostics, path, "Not a duration",
                          "\"%s\": durations are written like \"500ms\", \"30s\" or \"1h30m\".",
                          text);
}

/* --- anything ----------------------------------------------------------------------------------- */

static json_t *json_of(const struct value *value)
{
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(ignored);
    const struct value *inner = value->kind == VALUE_DYNAMIC ? value->dynamic.value : value;
    if (!value_json_encode(NULL, inner, &text, &ignored))
        return NULL;
    json_t *json = json_parse(str_text(&text), text.length, &ignored);
    kube_strip_nulls(json);
    return json;
}

bool kube_equal_dynamic(const struct value *a, const struct value *b)
{
    JSON_AUTO left = json_of(a);
    JSON_AUTO right = json_of(b);
    return left && right && json_equal(left, right);
}

static json_t *document_of(const struct value *text, struct error *err)
{
    return json_parse(text->text.ptr, text->text.length, err);
}

bool kube_equal_json(const struct value *a, const struct value *b)
{
    ERROR_AUTO(err);
    JSON_AUTO left = document_of(a, &err);
    JSON_AUTO right = left ? document_of(b, &err) : NULL;
    return left && right && json_equal(left, right);
}

void kube_validate_json(const struct attribute *attribute, const struct value *value,
                        const struct path *path, struct diagnostics *diagnostics,
                        struct arena *arena)
{
    (void)arena;
    ERROR_AUTO(err);
    JSON_AUTO document = document_of(value, &err);
    if (!document)
        diagnostics_error(diagnostics, path, "Invalid JSON", "%s: %s. jsonencode(…) makes it.",
                          attribute->name, error_message(&err));
}

const struct attribute kube_resources_attributes[] = {
    {.name = "requests",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .equal = kube_equal_quantity,
     .validate = kube_validate_quantity,
     .doc = "What is set aside for it.",
     .sample = "{ cpu = \"250m\", memory = \"512Mi\" }"},
    {.name = "limits",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .equal = kube_equal_quantity,
     .validate = kube_validate_quantity,
     .doc = "The most that it may use."},
    KUBE_ATTRIBUTES_END,
};
