#include "lib/kube/credential.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/process.h"
#include "lib/net/secret.h"

struct kube_credential {
    const struct kube_config *config;
    kube_token_source *source;
    void *context;

    pthread_mutex_t mutex; /* held while a credential is made: others wait for the same one */
    struct kube_exec_answer now;
    int generation;      /* 0: none was made yet */
    int64_t renew_at_ms; /* wall clock; 0: not by time */
};

struct kube_credential *kube_credential_new(const struct kube_config *config,
                                            kube_token_source *source, void *context)
{
    struct kube_credential *credential = mem_calloc(1, sizeof(*credential));
    *credential = (struct kube_credential){.config = config, .source = source, .context = context};
    pthread_mutex_init(&credential->mutex, NULL);
    return credential;
}

void kube_exec_answer_free(struct kube_exec_answer *answer)
{
    secret_free(answer->token);
    secret_free(answer->key);
    free(answer->certificate);
    *answer = (struct kube_exec_answer){0};
}

void kube_credential_free(struct kube_credential *credential)
{
    if (!credential)
        return;
    kube_exec_answer_free(&credential->now);
    pthread_mutex_destroy(&credential->mutex);
    free(credential);
}

/* --- exec plugins ------------------------------------------------------------------------------- */

bool kube_exec_parse(const char *text, size_t length, const char *api_version,
                     struct kube_exec_answer *answer, struct error *err)
{
    JSON_AUTO json = json_parse(text, length, err);
    if (!json)
        return false;
    const json_t *status = json_object_get(json, "status");
    const char *token = json_get_text(status, "token");
    const char *certificate = json_get_text(status, "clientCertificateData");
    const char *key = json_get_text(status, "clientKeyData");
    const char *expires = json_get_text(status, "expirationTimestamp");
    int64_t expires_ms = 0;
    if (!text_equal(json_get_text(json, "kind"), "ExecCredential"))
        return error_set(err, ERROR_INVALID, "the output is no ExecCredential");
    if (!text_equal(json_get_text(json, "apiVersion"), api_version))
        return error_set(err, ERROR_INVALID, "the output has the apiVersion \"%s\" and not %s",
                         json_get_text(json, "apiVersion") ? json_get_text(json, "apiVersion") : "",
                         api_version);
    if (text_empty(token) && (text_empty(certificate) || text_empty(key)))
        return error_set(err, ERROR_INVALID,
                         "the output holds neither a token nor a client certificate with its key");
    if (expires && !clock_parse_rfc3339(expires, &expires_ms))
        return error_set(err, ERROR_INVALID, "the expirationTimestamp is no time of RFC 3339");
    *answer = (struct kube_exec_answer){.token = text_empty(token) ? NULL : secret_copy(token),
                                        .expires_ms = expires_ms};
    if (!text_empty(certificate) && !text_empty(key)) {
        answer->certificate = mem_strdup(certificate);
        answer->key = secret_copy(key);
    }
    return true;
}

/* KUBERNETES_EXEC_INFO=… */
static char *exec_info(const struct kube_exec *exec, bool interactive)
{
    JSON_AUTO info = json_object();
    json_t *spec = json_object();
    json_set_text(info, "apiVersion", exec->api_version);
    json_set_text(info, "kind", "ExecCredential");
    json_object_set_new(spec, "interactive", json_boolean(interactive));
    if (exec->cluster)
        json_object_set_new(spec, "cluster", json_deep_copy(exec->cluster));
    json_object_set_new(info, "spec", spec);
    STR_AUTO text = STR_INIT;
    str_append(&text, "KUBERNETES_EXEC_INFO=");
    json_write(info, false, &text);
    return str_steal(&text);
}

static const char *const *exec_argv(struct arena *arena, const struct kube_exec *exec)
{
    size_t count = 0;
    while (exec->arguments[count])
        count++;
    const char **argv = arena_array(arena, const char *, count + 2);
    argv[0] = exec->command;
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = exec->arguments[i];
    return argv;
}

static const char *const *exec_environment(struct arena *arena, const struct kube_exec *exec,
                                           const char *info)
{
    size_t count = 0;
    while (exec->environment[count])
        count++;
    const char **all = arena_array(arena, const char *, count + 2);
    for (size_t i = 0; i < count; i++)
        all[i] = exec->environment[i];
    all[count] = info;
    return all;
}

static bool run_exec(const struct kube_exec *exec, struct kube_exec_answer *answer,
                     struct cancel *cancel, struct error *err)
{
    if (exec->interactive == KUBE_INTERACTIVE_ALWAYS)
        return error_set(
            err, ERROR_INVALID,
            "%s wants to ask questions (interactiveMode: Always), which is not possible "
            "here: use another kind of credential",
            exec->command);
    ARENA_AUTO arena = arena_new();
    PROCESS_RESULT_AUTO(result);
    CLEANUP(free_pointer) char *info = exec_info(exec, false);
    struct process_command command = {
        .argv = exec_argv(arena, exec),
        .environment = exec_environment(arena, exec, info),
        .output_limit = KUBE_EXEC_OUTPUT_LIMIT,
        .deadline_ms = clock_monotonic_ms() + KUBE_EXEC_TIMEOUT_MS,
        .cancel_descriptor = cancel_descriptor(cancel),
    };
    bool good = process_run(&command, &result, err);
    if (!good && err->code == ERROR_NOT_FOUND && exec->install_hint)
        error_wrap(err, "%s", exec->install_hint);
    if (good && result.exit_status != 0) {
        struct slice said = slice_trim((struct slice){result.errors.ptr, result.errors.length});
        good = error_set(err, ERROR_DENIED, "%s ended with status %d: %.*s", exec->command,
                         result.exit_status, (int)(said.length > 2000 ? 2000 : said.length),
                         said.length ? said.ptr : "");
    } else if (good) {
        good = kube_exec_parse(str_text(&result.output), result.output.length, exec->api_version,
                               answer, err) ||
               error_wrap(err, "%s", exec->command);
    }
    if (result.output.ptr)
        memset(result.output.ptr, 0, result.output.length);
    return good;
}

/* --- the credential in force -------------------------------------------------------------------- */

static bool from_source(struct kube_credential *credential, struct kube_exec_answer *answer,
                        struct cancel *cancel, struct error *err)
{
    SECRET_STR_AUTO token = STR_INIT;
    str_reserve(&token, KUBE_CREDENTIAL_LIMIT / 16);
    if (!credential->source(credential->context, &token, &answer->expires_ms, cancel, err))
        return false;
    answer->token = secret_new(str_text(&token), token.length);
    return true;
}

static bool from_file(const struct kube_config *config, struct kube_exec_answer *answer,
                      struct error *err)
{
    SECRET_AUTO content = secret_read_file(config->token_file, err);
    if (!content)
        return error_wrap(err, "token");
    struct slice token = slice_trim(slice_from(content));
    if (token.length == 0)
        return error_set(err, ERROR_DENIED, "the token file %s is empty", config->token_file);
    answer->token = secret_new(token.ptr, token.length);
    answer->expires_ms = clock_wall_ms() + KUBE_TOKEN_FILE_MS + KUBE_EXPIRY_MARGIN_MS;
    return true;
}

static bool is_renewable(const struct kube_credential *credential)
{
    return credential->source || credential->config->token_file ||
           (!credential->config->token && credential->config->exec);
}

static bool make(struct kube_credential *credential, struct cancel *cancel, struct error *err)
{
    const struct kube_config *config = credential->config;
    struct kube_exec_answer answer = {0};
    bool good = true;
    if (credential->source)
        good = from_source(credential, &answer, cancel, err);
    else if (config->token_file)
        good = from_file(config, &answer, err);
    else if (config->token)
        answer.token = secret_copy(config->token);
    else if (config->exec)
        good = run_exec(config->exec, &answer, cancel, err);
    if (!good)
        return false;
    kube_exec_answer_free(&credential->now);
    credential->now = answer;
    credential->generation++;
    /* Half of a short life is better than none. */
    int64_t left = answer.expires_ms - clock_wall_ms();
    int64_t margin = left < 2 * KUBE_EXPIRY_MARGIN_MS ? left / 2 : KUBE_EXPIRY_MARGIN_MS;
    credential->renew_at_ms = answer.expires_ms ? answer.expires_ms - margin : 0;
    return true;
}

static void append_basic(const struct kube_config *config, struct str *value)
{
    SECRET_STR_AUTO pair = STR_INIT;
    str_reserve(&pair, strlen(config->username) + strlen(config->password) + 2);
    str_printf(&pair, "%s:%s", config->username, config->password);
    str_append(value, "Basic ");
    base64_encode(BASE64_STANDARD, pair.ptr, pair.length, value);
}

bool kube_credential_header(struct kube_credential *credential, struct str *value, int *generation,
                            struct cancel *cancel, struct error *err)
{
    pthread_mutex_lock(&credential->mutex);
    bool due = credential->generation == 0 ||
               (credential->renew_at_ms && clock_wall_ms() >= credential->renew_at_ms);
    bool good = !due || make(credential, cancel, err);
    if (good && credential->now.token)
        str_printf(value, "Bearer %s", credential->now.token);
    else if (good && credential->config->username)
        append_basic(credential->config, value);
    *generation = credential->generation;
    pthread_mutex_unlock(&credential->mutex);
    return good;
}

bool kube_credential_refused(struct kube_credential *credential, int generation)
{
    pthread_mutex_lock(&credential->mutex);
    bool renewable = is_renewable(credential);
    if (renewable && generation == credential->generation)
        credential->renew_at_ms = 1;
    pthread_mutex_unlock(&credential->mutex);
    return renewable;
}

void kube_credential_certificate(struct kube_credential *credential, char **certificate, char **key)
{
    pthread_mutex_lock(&credential->mutex);
    bool by_exec = credential->now.certificate != NULL;
    const char *from =
        by_exec ? credential->now.certificate : credential->config->client_certificate;
    *certificate = from ? mem_strdup(from) : NULL;
    *key = secret_copy(by_exec ? credential->now.key : credential->config->client_key);
    pthread_mutex_unlock(&credential->mutex);
}
