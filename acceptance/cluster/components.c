#include "acceptance/cluster/components.h"

#include <signal.h>
#include <string.h>

#include "acceptance/cluster/options.h"

#define KUBERNETES "${BINARIES}/kubernetes"
#define DEBIAN     "${BINARIES}/debian"
#define API        "https://${API_ADDRESS}:6443"

static const struct argument etcd[] = {
    {"--data-dir=${STATE}/etcd", NULL},
    {"--unsafe-no-fsync", NULL},
    {"--name=default", NULL},
    {"--listen-client-urls=http://127.0.0.1:2379", NULL},
    {"--advertise-client-urls=http://127.0.0.1:2379", NULL},
    {"--listen-peer-urls=http://127.0.0.1:2380", NULL},
    {"--initial-advertise-peer-urls=http://127.0.0.1:2380", NULL},
    {"--initial-cluster=default=http://127.0.0.1:2380", NULL},
    {NULL, NULL},
};

static const struct argument apiserver[] = {
    {"--etcd-servers=http://127.0.0.1:2379", NULL},
    {"--secure-port=6443", NULL},
    {"--advertise-address=${API_ADDRESS}", NULL},
    {"--tls-cert-file=${STATE}/pki/apiserver.crt", NULL},
    {"--tls-private-key-file=${STATE}/pki/apiserver.key", NULL},
    {"--client-ca-file=${STATE}/pki/ca.crt", NULL},
    {"--authorization-mode=Node,RBAC", NULL},
    {"--enable-admission-plugins=NodeRestriction", NULL},
    {"--service-account-issuer=${ISSUER}", NULL},
    {"--service-account-key-file=${STATE}/pki/sa.pub", NULL},
    {"--service-account-signing-key-file=${STATE}/pki/sa.key", NULL},
    {"--service-cluster-ip-range=${SERVICE_CIDR}", NULL},
    {"--kubelet-certificate-authority=${STATE}/pki/ca.crt", NULL},
    {"--kubelet-client-certificate=${STATE}/pki/kubelet-client.crt", NULL},
    {"--kubelet-client-key=${STATE}/pki/kubelet-client.key", NULL},
    {"--kubelet-preferred-address-types=InternalIP", NULL},
    {"--requestheader-client-ca-file=${STATE}/pki/front-proxy-ca.crt", NULL},
    {"--requestheader-allowed-names=front-proxy-client", NULL},
    {"--requestheader-username-headers=X-Remote-User", NULL},
    {"--requestheader-group-headers=X-Remote-Group", NULL},
    {"--requestheader-extra-headers-prefix=X-Remote-Extra-", NULL},
    {"--proxy-client-cert-file=${STATE}/pki/front-proxy-client.crt", NULL},
    {"--proxy-client-key-file=${STATE}/pki/front-proxy-client.key", NULL},
    {"--enable-aggregator-routing=true", NULL},
    {"--allow-privileged=true", NULL},
    {"--profiling=false", NULL},
    {"--audit-policy-file=${STATE}/config/audit-policy.yaml", "audit"},
    {"--audit-log-path=${STATE}/logs/audit.log", "audit"},
    {"--authentication-token-webhook-config-file=${STATE}/config/token-webhook.yaml",
     "token-webhook"},
    {"--authentication-token-webhook-version=v1", "token-webhook"},
    {"--authentication-token-webhook-cache-ttl=${TOKEN_CACHE}s", "token-webhook"},
    {"@apiserver-flag", NULL},
    {NULL, NULL},
};

#define CREDENTIALS(name)                                                                          \
    {"--kubeconfig=${STATE}/config/" name ".kubeconfig", NULL},                                    \
        {"--authentication-kubeconfig=${STATE}/config/" name ".kubeconfig", NULL},                 \
    {                                                                                              \
        "--authorization-kubeconfig=${STATE}/config/" name ".kubeconfig", NULL                     \
    }

static const struct argument controller_manager[] = {
    CREDENTIALS("kube-controller-manager"),
    {"--bind-address=127.0.0.1", NULL},
    {"--cert-dir=/run/okestra/kube-controller-manager", NULL},
    {"--leader-elect=false", NULL},
    {"--use-service-account-credentials=true", NULL},
    {"--service-account-private-key-file=${STATE}/pki/sa.key", NULL},
    {"--root-ca-file=${STATE}/pki/ca.crt", NULL},
    {"--cluster-signing-cert-file=${STATE}/pki/ca.crt", NULL},
    {"--cluster-signing-key-file=${STATE}/pki/ca.key", NULL},
    {"--allocate-node-cidrs=false", NULL},
    {"--service-cluster-ip-range=${SERVICE_CIDR}", NULL},
    {"--node-monitor-grace-period=20s", NULL},
    {"--profiling=false", NULL},
    {NULL, NULL},
};

static const struct argument scheduler[] = {
    CREDENTIALS("kube-scheduler"),
    {"--bind-address=127.0.0.1", NULL},
    {"--cert-dir=/run/okestra/kube-scheduler", NULL},
    {"--leader-elect=false", NULL},
    {"--profiling=false", NULL},
    {NULL, NULL},
};

static const struct argument cloud[] = {
    {"cloud-controller", NULL},
    {"--state", NULL},
    {"${STATE}", NULL},
    {NULL, NULL},
};

static const struct argument objects[] = {
    {"apply-objects", NULL},
    {"--state", NULL},
    {"${STATE}", NULL},
    {NULL, NULL},
};

static const struct argument containerd[] = {
    {"--config=${STATE}/config/containerd.toml", NULL},
    {NULL, NULL},
};

static const struct argument images[] = {
    {"import-images", NULL},
    {"--state", NULL},
    {"${STATE}", NULL},
    {NULL, NULL},
};

static const struct argument kubelet[] = {
    {"--config=${STATE}/config/kubelet.yaml", NULL},
    {"--kubeconfig=${STATE}/config/node.kubeconfig", NULL},
    {"--hostname-override=${NODE}", NULL},
    {"--node-ip=${NODE_IP}", NULL},
    {"--root-dir=${STATE}/kubelet", NULL},
    {"--cert-dir=${STATE}/kubelet/pki", NULL},
    {"--node-labels=${NODE_LABELS}", NULL},
    {NULL, NULL},
};

static const struct argument proxy[] = {
    {"--config=${STATE}/config/kube-proxy.yaml", NULL},
    {NULL, NULL},
};

static const struct argument dns[] = {
    {"-conf", NULL},
    {"${STATE}/config/Corefile", NULL},
    {NULL, NULL},
};

static const struct argument kwok[] = {
    {"--kubeconfig=${STATE}/config/cloud.kubeconfig", NULL},
    {"--manage-all-nodes=false", NULL},
    {"--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake", NULL},
    {"--node-ip=${API_ADDRESS}", NULL},
    {"--cidr=10.245.0.0/16", NULL},
    {NULL, NULL},
};

static const struct argument metrics_server[] = {
    CREDENTIALS("cloud"),
    {"--bind-address=${API_ADDRESS}", NULL},
    {"--secure-port=4443", NULL},
    {"--cert-dir=/run/okestra/metrics-server", NULL},
    {"--kubelet-certificate-authority=${STATE}/pki/ca.crt", NULL},
    {"--kubelet-preferred-address-types=InternalIP", NULL},
    {"--metric-resolution=15s", NULL},
    {NULL, NULL},
};

static const struct argument registry[] = {
    {"serve", NULL},
    {"${STATE}/config/registry.yaml", NULL},
    {NULL, NULL},
};

static const struct argument ingress_proxy[] = {
    {"-e", NULL}, {"stderr", NULL},      {"-c", NULL}, {"${STATE}/config/nginx.conf", NULL},
    {"-g", NULL}, {"daemon off;", NULL}, {NULL, NULL},
};

static const struct argument ingress_controller[] = {
    {"ingress-controller", NULL},
    {"--state", NULL},
    {"${STATE}", NULL},
    {NULL, NULL},
};

const struct component components[] = {
    {.name = "etcd",
     .program = DEBIAN "/usr/bin/etcd",
     .arguments = etcd,
     .probe = PROBE_HTTP,
     .target = "http://127.0.0.1:2379/health",
     .stop_signal = SIGTERM},
    {.name = "kube-apiserver",
     .program = KUBERNETES,
     .arguments = apiserver,
     .after = {"etcd", "cloud-controller"},
     .options = "token-webhook token-webhook-ca audit",
     .probe = PROBE_HTTP,
     .target = API "/readyz"},
    {.name = "kube-controller-manager",
     .program = KUBERNETES,
     .arguments = controller_manager,
     .after = {"kube-apiserver"},
     .probe = PROBE_HTTP,
     .target = "https://127.0.0.1:10257/healthz"},
    {.name = "kube-scheduler",
     .program = KUBERNETES,
     .arguments = scheduler,
     .after = {"kube-apiserver"},
     .probe = PROBE_HTTP,
     .target = "https://127.0.0.1:10259/readyz"},
    /* Before the API server, which may need its way to the token webhook from the start. */
    {.name = "cloud-controller",
     .program = "/proc/self/exe",
     .arguments = cloud,
     .inside_out = true,
     .probe = PROBE_SOCKET,
     .target = "/run/okestra/cloud-controller.sock"},
    {.name = "objects",
     .program = "/proc/self/exe",
     .arguments = objects,
     .after = {"kube-apiserver"},
     .probe = PROBE_ENDED},
    {.name = "containerd",
     .program = DEBIAN "/usr/bin/containerd",
     .arguments = containerd,
     .of_node = true,
     .probe = PROBE_SOCKET,
     .target = "/run/okestra/containerd.sock"},
    {.name = "images",
     .program = "/proc/self/exe",
     .arguments = images,
     .after = {"containerd"},
     .of_node = true,
     .probe = PROBE_ENDED},
    {.name = "kubelet",
     .program = KUBERNETES,
     .arguments = kubelet,
     .after = {"kube-apiserver", "images"},
     .of_node = true,
     .probe = PROBE_NODE},
    {.name = "kube-proxy",
     .program = KUBERNETES,
     .arguments = proxy,
     .after = {"kube-apiserver"},
     .of_node = true,
     .probe = PROBE_HTTP,
     .target = "http://127.0.0.1:10249/healthz"},
    {.name = "coredns",
     .program = KUBERNETES,
     .arguments = dns,
     .after = {"kube-apiserver"},
     .of_node = true,
     .probe = PROBE_HTTP,
     .target = "http://127.0.0.1:8181/ready"},
    {.name = "kwok",
     .program = KUBERNETES,
     .arguments = kwok,
     .after = {"kube-apiserver"},
     .feature = "kwok",
     .probe = PROBE_RUNNING},
    {.name = "metrics-server",
     .program = KUBERNETES,
     .arguments = metrics_server,
     .after = {"kube-apiserver"},
     .of_node = true,
     .feature = "metrics-server",
     .probe = PROBE_HTTP,
     .target = "https://${API_ADDRESS}:4443/livez"},
    {.name = "registry",
     .program = DEBIAN "/usr/bin/docker-registry",
     .arguments = registry,
     .feature = "registry",
     .probe = PROBE_HTTP,
     .target = "http://${API_ADDRESS}:5000/v2/",
     .stop_signal = SIGTERM},
    {.name = "ingress-proxy",
     .program = DEBIAN "/usr/sbin/nginx",
     .arguments = ingress_proxy,
     .of_node = true,
     .feature = "ingress",
     .probe = PROBE_HTTP,
     .target = "http://127.0.0.1:8089/",
     .stop_signal = SIGTERM},
    {.name = "ingress-controller",
     .program = "/proc/self/exe",
     .arguments = ingress_controller,
     .after = {"kube-apiserver", "ingress-proxy"},
     .of_node = true,
     .feature = "ingress",
     .probe = PROBE_RUNNING},
};

const size_t component_count = sizeof(components) / sizeof(components[0]);
_Static_assert(sizeof(components) / sizeof(components[0]) <= COMPONENTS_MOST, "table too long");

bool component_is_wanted(const struct component *component, const struct cluster *cluster)
{
    return (!component->of_node || cluster_has_node(cluster)) &&
           (!component->feature || cluster_has(cluster, component->feature));
}

bool argument_is_wanted(const struct argument *argument, const struct cluster *cluster)
{
    if (!argument->when)
        return true;
    const char *value = options_text(cluster->options, argument->when);
    return *value && strcmp(value, "none") != 0;
}
