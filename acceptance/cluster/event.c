#include "acceptance/cluster/event.h"

#include <stdio.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/str.h"

void event_write(struct kube_client *client, const json_t *object, bool warning, const char *reason,
                 const char *text, const char *detail)
{
    const json_t *metadata = json_object_get(object, "metadata");
    const char *namespace = json_get_text(metadata, "namespace");
    const char *name = json_get_text(metadata, "name");
    char now[CLOCK_RFC3339_SIZE];
    clock_format_rfc3339(clock_wall_ms() / 1000 * 1000, now);
    now[sizeof("2026-06-02T10:20:30") - 1] = 'Z'; /* whole seconds, as the API wants them */
    now[sizeof("2026-06-02T10:20:30Z") - 1] = '\0';
    STR_AUTO message = STR_INIT;
    STR_AUTO generate = STR_INIT;
    STR_AUTO path = STR_INIT;
    str_printf(&message, "%s%s", text, detail);
    str_printf(&generate, "%s.", name);
    str_printf(&path, "/api/v1/namespaces/%s/events", namespace ? namespace : "default");
    JSON_AUTO event = json_pack(
        "{s:s, s:s, s:{s:s}, s:{s:s*, s:s*, s:s*, s:s*, s:s*}, s:s, s:s, s:s, s:{s:s}, s:s, s:s, "
        "s:i}",
        "apiVersion", "v1", "kind", "Event", "metadata", "generateName", str_text(&generate),
        "involvedObject", "apiVersion", json_get_text(object, "apiVersion"), "kind",
        json_get_text(object, "kind"), "namespace", namespace, "name", name, "uid",
        json_get_text(metadata, "uid"), "type", warning ? "Warning" : "Normal", "reason", reason,
        "message", str_text(&message), "source", "component", "cloud-controller", "firstTimestamp",
        now, "lastTimestamp", now, "count", 1);
    struct kube_scope scope = {0};
    struct kube_request request = {.method = "POST", .path = str_text(&path), .body = event};
    ERROR_AUTO(err);
    if (!kube_call(client, &scope, &request, NULL, NULL, &err))
        fprintf(stderr, "event of %s: %s\n", name, error_message(&err));
}
