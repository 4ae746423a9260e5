/* Retention rules: while one holds, objects can be neither deleted nor overwritten. */
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "acceptance/cloud/objectstorage/retention.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { RULES = 100 };

static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

/* --- what they hold ------------------------------------------------------------------------------ */

/* Without a duration: as long as the rule is there. */
static bool rule_holds(const struct object *rule, int64_t created_ms, int64_t now_ms)
{
    const json_t *duration = json_object_get(rule->body, "duration");
    int64_t unit = text_equal(json_get_text(duration, "timeUnit"), "YEARS") ? 365 * day_ms : day_ms;
    return !duration || now_ms < created_ms + json_get_integer(duration, "timeAmount", 0) * unit;
}

bool retention_check(struct call *call, const struct object *bucket, const struct object *object)
{
    int64_t created_ms = 0;
    if (!object || object_is_marker(object))
        return true;
    clock_parse_rfc3339(object_text(object, "timeCreated"), &created_ms);
    for (const struct object *rule = store_first(call->store, &kind_retention_rule); rule;
         rule = store_next(call->store, rule))
        if (text_equal(json_get_text(rule->hidden, "bucket"), bucket->id) &&
            rule_holds(rule, created_ms, call->now_ms))
            return call_fail(call, 409, "ObjectLockedByRetentionRule",
                             "The object '%s' is kept by the retention rule '%s' of the bucket",
                             object_text(object, "name"), object_name(rule));
    return true;
}

/* --- the rules ----------------------------------------------------------------------------------- */

static bool locked(const struct call *call, const json_t *rule)
{
    int64_t time_ms;
    const char *time = json_get_text(rule, "timeRuleLocked");
    return time && clock_parse_rfc3339(time, &time_ms) && time_ms <= call->now_ms;
}

static bool check_lock_time(struct call *call, const json_t *details)
{
    int64_t time_ms;
    const char *time = json_get_text(details, "timeRuleLocked");
    if (!time)
        return true;
    if (!json_object_get(details, "duration"))
        return call_invalid(call, "timeRuleLocked: only a rule with a duration can be locked");
    return (clock_parse_rfc3339(time, &time_ms) && time_ms >= call->now_ms + 14 * day_ms) ||
           call_invalid(call, "timeRuleLocked must be at least 14 days ahead");
}

static struct object *rule_target(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    const char *id = call->path_values[2];
    struct object *rule = bucket ? store_find(call->store, &kind_retention_rule, id) : NULL;
    if (rule && text_equal(json_get_text(rule->hidden, "bucket"), bucket->id))
        return rule;
    if (bucket)
        call_fail(call, 404, "RetentionRuleNotFound", "The bucket '%s' has no retention rule %s",
                  object_name(bucket), id);
    return NULL;
}

static int count_of(const struct call *call, const struct object *bucket)
{
    int count = 0;
    for (const struct object *rule = store_first(call->store, &kind_retention_rule); rule;
         rule = store_next(call->store, rule))
        count += text_equal(json_get_text(rule->hidden, "bucket"), bucket->id);
    return count;
}

bool os_create_retention_rule(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    STR_AUTO id = STR_INIT;
    if (!bucket || !check_lock_time(call, call->body))
        return false;
    if (!text_equal(object_text(bucket, "versioning"), "Disabled"))
        return call_fail(call, 409, "RetentionRuleConflict",
                         "A bucket with versioning cannot have retention rules");
    if (count_of(call, bucket) >= RULES)
        return call_fail(call, 400, "LimitExceeded", "A bucket has at most %d retention rules",
                         RULES);
    random_base32(&id, 32);
    struct object *rule = change_add(call->change, &kind_retention_rule, str_text(&id));
    json_object_update(rule->body, call->body);
    json_set_text(rule->body, "id", rule->id);
    if (!object_name(rule))
        json_set_text(rule->body, "displayName",
                      arena_printf(call->arena, "RetentionRule%s", call_time(call)));
    json_set_text(rule->body, "timeCreated", call_time(call));
    json_set_text(rule->body, "timeModified", call_time(call));
    json_set_text(rule->hidden, "bucket", bucket->id);
    return call_reply_object(call, 200, rule);
}

bool os_list_retention_rules(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    if (!bucket)
        return false;
    json_t *list = json_array();
    for (const struct object *rule = store_first(call->store, &kind_retention_rule); rule;
         rule = store_next(call->store, rule))
        if (text_equal(json_get_text(rule->hidden, "bucket"), bucket->id))
            json_array_append_new(list, call_view(call, rule));
    return crud_reply_page(call, list);
}

bool os_get_retention_rule(struct call *call)
{
    const struct object *rule = rule_target(call);
    return rule && call_reply_object(call, 200, rule);
}

static bool check_rule(struct call *call, const struct object *rule)
{
    return !locked(call, rule->body) ||
           call_fail(call, 409, "RetentionRuleLocked", "The retention rule %s is locked", rule->id);
}

/* All members are replaced; only displayName is kept when left out. */
bool os_update_retention_rule(struct call *call)
{
    static const char *const members[] = {"duration", "timeRuleLocked"};
    struct object *rule = rule_target(call);
    if (!rule || !call_if_match(call, rule) || !check_rule(call, rule) ||
        !check_lock_time(call, call->body))
        return false;
    change_edit(call->change, rule);
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
        json_object_del(rule->body, members[i]);
    json_object_update(rule->body, call->body);
    json_set_text(rule->body, "timeModified", call_time(call));
    return call_reply_object(call, 200, rule);
}

bool os_delete_retention_rule(struct call *call)
{
    struct object *rule = rule_target(call);
    if (!rule || !call_if_match(call, rule) || !check_rule(call, rule))
        return false;
    change_remove(call->change, rule);
    return call_reply(call, 204, NULL);
}

static void view(struct call *call, const struct object *rule, json_t *copy)
{
    (void)call;
    json_set_text(copy, "etag", rule->etag);
}

const struct kind kind_retention_rule = {
    .type = "retentionrule",
    .title = "Retention rule",
    .internal = true,
    .view = view,
};
