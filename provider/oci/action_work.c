#include "provider/oci/action_work.h"

#include "lib/base/str.h"
#include "lib/oci/work_request.h"

struct report {
    const struct action_progress *to;
    struct operation *op;
    const char *what;
    char *state; /* last reported; the arena's */
    int tenth;
};

static void report_progress(void *context, const char *state, double percent, int64_t elapsed_ms)
{
    struct report *report = context;
    int tenth = percent < 0 ? 0 : (int)percent / 10;
    if (text_equal(report->state, state) && report->tenth == tenth)
        return;
    struct arena *arena = report->op->arena;
    report->state = arena_strdup(arena, state);
    report->tenth = tenth;
    const char *done = percent < 0 ? "" : arena_printf(arena, ", %d %%", (int)percent);
    report->to->report(report->to->context,
                       arena_printf(arena, "%s: %s%s after %lld s", report->what, state, done,
                                    (long long)(elapsed_ms / 1000)));
}

bool action_run_work(struct operation *op, struct oci_request *request, const char *what,
                     const struct action_progress *progress, struct error *err)
{
    struct oci_client *client = api_client(op);
    char retry_token[OCI_RETRY_TOKEN_LIMIT];
    request->object = what;
    request->cancel = op->cancel;
    request->deadline_ms = op->deadline_ms;
    if (text_equal(request->method, "POST"))
        request->retry_token = oci_retry_token(retry_token);
    OCI_RESPONSE_AUTO(response);
    if (!oci_call(client, request, &response, err))
        return false;
    if (!response.work_request_id)
        return true;
    struct report report = {.to = progress, .op = op, .what = what};
    const struct oci_work_request_query query = {
        .service = request->service, .id = response.work_request_id, .what = what};
    const struct oci_wait wait = {.deadline_ms = op->deadline_ms,
                                  .cancel = op->cancel,
                                  .progress = report_progress,
                                  .context = &report};
    return oci_work_request_wait(client, &query, &wait, NULL, err);
}
