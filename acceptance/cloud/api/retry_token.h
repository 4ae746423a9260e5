/* opc-retry-token: the same call with the same token has the same answer for 24 hours. */
#ifndef OKESTRA_CLOUD_RETRY_TOKEN_H
#define OKESTRA_CLOUD_RETRY_TOKEN_H

#include "acceptance/cloud/api/call.h"

enum { RETRY_TOKEN_LIMIT = 64, RETRY_TOKEN_LIFE_MS = 24 * 60 * 60 * 1000 };

extern const struct kind kind_retry_token;

enum retry_answer { RETRY_NEW, RETRY_ANSWERED, RETRY_REFUSED };

/* Looks the call's token up. RETRY_ANSWERED: call->reply is what it was. RETRY_REFUSED: 400 or 409. */
enum retry_answer retry_token_check(struct call *call);
/* Remembers the reply of a successful call, in its change. */
void retry_token_remember(struct call *call);

#endif
