#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    {.name = "user_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "user",
     .doc = "OCID of the user who logs in with it. A user has two tokens at most.",
     .sample = "var.user_ocid"},
    {.name = "description",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 400,
     .doc = "What it is for.",
     .sample = "\"Todo image push and pull\""},
    {.name = "token",
     .flags = COMPUTED | SENSITIVE,
     .doc =
         "The token: the password for `docker login` to the registry and for other APIs that sign "
         "no requests. OCI tells it once; an imported token is unknown (null)."},
    {.name = "inactive_state",
     .flags = COMPUTED,
     .json = "inactiveStatus",
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Detail of the state `INACTIVE`."},
    ATTRIBUTE_TOLD("time_expires", "When it ends (RFC 3339); null: never."),
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static bool keep_token(struct api_call *call, const json_t *object, const struct value **state,
                       struct error *err)
{
    (void)object;
    if (call->phase == API_CREATE)
        return !value_is_null(value_get(*state, "token")) ||
               error_set(err, ERROR_REMOTE,
                         "%s was made, but the answer with its text got lost, and "
                         "OCI does not tell it again: it will be replaced by the next apply",
                         call->title);
    *state = value_with(call->op->arena, *state, "token", value_get(call->prior, "token"));
    return true;
}

static const struct attribute list_attributes[] = {
    ATTRIBUTE_OCID("user_id", REQUIRED, "user", "OCID of the user."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_IDENTITY,
    .noun = "auth token",
    .stem = "AuthToken",
    .path = "/users/{user_id}/authTokens",
    .import_id = "users/{user_id}/authTokens/{id}",
    .name = "description",
    .flags = API_READ_BY_LIST | API_DISCARD_LOST,
    .states = &api_states_active,
    .state = keep_token,
};

const struct resource oke_auth_token = {
    .name = "auth_token",
    .summary = "An auth token of a user: the password for the container registry.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .identity = (const struct identity_attribute[]){{"user_id", false, "OCID of the user."},
                                                    {"id", false, "OCID of the token."},
                                                    {NULL, false, NULL}},
    .import_id = "`users/<user OCID>/authTokens/<token OCID>`",
    .moved_from = (const char *const[]){"oci_identity_auth_token", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"oke_auth_token\" \"registry\" {\n"
               "  user_id     = var.user_ocid\n"
               "  description = \"Todo image push and pull\"\n"
               "}\n",
};
