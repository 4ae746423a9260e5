#include "provider/oci/network.h"

#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

const struct attribute network_list_attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "vcn_id",
     .flags = OPTIONAL,
     .validate = validate_ocid,
     .validate_with = "vcn",
     .doc = "Only those of this VCN."},
    {.name = "display_name", .flags = OPTIONAL, .doc = "Only those of this name."},
    ATTRIBUTES_END,
};

const struct api_query network_list_query[] = {{"compartmentId", "{compartment_id}"},
                                               {"vcnId", "{vcn_id}"},
                                               {"displayName", "{display_name}"},
                                               {NULL, NULL}};

/* --- address blocks ----------------------------------------------------------------------------- */

static bool holds(const struct value *list, const struct value *block)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (equal_cidr(value_item(list, i), block))
            return true;
    return false;
}

static bool act(struct api_call *call, const char *operation, const char *path, const char *member,
                const struct value *block, const char *other_member, const struct value *other,
                struct error *err)
{
    JSON_AUTO body = json_object();
    json_set_text(body, member, value_text(block));
    if (other)
        json_set_text(body, other_member, value_text(other));
    return api_act(call, operation, path, body, err);
}

/* The block of the prior state that must make room for a new one; NULL when none is in its way. */
static const struct value *in_the_way(const struct value *prior, const struct value *planned,
                                      const struct value *block)
{
    struct cidr new, old;
    for (size_t i = 0; i < value_count(prior); i++) {
        const struct value *candidate = value_item(prior, i);
        if (!holds(planned, candidate) && cidr_parse(value_text(block), &new) &&
            cidr_parse(value_text(candidate), &old) && cidr_overlap(&new, &old))
            return candidate;
    }
    return NULL;
}

bool network_change_blocks(struct api_call *call, const struct network_blocks *blocks,
                           struct error *err)
{
    struct arena *arena = call->op->arena;
    const struct value *prior = value_get(call->prior, blocks->attribute);
    const struct value *planned = value_get(call->planned, blocks->attribute);
    const struct value **resized = arena_array(arena, const struct value *, value_count(planned));
    size_t resized_count = 0;
    for (size_t i = 0; i < value_count(planned); i++) {
        const struct value *block = value_item(planned, i);
        if (holds(prior, block))
            continue;
        const struct value *old = blocks->modify ? in_the_way(prior, planned, block) : NULL;
        const struct value *done = value_list(arena, resized, resized_count);
        if (old && !holds(done, old)) {
            resized[resized_count++] = old;
            if (!act(call, blocks->modify, blocks->modify_path, blocks->modify_from, old,
                     blocks->modify_to, block, err))
                return false;
        } else if (!act(call, blocks->add, blocks->add_path, blocks->add_member, block, NULL, NULL,
                        err))
            return false;
    }
    const struct value *done = value_list(arena, resized, resized_count);
    for (size_t i = 0; i < value_count(prior); i++) {
        const struct value *block = value_item(prior, i);
        if (!holds(planned, block) && !holds(done, block) &&
            !act(call, blocks->remove, blocks->remove_path, blocks->remove_member, block, NULL,
                 NULL, err))
            return false;
    }
    return true;
}

void network_check_overlap(const struct value *blocks, const char *attribute,
                           struct diagnostics *diagnostics, struct arena *arena)
{
    const struct path *path = path_attribute(arena, NULL, attribute);
    struct cidr a, b;
    for (size_t i = 0; i < value_count(blocks); i++)
        for (size_t j = 0; j < i; j++) {
            const char *one = value_text(value_item(blocks, i));
            const char *other = value_text(value_item(blocks, j));
            if (cidr_parse(one, &a) && cidr_parse(other, &b) && cidr_overlap(&a, &b))
                diagnostics_error(diagnostics, path_index(arena, path, (int64_t)i),
                                  "Overlapping blocks", "%s overlaps %s.", one, other);
        }
}
