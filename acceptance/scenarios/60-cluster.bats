# The local Kubernetes (acceptance/cluster), which scripts/bootstrap --cluster builds: without that, or
# without root, all of this is skipped.
# alone: clusters share ports, load balancer addresses and control groups of the machine

bats_require_minimum_version 1.5.0

setup_file() {
    cluster_is_there || return 0
    export CLUSTER=$BATS_FILE_TMPDIR/cluster SECOND=$BATS_FILE_TMPDIR/second
    export PORT=16443 SECOND_PORT=26443
    export KUBECONFIG=$CLUSTER/kubeconfig
    mkdir -p "$BATS_FILE_TMPDIR"
    left_overs >"$BATS_FILE_TMPDIR/before"
    gcc -Os -static -s -w -o "$BATS_FILE_TMPDIR/echo" "$OKESTRA_ROOT/acceptance/cluster/echo/main.c" 2>&1
    "$OKESTRA_ROOT/scripts/make-image" localhost/echo:1 "$BATS_FILE_TMPDIR/echo.tar" \
        "$BATS_FILE_TMPDIR/echo"
    start_token_webhook
    local_cluster up --state "$CLUSTER" --port "$PORT" --with kwok,metrics-server,registry,ingress \
        --audit request \
        --image "$BATS_FILE_TMPDIR/echo.tar" --node-label pool=first --name first \
        --token-webhook "https://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/webhook.port")/review" \
        --token-webhook-ca "$BATS_FILE_TMPDIR/webhook.crt" --token-cache 1 \
        --registry-host iad.ocir.io=registry
}

teardown_file() {
    cluster_is_there || return 0
    local_cluster down --state "$SECOND" --purge
    local_cluster down --state "$CLUSTER" --purge
    kill "$(cat "$BATS_FILE_TMPDIR/webhook.pid")"
}

setup() { cluster_is_there || skip 'no local Kubernetes: scripts/bootstrap --cluster, as root'; }

cluster_is_there() {
    [ "$(id -u)" = 0 ] && [ -x "$OKESTRA_BUILD/cluster/kubernetes" ]
}
local_cluster() { "$OKESTRA_BUILD/local-cluster" "$@"; }
kubectl() { "$OKESTRA_BUILD/cluster/kubectl" "$@"; }
second() { KUBECONFIG=$SECOND/kubeconfig kubectl "$@"; }

# What a cluster could leave on a machine.
# Other clusters of this machine, which other scenarios start at the same time, have theirs.
control_groups() {
    local state
    for state in "$CLUSTER" "$SECOND"; do
        find /sys/fs/cgroup -maxdepth 2 -name "okestra-$(printf %s "$state" | sha256sum | cut -c 1-12)"
    done
}
left_overs() {
    cut -d ' ' -f 2 /proc/mounts | grep -v '^/sys/fs/cgroup' | sort
    ls /sys/class/net
    control_groups
    find /run /var/lib /var/log /etc/cni -maxdepth 1 2>/dev/null | sort
    nft list ruleset 2>/dev/null
    cat /proc/net/route
}

# until SECONDS COMMAND...: tries again until it succeeds.
until_good() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

start_token_webhook() {
    (
        cd "$BATS_FILE_TMPDIR" || exit 1
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=webhook \
            -addext subjectAltName=IP:127.0.0.1 -keyout webhook.key -out webhook.crt 2>&1
        "$PYTHON" "$OKESTRA_ROOT/acceptance/cluster/token_review.py" webhook.crt webhook.key webhook.port \
            ocid1.user.oc1..anna:token-of-anna >webhook.log 2>&1 3>&- 4>&- &
        echo $! >webhook.pid
        disown
    )
    until_good 10 test -s "$BATS_FILE_TMPDIR/webhook.port"
}

echo_set() {
    cat <<YAML
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeSelector: {pool: first}
      securityContext: {runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534, seccompProfile: {type: RuntimeDefault}}
      terminationGracePeriodSeconds: 2
      containers:
      - name: web
        image: localhost/echo:1
        imagePullPolicy: Never
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
        volumeMounts: [{name: data, mountPath: /data}]
        resources: {requests: {cpu: 20m, memory: 16Mi}, limits: {memory: 32Mi}}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], storageClassName: oci-bv, resources: {requests: {storage: 1Gi}}}
YAML
}

# balancer NAME ANNOTATION...: a Service with the annotations, each as 'name: "value"'.
balancer() {
    printf 'apiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n  annotations:\n' "$1"
    shift
    printf '    service.beta.kubernetes.io/oci-load-balancer-%s\n' "$@"
    printf 'spec:\n  type: LoadBalancer\n  selector: {app: web}\n  ports: [{port: 80, targetPort: 8080}]\n'
}
address_of() { kubectl get service "$1" -o 'jsonpath={.status.loadBalancer.ingress[0].ip}'; }
has_address() { [ -n "$(address_of "$1")" ]; }
state_of_balancer() { jq -r --arg name "$1" '.[] | select(.name == $name).state' "$CLUSTER/load-balancers.json"; }
has_event() { kubectl get events -o json | jq -e --arg reason "$1" --arg text "$2" \
    'any(.items[]; .reason == $reason and (.message | contains($text)))' >/dev/null; }

@test "cluster: parts work, the node has OKE's labels and those that were asked for" {
    local_cluster status --state "$CLUSTER" | jq -e '.ready and (.parts | length == 16)'
    labels=$(kubectl get node 10.0.10.2 -o json | jq -c .metadata.labels)
    jq -e '.pool == "first" and ."topology.kubernetes.io/zone" == "US-ASHBURN-AD-1" and
        ."node.kubernetes.io/instance-type" == "VM.Standard.A1.Flex"' <<<"$labels"
    kubectl version -o json | jq -e '.serverVersion.gitVersion == .clientVersion.gitVersion'
    [ "$(kubectl config current-context)" = first ]
}

@test "cluster: pods run, keep data in oci-bv volumes, and answer at a load balancer's address" {
    echo_set | kubectl apply -f -
    balancer web 'shape: flexible' 'shape-flex-min: "10"' 'shape-flex-max: "10"' | kubectl apply -f -
    kubectl rollout status statefulset/web --timeout=60s
    until_good 20 has_address web
    address=$(address_of web)
    [[ $address = 127.240.* ]]
    until_good 20 curl -sf -m 2 "http://$address/healthz"
    [ "$(kubectl get pvc data-web-0 -o 'jsonpath={.status.capacity.storage}')" = 50Gi ]
    [ "$(state_of_balancer web)" = ACTIVE ]
    [ "$(jq '.[0].maximum_mbps' "$CLUSTER/load-balancers.json")" = 10 ]
    # Names resolve, and services are reached, from within pods.
    kubectl exec web-0 -- /echo get web 80 /hello | grep hello
    # What a pod wrote is there in its next life.
    kubectl scale statefulset/web --replicas=1
    kubectl wait --for=delete pod/web-1 --timeout=30s
    curl -sf -m 2 -X PUT -d kept "http://$address/note"
    kubectl delete pod web-0
    kubectl rollout status statefulset/web --timeout=60s
    until_good 20 curl -sf -m 2 "http://$address/healthz"
    curl -sf -m 2 "http://$address/note" | grep kept
}

@test "cluster: a volume grows with its claim and goes with it" {
    volume=$(kubectl get pvc data-web-1 -o 'jsonpath={.spec.volumeName}')
    [ -d "$CLUSTER/volumes/$volume" ]
    kubectl patch pvc data-web-1 -p '{"spec":{"resources":{"requests":{"storage":"80Gi"}}}}'
    kubectl wait pvc/data-web-1 --for='jsonpath={.status.capacity.storage}=80Gi' --timeout=20s
    kubectl delete pvc data-web-1
    kubectl wait --for=delete "pv/$volume" --timeout=20s
    [ ! -e "$CLUSTER/volumes/$volume" ]
}

@test "cluster: wrong load balancer annotations leave the service pending and say why" {
    balancer wrong 'shape: flexible' 'shape-flex-min: "10"' | kubectl apply -f -
    until_good 20 has_event SyncLoadBalancerFailed 'needs both annotations'
    [ "$(state_of_balancer wrong)" = FAILED ]
    run ! has_address wrong
    balancer wrong 'shape: flexible' 'shape-flex-min: "10"' 'shape-flex-max: "20"' | kubectl apply -f -
    until_good 20 has_address wrong
    # Another address than the other balancer's, free again when the service goes.
    address=$(address_of wrong)
    [ "$address" != "$(address_of web)" ]
    kubectl delete service wrong
    until_good 20 test "$(jq 'any(.[]; .name == "wrong")' "$CLUSTER/load-balancers.json")" = false
    run curl -s -m 2 "http://$address/healthz"
    [ "$status" = 7 ]
}

@test "cluster: an Ingress of the class nginx leads from a load balancer to pods, with TLS and rewriting" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=shop \
        -addext subjectAltName=DNS:shop.example.com -keyout "$BATS_TEST_TMPDIR/key" \
        -out "$BATS_TEST_TMPDIR/crt"
    kubectl create secret tls shop --cert="$BATS_TEST_TMPDIR/crt" --key="$BATS_TEST_TMPDIR/key"
    kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
    nginx.ingress.kubernetes.io/limit-rps: "5"
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop}]
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: "/api(/|$)(.*)", pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 80}}}}
YAML
    kubectl wait ingress/shop --for='jsonpath={.status.loadBalancer.ingress[0].ip}' --timeout=20s
    address=$(kubectl get ingress shop -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')
    shop() { curl -s -m 2 --cacert "$BATS_TEST_TMPDIR/crt" --resolve "shop.example.com:80:$address" \
        --resolve "shop.example.com:443:$address" "$@"; }
    served() { shop https://shop.example.com/api/hello | grep -q ' hello '; }
    until_good 20 served
    [ "$(shop -o /dev/null -w '%{http_code}' http://shop.example.com/api/hello)" = 308 ]
    [ "$(shop -o /dev/null -w '%{http_code}' https://shop.example.com/other)" = 404 ]
    [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$address/")" = 404 ]
    until_good 10 has_event Ignored limit-rps
}

@test "cluster: bearer tokens are judged by the webhook" {
    server=https://127.0.0.1:$PORT
    ca=$CLUSTER/pki/ca.crt
    review() { curl -s --cacert "$ca" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "${@:2}" \
        -d '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}' \
        "$server/apis/authentication.k8s.io/v1/selfsubjectreviews"; }
    [ "$(review token-of-anna | jq -r .status.userInfo.username)" = ocid1.user.oc1..anna ]
    # Refused before its body is read: only the status is sure to arrive.
    [ "$(review token-of-nobody -o "$BATS_TEST_TMPDIR/refusal" -w '%{http_code}')" = 401 ]
    grep -q ocid1.user.oc1..anna "$BATS_FILE_TMPDIR/webhook.log"
}

@test "cluster: the audit log holds the writes of users, and not those of the parts" {
    kubectl create configmap audited --from-literal=a=b
    jq -e 'select(.objectRef.name == "audited" and .verb == "create").requestObject.data.a == "b"' \
        "$CLUSTER/logs/audit.log"
    run ! grep -q '"username":"system:kube-scheduler"' "$CLUSTER/logs/audit.log"
}

@test "cluster: simulated nodes take pods" {
    local_cluster node-add --state "$CLUSTER" 10.0.10.3 pool=second
    kubectl wait --for=condition=Ready node/10.0.10.3 --timeout=30s
    kubectl run simulated --image=example.com/none:1 \
        --overrides='{"spec":{"nodeSelector":{"pool":"second"}}}'
    kubectl wait --for=condition=Ready pod/simulated --timeout=30s
    kubectl delete pod simulated
    local_cluster node-remove --state "$CLUSTER" 10.0.10.3
    run ! kubectl get node 10.0.10.3
}

@test "cluster: images come from the registry, also by the names of OCIR; what is not there fails" {
    "$OKESTRA_ROOT/scripts/push-image" "$BATS_FILE_TMPDIR/echo.tar" "http://127.0.0.1:$((PORT + 1))" tenancy/echo 7
    kubectl run pulled --image=iad.ocir.io/tenancy/echo:7
    kubectl run missing --image=iad.ocir.io/tenancy/none:1
    kubectl wait --for=condition=Ready pod/pulled --timeout=30s
    kubectl wait pod/missing --timeout=30s \
        --for='jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImagePull'
    kubectl delete pod pulled missing --grace-period=1
}

@test "cluster: resource metrics are served" {
    kubectl wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s
    until_good 60 kubectl top nodes
}

@test "cluster: a killed API server comes back with all it knew" {
    pid=$(local_cluster status --state "$CLUSTER" | jq '.parts[] | select(.name == "kube-apiserver").pid')
    kill -9 "$pid"
    until_good 10 test ! -e "/proc/$pid"
    restarted() { local_cluster status --state "$CLUSTER" |
        jq -e '.ready and (.parts[] | select(.name == "kube-apiserver").restarts == 1)'; }
    until_good 30 restarted
    kubectl get configmap audited
}

@test "cluster: a second one beside it has its own port, trust and addresses" {
    local_cluster up --state "$SECOND" --port "$SECOND_PORT" --name second
    second create service loadbalancer web --tcp=80:80
    second wait service/web --for='jsonpath={.status.loadBalancer.ingress[0].ip}' --timeout=20s
    [ "$(second get service web -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')" != "$(address_of web)" ]
    run ! second get configmap audited
    # The first one's certificates mean nothing to the second.
    run kubectl --server "https://127.0.0.1:$SECOND_PORT" get namespaces
    [ "$status" != 0 ]
    run local_cluster up --state "$BATS_FILE_TMPDIR/third" --port "$PORT"
    [ "$status" = 1 ]
    [[ $output = *"port $PORT of 127.0.0.1"*"in use"* ]]
}

@test "cluster: the node can go and come while the control plane stays" {
    local_cluster up --state "$SECOND" --level control-plane
    local_cluster status --state "$SECOND" | jq -e '.ready and all(.parts[]; .name != "kubelet")'
    run ! pgrep -f -- "--root-dir=$SECOND/kubelet"
    second get namespace default
    local_cluster up --state "$SECOND" --level full
    second wait --for=condition=Ready node/10.0.10.2 --timeout=30s
}

@test "cluster: killed without mercy, it leaves nothing that the next start does not clean" {
    first=$(cut -d ' ' -f 1 "$CLUSTER/first")
    keeper=$(ps -o ppid= -p "$first" | tr -d ' ')
    kill -9 "$keeper"
    until_good 10 test ! -e "/proc/$first"
    until_good 10 no_process_of "$CLUSTER"
    local_cluster up --state "$CLUSTER"
    kubectl get configmap audited
    kubectl rollout status statefulset/web --timeout=60s
    until_good 30 curl -sf -m 2 "http://$(address_of web)/note"
    # Process 1 of its namespaces: the keeper cleans up.
    kill -9 "$(cut -d ' ' -f 1 "$CLUSTER/first")"
    until_good 10 no_process_of "$CLUSTER"
    until_good 5 ended "$CLUSTER"
}
ended() { ! local_cluster status --state "$1"; }
no_process_of() { ! pgrep -f -- "$1/" >/dev/null; }

@test "cluster: mistakes are named" {
    run local_cluster up --state /run/okestra-test
    [[ $output = *"cannot be below /run/"* ]]
    run local_cluster up --state "$BATS_FILE_TMPDIR/third" --colour red
    [[ $output = *"unknown option --colour"* ]]
    run local_cluster up
    [[ $output = *"--state DIR"* ]]
}

@test "cluster: down leaves nothing, and can be said again" {
    [ -n "$(control_groups)" ]
    local_cluster down --state "$SECOND" --purge
    local_cluster down --state "$SECOND" --purge
    local_cluster down --state "$CLUSTER"
    no_process_of "$CLUSTER"
    [ -s "$CLUSTER/logs/kubelet.log" ]
    local_cluster down --state "$CLUSTER" --purge
    [ ! -e "$CLUSTER" ]
    left_overs | diff "$BATS_FILE_TMPDIR/before" -
}
