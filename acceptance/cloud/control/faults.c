#include "acceptance/cloud/control/faults.h"

#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/model.h"
#include "lib/base/json.h"

static const char kinds[] = "delay|status|drop|conflict|capacity|work|stuck";

struct faults {
    json_t *list;
};

struct faults *faults_new(void)
{
    struct faults *faults = mem_calloc(1, sizeof(*faults));
    faults->list = json_array();
    return faults;
}

void faults_free(struct faults *faults)
{
    if (!faults)
        return;
    json_decref(faults->list);
    free(faults);
}

bool faults_add(struct faults *faults, const json_t *fault, struct str *problem)
{
    static const struct field fields[] = {
        {"operation", FIELD_TEXT, .required = true, .min = 1, .max = 100},
        {"service", FIELD_TEXT, .min = 1, .max = 100},
        {"kind", FIELD_TEXT, .required = true, .one_of = kinds},
        {"count", FIELD_INTEGER, .min = 1, .max = 1000000},
        {"skip", FIELD_INTEGER, .min = 0, .max = 1000000},
        {"ms", FIELD_INTEGER, .min = 0, .max = 3600000},
        {"status", FIELD_INTEGER, .min = 400, .max = 599},
        {"code", FIELD_TEXT, .min = 1, .max = 100},
        {"message", FIELD_TEXT, .min = 1, .max = 1000},
        {"retryAfter", FIELD_INTEGER, .min = 0, .max = 3600},
        {"when", FIELD_TEXT, .one_of = "before|after"},
        FIELDS_END};
    static const struct model model = {"fault", fields};
    if (json_array_size(faults->list) == FAULTS_LIMIT) {
        str_append(problem, "there are too many faults");
        return false;
    }
    json_t *copy = json_deep_copy(fault);
    struct model_fault wrong = {0};
    bool ok = model_check(&model, copy, &wrong);
    if (ok)
        json_array_append(faults->list, copy);
    str_append(problem, str_text(&wrong.message));
    str_free(&wrong.message);
    json_decref(copy);
    return ok;
}

void faults_clear(struct faults *faults)
{
    json_array_clear(faults->list);
}

json_t *faults_list(const struct faults *faults)
{
    return json_deep_copy(faults->list);
}

static bool concerns(const json_t *fault, const char *service, const char *operation)
{
    const char *wanted = json_get_text(fault, "service"), *name = json_get_text(fault, "operation");
    return (strcmp(name, "*") == 0 || strcmp(name, operation) == 0) &&
           (!wanted || strcmp(wanted, service) == 0);
}

static const char *text_or(const json_t *fault, const char *name, const char *fallback,
                           struct arena *arena)
{
    const char *text = json_get_text(fault, name);
    return arena_strdup(arena, text ? text : fallback);
}

static const char *code_for(int status)
{
    return status == 429   ? "TooManyRequests"
           : status == 503 ? "ServiceUnavailable"
           : status == 409 ? "IncorrectState"
           : status == 404 ? "NotAuthorizedOrNotFound"
           : status < 500  ? "InvalidParameter"
                           : "InternalServerError";
}

static void set_status(struct fault_effect *effect, const json_t *fault, int status,
                       const char *code, const char *message, struct arena *arena)
{
    effect->status = (int)json_get_integer(fault, "status", status);
    effect->code = text_or(fault, "code", code ? code : code_for(effect->status), arena);
    effect->message = text_or(fault, "message", message, arena);
    effect->retry_after = (int)json_get_integer(fault, "retryAfter", 0);
}

static void apply(const json_t *fault, struct fault_effect *effect, struct arena *arena)
{
    static const char capacity[] = "Out of host capacity.";
    const char *kind = json_get_text(fault, "kind");
    if (strcmp(kind, "delay") == 0) {
        effect->delay_ms += json_get_integer(fault, "ms", 1000);
    } else if (strcmp(kind, "status") == 0) {
        set_status(effect, fault, 500, NULL, "This failure was ordered", arena);
    } else if (strcmp(kind, "conflict") == 0) {
        set_status(effect, fault, 409, NULL, "The resource is being changed by another call",
                   arena);
    } else if (strcmp(kind, "capacity") == 0) {
        set_status(effect, fault, 500, "InternalError", capacity, arena);
    } else if (strcmp(kind, "drop") == 0) {
        bool after = text_equal(json_get_text(fault, "when"), "after");
        *(after ? &effect->drop_after : &effect->drop_before) = true;
    } else if (strcmp(kind, "work") == 0) {
        effect->work_code = text_or(fault, "code", "InternalError", arena);
        effect->work_message = text_or(fault, "message", capacity, arena);
    } else {
        effect->stuck = true;
    }
}

/* True: the fault strikes now. */
static bool count_down(json_t *fault)
{
    int64_t skip = json_get_integer(fault, "skip", 0);
    if (skip > 0) {
        json_object_set_new(fault, "skip", json_integer(skip - 1));
        return false;
    }
    json_object_set_new(fault, "count", json_integer(json_get_integer(fault, "count", 1) - 1));
    return true;
}

struct fault_effect faults_take(struct faults *faults, const char *service, const char *operation,
                                struct arena *arena)
{
    struct fault_effect effect = {0};
    for (size_t i = 0; i < json_array_size(faults->list);) {
        json_t *fault = json_array_get(faults->list, i);
        if (concerns(fault, service, operation) && count_down(fault)) {
            apply(fault, &effect, arena);
            if (json_get_integer(fault, "count", 0) <= 0) {
                json_array_remove(faults->list, i);
                continue;
            }
        }
        i++;
    }
    return effect;
}
