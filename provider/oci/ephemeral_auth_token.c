#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/client.h"

static const struct attribute attributes[] = {
    {.name = "user_id",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_ocid,
     .validate_with = "user",
     .doc = "OCID of the user. Left out, it is the one that the provider acts as.",
     .sample = "var.user_id"},
    {.name = "description",
     .flags = OPTIONAL,
     .default_value = "Terraform: deleted when the run ends",
     .min_length = 1,
     .max_length = 400,
     .doc = "What the token is for."},
    {.name = "id", .flags = COMPUTED, .doc = "The OCID of the token."},
    {.name = "token", .flags = COMPUTED | SENSITIVE, .doc = "The token itself."},
    {.name = "time_expires",
     .flags = COMPUTED,
     .doc = "When it ends by itself (RFC 3339); null when never."},
    ATTRIBUTES_END,
};

static bool send(struct operation *op, const char *operation, const char *method, const char *path,
                 json_t *body, struct oci_response *response, struct error *err)
{
    char retry_token[OCI_RETRY_TOKEN_LIMIT];
    const struct oci_request request = {.service = OCI_IDENTITY,
                                        .operation = operation,
                                        .object = "ephemeral auth token",
                                        .method = method,
                                        .path = path,
                                        .body = body,
                                        .retry_token = body ? oci_retry_token(retry_token) : NULL,
                                        .cancel = op->cancel,
                                        .deadline_ms = op->deadline_ms};
    return path && oci_call(api_client(op), &request, response, err);
}

/* Open's private data is the path of the token: what close has to delete. */
static bool open_token(struct operation *op, const struct value *config,
                       const struct value **result, struct error *err)
{
    const char *user = value_text(value_get(config, "user_id"));
    const char *description = value_text(value_get(config, "description"));
    if (!user)
        user = oci_client_user(api_client(op));
    if (!user)
        return error_set(err, ERROR_INVALID,
                         "the provider does not act as a user: say whose token it is by user_id");
    JSON_AUTO body = json_object();
    json_set_text(body, "description", description ? description : attributes[1].default_value);
    OCI_RESPONSE_AUTO(response);
    if (!send(op, "CreateAuthToken", "POST", oci_path(op->arena, err, "/users/%s/authTokens", user),
              body, &response, err))
        return false;
    const char *id = json_get_text(response.body, "id");
    char *path = oci_path(op->arena, err, "/users/%s/authTokens/%s", user, id);
    if (!path)
        return error_wrap(err, "the answer to CreateAuthToken has no id");
    op->private_out = slice_from(path);
    const struct value_entry entries[] = {
        {slice_from("description"), value_string(op->arena, json_get_text(body, "description"))},
        {slice_from("id"), value_string(op->arena, id)},
        {slice_from("time_expires"),
         value_string(op->arena, json_get_text(response.body, "timeExpires"))},
        {slice_from("token"), value_string(op->arena, json_get_text(response.body, "token"))},
        {slice_from("user_id"), value_string(op->arena, user)},
    };
    *result = value_map(op->arena, entries, ARRAY_LENGTH(entries));
    return true;
}

static bool close_token(struct operation *op, struct error *err)
{
    char *path = arena_strndup(op->arena, op->private_in.ptr, op->private_in.length);
    OCI_RESPONSE_AUTO(response);
    if (send(op, "DeleteAuthToken", "DELETE", path, NULL, &response, err))
        return true;
    if (err->code != ERROR_NOT_FOUND)
        return false;
    error_reset(err);
    return true;
}

const struct resource oke_ephemeral_auth_token = {
    .name = "auth_token",
    .summary = "An auth token that lives as long as the run.",
    .description =
        "The password for OCI Registry, made when Terraform needs it and deleted when it is done; "
        "nothing of it reaches the state. A user can have two auth tokens at a time, and a new one "
        "may "
        "take a moment until every service accepts it. Use the resource `oke_auth_token` for a "
        "token "
        "that stays, for example in an image pull secret.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_token},
    .close = close_token,
    .example = "ephemeral \"oke_auth_token\" \"push\" {\n"
               "  description = \"Push images\"\n"
               "}\n",
};
