/* API keys, auth tokens and secret keys: what users prove themselves with. Secrets are shown once. */
#include <openssl/evp.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/identity/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { API_KEYS = 3, KEYS_EACH = 2, TOKEN_LENGTH = 20, ACCESS_KEY_BYTES = 20, SECRET_BYTES = 32 };

const struct kind kind_api_key = {.type = "apikey",
                                  .title = "API key",
                                  .global = true,
                                  .parent_field = "userId",
                                  .life = &lifecycle_identity};

const struct kind kind_auth_token = {.type = "credential",
                                     .title = "auth token",
                                     .global = true,
                                     .name_field = "description",
                                     .parent_field = "userId",
                                     .limit = KEYS_EACH,
                                     .limit_name = "auth-token-count",
                                     .life = &lifecycle_identity};

const struct kind kind_customer_secret_key = {.type = "customersecretkey",
                                              .title = "customer secret key",
                                              .global = true,
                                              .parent_field = "userId",
                                              .life = &lifecycle_identity};

static int count_of(const struct call *call, const struct kind *kind, const char *user)
{
    int count = 0;
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        count += text_equal(object_text(one, "userId"), user);
    return count;
}

static bool within(struct call *call, const struct kind *kind, const char *user, int limit)
{
    return count_of(call, kind, user) < limit ||
           call_fail(call, 400, "LimitExceeded", "A user can have %d of: %s", limit, kind->title);
}

/* Found, and of the user in the path. */
static struct object *own(struct call *call)
{
    struct object *object = call_target_at(call, call->operation->kind, 1);
    if (object && !text_equal(object_text(object, "userId"), call->path_values[0])) {
        call_not_found(call, object->kind->title, object->id);
        return NULL;
    }
    return object && call_if_match(call, object) ? object : NULL;
}

static void fill(struct call *call, struct object *object, const char *user)
{
    json_set_text(object->body, "userId", user);
    json_set_text(object->body, "timeCreated", call_time(call));
    json_set_text(object->body, "lifecycleState", "ACTIVE");
}

/* --- API keys ------------------------------------------------------------------------------------ */

struct object *api_key_add(struct call *call, const char *user, const char *text)
{
    EVP_PKEY *key = strstr(text, "-----BEGIN") ? public_key_parse(text) : NULL;
    STR_AUTO fingerprint = STR_INIT;
    STR_AUTO pem = STR_INIT;
    if (key && EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_bits(key) >= 2048) {
        public_key_fingerprint(key, &fingerprint);
        public_key_pem(key, &pem);
    }
    EVP_PKEY_free(key);
    if (!fingerprint.length) {
        call_invalid(call, "key is no RSA public key of at least 2048 bits in PEM form");
        return NULL;
    }
    const char *id = arena_printf(call->arena, "%s/%s/%s", call_settings(call)->tenancy, user,
                                  str_text(&fingerprint));
    if (store_find(call->store, NULL, id)) {
        call_fail(call, 409, "ApiKeyAlreadyExists", "The user has this key already: %s",
                  str_text(&fingerprint));
        return NULL;
    }
    struct object *object = change_add(call->change, &kind_api_key, id);
    json_set_text(object->body, "keyId", id);
    json_set_text(object->body, "keyValue", str_text(&pem));
    json_set_text(object->body, "fingerprint", str_text(&fingerprint));
    fill(call, object, user);
    return object;
}

bool api_key_upload(struct call *call)
{
    const struct object *user = call_target_at(call, &kind_user, 0);
    if (!user || !within(call, &kind_api_key, user->id, API_KEYS))
        return false;
    const struct object *key = api_key_add(call, user->id, call_text(call, "key"));
    return key && call_reply_object(call, 200, key);
}

bool api_key_delete(struct call *call)
{
    const char *id = arena_printf(call->arena, "%s/%s/%s", call_settings(call)->tenancy,
                                  call->path_values[0], call->path_values[1]);
    struct object *key = store_find(call->store, &kind_api_key, id);
    if (!key)
        return call_not_found(call, kind_api_key.title, call->path_values[1]);
    if (!call_if_match(call, key))
        return false;
    change_remove(call->change, key);
    return call_reply(call, 204, NULL);
}

/* --- auth tokens --------------------------------------------------------------------------------- */

static void make_token(struct str *token)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "()[]{}<>+-_.;:#";
    unsigned char bytes[TOKEN_LENGTH];
    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        str_append_char(token, alphabet[bytes[i] % (sizeof(alphabet) - 1)]);
}

bool auth_token_create(struct call *call)
{
    const struct object *user = call_target_at(call, &kind_user, 0);
    if (!user)
        return false;
    JSON_AUTO details = json_copy(call->body);
    json_set_text(details, "userId", user->id);
    struct object *object = crud_make(call, &kind_auth_token, details, true);
    if (!object)
        return false;
    unsigned char digest[SHA256_SIZE];
    STR_AUTO token = STR_INIT;
    STR_AUTO hex = STR_INIT;
    make_token(&token);
    sha256_digest(token.ptr, token.length, digest);
    hex_encode(digest, sizeof(digest), &hex);
    json_set_text(object->hidden, "digest", str_text(&hex));
    call_reply_object(call, 200, object);
    json_set_text(call->reply.json, "token", str_text(&token));
    return true;
}

bool auth_token_update(struct call *call)
{
    struct object *object = own(call);
    if (!object)
        return false;
    change_edit(call->change, object);
    return crud_merge(call, object, call->body) && call_reply_object(call, 200, object);
}

/* --- secret keys of the S3 API ------------------------------------------------------------------- */

bool secret_key_create(struct call *call)
{
    const struct object *user = call_target_at(call, &kind_user, 0);
    if (!user || !within(call, &kind_customer_secret_key, user->id, KEYS_EACH))
        return false;
    unsigned char access[ACCESS_KEY_BYTES], secret[SECRET_BYTES];
    STR_AUTO id = STR_INIT;
    STR_AUTO key = STR_INIT;
    random_bytes(access, sizeof(access));
    random_bytes(secret, sizeof(secret));
    hex_encode(access, sizeof(access), &id);
    base64_encode(BASE64_STANDARD, secret, sizeof(secret), &key);
    struct object *object = change_add(call->change, &kind_customer_secret_key, str_text(&id));
    json_set_text(object->body, "id", object->id);
    json_set_text(object->body, "displayName", call_text(call, "displayName"));
    fill(call, object, user->id);
    json_set_text(object->hidden, "key", str_text(&key));
    call->created = object->id;
    call_reply_object(call, 200, object);
    json_set_text(call->reply.json, "key", str_text(&key));
    return true;
}

bool secret_key_update(struct call *call)
{
    return auth_token_update(call);
}

bool credential_delete(struct call *call)
{
    struct object *object = own(call);
    if (!object)
        return false;
    change_remove(call->change, object);
    return call_reply(call, 204, NULL);
}

void credentials_remove(struct call *call, const struct object *user)
{
    static const struct kind *const kinds[] = {&kind_api_key, &kind_auth_token,
                                               &kind_customer_secret_key};
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        for (struct object *one = store_first(call->store, kinds[i]), *next; one; one = next) {
            next = store_next(call->store, one);
            if (text_equal(object_text(one, "userId"), user->id))
                change_remove(call->change, one);
        }
}
