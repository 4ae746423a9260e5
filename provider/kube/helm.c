#include "provider/kube/helm.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "provider/client.h"
#include "provider/kube/clusters.h"

enum { SECRET_LENGTH = 4, OPEN_FOLDERS = 16 };

/* --- the folder --------------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void helm_close(struct helm *helm)
{
    if (helm->folder)
        nftw(helm->folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    free(helm->folder);
    helm->folder = NULL;
}

static void add_variable(struct helm *helm, const char *text)
{
    if (helm->environment_count + 1 >= ARRAY_LENGTH(helm->environment))
        fatal_error("too many variables for helm");
    helm->environment[helm->environment_count++] = text;
}

static bool make_folder(struct helm *helm, struct error *err)
{
    const char *place = getenv("TMPDIR");
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/okestra-helm-XXXXXX", text_empty(place) ? "/tmp" : place);
    helm->folder = str_steal(&path);
    if (mkdtemp(helm->folder)) /* mode 0700 */
        return true;
    error_set_errno(err, "make a folder like %s", helm->folder);
    free(helm->folder);
    helm->folder = NULL;
    return false;
}

static bool find_version(struct helm *helm, struct error *err)
{
    STR_AUTO version = STR_INIT;
    helm_begin(helm, "version");
    helm_add(helm, "--short");
    if (!helm_run(helm, &version, err))
        return false;
    const char *text = str_text(&version);
    helm->major = *text == 'v' ? atoi(text + 1) : 0;
    return helm->major >= 3 ||
           error_set(err, ERROR_INVALID, "%s is no Helm 3 or 4: it says it is \"%.60s\"",
                     helm->program, text);
}

bool helm_open(struct helm *helm, struct operation *op, struct error *err)
{
    const char *program = getenv("HELM_BIN");
    *helm = (struct helm){.op = op, .program = text_empty(program) ? "helm" : program};
    if (!make_folder(helm, err))
        return false;
    static const char *const places[] = {"HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"};
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++)
        add_variable(helm, arena_printf(op->arena, "%s=%s/%zu", places[i], helm->folder, i));
    /* What a login of the user put there may be used; settings for other clusters may not. */
    const char *login = getenv("HELM_REGISTRY_CONFIG"), *home = getenv("HOME");
    add_variable(helm,
                 login ? arena_printf(op->arena, "HELM_REGISTRY_CONFIG=%s", login)
                       : arena_printf(op->arena,
                                      "HELM_REGISTRY_CONFIG=%s/.config/helm/registry/config.json",
                                      home ? home : ""));
    add_variable(helm, "HELM_KUBECONTEXT=");
    add_variable(helm, "HELM_KUBETOKEN=");
    add_variable(helm, "HELM_KUBEAPISERVER=");
    add_variable(helm, "HELM_DEBUG=false");
    return find_version(helm, err);
}

const char *helm_write_file(struct helm *helm, const char *text, size_t length, struct error *err)
{
    const char *path = arena_printf(helm->op->arena, "%s/file-%zu", helm->folder, helm->files++);
    return file_write_atomic(path, text, length, 0600, err) ? path : NULL;
}

bool helm_use_cluster(struct helm *helm, const struct value *values, struct error *err)
{
    struct provider_client *client = helm->op->client;
    STR_AUTO text = STR_INIT;
    if (!kube_clusters_kubeconfig(client->clusters, helm->op,
                                  value_text(value_get(values, "cluster_id")), &text, err))
        return false;
    const char *path = helm_write_file(helm, str_text(&text), text.length, err);
    if (path)
        add_variable(helm, arena_printf(helm->op->arena, "KUBECONFIG=%s", path));
    return path != NULL;
}

/* --- running ------------------------------------------------------------------------------------ */

void helm_hide(struct helm *helm, const char *secret)
{
    if (secret && strlen(secret) >= SECRET_LENGTH &&
        helm->secret_count < ARRAY_LENGTH(helm->secrets))
        helm->secrets[helm->secret_count++] = secret;
}

void helm_begin(struct helm *helm, const char *command)
{
    helm->arguments[0] = helm->program;
    helm->argument_count = 1;
    helm_add(helm, command);
}

void helm_add(struct helm *helm, const char *argument)
{
    if (helm->argument_count > HELM_ARGUMENTS)
        fatal_error("too many arguments for helm");
    helm->arguments[helm->argument_count++] = argument;
    helm->arguments[helm->argument_count] = NULL;
}

void helm_add_option(struct helm *helm, const char *option, const char *value)
{
    if (!value)
        return;
    helm_add(helm, option);
    helm_add(helm, value);
}

void helm_add_flag(struct helm *helm, const char *flag, bool wanted)
{
    if (wanted)
        helm_add(helm, flag);
}

/* What it said last, without secrets. */
static void append_said(const struct helm *helm, const struct str *errors, struct str *out)
{
    struct slice said = slice_trim((struct slice){errors->ptr, errors->length});
    if (said.length > HELM_SAID)
        said = (struct slice){said.ptr + said.length - HELM_SAID, HELM_SAID};
    for (size_t i = 0; i < said.length;) {
        size_t hidden = 0;
        for (size_t j = 0; j < helm->secret_count && !hidden; j++) {
            size_t length = strlen(helm->secrets[j]);
            if (length <= said.length - i && memcmp(said.ptr + i, helm->secrets[j], length) == 0)
                hidden = length;
        }
        if (hidden)
            str_append(out, "***");
        else
            str_append_char(out, said.ptr[i]);
        i += hidden ? hidden : 1;
    }
}

bool helm_run(struct helm *helm, struct str *output, struct error *err)
{
    PROCESS_RESULT_AUTO(result);
    struct process_command command = {.argv = helm->arguments,
                                      .environment = helm->environment,
                                      .deadline_ms = helm->op->deadline_ms,
                                      .cancel_descriptor = cancel_descriptor(helm->op->cancel)};
    if (!process_run(&command, &result, err)) {
        if (err->code == ERROR_NOT_FOUND)
            return error_set(
                err, ERROR_INVALID,
                "there is no program %s: install Helm 3.14 or newer, or name it in the "
                "environment variable HELM_BIN",
                helm->program);
        return error_wrap(err, "helm %s", helm->arguments[1]);
    }
    if (result.exit_status == 0) {
        if (output)
            str_append_bytes(output, result.output.ptr, result.output.length);
        return true;
    }
    STR_AUTO said = STR_INIT;
    append_said(helm, &result.errors, &said);
    if (result.signal)
        return error_set(err, ERROR_UNAVAILABLE, "helm %s was killed by signal %d%s%s",
                         helm->arguments[1], result.signal, said.length ? ": " : "",
                         str_text(&said));
    return error_set(err, ERROR_REMOTE, "helm %s: %s", helm->arguments[1],
                     said.length ? str_text(&said) : "it failed and gave no reason");
}
