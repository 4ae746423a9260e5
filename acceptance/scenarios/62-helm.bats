# Releases of charts, with Helm 3 and Helm 4, on the local Kubernetes without a node. scripts/bootstrap
# --cluster builds all three: without that, or without root, all of this is skipped.
# alone: clusters share ports, load balancer addresses and control groups of the machine

# shellcheck disable=SC2030,SC2031 # each test is a shell of its own
bats_require_minimum_version 1.5.0
load lib

setup_file() {
    tools_are_there || return 0
    export CLUSTER=$BATS_FILE_TMPDIR/cluster
    export KUBECONFIG=$CLUSTER/kubeconfig
    "$OKESTRA_BUILD/local-cluster" up --state "$CLUSTER" --level control-plane --port 16700
}

teardown_file() {
    tools_are_there || return 0
    "$OKESTRA_BUILD/local-cluster" down --state "$CLUSTER" --purge
}

setup() {
    tools_are_there || skip 'no local Kubernetes and Helm: scripts/bootstrap --cluster, as root'
    use_build
    export OKE_CONFORMANCE=fatal TF_VAR_kubeconfig=$KUBECONFIG
    export TF_VAR_chart=$OKESTRA_ROOT/acceptance/scenarios/helm/chart
}

tools_are_there() {
    [ "$(id -u)" = 0 ] && [ -x "$OKESTRA_BUILD/cluster/kubernetes" ] && [ -x "${HELM3:-}" ] && [ -x "${HELM4:-}" ]
}
kubectl() { "$OKESTRA_BUILD/cluster/kubectl" -n "$TF_VAR_namespace" "$@"; }
plan() { terraform plan -input=false -no-color "$@"; }
plan_is_empty() { plan -detailed-exitcode "$@"; }
apply() { terraform apply -input=false -no-color -auto-approve "$@"; }
release_secrets() { kubectl get secrets -l "owner=helm,status=$1" -o name; }

# with VERSION: Helm 3 or 4, a folder and a namespace of their own.
with() {
    local program=HELM$1
    export HELM_BIN=${!program} TF_VAR_namespace=shop-$1-$BATS_TEST_NUMBER
    mkdir -p "$BATS_TEST_TMPDIR/$1"
    cp "$OKESTRA_ROOT"/acceptance/scenarios/helm/main.tf "$BATS_TEST_TMPDIR/$1"
    cd "$BATS_TEST_TMPDIR/$1" || return 1
}

install_change_and_remove() {
    with "$1"
    plan | tee plan.txt
    grep -q 'v1/ConfigMap/shop' plan.txt
    grep -q 'differs from one rendering to the next' plan.txt
    apply
    plan_is_empty
    [ "$(terraform output -raw status)" = deployed ]
    [ "$(kubectl get secret shop -o 'jsonpath={.data.password}' | base64 -d)" = password-of-the-shop ]
    run ! grep -q password-of-the-shop terraform.tfstate plan.txt
    plan -var colour=red | grep -E 'colour = "white" -> "red"'
    apply -var colour=red
    plan_is_empty -var colour=red
    [ "$(kubectl get configmap shop -o 'jsonpath={.data.colour}')" = red ]
    [ "$(terraform output -raw revision)" = 2 ]
    terraform destroy -input=false -no-color -auto-approve
    run ! kubectl get configmap shop
    [ -z "$(release_secrets deployed)" ]
}

@test "helm: a release is installed, changed and removed; plans show rendered objects, secrets nowhere" {
    install_change_and_remove 3
    install_change_and_remove 4
}

failure_says_why() {
    with "$1"
    run apply -var replicas=1
    [ "$status" = 1 ]
    [[ $output = *'Deployment '*'/shop: 0 of 1 replicas are available'* ]]
    [[ $output = *'fits on no node'* ]]
    apply
    plan_is_empty
}

@test "helm: a rollout that fails says why, and the next apply repairs it" {
    failure_says_why 3
    failure_says_why 4
}

# Killed while the release is pending: the helm program alone, then all that runs.
helm_is_killed() {
    local pid
    with "$1"
    apply
    apply -var replicas=1 >log 2>&1 3>&- &
    local run=$!
    until [ -n "$(release_secrets pending-upgrade)" ]; do kill -0 "$run" || break; done
    pid=$(pgrep -f "^$HELM_BIN upgrade --install shop .*--namespace $TF_VAR_namespace ")
    kill -9 "$pid"
    wait "$run" && return 1
    grep -q 'was killed by signal 9' log
    [ -z "$(release_secrets pending-upgrade)" ]
    apply
    plan_is_empty
}

@test "helm: the program is killed in the middle of an upgrade" {
    helm_is_killed 3
    helm_is_killed 4
}

@test "helm: a release that others left pending is recovered" {
    with 3
    apply
    kubectl get secret sh.helm.release.v1.shop.v1 -o json >release.json
    "$PYTHON" - release.json >pending.json <<'PYTHON'
import base64, gzip, json, sys
secret = json.load(open(sys.argv[1]))
record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret['data']['release']))))
record['version'] = 2
record['info']['status'] = 'pending-upgrade'
record['info']['last_deployed'] = '2026-01-01T00:00:00Z'
packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(record).encode()))).decode()
labels = dict(secret['metadata']['labels'], status='pending-upgrade', version='2')
print(json.dumps({'apiVersion': 'v1', 'kind': 'Secret', 'type': secret['type'],
                  'metadata': {'name': 'sh.helm.release.v1.shop.v2', 'labels': labels},
                  'data': {'release': packed}}))
PYTHON
    kubectl create -f pending.json
    apply -var colour=red | tee log
    grep -q 'Recovered a release' log
    plan_is_empty -var colour=red
}

@test "helm: an upgrade by somebody else shows and is undone" {
    with 4
    apply
    "$HELM_BIN" upgrade shop "$TF_VAR_chart" --namespace "$TF_VAR_namespace" --set colour=black >/dev/null
    run -2 plan_is_empty
    apply
    [ "$(kubectl get configmap shop -o 'jsonpath={.data.colour}')" = white ]
    plan_is_empty
}

@test "helm: a release is imported" {
    with 4
    apply
    rm terraform.tfstate
    terraform import -input=false -no-color oke_helm_release.shop "$TF_VAR_namespace/shop"
    apply
    plan_is_empty
}

@test "helm: what is wrong is said at plan time" {
    with 3
    run plan -var "chart=$BATS_TEST_TMPDIR/none"
    [ "$status" = 1 ]
    [[ $output = *'The chart cannot be rendered'* ]]
    [[ $output = *'on main.tf line'*'chart '* ]]
    HELM_BIN=/nonexistent/helm run plan
    [[ $output = *'there is no program /nonexistent/helm'*'HELM_BIN'* ]]
}
