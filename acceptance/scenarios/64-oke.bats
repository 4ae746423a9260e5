# Clusters of the emulator with a real control plane and a real node behind them (oci-emulator --cluster full,
# acceptance/cluster). Without scripts/bootstrap --cluster, or without root, all of this is skipped.
# alone: clusters share ports, load balancer addresses and control groups of the machine

bats_require_minimum_version 1.5.0
load lib

setup_file() {
    cluster_is_there || return 0
    export WORK=$BATS_FILE_TMPDIR/work
    mkdir -p "$WORK"
    cp "$OKESTRA_ROOT"/examples/oci-only/*.tf "$OKESTRA_ROOT"/acceptance/scenarios/oke/*.tf "$WORK"
    start_cloud --cluster full
}

teardown_file() {
    cluster_is_there || return 0
    stop_cloud
    for state in "$CLOUD"/clusters/*/; do
        [ ! -d "$state" ] || "$OKESTRA_BUILD/local-cluster" down --state "$state" --purge
    done
}

setup() {
    cluster_is_there || skip 'no local Kubernetes: scripts/bootstrap --cluster, as root'
    use_cloud
    cd "$WORK" || return 1
}

cluster_is_there() { [ "$(id -u)" = 0 ] && [ -x "$OKESTRA_BUILD/cluster/kubernetes" ]; }
# The folder of the one cluster; kubectl as its own administrator, beside OCI.
folder() { find "$CLOUD/clusters" -mindepth 1 -maxdepth 1 -type d; }
kubectl() { "$OKESTRA_BUILD/cluster/kubectl" --kubeconfig "$(folder)/kubeconfig" "$@"; }
apply() { terraform apply -input=false -no-color -auto-approve "$@"; }
plan_is_empty() { terraform plan -input=false -no-color -detailed-exitcode "$@"; }
nodes() { kubectl get nodes -o 'jsonpath={range .items[*]}{.metadata.name} {end}'; }
no_process() { ! pgrep -f -- "$CLOUD/clusters/" >/dev/null; }
until_good() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
# The status of a request to the API server with a bearer token.
status_with() {
    curl -s -o /dev/null -w '%{http_code}' --cacert "$(folder)/pki/ca.crt" -H "Authorization: Bearer $1" \
        "https://$(terraform output -raw api_endpoint)/api/v1/namespaces"
}
# The bearer token of a cluster, made by the openssl command line: token CLUSTER [DATE].
token() {
    local date=${2:-$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')} host target signature authorization
    host=containerengine.eu-frankfurt-1.oraclecloud.com
    target=/cluster_request/$1
    signature=$(printf 'date: %s\n(request-target): get %s\nhost: %s' "$date" "$target" "$host" |
        openssl dgst -sha256 -sign "$CLOUD/key.pem" | base64 -w 0)
    authorization="Signature algorithm=\"rsa-sha256\",headers=\"date (request-target) host\",keyId=\"$(
        cloud_setting tenancy)/$(cloud_setting user)/$(cloud_setting fingerprint)\",signature=\"$signature\",version=\"1\""
    printf 'https://%s%s?authorization=%s&date=%s' "$host" "$target" \
        "$(jq -rn --arg text "$authorization" '$text | @uri')" "$(jq -rn --arg text "$date" '$text | @uri')" |
        base64 -w 0 | tr '+/' '-_'
}

@test "oke: from an empty tenancy to a running pod in one apply" {
    apply -var node_pool_size=1
    plan_is_empty -var node_pool_size=1
    [ "$(kubectl -n todo-app get deployment pause -o 'jsonpath={.status.readyReplicas}')" = 1 ]
    kubectl get nodes -o json | jq -e '.items | length == 1 and .[0].metadata.labels
        ["topology.kubernetes.io/region"] == "eu-frankfurt-1"'
}

@test "oke: the API server lets in who signed for this cluster, now, with a known key" {
    cluster=$(terraform output -raw cluster_id)
    [ "$(status_with "$(token "$cluster")")" = 200 ]
    [ "$(status_with "$(token "$cluster" 'Thu, 01 Jan 2026 00:00:00 GMT')")" = 401 ]
    [ "$(status_with "$(token "${cluster%?????}aaaaa")")" = 401 ]
    [ "$(status_with nonsense)" = 401 ]
    good=$(token "$cluster")
    [ "$(status_with "${good%????}AAAA")" = 401 ]
}

@test "oke: the nodes of the pool are nodes of the cluster" {
    apply -var node_pool_size=3
    plan_is_empty -var node_pool_size=3
    [ "$(nodes | wc -w)" = 3 ]
    apply -var node_pool_size=1
    [ "$(nodes | wc -w)" = 1 ]
    [ "$(kubectl -n todo-app get deployment pause -o 'jsonpath={.status.readyReplicas}')" = 1 ]
}

@test "oke: an emulator that was killed finds its cluster again" {
    kill -9 "$(cat "$CLOUD/pid")"
    start_cloud --cluster full
    use_cloud
    until_good 60 plan_is_empty -var node_pool_size=1
}

@test "oke: an emulator that ends takes its cluster along, and brings it back" {
    stop_cloud
    until_good 10 no_process
    start_cloud --cluster full
    use_cloud
    until_good 60 plan_is_empty -var node_pool_size=1
}

@test "oke: destroy ends it all" {
    terraform destroy -input=false -no-color -auto-approve
    until_good 10 no_process
    [ -z "$(folder)" ]
}
