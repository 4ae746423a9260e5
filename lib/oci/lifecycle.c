#include "lib/oci/lifecycle.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/oci/poll.h"

enum { MISSING_LIMIT_MS = 60 * 1000 }; /* how long a new object may answer 404 */

enum look { LOOK_AGAIN, LOOK_DONE, LOOK_FAILED };

static bool is_one_of(const char *text, const char *const *list)
{
    for (; text && list && *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

static void append_list(const char *const *list, struct str *out)
{
    for (size_t i = 0; list && list[i]; i++)
        str_printf(out, "%s%s", i ? ", " : "", list[i]);
}

static bool unexpected(const struct oci_state_wait *wait, const char *state, const json_t *body,
                       struct error *err)
{
    STR_AUTO targets = STR_INIT;
    append_list(wait->targets, &targets);
    const char *details = json_get_text(body, "lifecycleDetails");
    return error_set(err, ERROR_REMOTE, "%s went to state %s instead of %s%s%s", wait->what,
                     state ? state : "(none)", targets.length ? str_text(&targets) : "being gone",
                     details ? ": " : "", details ? details : "");
}

static void keep(json_t **body, json_t *latest)
{
    if (!body)
        return;
    json_decref(*body);
    *body = json_incref(latest);
}

static enum look judge_gone(const struct oci_state_wait *wait, int64_t started_ms, json_t **body,
                            struct error *err)
{
    if (wait->gone_is_target) {
        keep(body, NULL);
        error_reset(err);
        return LOOK_DONE;
    }
    if (wait->gone_is_pending && clock_monotonic_ms() - started_ms < MISSING_LIMIT_MS) {
        error_reset(err);
        return LOOK_AGAIN;
    }
    return LOOK_FAILED;
}

static enum look look(struct oci_client *client, const struct oci_state_wait *wait,
                      const struct oci_poll *poll, struct oci_response *response, json_t **body,
                      struct error *err)
{
    struct oci_request get = *wait->get;
    get.cancel = wait->wait.cancel;
    get.deadline_ms = wait->wait.deadline_ms;
    if (!oci_call(client, &get, response, err)) {
        if (err->code == ERROR_NOT_FOUND)
            return judge_gone(wait, poll->started_ms, body, err);
        return LOOK_FAILED;
    }
    keep(body, response->body);
    const char *member = wait->state_member ? wait->state_member : "lifecycleState";
    const char *state = json_string_value(json_at_path(response->body, member));
    oci_poll_report(poll, state, -1);
    if (is_one_of(state, wait->targets))
        return LOOK_DONE;
    if (wait->pending && !is_one_of(state, wait->pending)) {
        unexpected(wait, state, response->body, err);
        return LOOK_FAILED;
    }
    return LOOK_AGAIN;
}

bool oci_wait_state(struct oci_client *client, const struct oci_state_wait *wait, json_t **body,
                    struct error *err)
{
    struct oci_poll poll = oci_poll_start(&wait->wait);
    if (body)
        *body = NULL;
    for (;;) {
        OCI_RESPONSE_AUTO(response);
        switch (look(client, wait, &poll, &response, body, err)) {
        case LOOK_DONE:
            return true;
        case LOOK_FAILED:
            return error_wrap(err, "wait for %s", wait->what);
        case LOOK_AGAIN:
            break;
        }
        if (!oci_poll_pause(&poll, response.retry_after_ms, err)) {
            STR_AUTO targets = STR_INIT;
            append_list(wait->targets, &targets);
            const char *member = wait->state_member ? wait->state_member : "lifecycleState";
            const char *state = json_string_value(json_at_path(response.body, member));
            return error_wrap(err, "wait for %s to be %s (now %s)", wait->what,
                              targets.length ? str_text(&targets) : "gone",
                              state ? state : "unknown");
        }
    }
}
