/* kubeconfig(cluster) */
#include "lib/oci/ocid.h"
#include "lib/oci/region.h"
#include "provider/engine/schema.h"
#include "provider/oci/function_arguments.h"
#include "provider/oci/kubeconfig.h"

static const char *const members[] = {
    "name", "endpoint", "certificate_authority", "namespace", "token", "exec", "cluster_id", NULL};
static const char *const exec_members[] = {"command", "args", "env", "api_version", NULL};

/* A list or map (which) of texts; null when absent. */
static bool texts(const struct value *object, const char *name, enum value_kind which,
                  const struct value **found, struct error *err)
{
    const struct value *member = argument_value(value_get(object, name));
    *found = member;
    bool good = value_is_null(member) || member->kind == which;
    for (size_t i = 0; good && i < value_count(member); i++)
        good = (which == VALUE_MAP ? member->map.entries[i].value : value_item(member, i))->kind ==
               VALUE_STRING;
    return good || error_set(err, ERROR_INVALID, "exec.%s must be a %s of texts", name,
                             which == VALUE_MAP ? "map" : "list");
}

static bool read_exec(struct arena *arena, const struct value *exec, struct kubeconfig *kubeconfig,
                      struct error *err)
{
    if (value_is_null(exec))
        return true;
    if (!argument_check_members(exec, exec_members, err) ||
        !argument_text(arena, exec, "command", &kubeconfig->exec_command, err) ||
        !argument_text(arena, exec, "api_version", &kubeconfig->exec_api_version, err) ||
        !texts(exec, "args", VALUE_LIST, &kubeconfig->exec_args, err) ||
        !texts(exec, "env", VALUE_MAP, &kubeconfig->exec_env, err))
        return false;
    return kubeconfig->exec_command || error_set(err, ERROR_INVALID, "exec.command is needed");
}

/* What OCI's command line prints a token with. The region is part of the cluster's OCID. */
static bool use_cluster_id(struct arena *arena, const char *cluster_id,
                           struct kubeconfig *kubeconfig, struct error *err)
{
    struct ocid ocid;
    OCI_REGION_AUTO(region);
    if (!ocid_parse(cluster_id, &ocid, err) ||
        !oci_region_resolve(arena_strndup(arena, ocid.region.ptr, ocid.region.length), &region,
                            err))
        return error_wrap(err, "cluster_id");
    const struct value *args[] = {value_string(arena, "ce"),
                                  value_string(arena, "cluster"),
                                  value_string(arena, "generate-token"),
                                  value_string(arena, "--cluster-id"),
                                  value_string(arena, cluster_id),
                                  value_string(arena, "--region"),
                                  value_string(arena, region.name)};
    kubeconfig->exec_command = "oci";
    kubeconfig->exec_args = value_list(arena, args, ARRAY_LENGTH(args));
    return true;
}

static bool read_cluster(struct arena *arena, const struct value *cluster,
                         struct kubeconfig *kubeconfig, struct error *err)
{
    const char *cluster_id;
    if (!argument_check_members(cluster, members, err) ||
        !argument_text(arena, cluster, "name", &kubeconfig->name, err) ||
        !argument_text(arena, cluster, "endpoint", &kubeconfig->server, err) ||
        !argument_text(arena, cluster, "certificate_authority", &kubeconfig->authority, err) ||
        !argument_text(arena, cluster, "namespace", &kubeconfig->namespace, err) ||
        !argument_text(arena, cluster, "token", &kubeconfig->token, err) ||
        !argument_text(arena, cluster, "cluster_id", &cluster_id, err) ||
        !read_exec(arena, argument_value(value_get(cluster, "exec")), kubeconfig, err))
        return false;
    if (!!cluster_id + !!kubeconfig->token + !!kubeconfig->exec_command != 1)
        return error_set(err, ERROR_INVALID, "exactly one of token, exec and cluster_id is needed");
    return !cluster_id || use_cluster_id(arena, cluster_id, kubeconfig, err);
}

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)count;
    *argument = 0;
    STR_AUTO out = STR_INIT;
    struct kubeconfig kubeconfig = {0};
    if (!read_cluster(arena, argument_value(arguments[0]), &kubeconfig, err) ||
        !kubeconfig_write(&kubeconfig, &out, err))
        return NULL;
    return value_string_bytes(arena, out.ptr, out.length);
}

const struct function oke_function_kubeconfig = {
    .name = "kubeconfig",
    .summary = "The text of a kubeconfig file for one cluster.",
    .description =
        "Takes an object: `endpoint` (with or without `https://`); one of `token`, `exec` "
        "(`command`, "
        "`args`, `env`, `api_version`) and `cluster_id` (logs in by the OCI command line); and "
        "optionally `certificate_authority` (PEM or its base64), `name` and `namespace`. The text "
        "is a "
        "secret when it holds a token.",
    .parameters =
        (const struct function_parameter[]){{.name = "cluster",
                                             .type = &type_dynamic,
                                             .doc = "Where the cluster is and how to log in."},
                                            {.name = NULL}},
    .result = &type_string,
    .call = call,
    .example = "output \"kubeconfig\" {\n"
               "  value = provider::oke::kubeconfig({\n"
               "    name       = \"todo\"\n"
               "    endpoint   = oke_cluster.main.endpoints[0].public_endpoint\n"
               "    cluster_id = oke_cluster.main.id\n"
               "  })\n"
               "}\n",
};
