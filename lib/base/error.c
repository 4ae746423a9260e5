#include "lib/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/str.h"

void error_free(struct error *err)
{
    free(err->service_code);
    free(err->request_id);
    free(err->message);
    *err = (struct error)ERROR_INIT;
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    /* The old message may be an argument of the new one: format first, release afterwards. */
    struct str text = STR_INIT;
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    error_free(err);
    err->code = code;
    err->message = str_steal(&text);
    return false;
}

bool error_wrap(struct error *err, const char *format, ...)
{
    struct str text = STR_INIT;
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    str_append(&text, ": ");
    str_append(&text, error_message(err));
    free(err->message);
    err->message = str_steal(&text);
    if (err->code == ERROR_NONE)
        err->code = ERROR_INTERNAL;
    return false;
}

static enum error_code code_from_errno(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return ERROR_NOT_FOUND;
    case EEXIST:
        return ERROR_EXISTS;
    case EACCES:
    case EPERM:
        return ERROR_DENIED;
    case ETIMEDOUT:
        return ERROR_TIMEOUT;
    case ECONNREFUSED:
    case ECONNRESET:
        return ERROR_UNAVAILABLE;
    default:
        return ERROR_INTERNAL;
    }
}

bool error_set_errno(struct error *err, const char *format, ...)
{
    int number = errno;
    struct str text = STR_INIT;
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    error_set(err, code_from_errno(number), "%s: %s", str_text(&text), strerror(number));
    str_free(&text);
    return false;
}

void error_move(struct error *to, struct error *from)
{
    error_free(to);
    *to = *from;
    *from = (struct error)ERROR_INIT;
}

bool error_is_set(const struct error *err)
{
    return err->code != ERROR_NONE;
}

const char *error_message(const struct error *err)
{
    return err->message ? err->message : "unknown error";
}
