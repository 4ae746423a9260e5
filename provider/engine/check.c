/* Verifies descriptors: what the compiler cannot see, and what would surprise only much later. */
#include <inttypes.h>
#include <string.h>

#include "provider/engine/engine.h"
#include "provider/engine/same.h"

/* Where a rule is broken, for the message; parents first. */
struct spot {
    const struct spot *parent;
    const char *name;
    unsigned flags; /* of this attribute and those around it */
    bool is_set, within_set;
    bool element_of_set;
    struct error *err;
};

static void print_spot(const struct spot *spot, struct str *out)
{
    if (spot->parent) {
        print_spot(spot->parent, out);
        str_append_char(out, '.');
    }
    str_append(out, spot->name);
}

static bool wrong(const struct spot *spot, const char *why)
{
    STR_AUTO where = STR_INIT;
    print_spot(spot, &where);
    return error_set(spot->err, ERROR_INTERNAL, "descriptor of %s: %s", str_text(&where), why);
}

static bool is_name(const char *name)
{
    return name && *name >= 'a' && *name <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

/* --- flags -------------------------------------------------------------------------------------- */

enum { DECIDED_BY_USER = REQUIRED | OPTIONAL };

/* An attribute with one of `when` needs one of `needs` (0: nothing) and none of `excludes`. */
static const struct flag_rule {
    unsigned when, needs, excludes;
    const char *why;
} flag_rules[] = {
    {REQUIRED, 0, OPTIONAL | COMPUTED, "required excludes optional and computed"},
    {REPLACE, DECIDED_BY_USER, CREATE_ONLY | WRITE_ONLY,
     "what the user does not decide, or nothing remembers, replaces nothing"},
    {WRITE_ONLY, DECIDED_BY_USER, COMPUTED | VOLATILE,
     "a write-only value comes from the user only"},
    {VOLATILE, COMPUTED, 0, "only computed attributes are volatile"},
    {CREATE_ONLY | UPDATE_WHEN_CHANGED, DECIDED_BY_USER, 0,
     "only what the user decides is part of a body"},
    {UNREADABLE, DECIDED_BY_USER, 0, "what nobody decides and nobody reads has no value"},
    {LOCAL, DECIDED_BY_USER, COMPUTED, "a local attribute is the user's alone"},
};

static bool check_flags(const struct spot *spot, const struct attribute *attribute)
{
    unsigned flags = attribute->flags;
    if (!(flags & (REQUIRED | OPTIONAL | COMPUTED)))
        return wrong(spot, "is neither required, optional nor computed");
    for (size_t i = 0; i < ARRAY_LENGTH(flag_rules); i++) {
        const struct flag_rule *rule = &flag_rules[i];
        if (flags & rule->when &&
            ((rule->needs && !(flags & rule->needs)) || flags & rule->excludes))
            return wrong(spot, rule->why);
    }
    if (flags & DEPRECATED && text_empty(attribute->deprecated))
        return wrong(spot, "is deprecated and does not say what to use instead");
    if (flags & WRITE_ONLY && spot->parent->parent)
        return wrong(spot, "Terraform knows write-only attributes at the outermost level only");
    if (flags & SENSITIVE && spot->parent->parent && !(spot->parent->flags & SENSITIVE))
        return wrong(spot, "is secret within an attribute that is not: Terraform would show it");
    if (flags & REPLACE && spot->within_set)
        return wrong(spot, "elements of sets have no address that could force a replacement");
    if (flags & REPLACE && spot->parent->flags & (WRITE_ONLY | LOCAL))
        return wrong(spot, "replaces within what no state or no API sees");
    if (flags & KEY && !spot->parent->parent)
        return wrong(spot, "only members of elements are keys");
    return true;
}

/* --- kinds, limits, defaults -------------------------------------------------------------------- */

static bool is_collection(const struct attribute *attribute)
{
    return attribute->kind >= ATTRIBUTE_STRING_LIST && attribute->kind <= ATTRIBUTE_OBJECT_SET;
}

static bool is_textual(const struct attribute *attribute)
{
    return attribute->kind == ATTRIBUTE_STRING || (is_collection(attribute) && !attribute->fields);
}

static bool is_number(const struct attribute *attribute)
{
    return attribute->kind == ATTRIBUTE_INTEGER || attribute->kind == ATTRIBUTE_NUMBER;
}

static bool check_kind(const struct spot *spot, const struct attribute *attribute)
{
    bool objects =
        attribute->kind == ATTRIBUTE_OBJECT_LIST || attribute->kind == ATTRIBUTE_OBJECT_SET;
    if (objects != (attribute->fields != NULL))
        return wrong(spot, objects ? "has objects without fields" : "has fields but no objects");
    if (attribute->flags & SINGLE && attribute->kind != ATTRIBUTE_OBJECT_LIST)
        return wrong(spot, "only a list of objects is single");
    if (attribute->flags & ANY_ORDER && attribute->kind != ATTRIBUTE_OBJECT_LIST &&
        attribute->kind != ATTRIBUTE_STRING_LIST)
        return wrong(spot, "only lists have an order");
    if (attribute->one_of && !is_textual(attribute))
        return wrong(spot, "has allowed values but no text");
    if ((attribute->min_length || attribute->max_length) && !is_textual(attribute))
        return wrong(spot, "has limits of length but no text");
    if ((attribute->minimum || attribute->maximum) && !is_number(attribute))
        return wrong(spot, "has limits but is no number");
    if ((attribute->min_items || attribute->max_items) && !is_collection(attribute))
        return wrong(spot, "has a number of items but is no collection");
    if (attribute->minimum > attribute->maximum ||
        (attribute->max_items && attribute->min_items > attribute->max_items) ||
        (attribute->max_length && attribute->min_length > attribute->max_length))
        return wrong(spot, "has limits that nothing meets");
    if (attribute->kind == ATTRIBUTE_DYNAMIC && spot->parent->parent)
        return wrong(spot, "elements of one list must be of one type, or Terraform crashes");
    if (attribute->json_kind == JSON_DOCUMENT && attribute->kind != ATTRIBUTE_STRING)
        return wrong(spot, "holds a JSON document but is no text");
    if (attribute->json_kind == JSON_TWO_LEVEL_MAP && attribute->kind != ATTRIBUTE_STRING_MAP)
        return wrong(spot, "has two levels in JSON but is no map");
    return true;
}

static bool is_listed(const struct attribute *attribute, const char *text)
{
    for (const char *const *allowed = attribute->one_of; *allowed; allowed++)
        if (strcmp(*allowed, text) == 0)
            return true;
    return false;
}

static bool check_default(const struct spot *spot, const struct attribute *attribute)
{
    const char *text = attribute->default_value;
    if (!text)
        return true;
    if (attribute->flags & (REQUIRED | WRITE_ONLY) || attribute->kind == ATTRIBUTE_DYNAMIC)
        return wrong(spot, "cannot have a default");
    if (attribute->kind == ATTRIBUTE_BOOL && !text_equal(text, "true") &&
        !text_equal(text, "false"))
        return wrong(spot, "the default is no bool");
    if (is_collection(attribute) && *text)
        return wrong(spot, "the default of a collection can only be empty");
    if (attribute->kind == ATTRIBUTE_STRING && attribute->one_of && !is_listed(attribute, text))
        return wrong(spot, "the default is not one of the allowed values");
    if (!is_number(attribute))
        return true;
    ARENA_AUTO arena = arena_new();
    const struct value *number = attribute_default(arena, attribute);
    double real;
    int64_t integer;
    if (!number || !value_as_double(number, &real) ||
        (attribute->kind == ATTRIBUTE_INTEGER && !value_as_integer(number, &integer)))
        return wrong(spot, "the default is no such number");
    if ((attribute->minimum || attribute->maximum) &&
        (real < (double)attribute->minimum || real > (double)attribute->maximum))
        return wrong(spot, "the default is beyond the limits");
    return true;
}

/* --- tables ------------------------------------------------------------------------------------- */

static bool check_table(const struct spot *parent, const struct attribute *table);

static bool check_siblings(const struct spot *spot, const struct attribute *table,
                           const char *const *names)
{
    for (; names && *names; names++)
        if (!attribute_find(table, *names) || text_equal(*names, spot->name))
            return wrong(spot, "names a sibling that does not exist");
    return true;
}

static bool check_attribute(const struct spot *parent, const struct attribute *table,
                            const struct attribute *attribute)
{
    const struct spot spot = {.parent = parent,
                              .name = attribute->name,
                              .flags = attribute->flags | parent->flags,
                              .within_set = parent->within_set || parent->is_set,
                              .is_set = attribute->kind == ATTRIBUTE_OBJECT_SET ||
                                        attribute->flags & ANY_ORDER,
                              .err = parent->err};
    if (!is_name(attribute->name))
        return wrong(&spot, "names have small letters, digits and _");
    if (attribute_find(table, attribute->name) != attribute)
        return wrong(&spot, "stands in its table twice");
    if (text_empty(attribute->doc))
        return wrong(&spot, "has no documentation");
    return check_flags(&spot, attribute) && check_kind(&spot, attribute) &&
           check_default(&spot, attribute) && check_siblings(&spot, table, attribute->conflicts) &&
           check_siblings(&spot, table, attribute->requires_one) &&
           (!attribute->fields || check_table(&spot, attribute->fields));
}

static bool check_table(const struct spot *parent, const struct attribute *table)
{
    for (const struct attribute *attribute = table; attribute->name; attribute++)
        if (!check_attribute(parent, table, attribute))
            return false;
    return true;
}

/* --- resources ---------------------------------------------------------------------------------- */

/* Terraform's own meta-arguments, and our block. */
static const char *const reserved[] = {"connection", "count",    "depends_on",  "for_each",
                                       "lifecycle",  "provider", "provisioner", "timeouts"};

static bool check_outer_table(const struct spot *spot, const struct attribute *table)
{
    for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
        if (attribute_find(table, reserved[i]))
            return wrong(spot, "has an attribute whose name Terraform keeps for itself");
    return table ? check_table(spot, table) : wrong(spot, "has no attributes");
}

static bool changes_in_place(const struct attribute *table)
{
    for (; table->name; table++)
        if (table->flags & (REQUIRED | OPTIONAL) && !(table->flags & (REPLACE | LOCAL)))
            return true;
    return false;
}

static bool check_identity(const struct spot *spot, const struct resource *resource)
{
    for (const struct identity_attribute *part = engine_identity(resource); part->name; part++) {
        const struct attribute *attribute = attribute_find(resource->attributes, part->name);
        if (!attribute || attribute->fields || attribute->kind == ATTRIBUTE_DYNAMIC ||
            attribute->kind == ATTRIBUTE_STRING_MAP)
            return wrong(spot, "its identity names what is no simple attribute");
        if (attribute->flags & (WRITE_ONLY | SENSITIVE))
            return wrong(spot, "its identity names what no state can show");
    }
    return true;
}

static bool check_resource(const struct spot *spot, const struct resource *resource)
{
    const struct resource_ops *ops = resource->ops;
    if (!check_outer_table(spot, resource->attributes))
        return false;
    if (!ops || !ops->create || !ops->read || !ops->remove)
        return wrong(spot, "cannot be created, read and removed");
    if (!ops->update && changes_in_place(resource->attributes))
        return wrong(spot, "has attributes that change in place but no update");
    if (!ops->list != !resource->list_attributes)
        return wrong(spot, "list and list_attributes come together");
    if (!resource->import_id && ops->import)
        return wrong(spot, "does not say the form of its import id");
    if (resource->schema_version < 0 || resource->timeouts.create < 0 ||
        resource->timeouts.read < 0 || resource->timeouts.update < 0 ||
        resource->timeouts.remove < 0)
        return wrong(spot, "has a negative version or timeout");
    return check_identity(spot, resource) &&
           (!resource->list_attributes || check_outer_table(spot, resource->list_attributes));
}

static bool check_opened(const struct spot *spot, const struct resource *resource)
{
    if (!check_outer_table(spot, resource->attributes))
        return false;
    return (resource->ops && resource->ops->open) || wrong(spot, "cannot be opened");
}

static bool check_list(const struct provider *provider, const struct resource *const *list,
                       bool (*check)(const struct spot *spot, const struct resource *resource),
                       struct error *err)
{
    for (size_t i = 0; list && list[i]; i++) {
        const struct spot spot = {.name = list[i]->name, .err = err};
        if (!is_name(list[i]->name))
            return wrong(&spot, "names have small letters, digits and _");
        if (text_starts_with(list[i]->name, provider->name) &&
            list[i]->name[strlen(provider->name)] == '_')
            return wrong(&spot, "begins with the provider's prefix, which is added");
        if (text_empty(list[i]->summary))
            return wrong(&spot, "has no summary");
        for (size_t j = 0; j < i; j++)
            if (strcmp(list[j]->name, list[i]->name) == 0)
                return wrong(&spot, "there are two of this name");
        if (!check(&spot, list[i]))
            return false;
    }
    return true;
}

/* --- functions and actions ---------------------------------------------------------------------- */

static bool check_function(const struct function *function, struct error *err)
{
    const struct spot spot = {.name = function->name, .err = err};
    if (!is_name(function->name) || text_empty(function->summary))
        return wrong(&spot, "a function needs a name and a summary");
    if (!function->result || !function->call)
        return wrong(&spot, "has no result or cannot be called");
    const struct function_parameter *parameter = function->parameters;
    for (; parameter && parameter->name; parameter++)
        if (!is_name(parameter->name) || !parameter->type || text_empty(parameter->doc))
            return wrong(&spot, "a parameter needs a name, a type and documentation");
    return true;
}

static bool check_action(const struct action *action, struct error *err)
{
    const struct spot spot = {.name = action->name, .err = err};
    if (!is_name(action->name) || text_empty(action->summary) || !action->invoke)
        return wrong(&spot, "an action needs a name, a summary and something to do");
    return check_outer_table(&spot, action->attributes);
}

bool engine_check_descriptors(const struct provider *provider, struct error *err)
{
    const struct spot spot = {.name = provider->name, .err = err};
    if (!is_name(provider->name) || text_empty(provider->version) || text_empty(provider->summary))
        return wrong(&spot, "a provider needs a name, a version and a summary");
    if (!provider->configure || !check_outer_table(&spot, provider->attributes))
        return error_is_set(err) ? false : wrong(&spot, "cannot be configured");
    if (!check_list(provider, provider->resources, check_resource, err) ||
        !check_list(provider, provider->data_sources, check_opened, err) ||
        !check_list(provider, provider->ephemerals, check_opened, err))
        return false;
    for (const struct function *const *f = provider->functions; f && *f; f++)
        if (!check_function(*f, err))
            return false;
    for (const struct action *const *a = provider->actions; a && *a; a++)
        if (!check_action(*a, err))
            return false;
    return true;
}
