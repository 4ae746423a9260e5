/*
 * What a cluster is like: the options of `local-cluster up`, kept as JSON in STATE/cluster.json so that
 * the next start, and every other command, knows them. One table describes them all.
 */
#ifndef OKESTRA_CLUSTER_OPTIONS_H
#define OKESTRA_CLUSTER_OPTIONS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

/* Takes "--name value" and "--name=value" pairs into the object; a list option given at least once
 * replaces the list that was there. Unknown names and bad values are ERROR_INVALID. */
bool options_parse(json_t *options, int count, char **arguments, struct error *err);
/* Whether options may take the place of those of before: what a cluster was made with stays, and what its
 * node was made with stays while it has one. */
bool options_may_follow(const json_t *options, const json_t *before, struct error *err);
/* Fills in what is not set. */
void options_complete(json_t *options);
/* One line for each option. */
void options_describe(struct str *out);

const char *options_text(const json_t *options, const char *name); /* "" when not set */
long options_number(const json_t *options, const char *name);
const json_t *options_list(const json_t *options, const char *name);
/* Whether the list option `name` holds `value`. */
bool options_list_has(const json_t *options, const char *name, const char *value);

bool options_load(json_t **options, const char *state, struct error *err); /* {} when none yet */
bool options_save(const json_t *options, const char *state, struct error *err);

#endif
