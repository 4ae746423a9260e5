/* A kubeconfig and the answer of an exec plugin from any bytes: read, or refused with a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/kube/config.h"
#include "lib/kube/credential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(free_pointer) char *text = mem_strndup((const char *)data, size);
    ERROR_AUTO(err);
    KUBE_CONFIG_AUTO config = kube_config_load(&(struct kube_config_source){.text = text}, &err);
    if (!config != error_is_set(&err) || (config && !config->server))
        abort();
    ERROR_AUTO(exec_err);
    struct kube_exec_answer answer = {0};
    bool good =
        kube_exec_parse(text, strlen(text), "client.authentication.k8s.io/v1", &answer, &exec_err);
    if (good == error_is_set(&exec_err) || (good && !answer.token && !answer.key))
        abort();
    kube_exec_answer_free(&answer);
    return 0;
}
