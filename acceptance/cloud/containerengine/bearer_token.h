/*
 * Bearer tokens of clusters: the base64url of a URL whose signature proves who made it (what
 * `oci ce cluster generate-token` prints). The text comes from anybody: every part of it is checked.
 */
#ifndef OKESTRA_CLOUD_BEARER_TOKEN_H
#define OKESTRA_CLOUD_BEARER_TOKEN_H

#include "acceptance/cloud/api/call.h"

enum { BEARER_TOKEN_LIMIT = 16 * 1024 };

struct bearer_token {
    const char *host;
    const char *target; /* "/cluster_request/<cluster>", as it was signed */
    const char *cluster_id;
    const char *authorization, *date;
};

/* Takes a token apart; NULL, or why it is none. Everything is in the arena. */
const char *bearer_token_parse(const char *text, struct arena *arena, struct bearer_token *token);

/* Whether the token is good for the cluster now: NULL and the user's OCID, or why it is refused (expired,
 * for another cluster or region, unknown key, wrong signature, a cluster that is not there). */
const char *bearer_token_check(struct call *call, const char *text, const char *cluster_id,
                               const char **user);

/* POST /cluster_request/{clusterId}/token_review: the webhook of API servers (TokenReview v1). */
extern const struct service service_token_review;

#endif
