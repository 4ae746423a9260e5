#include "provider/engine/intent.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"
#include "provider/value/msgpack.h"

/* --- the key ------------------------------------------------------------------------------------ */

static int compare_strings(const void *a, const void *b)
{
    const struct str *left = a, *right = b;
    size_t shorter = left->length < right->length ? left->length : right->length;
    int order = shorter ? memcmp(left->ptr, right->ptr, shorter) : 0;
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

static void append_canonical(struct str *out, const struct type *type, const struct value *value);

/* The encoded elements in the order of their bytes. */
static void append_set(struct str *out, const struct type *element, const struct value *set)
{
    size_t count = value_count(set);
    struct str *items = mem_calloc(count + 1, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        append_canonical(&items[i], element, value_item(set, i));
    if (count)
        qsort(items, count, sizeof(*items), compare_strings);
    for (size_t i = 0; i < count; i++) {
        str_append_bytes(out, items[i].ptr, items[i].length);
        str_free(&items[i]);
    }
    free(items);
}

/* msgpack, but for sets, which are ordered first; each container says how much follows. */
static void append_canonical(struct str *out, const struct type *type, const struct value *value)
{
    bool ordered = type->kind != TYPE_SET && type->kind != TYPE_LIST && type->kind != TYPE_OBJECT;
    if (ordered || !value_is_known(value)) {
        msgpack_encode(type, value, out);
        return;
    }
    str_printf(out, "%c%zu:", "lso"[(type->kind == TYPE_SET) + 2 * (type->kind == TYPE_OBJECT)],
               type -> kind == TYPE_OBJECT ? type -> count : value_count(value));
    if (type->kind == TYPE_SET)
        append_set(out, type->element, value);
    for (size_t i = 0; type->kind == TYPE_LIST && i < value_count(value); i++)
        append_canonical(out, type->element, value_item(value, i));
    for (size_t i = 0; type->kind == TYPE_OBJECT && i < type->count; i++) {
        msgpack_encode(
            &type_string,
            &(struct value){.kind = VALUE_STRING, .text = slice_from(type->fields[i].name)}, out);
        append_canonical(out, type->fields[i].type, value_get(value, type->fields[i].name));
    }
}

const char *intent_key(struct arena *arena, const struct resource *resource, const char *scope,
                       const struct value *planned)
{
    const struct layout *layout = layout_of_resource(resource);
    STR_AUTO text = STR_INIT;
    str_printf(&text, "%s\n%s\n", scope, resource->name);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        /* What steers the provider only, or is the server's to say, makes no other object; a place does. */
        if (!attribute || attribute->flags & (SENSITIVE | WRITE_ONLY) ||
            (attribute->flags & (LOCAL | REPLACE)) == LOCAL ||
            !(attribute->flags & (REQUIRED | OPTIONAL)))
            continue;
        str_printf(&text, "%s=", attribute->name);
        append_canonical(&text, layout->type->fields[i].type, layout_member(layout, planned, i));
    }
    unsigned char digest[SHA256_SIZE];
    sha256_digest(text.ptr, text.length, digest);
    STR_AUTO key = STR_INIT;
    hex_encode(digest, sizeof(digest), &key);
    return str_copy_to(&key, arena);
}

/* --- the entry ---------------------------------------------------------------------------------- */

void intent_begin(struct operation *op, const struct value *planned)
{
    intent_free(op->intent);
    op->intent =
        journal_begin(op->engine->journal, op->resource->name,
                      intent_key(op->arena, op->resource, op->configuration->scope, planned));
}

void intent_abandon(struct operation *op)
{
    journal_abandon(op->engine->journal, op->intent);
    intent_free(op->intent);
    op->intent = NULL;
}

/* Refused outright, so that the object cannot exist. A lost answer, a 5xx, a cancelled wait leave that
 * open: then the entry stays, and the next run sends the same token. */
static bool surely_not_made(const struct error *failure)
{
    switch (failure->code) {
    case ERROR_INVALID:
    case ERROR_NOT_FOUND:
    case ERROR_EXISTS:
    case ERROR_CONFLICT:
    case ERROR_DENIED:
        return true;
    case ERROR_REMOTE:
    case ERROR_CAPACITY:
        return failure->http_status >= 400 && failure->http_status < 500;
    case ERROR_NONE:
    case ERROR_THROTTLED:
    case ERROR_UNAVAILABLE:
    case ERROR_TIMEOUT:
    case ERROR_CANCELLED:
    case ERROR_INTERNAL:
        break;
    }
    return false;
}

void intent_end(struct operation *op, const struct error *failure)
{
    if (!failure)
        journal_returned(op->engine->journal, op->intent);
    else if (surely_not_made(failure))
        journal_abandon(op->engine->journal, op->intent);
}

/* --- what operations use (operation.h) ---------------------------------------------------------- */

const char *operation_retry_token(struct operation *op)
{
    return op->intent ? op->intent->token : NULL;
}

const char *operation_created_earlier(struct operation *op)
{
    return op->intent && op->intent->replay ? op->intent->object_id : NULL;
}

bool operation_is_replay(struct operation *op)
{
    return op->intent && op->intent->replay;
}

void operation_created(struct operation *op, const char *id)
{
    if (op->intent && id && !text_equal(op->intent->object_id, id))
        journal_created(op->engine->journal, op->intent, id);
}
