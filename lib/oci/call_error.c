/* From a refusal to an error that says what happened, to what, and what to do. */
#include <string.h>

#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/oci/client_internal.h"

/* The first row that matches; 0 and NULL match anything. */
static const struct {
    int status;
    const char *code;
    const char *contains;
    enum error_code kind;
} kinds[] = {
    {500, NULL, "out of host capacity", ERROR_CAPACITY},
    {500, NULL, "out of capacity", ERROR_CAPACITY},
    {0, "LimitExceeded", NULL, ERROR_CAPACITY},
    {0, "QuotaExceeded", NULL, ERROR_CAPACITY},
    {0, "TenantCapacityExceeded", NULL, ERROR_CAPACITY},
    {409, "NotAuthorizedOrResourceAlreadyExists", NULL, ERROR_EXISTS},
    {409, "ResourceAlreadyExists", NULL, ERROR_EXISTS},
    {409, "CompartmentAlreadyExists", NULL, ERROR_EXISTS},
    {409, "BucketAlreadyExists", NULL, ERROR_EXISTS},
    {409, NULL, "already exists", ERROR_EXISTS},
    {400, NULL, NULL, ERROR_INVALID},
    {413, NULL, NULL, ERROR_INVALID},
    {422, NULL, NULL, ERROR_INVALID},
    {401, NULL, NULL, ERROR_DENIED},
    {402, NULL, NULL, ERROR_DENIED},
    {403, NULL, NULL, ERROR_DENIED},
    {404, NULL, NULL, ERROR_NOT_FOUND},
    {409, NULL, NULL, ERROR_CONFLICT},
    {412, NULL, NULL, ERROR_CONFLICT},
    {429, NULL, NULL, ERROR_THROTTLED},
};

static const struct {
    int status;
    const char *code;
    const char *contains;
    const char *hint;
} hints[] = {
    {500, NULL, "out of host capacity",
     "No host of this shape is free in that availability domain: try another availability or fault "
     "domain or shape, or try later."},
    {0, "LimitExceeded", NULL,
     "A service limit of the tenancy is reached: delete what is not needed, or ask for more under "
     "\"Limits, Quotas and Usage\" in the console."},
    {0, "QuotaExceeded", NULL, "A quota policy of a compartment allows no more of these."},
    {400, "RelatedResourceNotAuthorizedOrNotFound", NULL,
     "An OCID in the request is unknown, or the caller may not use it."},
    {400, "InsufficientServicePermissions", NULL,
     "The service itself lacks a policy to act for you."},
    {402, NULL, NULL, "The tenancy has not signed up for this service."},
    {403, "NotAllowed", NULL, "IAM can only be changed in the tenancy's home region."},
    {403, NULL, NULL, "The policies of the caller do not allow this."},
    {404, "NotAuthorizedOrNotFound", NULL,
     "OCI does not say which: the object (or one that the request names) does not exist in this "
     "region, or the policies of the caller do not let it be seen."},
    {404, "NotFound", NULL, "The service does not know this path: check the endpoint."},
    {409, "InvalidatedRetryToken", NULL,
     "An earlier attempt with the same retry token made an object that was changed or deleted "
     "since, "
     "or the attempts differ."},
    {409, "BucketNotEmpty", NULL,
     "Delete its objects, object versions, multipart uploads and pre-authenticated requests "
     "first."},
    {409, "IncorrectState", NULL,
     "Another operation on it is running, or its state does not allow this one."},
    {412, NULL, NULL, "It was changed by someone else meanwhile: refresh and plan again."},
    {429, NULL, NULL, "Lower the number of concurrent operations (terraform -parallelism)."},
};

enum error_code oci_error_code(const struct oci_outcome *outcome)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if ((kinds[i].status && kinds[i].status != outcome->status) ||
            (kinds[i].code && !text_equal(kinds[i].code, outcome->code)) ||
            (kinds[i].contains &&
             !(outcome->message && strcasestr(outcome->message, kinds[i].contains))))
            continue;
        return kinds[i].kind;
    }
    return outcome->status >= 500 ? ERROR_UNAVAILABLE : ERROR_REMOTE;
}

static const char *hint_for(const struct oci_outcome *outcome, enum oci_auth auth)
{
    if (outcome->status == 401 && auth == OCI_AUTH_API_KEY)
        return "Check tenancy_ocid, user_ocid and fingerprint, and that the public key is among "
               "the "
               "user's API keys.";
    if (outcome->status == 401)
        return "The token of the session or principal is not accepted (any more).";
    for (size_t i = 0; i < ARRAY_LENGTH(hints); i++) {
        if ((hints[i].status && hints[i].status != outcome->status) ||
            (hints[i].code && !text_equal(hints[i].code, outcome->code)) ||
            (hints[i].contains &&
             !(outcome->message && strcasestr(outcome->message, hints[i].contains))))
            continue;
        return hints[i].hint;
    }
    return NULL;
}

void oci_request_title(const struct oci_request *request, struct str *out)
{
    str_printf(out, "%s %s", request->operation ? request->operation : request->method,
               request->object ? request->object : request->path);
}

void oci_explain(const struct oci_request *request, const struct oci_outcome *outcome,
                 enum oci_auth auth, const char *note, const char *request_id, struct error *err)
{
    STR_AUTO title = STR_INIT;
    oci_request_title(request, &title);
    const char *hint = note ? note : hint_for(outcome, auth);
    const char *code = outcome->code ? outcome->code : "without a service code";
    const char *message = text_empty(outcome->message) ? "no message" : outcome->message;
    size_t length = strlen(message);
    bool sentence = length && strchr(".!?", message[length - 1]);
    error_set(err, oci_error_code(outcome), "%s: HTTP %d %s: %s%s%s%s (opc-request-id %s)",
              str_text(&title), outcome->status, code, message, hint ? (sentence ? " " : ". ") : "",
              hint ? hint : "", hint || sentence ? "" : ".", request_id ? request_id : "none");
    err->http_status = outcome->status;
    err->service_code = outcome->code ? mem_strdup(outcome->code) : NULL;
    err->request_id = request_id ? mem_strdup(request_id) : NULL;
}

/* --- bodies at TRACE ------------------------------------------------------------------------- */

static bool is_masked(const char *key)
{
    static const char *const exact[] = {"key", "accessUri", "fullPath", "content"};
    for (size_t i = 0; i < ARRAY_LENGTH(exact); i++)
        if (strcmp(key, exact[i]) == 0)
            return true;
    return log_key_is_secret(key);
}

static json_t *masked(const json_t *json)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_object(json)) {
        json_t *copy = json_object();
        json_object_foreach((json_t *)(uintptr_t)json, key, value)
        {
            bool hide = json_is_string(value) && is_masked(key);
            json_object_set_new(copy, key, hide ? json_string("***") : masked(value));
        }
        return copy;
    }
    if (json_is_array(json)) {
        json_t *copy = json_array();
        json_array_foreach(json, index, value) json_array_append_new(copy, masked(value));
        return copy;
    }
    return json_incref((json_t *)(uintptr_t)json);
}

void oci_log_body(const char *message, const struct oci_request *request, const json_t *body)
{
    if (!body || !log_enabled(LOG_LEVEL_TRACE))
        return;
    STR_AUTO text = STR_INIT;
    JSON_AUTO safe = masked(body);
    json_write(safe, false, &text);
    LOG(LOG_LEVEL_TRACE, message, {"operation", request->operation}, {"body", str_text(&text)});
}
