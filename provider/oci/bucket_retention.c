#include "provider/oci/bucket_retention.h"

#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/engine/same.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const char *const time_units[] = {"DAYS", "YEARS", NULL};

static const struct attribute duration_fields[] = {
    {.name = "time_amount",
     .flags = REQUIRED,
     .json_kind = JSON_INTEGER_TEXT,
     .validate = validate_integer_text,
     .doc = "How many.",
     .sample = "\"30\""},
    {.name = "time_unit",
     .flags = REQUIRED,
     .one_of = time_units,
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`DAYS` or `YEARS`.",
     .sample = "\"DAYS\""},
    ATTRIBUTES_END,
};

const struct attribute retention_rule_fields[] = {
    {.name = "display_name",
     .flags = REQUIRED | KEY,
     .doc = "Name, unique in the bucket.",
     .sample = "\"keep\""},
    ATTRIBUTE_BLOCK("duration", OPTIONAL, duration_fields,
                    "How long objects are kept; without it for ever."),
    {.name = "time_rule_locked",
     .flags = OPTIONAL,
     .equal = equal_time,
     .validate = validate_rfc3339,
     .doc = "When the rule is locked (RFC 3339, at least 14 days ahead). Then it can only be "
            "prolonged, and keeps the bucket from being destroyed."},
    {.name = "retention_rule_id", .flags = COMPUTED, .json = "id", .doc = "Its id."},
    ATTRIBUTE_TOLD("time_created", "When it was made (RFC 3339)."),
    ATTRIBUTE_TOLD("time_modified", "When it was last changed (RFC 3339)."),
    ATTRIBUTES_END,
};

static const struct attribute rules_attribute = {.name = "retention_rules",
                                                 .kind = ATTRIBUTE_OBJECT_LIST,
                                                 .flags = OPTIONAL,
                                                 .fields = retention_rule_fields};

static const char *collection(struct api_call *call, struct error *err)
{
    const char *item = api_item_path(call, err);
    return item ? arena_printf(call->op->arena, "%s/retentionRules", item) : NULL;
}

static bool list_rules(struct api_call *call, json_t **rules, struct error *err)
{
    const char *path = collection(call, err);
    return path && api_get_list(call->op, call->api->service, "ListRetentionRules", path, NULL, 0,
                                rules, err);
}

bool bucket_add_rules(struct api_call *call, json_t *object, struct error *err)
{
    json_t *rules = NULL;
    if (!list_rules(call, &rules, err))
        return false;
    json_object_set_new(object, "retentionRules", rules);
    return true;
}

/* One request about a rule; id NULL: a new one. */
static bool send(struct api_call *call, const char *operation, const char *method, const char *id,
                 json_t *body, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    const char *all = collection(call, err);
    const char *one = id && all ? oci_path(call->op->arena, err, "/%s", id) : "";
    if (!all || !one)
        return false;
    struct oci_request request = {.operation = operation,
                                  .method = method,
                                  .path = arena_printf(call->op->arena, "%s%s", all, one),
                                  .body = body};
    return api_send(call, &request, NULL, &response, err);
}

static const json_t *find_rule(const json_t *rules, const char *name)
{
    size_t index;
    json_t *rule;
    json_array_foreach(rules, index, rule)
    {
        if (text_equal(json_get_text(rule, "displayName"), name))
            return rule;
    }
    return NULL;
}

static bool is_planned(const struct value *planned, const char *name)
{
    for (size_t i = 0; i < value_count(planned); i++)
        if (text_equal(value_text(value_get(value_item(planned, i), "display_name")), name))
            return true;
    return false;
}

static bool put_rule(struct api_call *call, const struct value *planned, const json_t *present,
                     struct error *err)
{
    struct arena *arena = call->op->arena;
    const struct value *there = json_body_to_value(arena, retention_rule_fields, present);
    if (present &&
        same_read(&rules_attribute, value_list(arena, &planned, 1), value_list(arena, &there, 1)))
        return true;
    JSON_AUTO body =
        json_body_from_value(arena, retention_rule_fields, BODY_CREATE, NULL, planned, planned);
    return present
               ? send(call, "UpdateRetentionRule", "PUT", json_get_text(present, "id"), body, err)
               : send(call, "CreateRetentionRule", "POST", NULL, body, err);
}

bool bucket_remove_rules(struct api_call *call, const struct api_action *action, struct error *err)
{
    JSON_AUTO rules = NULL;
    const struct value *planned = value_get(call->planned, action->attribute);
    if (!list_rules(call, &rules, err))
        return false;
    size_t index;
    json_t *rule;
    json_array_foreach(rules, index, rule)
    {
        if (!is_planned(planned, json_get_text(rule, "displayName")) &&
            !send(call, "DeleteRetentionRule", "DELETE", json_get_text(rule, "id"), NULL, err))
            return false;
    }
    return true;
}

bool bucket_put_rules(struct api_call *call, const struct api_action *action, struct error *err)
{
    JSON_AUTO rules = NULL;
    const struct value *planned = value_get(call->planned, action->attribute);
    if (!list_rules(call, &rules, err))
        return false;
    for (size_t i = 0; i < value_count(planned); i++) {
        const struct value *one = value_item(planned, i);
        const json_t *present = find_rule(rules, value_text(value_get(one, "display_name")));
        if (!put_rule(call, one, present, err))
            return false;
    }
    return true;
}
