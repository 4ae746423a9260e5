#include "provider/oci/plan_checks.h"

#include "provider/engine/same.h"
#include "provider/oci/ops.h"

/* Compares the members that replace, are written now and that the state does not tell. Without remote:
 * whether there are any. */
static bool differs(const struct attribute *table, const struct value *prior,
                    const struct value *planned, const struct value *remote)
{
    for (; table->name; table++) {
        const struct value *before = value_get(prior, table->name);
        const struct value *after = value_get(planned, table->name);
        const struct value *there = remote ? value_get(remote, table->name) : NULL;
        if (value_is_null(after) || value_is_unknown(after))
            continue;
        if (table->flags & REPLACE && table->flags & COMPUTED && value_is_null(before)) {
            if (!remote || !same_planned(table, after, there))
                return true;
        } else if (table->flags & SINGLE &&
                   differs(table->fields, value_item(before, 0), value_item(after, 0),
                           remote ? value_item(there, 0) : NULL)) {
            return true;
        }
    }
    return false;
}

void plan_ask_oci(struct operation *op, struct plan *plan, const char *attribute)
{
    const struct attribute *holder = attribute_find(plan->resource->attributes, attribute);
    const struct value *prior = value_item(value_get(plan->prior, attribute), 0);
    const struct value *planned = value_item(value_get(plan->planned, attribute), 0);
    if (value_is_null(prior) || !differs(holder->fields, prior, planned, NULL))
        return;
    ERROR_AUTO(err);
    json_t *object = NULL;
    struct api_call call = api_call_begin(op, API_READ, plan->prior, NULL, NULL);
    const struct value *remote =
        api_fetch(&call, &object, &err) && object ? api_to_state(&call, object, &err) : NULL;
    json_decref(object);
    if (!remote)
        diagnostics_warning(plan->diagnostics, path_attribute(plan->arena, NULL, attribute),
                            "Cannot tell whether this is a change",
                            "The state does not hold what is configured now, and OCI did not tell "
                            "it: %s. It is taken for no change.",
                            error_is_set(&err) ? error_message(&err) : "there is no such object");
    else if (differs(holder->fields, prior, planned, value_item(value_get(remote, attribute), 0)))
        plan_require_replace(plan, attribute);
}
