/*
 * Values and JSON objects, by attribute tables: request bodies from plans, state from responses.
 * Neutral to any API: names, nesting and number forms come from the descriptors.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_JSON_BODY_H
#define OKESTRA_PROVIDER_ENGINE_JSON_BODY_H

#include <jansson.h>

#include "provider/engine/schema.h"

enum body_purpose {
    BODY_CREATE, /* required and optional attributes that are set; write-only from config */
    BODY_UPDATE, /* without REPLACE, CREATE_ONLY, also in SINGLE objects; UPDATE_WHEN_CHANGED only when
                    changed. Elements of lists and sets are whole, as in a create. */
};

/* Unknown members are left out, null ones too; but what was set and is no more is cleared in updates: by
 * "", [], {} or false, and by null where the kind has no empty value. LOCAL attributes, and those that
 * are only computed, never appear. A write-only attribute "x" beside an "x_version" is part of an update
 * only when the version changed. prior may be NULL (create). New reference. */
json_t *json_body_from_value(struct arena *arena, const struct attribute *table,
                             enum body_purpose purpose, const struct value *prior,
                             const struct value *planned, const struct value *config);
/* Adds one attribute to a body, as json_body_from_value does. */
void json_body_add(struct arena *arena, json_t *body, const struct attribute *attribute,
                   const struct value *value);
/* All attributes of the table from a response object; absent and null members become null values;
 * LOCAL and UNREADABLE attributes are null (the engine keeps the prior ones). */
const struct value *json_body_to_value(struct arena *arena, const struct attribute *table,
                                       const json_t *object);

#endif
