#include "acceptance/cluster/ingress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/event.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/process.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"
#include "lib/net/secret.h"

#define CERTIFICATES "/run/okestra/ingress-certificates"
#define RENDERED     "/run/okestra/ingresses.conf"
#define NGINX_PID    "/run/okestra/nginx.pid"
#define SERVICE      "ingress-nginx/ingress-nginx-controller"

enum {
    SETTLE_US = 50 * 1000,     /* changes that come together are served together */
    CERTIFICATES_AGAIN_S = 60, /* secrets are not followed: they are read again after that */
    PID_LIMIT = 64,
};

struct controller {
    struct cluster *cluster;
    struct kube_client *client;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    bool dirty;
    json_t *ingresses, *services; /* by "namespace/name" */
    json_t *told;                 /* what events said last of each; only the serving thread's */
};

struct following {
    struct controller *controller;
    const char *api_version, *kind;
    json_t *objects; /* borrowed: one of the controller's */
};

static char *key_of(const json_t *object)
{
    struct str key = STR_INIT;
    str_printf(&key, "%s/%s", kube_namespace(object), kube_name(object));
    return str_steal(&key);
}

static void take_object(void *context, const json_t *object, bool gone)
{
    struct following *following = context;
    struct controller *controller = following->controller;
    CLEANUP(free_pointer) char *key = key_of(object);
    pthread_mutex_lock(&controller->mutex);
    if (gone)
        json_object_del(following->objects, key);
    else
        json_object_set_new(following->objects, key, json_deep_copy(object));
    controller->dirty = true;
    pthread_cond_signal(&controller->changed);
    pthread_mutex_unlock(&controller->mutex);
}

static void *follow(void *context)
{
    struct following *following = context;
    ERROR_AUTO(err);
    api_follow(following->controller->client,
               &(struct api_follower){.api_version = following->api_version,
                                      .kind = following->kind,
                                      .on_change = take_object,
                                      .context = following},
               &err);
    fprintf(stderr, "%s: %s\n", following->kind, error_message(&err));
    _exit(1); /* and be started again */
}

/* ---- certificates --------------------------------------------------------------------------- */

static bool write_part(const json_t *secret, const char *key, const char *name, const char *suffix)
{
    const char *text = json_get_text(json_object_get(secret, "data"), key);
    SECRET_STR_AUTO pem = STR_INIT;
    str_reserve(&pem, text ? strlen(text) : 0);
    STR_AUTO path = STR_INIT;
    str_printf(&path, CERTIFICATES "/%s.%s", name, suffix);
    ERROR_AUTO(err);
    return text && base64_decode(text, strlen(text), &pem) &&
           file_write_atomic(str_text(&path), pem.ptr, pem.length, 0600, &err);
}

static void fetch_certificate(struct controller *controller, const char *namespace_name,
                              const char *name)
{
    ERROR_AUTO(err);
    struct kube_scope scope = {0};
    const struct kube_object object = {
        .kind = kube_kind_built_in("v1", "Secret"), .namespace_name = namespace_name, .name = name};
    JSON_AUTO secret = kube_get(controller->client, &scope, &object, &err);
    STR_AUTO file = STR_INIT;
    str_printf(&file, "%s.%s", namespace_name, name);
    /* The key first: the certificate's file says that both are there. */
    if (secret && write_part(secret, "tls.key", str_text(&file), "key"))
        write_part(secret, "tls.crt", str_text(&file), "crt");
}

static void fetch_certificates(struct controller *controller, const json_t *ingress)
{
    size_t index;
    json_t *tls;
    json_array_foreach(json_at_path(ingress, "spec.tls"), index, tls)
    {
        const char *name = json_get_text(tls, "secretName");
        if (name)
            fetch_certificate(controller, kube_namespace(ingress), name);
    }
}

/* ---- serving -------------------------------------------------------------------------------- */

/* An event for each new thing there is to say. */
static void tell(struct controller *controller, const json_t *ingress, const char *reason,
                 const char *text, const char *detail)
{
    CLEANUP(free_pointer) char *key = key_of(ingress);
    if (text_equal(json_get_text(controller->told, key), detail))
        return;
    json_set_text(controller->told, key, detail);
    event_write(controller->client, ingress, true, reason, text, detail);
}

static bool judge(struct controller *controller, const json_t *ingress)
{
    ERROR_AUTO(err);
    STR_AUTO ignored = STR_INIT;
    if (!ingress_check(ingress, &ignored, &err)) {
        tell(controller, ingress, "Rejected", "not served: ", error_message(&err));
        return false;
    }
    if (ignored.length)
        tell(controller, ingress, "Ignored", "without effect here: ", str_text(&ignored));
    return true;
}

static void write_address(struct controller *controller, const json_t *ingress, const char *address)
{
    const char *has = json_get_text(json_at_path(ingress, "status.loadBalancer.ingress.0"), "ip");
    if (!address || text_equal(has, address))
        return;
    STR_AUTO path = STR_INIT;
    str_printf(&path, "/apis/networking.k8s.io/v1/namespaces/%s/ingresses/%s/status",
               kube_namespace(ingress), kube_name(ingress));
    ERROR_AUTO(err);
    if (!api_patch(
            controller->client, str_text(&path),
            json_pack("{s:{s:{s:[{s:s}]}}}", "status", "loadBalancer", "ingress", "ip", address),
            &err))
        fprintf(stderr, "status of %s: %s\n", str_text(&path), error_message(&err));
}

static void reload(struct controller *controller)
{
    CLEANUP(free_pointer) char *config = cluster_path(controller->cluster, "config/nginx.conf");
    const char *const test[] = {"nginx", "-t", "-q", "-e", "stderr", "-c", config, NULL};
    PROCESS_RESULT_AUTO(result);
    ERROR_AUTO(err);
    if (!process_run(&(struct process_command){.argv = test}, &result, &err) ||
        result.exit_status != 0) {
        fprintf(stderr, "nginx: %s%s\n", error_message(&err), str_text(&result.errors));
        return;
    }
    STR_AUTO text = STR_INIT;
    if (file_read(NGINX_PID, PID_LIMIT, &text, &err) && strtol(str_text(&text), NULL, 10) > 1)
        kill((pid_t)strtol(str_text(&text), NULL, 10), SIGHUP);
}

static void serve(struct controller *controller, const json_t *ingresses, const json_t *services)
{
    JSON_AUTO good = json_array();
    const char *address = json_get_text(
        json_at_path(json_object_get(services, SERVICE), "status.loadBalancer.ingress.0"), "ip");
    const char *key;
    json_t *ingress;
    json_object_foreach((json_t *)(uintptr_t)ingresses, key, ingress)
    {
        if (!ingress_is_ours(ingress) || !judge(controller, ingress))
            continue;
        fetch_certificates(controller, ingress);
        write_address(controller, ingress, address);
        json_array_append(good, ingress);
    }
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    ingress_render(good, services, CERTIFICATES, &text);
    if (!file_write_atomic(RENDERED, str_text(&text), text.length, 0600, &err))
        fprintf(stderr, "%s\n", error_message(&err));
    reload(controller);
}

/* Copies of what is there, when it has changed or some time has passed. */
static void next_state(struct controller *controller, json_t **ingresses, json_t **services)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CERTIFICATES_AGAIN_S;
    pthread_mutex_lock(&controller->mutex);
    while (!controller->dirty &&
           pthread_cond_timedwait(&controller->changed, &controller->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&controller->mutex);
    usleep(SETTLE_US);
    pthread_mutex_lock(&controller->mutex);
    controller->dirty = false;
    *ingresses = json_deep_copy(controller->ingresses);
    *services = json_deep_copy(controller->services);
    pthread_mutex_unlock(&controller->mutex);
}

bool ingress_run(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    (void)count;
    (void)arguments;
    struct controller controller = {.cluster = cluster,
                                    .client = api_client_inside(cluster, err),
                                    .mutex = PTHREAD_MUTEX_INITIALIZER,
                                    .changed = PTHREAD_COND_INITIALIZER,
                                    .ingresses = json_object(),
                                    .services = json_object(),
                                    .told = json_object()};
    struct following followings[] = {
        {&controller, "networking.k8s.io/v1", "Ingress", controller.ingresses},
        {&controller, "v1", "Service", controller.services},
    };
    if (!controller.client || !file_make_directories(CERTIFICATES, 0700, err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(followings); i++) {
        pthread_t thread;
        errno = pthread_create(&thread, NULL, follow, &followings[i]);
        if (errno != 0)
            return error_set_errno(err, "start a thread");
    }
    for (;;) {
        JSON_AUTO ingresses = NULL;
        JSON_AUTO services = NULL;
        next_state(&controller, &ingresses, &services);
        serve(&controller, ingresses, services);
    }
}
