#include "acceptance/cluster/config.h"

#include <stddef.h>

/* The assembler takes a file in as it is; a NUL follows. Paths are from the root of the sources. */
#define FILE_TEXT(symbol, file)                                                                    \
    __asm__(".pushsection .rodata\n" #symbol ": .incbin \"acceptance/cluster/config/" file         \
            "\"\n.byte 0\n.popsection\n");                                                         \
    extern const char symbol[]

FILE_TEXT(text_audit_policy, "audit-policy.yaml");
FILE_TEXT(text_cni, "cni.conflist");
FILE_TEXT(text_containerd, "containerd.toml");
FILE_TEXT(text_corefile, "Corefile");
FILE_TEXT(text_kube_proxy, "kube-proxy.yaml");
FILE_TEXT(text_kubelet, "kubelet.yaml");
FILE_TEXT(text_nginx, "nginx.conf");
FILE_TEXT(text_objects, "objects.yaml");
FILE_TEXT(text_objects_ingress, "objects-ingress.yaml");
FILE_TEXT(text_objects_metrics_server, "objects-metrics-server.yaml");
FILE_TEXT(text_registry, "registry.yaml");
FILE_TEXT(text_token_webhook, "token-webhook.yaml");

const struct config_file config_files[] = {
    {"Corefile", text_corefile},
    {"audit-policy.yaml", text_audit_policy},
    {"cni/10-pods.conflist", text_cni},
    {"containerd.toml", text_containerd},
    {"kube-proxy.yaml", text_kube_proxy},
    {"kubelet.yaml", text_kubelet},
    {"nginx.conf", text_nginx},
    {"objects.yaml", text_objects},
    {"objects-ingress.yaml", text_objects_ingress},
    {"objects-metrics-server.yaml", text_objects_metrics_server},
    {"registry.yaml", text_registry},
    {"resolv.conf", ""},
    {"token-webhook.yaml", text_token_webhook},
    {NULL, NULL},
};
