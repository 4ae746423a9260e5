#include "provider/engine/plan.h"

#include <string.h>

#include "lib/base/log.h"
#include "provider/engine/apply.h"
#include "provider/engine/conformance.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"
#include "provider/engine/same.h"

static const struct value unknown_not_null = {.kind = VALUE_UNKNOWN, .unknown = {.not_null = true}};

/* --- the generic rules -------------------------------------------------------------------------- */

static const struct value *plan_new(const struct plan *plan, const struct attribute *attribute,
                                    const struct value *config)
{
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (!value_is_null(config))
        return config;
    if (attribute->default_value)
        return attribute_default(plan->arena, attribute);
    if (attribute->flags & COMPUTED)
        return strcmp(attribute->name, "id") == 0 ? &unknown_not_null : &value_unknown;
    return &value_null;
}

static const struct value *plan_known(const struct plan *plan, const struct attribute *attribute,
                                      const struct value *config, const struct value *prior)
{
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (value_is_null(config) && attribute->default_value)
        config = attribute_default(plan->arena, attribute);
    else if (value_is_null(config))
        return attribute->flags & COMPUTED ? prior : &value_null;
    return same_planned(attribute, config, prior) ? prior : config;
}

/* What the API may change with any update is not known before it. */
static void forget_volatile(struct plan *plan, const struct layout *layout,
                            const struct value **members)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        if (attribute && attribute->flags & VOLATILE &&
            value_is_null(layout_member(layout, plan->config, i)))
            members[i] = &value_unknown;
    }
    plan->planned = layout_object(plan->arena, layout, members);
}

static void add_replacement(struct plan *plan, const struct path *path)
{
    if (plan->replace_count == plan->replace_capacity) {
        size_t capacity = plan->replace_capacity ? plan->replace_capacity * 2 : 4;
        plan->replace =
            arena_grow(plan->arena, plan->replace, plan->replace_count * sizeof(*plan->replace),
                       capacity * sizeof(*plan->replace));
        plan->replace_capacity = capacity;
    }
    plan->replace[plan->replace_count++] = path;
}

/* Inside objects, a null in the state tells nothing of what the server decided there: whether that
 * differs from what is written now, only the resource can find out. */
static bool is_for_the_resource(const struct attribute *attribute, const struct path *path,
                                const struct value *prior)
{
    return path && attribute->flags & COMPUTED && value_is_null(prior);
}

/* What the API never tells is not known after an import: then the configuration is believed. */
static bool is_adopted(const struct plan *plan, const struct attribute *attribute,
                       const struct value *prior)
{
    return plan->imported && attribute->flags & UNREADABLE && value_is_null(prior);
}

static void collect_replacements(struct plan *plan, const struct layout *layout,
                                 const struct path *path, const struct value *prior,
                                 const struct value *planned);

/* Members of elements that were there before: more or fewer elements are for the list to judge. */
static void collect_from_elements(struct plan *plan, const struct attribute *attribute,
                                  const struct path *path, const struct value *prior,
                                  const struct value *planned)
{
    for (size_t i = 0; i < value_count(prior) && i < value_count(planned); i++)
        if (value_is_known(value_item(planned, i)))
            collect_replacements(plan, layout_of_table(attribute->fields),
                                 path_index(plan->arena, path, (int64_t)i), value_item(prior, i),
                                 value_item(planned, i));
}

static void collect_replacements(struct plan *plan, const struct layout *layout,
                                 const struct path *path, const struct value *prior,
                                 const struct value *planned)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *before = layout_member(layout, prior, i);
        const struct value *after = layout_member(layout, planned, i);
        if (!attribute || !apply_matters(attribute, before, after) ||
            (path && same_planned_field(attribute, after, before)))
            continue;
        const struct path *here = path_attribute(plan->arena, path, attribute->name);
        if (attribute->flags & REPLACE && !is_adopted(plan, attribute, before) &&
            !is_for_the_resource(attribute, path, before))
            add_replacement(plan, here);
        else if (attribute->kind == ATTRIBUTE_OBJECT_LIST)
            collect_from_elements(plan, attribute, here, before, after);
    }
}

void plan_make(struct plan *plan)
{
    const struct layout *layout = layout_of_resource(plan->resource);
    const struct value **members = arena_array(plan->arena, const struct value *, layout->count);
    bool creating = plan_is_create(plan);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *config = layout_member(layout, plan->config, i);
        members[i] =
            !attribute ? config /* timeouts: a block, always as configured */
            : creating ? plan_new(plan, attribute, config)
                       : plan_known(plan, attribute, config, layout_member(layout, plan->prior, i));
    }
    plan->planned = layout_object(plan->arena, layout, members);
    if (creating)
        return;
    if (value_equal(layout->type, plan->prior, plan->planned)) {
        plan->planned = plan->prior;
        return;
    }
    collect_replacements(plan, layout, NULL, plan->prior, plan->planned);
    if (apply_needs_update(plan->resource, plan->prior, plan->planned))
        forget_volatile(plan, layout, members);
}

/* --- what plan hooks use ------------------------------------------------------------------------ */

bool plan_is_create(const struct plan *plan)
{
    return value_is_null(plan->prior);
}

bool plan_changes(const struct plan *plan, const char *name)
{
    const struct attribute *attribute = layout_find(layout_of_resource(plan->resource), name);
    const struct value *planned = value_get(plan->planned, name);
    if (!value_is_wholly_known(planned))
        return true;
    return !value_equal(attribute ? attribute_type(attribute) : NULL, value_get(plan->prior, name),
                        planned);
}

void plan_set(struct plan *plan, const char *name, const struct value *value)
{
    const struct attribute *attribute = layout_find(layout_of_resource(plan->resource), name);
    if (!attribute || !attribute_is_computed(attribute) ||
        !value_is_null(value_get(plan->config, name))) {
        LOG(LOG_LEVEL_ERROR, "a plan hook sets what only the configuration decides",
            {"resource", plan->resource->name}, {"attribute", name});
        return;
    }
    plan->planned = value_with(plan->arena, plan->planned, name, value);
}

void plan_set_unknown(struct plan *plan, const char *attribute)
{
    plan_set(plan, attribute, &value_unknown);
}

void plan_require_replace(struct plan *plan, const char *attribute)
{
    for (size_t i = 0; i < plan->replace_count; i++)
        if (!plan->replace[i]->parent && strcmp(plan->replace[i]->name, attribute) == 0)
            return;
    add_replacement(plan, path_attribute(plan->arena, NULL, attribute));
}

/* --- PlanResourceChange ------------------------------------------------------------------------- */

/* The hook may store something for apply. */
static void run_hook(struct engine *engine, struct plan *plan, struct private_data *private_data)
{
    struct operation op;
    if (!plan->resource->plan ||
        !engine_operation_begin(&op, engine, plan->arena, plan->resource, plan->diagnostics))
        return;
    op.private_in = op.private_out = private_data->resource;
    op.deadline_ms = timeouts_deadline(plan->resource, plan->config, PHASE_READ);
    plan->resource->plan(&op, plan);
    private_data->resource = op.private_out;
    engine_operation_end(&op);
}

void engine_plan(struct engine *engine, struct arena *arena, const struct plan_request *request,
                 struct plan_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, request->type_name, diagnostics);
    if (!resource)
        return;
    const struct type *type = resource_type(resource);
    struct private_data private_data = engine_open_private(request->prior_private);
    struct plan plan = {.resource = resource,
                        .imported = private_data.imported,
                        .prior = engine_decode(arena, type, request->prior, diagnostics),
                        .config = engine_decode(arena, type, request->config, diagnostics),
                        .diagnostics = diagnostics,
                        .arena = arena};
    if (!plan.prior || !plan.config)
        return;
    engine_note_seen(engine, plan.prior);
    response->object.private_bytes = request->prior_private;
    if (value_is_null(plan.config)) { /* destroy: nothing to say against it */
        engine->plans_changes = true;
        response->object.state = engine_encode(arena, type, &value_null);
        return;
    }
    plan_make(&plan);
    run_hook(engine, &plan, &private_data);
    response->object.private_bytes = engine_seal_private(arena, private_data);
    ERROR_AUTO(rule);
    if (!conformance_planned(resource, plan.prior, plan.config, plan.planned, &rule))
        engine_report_rule(engine, resource, &rule, diagnostics);
    if (!value_equal(type, plan.prior, plan.planned))
        engine->plans_changes = true;
    response->object.state = engine_encode(arena, type, plan.planned);
    if (!plan_is_create(&plan) && plan.replace_count == 0)
        response->object.identity = engine_identity_of(arena, resource, plan.prior);
    response->replace = plan.replace;
    response->replace_count = plan.replace_count;
}
