#include "lib/oci/image_ref.h"

#include <string.h>

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_word(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Letters and digits with ".", "_", "__" or any number of "-" between them. */
static bool is_path_component(struct slice part)
{
    size_t i = 0;
    while (i < part.length && is_lower_alnum(part.ptr[i])) {
        while (i < part.length && is_lower_alnum(part.ptr[i]))
            i++;
        if (i == part.length)
            return true;
        size_t from = i;
        while (i < part.length && part.ptr[i] == part.ptr[from])
            i++;
        size_t run = i - from, most = part.ptr[from] == '_' ? 2 : 1;
        if (!strchr("._-", part.ptr[from]) || (part.ptr[from] != '-' && run > most))
            return false;
    }
    return false;
}

static bool is_path(struct slice path)
{
    bool more = true;
    while (more) {
        struct slice part;
        path = slice_cut(path, '/', &part, &more);
        if (!is_path_component(part))
            return false;
    }
    return true;
}

static bool is_tag(struct slice tag)
{
    if (tag.length == 0 || tag.length > IMAGE_REF_TAG_LIMIT || !is_word(tag.ptr[0]))
        return false;
    for (size_t i = 1; i < tag.length; i++)
        if (!is_word(tag.ptr[i]) && tag.ptr[i] != '.' && tag.ptr[i] != '-')
            return false;
    return true;
}

/* sha256 and sha512, the algorithms that registries know. */
static bool is_digest(struct slice digest)
{
    size_t want = slice_starts_with(digest, "sha256:")   ? 64
                  : slice_starts_with(digest, "sha512:") ? 128
                                                         : 0;
    if (!want || digest.length != 7 + want)
        return false;
    for (size_t i = 7; i < digest.length; i++)
        if (!strchr("0123456789abcdef", digest.ptr[i]) || !digest.ptr[i])
            return false;
    return true;
}

static bool is_host(struct slice host)
{
    bool port;
    struct slice name, number = slice_cut(host, ':', &name, &port);
    if (name.length == 0 || (port && (number.length == 0 || number.length > 5)))
        return false;
    for (size_t i = 0; i < name.length; i++)
        if ((!is_word(name.ptr[i]) || name.ptr[i] == '_') && name.ptr[i] != '.' &&
            name.ptr[i] != '-')
            return false;
    for (size_t i = 0; i < number.length; i++)
        if (number.ptr[i] < '0' || number.ptr[i] > '9')
            return false;
    return true;
}

/* The first component is a host when it could be no part of a path of Docker Hub. */
static bool looks_like_host(struct slice first)
{
    return memchr(first.ptr, '.', first.length) || memchr(first.ptr, ':', first.length) ||
           slice_equal_text(first, "localhost");
}

/* Cuts "name:tag" at a colon behind the last slash. */
static struct slice cut_tag(struct slice name, struct slice *tag)
{
    for (size_t i = name.length; i-- > 0 && name.ptr[i] != '/';)
        if (name.ptr[i] == ':') {
            *tag = (struct slice){name.ptr + i + 1, name.length - i - 1};
            return (struct slice){name.ptr, i};
        }
    *tag = (struct slice){0};
    return name;
}

bool image_ref_parse(const char *text, struct image_ref *ref, struct error *err)
{
    *ref = (struct image_ref){0};
    bool has_digest, has_host;
    struct slice name, first;
    ref->digest = slice_cut(slice_from(text), '@', &name, &has_digest);
    if (has_digest && !is_digest(ref->digest))
        return error_set(err, ERROR_INVALID,
                         "\"%s\" is no image reference: a digest is sha256: and 64 digits 0-9a-f",
                         text);
    ref->path = cut_tag(name, &ref->tag);
    if (ref->tag.ptr && !is_tag(ref->tag))
        return error_set(err, ERROR_INVALID,
                         "\"%s\" is no image reference: a tag has 1 to %d letters, digits and _.-",
                         text, IMAGE_REF_TAG_LIMIT);
    struct slice rest = slice_cut(ref->path, '/', &first, &has_host);
    if (has_host && looks_like_host(first)) {
        ref->registry = first;
        ref->path = rest;
        if (!is_host(first))
            return error_set(err, ERROR_INVALID,
                             "\"%s\" is no image reference: \"%.*s\" is no host", text,
                             (int)first.length, first.ptr);
    }
    if (!is_path(ref->path) || ref->path.length > IMAGE_REF_NAME_LIMIT)
        return error_set(err, ERROR_INVALID,
                         "\"%s\" is no image reference: \"%.*s\" is no repository name (lower-case "
                         "letters and digits, with single . _ or - between them, at most %d)",
                         text, (int)ref->path.length, ref->path.ptr, IMAGE_REF_NAME_LIMIT);
    return true;
}

struct slice image_ref_region(struct slice registry)
{
    static const char old_end[] = ".ocir.io";
    size_t old_length = sizeof(old_end) - 1;
    if (registry.length > old_length &&
        memcmp(registry.ptr + registry.length - old_length, old_end, old_length) == 0)
        return (struct slice){registry.ptr, registry.length - old_length};
    bool found;
    struct slice region, rest, first;
    rest = slice_cut(registry, '.', &first, &found);
    if (!found || !slice_equal_text(first, "ocir"))
        return (struct slice){0};
    rest = slice_cut(rest, '.', &region, &found);
    return found && slice_starts_with(rest, "oci.") ? region : (struct slice){0};
}
