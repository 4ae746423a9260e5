#include "provider/oci/kubeconfig.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/net/url.h"

static const char pem_begin[] = "-----BEGIN CERTIFICATE-----";

/* A double-quoted scalar. Bytes beyond ASCII stay as they are. */
static void append_quoted(struct str *out, struct slice text)
{
    str_append_char(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == 0x7f)
            str_printf(out, "\\x%02x", c);
        else if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else
            str_append_char(out, (char)c);
    }
    str_append_char(out, '"');
}

static void append_line(struct str *out, const char *key, const char *text)
{
    if (!text)
        return;
    str_append(out, key);
    str_append(out, ": ");
    append_quoted(out, slice_from(text));
    str_append_char(out, '\n');
}

static bool append_server(struct str *out, const char *server, struct error *err)
{
    STR_AUTO address = STR_INIT;
    URL_AUTO(url);
    if (text_empty(server))
        return error_set(err, ERROR_INVALID, "the endpoint of the cluster is missing");
    if (!strstr(server, "://"))
        str_append(&address, "https://");
    str_append(&address, server);
    if (!url_parse(str_text(&address), &url, err))
        return error_wrap(err, "endpoint");
    append_line(out, "    server", str_text(&address));
    return true;
}

static bool append_authority(struct str *out, const char *authority, struct error *err)
{
    STR_AUTO encoded = STR_INIT;
    STR_AUTO decoded = STR_INIT;
    if (text_empty(authority))
        return true;
    if (strstr(authority, pem_begin)) {
        base64_encode(BASE64_STANDARD, authority, strlen(authority), &encoded);
        authority = str_text(&encoded);
    } else if (!base64_decode(authority, strlen(authority), &decoded) ||
               !strstr(str_text(&decoded), pem_begin)) {
        return error_set(err, ERROR_INVALID,
                         "the certificate authority is neither PEM nor the base64 of PEM");
    }
    append_line(out, "    certificate-authority-data", authority);
    return true;
}

static void append_exec(struct str *out, const struct kubeconfig *kubeconfig)
{
    str_append(out, "    exec:\n");
    append_line(out, "      apiVersion",
                kubeconfig->exec_api_version ? kubeconfig->exec_api_version
                                             : "client.authentication.k8s.io/v1beta1");
    append_line(out, "      command", kubeconfig->exec_command);
    str_append(out, "      interactiveMode: Never\n      args:");
    for (size_t i = 0; i < value_count(kubeconfig->exec_args); i++) {
        str_append(out, "\n      - ");
        append_quoted(out, value_item(kubeconfig->exec_args, i)->text);
    }
    str_append(out, value_count(kubeconfig->exec_args) ? "\n      env:" : " []\n      env:");
    for (size_t i = 0; i < value_count(kubeconfig->exec_env); i++) {
        str_append(out, "\n      - name: ");
        append_quoted(out, kubeconfig->exec_env->map.entries[i].key);
        str_append(out, "\n        value: ");
        append_quoted(out, kubeconfig->exec_env->map.entries[i].value->text);
    }
    str_append(out, value_count(kubeconfig->exec_env) ? "\n" : " []\n");
}

bool kubeconfig_write(const struct kubeconfig *kubeconfig, struct str *out, struct error *err)
{
    const char *name = text_empty(kubeconfig->name) ? "oke" : kubeconfig->name;
    if (!kubeconfig->token == !kubeconfig->exec_command)
        return error_set(err, ERROR_INVALID, "one way to log in is needed: a token or a command");
    str_append(out, "apiVersion: v1\nkind: Config\nclusters:\n");
    append_line(out, "- name", name);
    str_append(out, "  cluster:\n");
    if (!append_server(out, kubeconfig->server, err) ||
        !append_authority(out, kubeconfig->authority, err))
        return false;
    str_append(out, "users:\n");
    append_line(out, "- name", name);
    str_append(out, "  user:\n");
    if (kubeconfig->token)
        append_line(out, "    token", kubeconfig->token);
    else
        append_exec(out, kubeconfig);
    str_append(out, "contexts:\n");
    append_line(out, "- name", name);
    str_append(out, "  context:\n");
    append_line(out, "    cluster", name);
    append_line(out, "    user", name);
    append_line(out, "    namespace", kubeconfig->namespace);
    append_line(out, "current-context", name);
    return true;
}
