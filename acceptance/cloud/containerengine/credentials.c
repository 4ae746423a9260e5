#include "acceptance/cloud/containerengine/credentials.h"

#include <string.h>

#include "acceptance/cloud/api/certificate.h"
#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/duration.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { VALID_YEARS = 5, TAIL_LENGTH = 11, ROTATION_DAYS = 90 };

/* --- certificate authority ----------------------------------------------------------------------- */

bool credentials_issue(struct call *call, struct object *cluster)
{
    STR_AUTO pem = STR_INIT;
    char expires[CLOCK_RFC3339_SIZE];
    if (!certificate_make_authority("kubernetes-ca", call->now_ms, VALID_YEARS, &pem))
        return call_fail(call, 500, "InternalServerError",
                         "No certificate authority could be made");
    json_set_text(cluster->hidden, "certificateAuthority", str_text(&pem));
    json_t *metadata = json_object_get(cluster->body, "metadata");
    if (!metadata)
        json_object_set_new(cluster->body, "metadata", metadata = json_object());
    int64_t end_ms = call->now_ms + VALID_YEARS * CERTIFICATE_YEAR_S * 1000;
    json_set_text(metadata, "timeCredentialExpiration", clock_format_rfc3339(end_ms, expires));
    return true;
}

/* --- kubeconfig ---------------------------------------------------------------------------------- */

void kubeconfig_append(struct str *out, const char *cluster_id, const char *region,
                       const char *server, const char *certificate_authority)
{
    size_t length = strlen(cluster_id);
    const char *tail = cluster_id + (length > TAIL_LENGTH ? length - TAIL_LENGTH : 0);
    STR_AUTO authority = STR_INIT;
    base64_encode(BASE64_STANDARD, certificate_authority, strlen(certificate_authority),
                  &authority);
    str_printf(out,
               "---\n"
               "apiVersion: v1\n"
               "kind: \"\"\n"
               "clusters:\n"
               "- name: cluster-%s\n"
               "  cluster:\n"
               "    server: https://%s\n"
               "    certificate-authority-data: %s\n"
               "users:\n"
               "- name: user-%s\n"
               "  user:\n"
               "    exec:\n"
               "      apiVersion: client.authentication.k8s.io/v1beta1\n"
               "      command: oci\n"
               "      args:\n"
               "      - ce\n"
               "      - cluster\n"
               "      - generate-token\n"
               "      - --cluster-id\n"
               "      - %s\n"
               "      - --region\n"
               "      - %s\n"
               "      env: []\n"
               "contexts:\n"
               "- name: context-%s\n"
               "  context:\n"
               "    cluster: cluster-%s\n"
               "    user: user-%s\n"
               "current-context: context-%s\n",
               tail, server, str_text(&authority), tail, cluster_id, region, tail, tail, tail,
               tail);
}

static const char *endpoint_of(const struct object *cluster, const char *name)
{
    static const char *const fields[][2] = {
        {"LEGACY_KUBERNETES", "endpoints.kubernetes"},
        {"PUBLIC_ENDPOINT", "endpoints.publicEndpoint"},
        {"PRIVATE_ENDPOINT", "endpoints.privateEndpoint"},
        {"VCN_HOSTNAME", "endpoints.vcnHostnameEndpoint"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
        if (text_equal(fields[i][0], name))
            return json_string_value(json_at_path(cluster->body, fields[i][1]));
    return NULL;
}

bool oke_create_kubeconfig(struct call *call)
{
    const struct object *cluster = call_target(call);
    if (!cluster)
        return false;
    const char *version = call_text(call, "tokenVersion");
    const char *name = call_text(call, "endpoint");
    if (!name)
        name = json_object_get(cluster->body, "endpointConfig") ? "PRIVATE_ENDPOINT"
                                                                : "LEGACY_KUBERNETES";
    if (version && !text_equal(version, "2.0.0"))
        return call_invalid(call, "tokenVersion: %s is no longer supported; use 2.0.0", version);
    if (!json_object_get(cluster->body, "endpoints"))
        return cluster_check_active(call, cluster);
    const char *server = endpoint_of(cluster, name);
    if (!server)
        return call_invalid(call, "endpoint: cluster %s has no %s", cluster->id, name);
    STR_AUTO text = STR_INIT;
    kubeconfig_append(&text, cluster->id, call_settings(call)->region, server,
                      json_get_text(cluster->hidden, "certificateAuthority"));
    return call_reply_bytes(call, 200, "application/x-yaml", str_text(&text), text.length);
}

/* --- rotation ------------------------------------------------------------------------------------ */

static void set_rotation(struct object *cluster, const char *status, const char *details)
{
    json_t *rotation = json_object_get(cluster->hidden, "rotation");
    if (!rotation)
        json_object_set_new(cluster->hidden, "rotation", rotation = json_object());
    json_set_text(rotation, "status", status);
    json_set_text(rotation, "statusDetails", details);
}

static const char *rotation_details(const struct object *cluster)
{
    return json_get_text(json_object_get(cluster->hidden, "rotation"), "statusDetails");
}

static bool rotate(struct call *call, struct object *cluster, const char *details)
{
    set_rotation(cluster, "IN_PROGRESS", details);
    call_set_state(cluster, "UPDATING");
    oke_start_work(call, "CLUSTER_UPDATE", cluster, "cluster", "UPDATED", "updated",
                   CLUSTER_UPGRADE_MS);
    return oke_reply_accepted(call);
}

bool oke_start_credential_rotation(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    int64_t seconds;
    char time[CLOCK_RFC3339_SIZE];
    if (!cluster || !cluster_check_active(call, cluster))
        return false;
    if (!duration_parse(call_text(call, "autoCompletionDelayDuration"), &seconds) ||
        seconds > (int64_t)ROTATION_DAYS * 24 * 3600)
        return call_invalid(call, "autoCompletionDelayDuration must be a duration of at most P%dD",
                            ROTATION_DAYS);
    const char *details = rotation_details(cluster);
    if (details && !text_equal(details, "COMPLETED"))
        return call_bad_state(call, "The credentials of cluster %s are being rotated already",
                              cluster->id);
    json_object_set_new(cluster->hidden, "rotation",
                        json_pack("{s:s, s:I}", "timeAutoCompletionScheduled",
                                  clock_format_rfc3339(call->now_ms + seconds * 1000, time),
                                  "delay", (json_int_t)seconds));
    return rotate(call, cluster, "ISSUING_NEW_CREDENTIALS");
}

bool oke_complete_credential_rotation(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    if (!cluster || !cluster_check_active(call, cluster))
        return false;
    if (!text_equal(rotation_details(cluster), "NEW_CREDENTIALS_ISSUED"))
        return call_bad_state(call,
                              "No rotation of the credentials of cluster %s waits to be "
                              "completed",
                              cluster->id);
    return rotate(call, cluster, "RETIRING_OLD_CREDENTIALS");
}

void credentials_complete(struct object *cluster)
{
    set_rotation(cluster, "COMPLETED", "COMPLETED");
}

void credentials_advance(struct call *call, struct object *cluster, bool failed)
{
    const char *details = rotation_details(cluster);
    if (text_equal(details, "ISSUING_NEW_CREDENTIALS") && failed) {
        json_object_del(cluster->hidden, "rotation");
    } else if (text_equal(details, "ISSUING_NEW_CREDENTIALS")) {
        int64_t delay = json_get_integer(json_object_get(cluster->hidden, "rotation"), "delay", 0);
        credentials_issue(call, cluster);
        set_rotation(cluster, "WAITING", "NEW_CREDENTIALS_ISSUED");
        call_schedule(call, cluster, "completeRotation", delay * 1000);
    } else if (text_equal(details, "RETIRING_OLD_CREDENTIALS") && failed) {
        set_rotation(cluster, "WAITING", "NEW_CREDENTIALS_ISSUED");
    } else if (text_equal(details, "RETIRING_OLD_CREDENTIALS")) {
        credentials_complete(cluster);
    }
}

bool oke_get_credential_rotation_status(struct call *call)
{
    const struct object *cluster = call_target(call);
    if (!cluster)
        return false;
    json_t *status = json_deep_copy(json_object_get(cluster->hidden, "rotation"));
    if (!status)
        status = json_pack("{s:s, s:s}", "status", "COMPLETED", "statusDetails", "COMPLETED");
    json_object_del(status, "delay");
    return call_reply(call, 200, status);
}
