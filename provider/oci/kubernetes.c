#include "provider/oci/kubernetes.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BEHIND = 3, MOST_BEHIND_OLD = 2, FIRST_WITH_THREE = 28 };

bool kubernetes_version_parse(const char *text, struct kubernetes_version *version)
{
    int end = 0;
    if (!text)
        return false;
    if (*text == 'v')
        text++;
    /* No sign and no blank: sscanf would skip them. */
    return strspn(text, "0123456789.") == strlen(text) &&
           sscanf(text, "%3d.%3d.%3d%n", &version->major, &version->minor, &version->patch, &end) ==
               3 &&
           !text[end];
}

int kubernetes_version_compare(const struct kubernetes_version *a,
                               const struct kubernetes_version *b)
{
    return a->major != b->major   ? a->major - b->major
           : a->minor != b->minor ? a->minor - b->minor
                                  : a->patch - b->patch;
}

bool equal_kubernetes_version(const struct value *a, const struct value *b)
{
    struct kubernetes_version left, right;
    return kubernetes_version_parse(value_text(a), &left) &&
           kubernetes_version_parse(value_text(b), &right) &&
           kubernetes_version_compare(&left, &right) == 0;
}

void kubernetes_version_canonical(json_t *body)
{
    const char *text = json_string_value(json_object_get(body, "kubernetesVersion"));
    if (text && *text >= '0' && *text <= '9')
        json_object_set_new(body, "kubernetesVersion", json_sprintf("v%s", text));
}

const char *kubernetes_upgrade_problem(const char *from, const char *to)
{
    struct kubernetes_version old, new;
    if (!kubernetes_version_parse(from, &old) || !kubernetes_version_parse(to, &new))
        return NULL;
    if (kubernetes_version_compare(&new, &old) < 0)
        return "a control plane cannot go back. If it was upgraded outside of Terraform, configure "
               "the "
               "version that it has";
    if (new.major != old.major || new.minor > old.minor + 1)
        return "a control plane is upgraded by one minor version at a time: go there in steps";
    return NULL;
}

const char *kubernetes_skew_problem(const char *control_plane, const char *nodes,
                                    bool upgrade_ahead)
{
    struct kubernetes_version plane, node;
    if (!kubernetes_version_parse(control_plane, &plane) || !kubernetes_version_parse(nodes, &node))
        return NULL;
    int most_behind = plane.minor < FIRST_WITH_THREE ? MOST_BEHIND_OLD : MOST_BEHIND;
    bool newer = upgrade_ahead ? node.minor > plane.minor + 1
                               : kubernetes_version_compare(&node, &plane) > 0;
    if (node.major > plane.major || (node.major == plane.major && newer))
        return "nodes cannot be newer than the control plane: upgrade the cluster first";
    if (node.major < plane.major || node.minor < plane.minor - most_behind)
        return most_behind == MOST_BEHIND
                   ? "nodes may be three minor versions behind the control plane at most"
                   : "nodes may be two minor versions behind the control plane at most";
    return NULL;
}
