/* Objects as JSON, between what the user wrote and what the state shows. */
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/kube/api.h"

void kube_merge_more(json_t *object, const char *name, const char *member)
{
    JSON_AUTO more = json_incref(json_object_get(object, member));
    json_t *target = json_object_get(object, name);
    json_object_del(object, member);
    if (!target) {
        target = json_object();
        json_object_set_new(object, name, target);
    }
    if (json_is_object(more))
        json_object_update_missing(target, more);
}

static bool is_own(const char *name, const char *const *own)
{
    for (; *own; own++)
        if (strcmp(*own, name) == 0)
            return true;
    return false;
}

void kube_pick_more(struct kube_call *call, json_t *object, const json_t *from,
                    const char *attribute_name, const char *const *own)
{
    const struct attribute *attribute =
        attribute_find(call->op->resource->attributes, attribute_name);
    bool imported = value_is_null(value_get(call->values, "uid")) && value_is_null(call->config);
    JSON_AUTO body = json_object();
    json_body_add(call->op->arena, body, attribute, value_get(call->values, attribute_name));
    const json_t *wanted = json_object_get(body, attribute->json);
    json_t *more = json_object(), *member;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)from, name,
                        member) if (!is_own(name, own) &&
                                    (imported || json_object_get(wanted, name)))
        json_object_set(more, name, member);
    if (json_object_size(more))
        json_object_set(object, attribute->json, more);
    json_decref(more);
}

/* What a secret holds is nobody's business who reads a plan; that it changed is. */
void kube_hide_secret(json_t *object)
{
    if (!text_equal(json_get_text(object, "kind"), "Secret"))
        return;
    static const char *const members[] = {"data", "stringData"};
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        json_t *data = json_object_get(object, members[i]), *value;
        const char *key;
        json_object_foreach(data, key, value)
        {
            unsigned char digest[SHA256_SIZE];
            STR_AUTO text = STR_INIT;
            sha256_digest(json_string_value(value), json_string_length(value), digest);
            str_append(&text, "sha256:");
            hex_encode(digest, sizeof(digest), &text);
            json_object_set_new(data, key, json_string(str_text(&text)));
        }
    }
}
