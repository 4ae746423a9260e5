#include "provider/oci/node_image.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads at most 9 digits. */
static bool read_number(const char **text, int *number)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 9)
        return false;
    *number = (int)strtol(*text, NULL, 10);
    *text += digits;
    return true;
}

static bool read_text(const char **text, const char *expected)
{
    size_t length = strlen(expected);
    if (strncmp(*text, expected, length) != 0)
        return false;
    *text += length;
    return true;
}

/* "2026.01.29-0-OKE-1.33.1-1234" and nothing behind. */
static bool read_tail(const char *text, struct node_image *image)
{
    int year, month, day, revision;
    struct kubernetes_version *version = &image->kubernetes;
    if (!read_number(&text, &year) || !read_text(&text, ".") || !read_number(&text, &month) ||
        !read_text(&text, ".") || !read_number(&text, &day) || !read_text(&text, "-") ||
        !read_number(&text, &revision) || !read_text(&text, "-OKE-") ||
        !read_number(&text, &version->major) || !read_text(&text, ".") ||
        !read_number(&text, &version->minor) || !read_text(&text, ".") ||
        !read_number(&text, &version->patch) || !read_text(&text, "-") ||
        !read_number(&text, &image->build) || *text)
        return false;
    if (year > 9999 || month > 99 || day > 99)
        return false;
    image->date = (year * 100 + month) * 100 + day;
    return true;
}

/* A dash before something that begins with a digit: what is in front is cut off *text. */
static bool cut_before_digit(const char **text, struct slice *head)
{
    for (const char *at = *text; (at = strchr(at, '-')); at++)
        if (is_digit(at[1])) {
            *head = (struct slice){*text, (size_t)(at - *text)};
            *text = at + 1;
            return true;
        }
    return false;
}

bool node_image_parse(const char *name, struct node_image *image)
{
    *image = (struct node_image){0};
    const char *rest = name;
    if (!cut_before_digit(&rest, &image->system))
        return false;
    const char *end = strchr(rest, '-');
    if (!end)
        return false;
    image->system_version = (struct slice){rest, (size_t)(end - rest)};
    rest = end + 1;
    struct slice kind = {0};
    if (!is_digit(*rest) && !cut_before_digit(&rest, &kind))
        return false;
    if (slice_equal_text(kind, "aarch64"))
        image->aarch64 = true;
    else if (slice_equal_text(kind, "Gen2-GPU"))
        image->gpu = true;
    else if (slice_equal_text(kind, "Gen2-GPU-aarch64"))
        image->aarch64 = image->gpu = true;
    else if (kind.length)
        return false;
    return read_tail(rest, image);
}

/* major, minor, and the patch or -1. */
static bool parse_wished_version(const char *text, struct kubernetes_version *version)
{
    text += text && *text == 'v';
    version->patch = -1;
    if (!text || !read_number(&text, &version->major) || !read_text(&text, ".") ||
        !read_number(&text, &version->minor))
        return false;
    return !*text || (read_text(&text, ".") && read_number(&text, &version->patch) && !*text);
}

bool node_image_version_valid(const char *text)
{
    struct kubernetes_version version;
    return parse_wished_version(text, &version);
}

/* "8" takes 8.10, not 80. */
static bool is_system_version(struct slice present, const char *wished)
{
    size_t length = strlen(wished);
    return present.length >= length && memcmp(present.ptr, wished, length) == 0 &&
           (present.length == length || present.ptr[length] == '.');
}

/* "Oracle Linux" as it stands in names, "Oracle-Linux". */
static bool is_system(struct slice present, const char *wished)
{
    if (present.length != strlen(wished))
        return false;
    for (size_t i = 0; i < present.length; i++)
        if (present.ptr[i] != (wished[i] == ' ' ? '-' : wished[i]))
            return false;
    return true;
}

bool node_image_fits(const struct node_image *image, const struct node_image_wish *wish)
{
    struct kubernetes_version version;
    return image->aarch64 == wish->aarch64 && image->gpu == wish->gpu &&
           parse_wished_version(wish->kubernetes_version, &version) &&
           image->kubernetes.major == version.major && image->kubernetes.minor == version.minor &&
           (version.patch < 0 || image->kubernetes.patch == version.patch) &&
           (!wish->system || is_system(image->system, wish->system)) &&
           (!wish->system_version ||
            is_system_version(image->system_version, wish->system_version));
}

/* By the numbers between dots. */
static int compare_system_version(struct slice a, struct slice b)
{
    while (a.length || b.length) {
        bool more;
        struct slice left, right;
        a = slice_cut(a, '.', &left, &more);
        b = slice_cut(b, '.', &right, &more);
        long x = left.length ? strtol(left.ptr, NULL, 10) : -1;
        long y = right.length ? strtol(right.ptr, NULL, 10) : -1;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

int node_image_compare(const struct node_image *a, const struct node_image *b)
{
    int order = kubernetes_version_compare(&a->kubernetes, &b->kubernetes);
    if (order == 0)
        order = compare_system_version(a->system_version, b->system_version);
    if (order == 0)
        order = (a->date > b->date) - (a->date < b->date);
    return order ? order : (a->build > b->build) - (a->build < b->build);
}

/* VM.Standard.A1.Flex, BM.Standard.A4.48, BM.GPU.GB200.4 (Grace); not VM.GPU.A10.1. */
bool shape_name_is_aarch64(const char *shape)
{
    const char *at = strstr(shape, ".Standard.A");
    return (at && is_digit(at[strlen(".Standard.A")])) || strstr(shape, ".GPU.GB");
}

bool shape_name_has_gpu(const char *shape)
{
    return strstr(shape, ".GPU") != NULL;
}
