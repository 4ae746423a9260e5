/* Which refusals are worth another try, for how long, at which pace. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/oci/client_internal.h"

enum {
    MINUTE = 60 * 1000,
    WINDOW_THROTTLED = 10 * MINUTE,
    WINDOW_TROUBLE = 2 * MINUTE,  /* network, 5xx */
    WINDOW_UNREACHED = 15 * 1000, /* no service ever answered: names and addresses may be wrong */
    WINDOW_CONFLICT = 2 * MINUTE, /* 409 */
    WINDOW_LAG = 20 * 1000,       /* expect_exists without a write to IAM before */
};

static const struct retry_backoff pace_throttled = {1000, 30 * 1000, 2.0};
static const struct retry_backoff pace_trouble = {250, 30 * 1000, 2.0};
static const struct retry_backoff pace_conflict = {250, 15 * 1000, 1.7};
static const struct retry_backoff pace_lag = {500, 15 * 1000, 1.6};

static const char *const never[] = {
    "InvalidatedRetryToken",  "BucketNotEmpty", "CompartmentAlreadyExists",
    "TenantCapacityExceeded", "LimitExceeded",  "QuotaExceeded"};

static const char *const busy[] = {"IncorrectState", "Conflict", "LockConflict",
                                   "ExternalServerIncorrectState"};

/* A write to IAM that has not reached every region and service yet looks like this. */
static const struct {
    int status;
    const char *code;
} inconsistent[] = {
    {404, "NotAuthorizedOrNotFound"},
    {404, "BucketNotFound"},
    {400, "RelatedResourceNotAuthorizedOrNotFound"},
    {400, "InsufficientServicePermissions"},
    {400, "ResourceDisabled"},
    {409, "NotAuthorizedOrResourceAlreadyExists"},
    {409, "ResourceAlreadyExists"},
};

static bool is_one_of(const char *code, const char *const *codes, size_t count)
{
    for (size_t i = 0; code && i < count; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

static bool message_has(const struct oci_outcome *outcome, const char *part)
{
    return outcome->message && strcasestr(outcome->message, part);
}

static bool method_is(const struct oci_request *request, const char *method)
{
    return strcmp(request->method, method) == 0;
}

bool oci_request_is_mutation(const struct oci_request *request)
{
    return !method_is(request, "GET") && !method_is(request, "HEAD");
}

static const struct oci_retry_rule *matching_rule(const struct oci_retry_policy *policy,
                                                  const struct oci_outcome *outcome)
{
    for (size_t i = 0; policy && i < policy->rule_count; i++) {
        const struct oci_retry_rule *rule = &policy->rules[i];
        if ((rule->status && rule->status != outcome->status) ||
            (rule->code && !text_equal(rule->code, outcome->code)) ||
            (rule->contains && !message_has(outcome, rule->contains)))
            continue;
        return rule;
    }
    return NULL;
}

/* A POST without retry token that the service may have carried out must not be sent again. */
static bool might_act_twice(const struct oci_request *request, const struct oci_outcome *outcome)
{
    if (!method_is(request, "POST") || request->retry_token || request->repeatable)
        return false;
    return outcome->status == 0 ? outcome->sent : outcome->status >= 500 && outcome->status != 503;
}

static bool is_inconsistent(const struct oci_outcome *outcome)
{
    for (size_t i = 0; i < ARRAY_LENGTH(inconsistent); i++)
        if (inconsistent[i].status == outcome->status &&
            text_equal(inconsistent[i].code, outcome->code))
            return true;
    return false;
}

/* What is left of the window after the latest write to IAM, counted from the call's start. */
static int64_t consistency_window(const struct oci_client *client,
                                  const struct oci_request *request,
                                  const struct oci_outcome *outcome, int64_t started_ms)
{
    bool concerned = method_is(request, "POST") || method_is(request, "PUT") ||
                     method_is(request, "PATCH") || request->expect_exists;
    if (!concerned || client->consistency_ms < 0 || !is_inconsistent(outcome))
        return 0;
    int64_t written = atomic_load(&client->last_iam_write_ms);
    int64_t window = written ? written + client->consistency_ms - started_ms : 0;
    bool lag = request->expect_exists && outcome->status == 404;
    return lag && window < WINDOW_LAG ? WINDOW_LAG : window;
}

static int64_t built_in_window(const struct oci_client *client, const struct oci_request *request,
                               const struct oci_outcome *outcome,
                               const struct retry_backoff **backoff)
{
    int status = outcome->status;
    *backoff = &pace_trouble;
    if (status == 429) {
        *backoff = &pace_throttled;
        return WINDOW_THROTTLED;
    }
    if (status == 0 && !outcome->sent && !atomic_load(&client->answered))
        return WINDOW_UNREACHED;
    if (status == 0 || (status >= 500 && status != 501))
        return WINDOW_TROUBLE;
    if (status == 409 && oci_request_is_mutation(request) &&
        is_one_of(outcome->code, busy, ARRAY_LENGTH(busy))) {
        *backoff = &pace_conflict;
        return WINDOW_CONFLICT;
    }
    return 0;
}

int64_t oci_retry_window(const struct oci_client *client, const struct oci_request *request,
                         const struct oci_outcome *outcome, int64_t started_ms,
                         const struct retry_backoff **backoff)
{
    if (client->disable_retries || (request->retry && request->retry->disabled) ||
        might_act_twice(request, outcome))
        return 0;
    const struct oci_retry_rule *rule = matching_rule(request->retry, outcome);
    if (rule) {
        *backoff = outcome->status == 429 ? &pace_throttled : &pace_conflict;
        return rule->for_ms;
    }
    if (is_one_of(outcome->code, never, ARRAY_LENGTH(never)) ||
        oci_error_code(outcome) == ERROR_CAPACITY)
        return 0;
    int64_t window = built_in_window(client, request, outcome, backoff);
    if (window && client->retry_ms)
        window = client->retry_ms < 0 ? INT64_MAX / 2 : client->retry_ms;
    if (window)
        return window;
    *backoff = &pace_lag;
    return consistency_window(client, request, outcome, started_ms);
}
