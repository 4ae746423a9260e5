#include "lib/oci/ocid.h"

#include <string.h>

static bool is_part(struct slice part)
{
    for (size_t i = 0; i < part.length; i++) {
        char c = part.ptr[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_';
        if (!good)
            return false;
    }
    return true;
}

static bool split(struct slice rest, struct ocid *ocid)
{
    struct slice *const parts[] = {&ocid->version, &ocid->type, &ocid->realm, &ocid->region};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        bool found;
        rest = slice_cut(rest, '.', parts[i], &found);
        if (!found || !is_part(*parts[i]))
            return false;
    }
    ocid->unique = rest;
    while (rest.length) {
        bool found;
        struct slice part;
        rest = slice_cut(rest, '.', &part, &found);
        if (!is_part(part) || (found && rest.length == 0))
            return false;
    }
    return ocid->type.length && ocid->realm.length && ocid->unique.length;
}

bool ocid_parse(const char *text, struct ocid *ocid, struct error *err)
{
    *ocid = (struct ocid){0};
    if (text_empty(text))
        return error_set(err, ERROR_INVALID, "an OCID is expected, got an empty text");
    if (strlen(text) > OCID_MAX_LENGTH)
        return error_set(err, ERROR_INVALID, "\"%.40s…\" is too long for an OCID (%d characters)",
                         text, OCID_MAX_LENGTH);
    if (!split(slice_from(text), ocid) || !slice_equal_text(ocid->version, "ocid1"))
        return error_set(err, ERROR_INVALID,
                         "\"%s\" is no OCID (ocid1.<type>.<realm>.[region].<unique>)", text);
    return true;
}

bool ocid_is_valid(const char *text)
{
    ERROR_AUTO(err);
    struct ocid ocid;
    return ocid_parse(text, &ocid, &err);
}

bool ocid_is_a(const char *text, const char *type)
{
    ERROR_AUTO(err);
    struct ocid ocid;
    if (!ocid_parse(text, &ocid, &err))
        return false;
    return slice_equal_text(ocid.type, type) ||
           (strcmp(type, "compartment") == 0 && slice_equal_text(ocid.type, "tenancy"));
}
