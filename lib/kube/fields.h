/*
 * Which manager owns which fields of an object (metadata.managedFields). An object can be cut down to
 * what one manager owns: the only part of it that this manager's plans and drifts are about.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
#ifndef OKESTRA_KUBE_FIELDS_H
#define OKESTRA_KUBE_FIELDS_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/base/str.h"

enum { KUBE_FIELDS_DEPTH = 64 };

/* The fields that `manager` owns by apply, in the form of FieldsV1; NULL when it owns none. Borrowed. */
const json_t *kube_fields_of(const json_t *object, const char *manager, const char *subresource);

/* The fields that anybody owns: they tell where lists have keys. New reference. */
json_t *kube_fields_of_all(const json_t *object);

/* The part of the object in `fields`, with apiVersion, kind and the name in metadata. Items of lists
 * that are owned in part come in the order of the object, with their keys. New reference. */
json_t *kube_fields_select(const json_t *object, const json_t *fields);

/* Of the desired object what the server has in the same places: list items are found by the keys that
 * `fields` names, else by position. For the first plan of an object that others made. New reference. */
json_t *kube_fields_overlap(const json_t *live, const json_t *desired, const json_t *fields);

/* "x, y (by scale)": the other managers of an object, for messages. */
void kube_fields_other_managers(const json_t *object, const char *manager, struct str *out);

#endif
