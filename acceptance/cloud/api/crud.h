/* The generic handlers: what most operations are, by the tables of the operation's kind. */
#ifndef OKESTRA_CLOUD_CRUD_H
#define OKESTRA_CLOUD_CRUD_H

#include "acceptance/cloud/api/call.h"

/* POST: checks compartment, references, name, limits; adds id, lifecycleState, timeCreated, tags;
 * kind->create; answers the object. */
bool crud_create(struct call *call);
/* GET of the object that the first path parameter names. */
bool crud_get(struct call *call);
/* GET: the kind's objects that pass the filters of the query table and belong to the object that the
 * path names (if it does), sorted, by pages. */
bool crud_list(struct call *call);
/* PUT: the members of the request replace those of the object; kind->update; answers the object. */
bool crud_update(struct call *call);
/* DELETE: 409 while others refer to it; kind->remove. */
bool crud_delete(struct call *call);
/* POST …/actions/changeCompartment {compartmentId}. */
bool crud_change_compartment(struct call *call);

/* --- their parts, for handlers of one's own ----------------------------------------------------- */

/* As crud_create() up to the answer, from `details`; NULL after call_fail(). Without a lifecycle step
 * when schedule is false: a work request takes it. */
struct object *crud_make(struct call *call, const struct kind *kind, const json_t *details,
                         bool schedule);
/* The target for editing: found, if-match good, alive and in a settled state (409 IncorrectState). */
struct object *crud_open(struct call *call, const struct kind *kind);
/* Merges `details` into the object and lets kind->update look at it. */
bool crud_merge(struct call *call, struct object *object, const json_t *details);
/* False after 409 when living objects refer to it. */
bool crud_unreferenced(struct call *call, const struct object *object);
/* As crud_delete() up to the answer. Objects whose hidden.ownedBy is its id are removed with it and do
 * not count as references. With schedule false the state is "deleting" and a work request
 * takes the step "deleted". */
bool crud_remove(struct call *call, struct object *object, bool schedule);
/* Every reference of the kind's table points to a living object; false after 404. */
bool crud_check_references(struct call *call, const struct object *object);

/* The object passes the filters of the operation's query table. */
bool crud_matches(const struct call *call, const struct object *object);
/* The view, cut down to kind->summary. New reference. */
json_t *crud_summary(struct call *call, const struct object *object);
/* Answers with one page of an array (stolen), by the query parameters limit and page; and sorts it
 * before by sortBy and sortOrder if the operation has them. */
bool crud_reply_page(struct call *call, json_t *array);

#endif
