#include "provider/oci/database.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/diagnostics.h"
#include "provider/oci/ops_internal.h"

bool database_is_stopped(const char *state)
{
    return text_equal(state, "STOPPED") || text_equal(state, "STOPPING") ||
           text_equal(state, "INACTIVE");
}

bool equal_power_state(const struct value *a, const struct value *b)
{
    return database_is_stopped(value_text(a)) == database_is_stopped(value_text(b));
}

bool database_change_power(struct api_call *call, const struct api_action *action,
                           struct error *err)
{
    bool stop = database_is_stopped(value_text(value_get(call->planned, action->attribute)));
    if (stop == database_is_stopped(value_text(value_get(call->prior, action->attribute))))
        return true;
    /* PostgreSQL could start with another size: it wants to be told that it shall not. */
    JSON_AUTO body = !stop && call->api->service == OCI_POSTGRESQL ? json_object() : NULL;
    return api_act(call,
                   arena_printf(call->op->arena, "%s%s", stop ? "Stop" : "Start", call->api->stem),
                   stop ? "/actions/stop" : "/actions/start", body, err);
}

bool database_create(struct operation *op, const struct value *planned, const struct value *config,
                     const struct value **state, struct error *err)
{
    if (!api_create(op, planned, config, state, err))
        return false;
    if (!database_is_stopped(value_text(value_get(planned, "state"))))
        return true;
    struct api_call call = api_call_begin(op, API_UPDATE, *state, planned, config);
    return api_change(&call, state, err);
}

void database_check_password(const struct attribute *attribute, const struct value *value,
                             const struct path *path, struct diagnostics *diagnostics,
                             const struct password_rule *rule)
{
    const char *text = value_text(value);
    bool small = false, capital = false, digit = false, special = !rule->special;
    size_t length = text ? strlen(text) : 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        small |= islower(c) != 0;
        capital |= isupper(c) != 0;
        digit |= isdigit(c) != 0;
        special |= !isalnum(c);
    }
    if (length >= rule->shortest && length <= rule->longest && small && capital && digit &&
        special && !strpbrk(text, rule->forbidden) && !(rule->name && strcasestr(text, rule->name)))
        return;
    diagnostics_error(diagnostics, path, "Invalid password",
                      "%s needs %zu to %zu characters: small and capital letters%s digits%s, none "
                      "of %s%s%s.",
                      attribute->name, rule->shortest, rule->longest, rule->special ? "," : " and",
                      rule->special ? " and others" : "", rule->forbidden,
                      rule->name ? ", and not the name " : "", rule->name ? rule->name : "");
}
