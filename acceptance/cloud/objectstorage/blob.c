/* The contents of objects, as files. */
#include <string.h>
#include <unistd.h>

#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/log.h"

enum { NAME_LENGTH = 26, BLOB_LIMIT = 1024 * 1024 * 1024 };

static const char *directory_of(struct call *call)
{
    return arena_printf(call->arena, "%s/blobs", store_directory(call->store));
}

static bool fail(struct call *call, const struct error *err)
{
    return call_fail(call, 500, "InternalServerError", "The content of the object: %s",
                     error_message(err));
}

const char *blob_write(struct call *call, const void *data, size_t length)
{
    ERROR_AUTO(err);
    STR_AUTO name = STR_INIT;
    const char *directory = directory_of(call);
    random_base32(&name, NAME_LENGTH);
    const char *path = arena_printf(call->arena, "%s/%s", directory, str_text(&name));
    if (!file_make_directories(directory, 0700, &err) ||
        !file_write_atomic(path, data, length, 0600, &err)) {
        fail(call, &err);
        return NULL;
    }
    return str_copy_to(&name, call->arena);
}

bool blob_read(struct call *call, const char *name, struct str *out)
{
    ERROR_AUTO(err);
    return file_read(arena_printf(call->arena, "%s/%s", directory_of(call), name), BLOB_LIMIT, out,
                     &err) ||
           fail(call, &err);
}

/* Files are not part of the transaction: an object of the state stands for one that is to go, and its
 * step, which comes after the commit, does it (again after a crash). */
void blob_release(struct call *call, const char *name)
{
    if (!name)
        return;
    struct object *blob =
        change_add(call->change, &kind_blob, arena_printf(call->arena, "blob/%s", name));
    change_schedule(call->change, blob, "unlink", call->now_ms);
}

static bool step(struct call *call, struct object *blob, const char *name, bool failed)
{
    (void)name;
    (void)failed;
    const char *path =
        arena_printf(call->arena, "%s/%s", directory_of(call), blob->id + strlen("blob/"));
    if (unlink(path) != 0)
        LOG(LOG_LEVEL_DEBUG, "the content of a deleted object is gone already", {"file", path});
    change_remove(call->change, blob);
    return true;
}

const struct kind kind_blob = {
    .type = "blob",
    .title = "Blob",
    .internal = true,
    .step = step,
};
