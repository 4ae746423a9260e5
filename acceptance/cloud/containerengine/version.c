#include "acceptance/cloud/containerengine/version.h"

#include <ctype.h>
#include <stdlib.h>

#include "lib/base/compiler.h"
#include "lib/base/str.h"

static const struct {
    const char *text;
    bool newest_patch;
} offered[] = {
    {"v1.33.10", true}, {"v1.34.1", false}, {"v1.34.2", true},
    {"v1.35.0", false}, {"v1.35.2", true},  {"v1.36.1", true},
};

enum { MAJOR, MINOR, PATCH, PARTS, MAX_DIGITS = 4 };

static bool parse(const char *text, int parts[PARTS])
{
    if (!text || *text != 'v')
        return false;
    text++;
    for (int i = 0; i < PARTS; i++) {
        int digits = 0;
        parts[i] = 0;
        for (; isdigit((unsigned char)*text) && digits < MAX_DIGITS; text++, digits++)
            parts[i] = parts[i] * 10 + (*text - '0');
        if (digits == 0 || *text != (i == PATCH ? '\0' : '.'))
            return false;
        if (i < PATCH)
            text++;
    }
    return true;
}

bool version_valid(const char *text)
{
    int parts[PARTS];
    return parse(text, parts);
}

int version_compare(const char *a, const char *b)
{
    int left[PARTS] = {0}, right[PARTS] = {0};
    parse(a, left);
    parse(b, right);
    for (int i = 0; i < PARTS; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

bool version_offered(const char *text)
{
    for (size_t i = 0; i < ARRAY_LENGTH(offered); i++)
        if (text_equal(offered[i].text, text))
            return true;
    return false;
}

json_t *version_list(bool all_patches)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(offered); i++)
        if (all_patches || offered[i].newest_patch)
            json_array_append_new(list, json_string(offered[i].text));
    return list;
}

bool version_upgrade_allowed(const char *from, const char *to)
{
    int left[PARTS], right[PARTS];
    return parse(from, left) && parse(to, right) && version_compare(from, to) < 0 &&
           left[MAJOR] == right[MAJOR] && right[MINOR] - left[MINOR] <= 1;
}

json_t *version_upgrades(const char *from)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(offered); i++)
        if (offered[i].newest_patch && version_upgrade_allowed(from, offered[i].text))
            json_array_append_new(list, json_string(offered[i].text));
    return list;
}

bool version_node_allowed(const char *control, const char *node)
{
    int left[PARTS], right[PARTS];
    return parse(control, left) && parse(node, right) && version_compare(node, control) <= 0 &&
           left[MAJOR] == right[MAJOR] && left[MINOR] - right[MINOR] <= VERSION_NODE_SKEW;
}
