# In-cluster resources of the provider on the local Kubernetes (acceptance/cluster), which
# scripts/bootstrap --cluster builds: without that, or without root, all of this is skipped.
# alone: clusters share ports, load balancer addresses and control groups of the machine

bats_require_minimum_version 1.5.0
load lib

setup_file() {
    cluster_is_there || return 0
    export CLUSTER=$BATS_FILE_TMPDIR/cluster WORK=$BATS_FILE_TMPDIR/work
    export KUBECONFIG=$CLUSTER/kubeconfig
    mkdir -p "$WORK"
    gcc -Os -static -s -w -o "$BATS_FILE_TMPDIR/echo" "$OKESTRA_ROOT/acceptance/cluster/echo/main.c" 2>&1
    "$OKESTRA_ROOT/scripts/make-image" localhost/echo:1 "$BATS_FILE_TMPDIR/echo.tar" \
        "$BATS_FILE_TMPDIR/echo"
    "$OKESTRA_BUILD/local-cluster" up --state "$CLUSTER" --port 16600 --audit request \
        --image "$BATS_FILE_TMPDIR/echo.tar"
    cp "$OKESTRA_ROOT"/acceptance/scenarios/kubernetes/*.tf "$WORK"
}

teardown_file() {
    cluster_is_there || return 0
    "$OKESTRA_BUILD/local-cluster" down --state "$CLUSTER" --purge
}

setup() {
    cluster_is_there || skip 'no local Kubernetes: scripts/bootstrap --cluster, as root'
    use_build
    export TF_VAR_kubeconfig=$KUBECONFIG OKE_CONFORMANCE=fatal
    cd "$WORK" || return 1
}

cluster_is_there() { [ "$(id -u)" = 0 ] && [ -x "$OKESTRA_BUILD/cluster/kubernetes" ]; }
kubectl() { "$OKESTRA_BUILD/cluster/kubectl" -n shop "$@"; }
plan_is_empty() { terraform plan -input=false -no-color -detailed-exitcode "$@"; }
apply() { terraform apply -input=false -no-color -auto-approve "$@"; }
# writes_since LINE: the writes of the provider in the audit log after that line, but dry runs.
audit_length() { wc -l <"$CLUSTER/logs/audit.log"; }
writes_since() {
    tail -n "+$(($1 + 1))" "$CLUSTER/logs/audit.log" | jq -c 'select(.userAgent | startswith("terraform-provider-oke")) |
        select(.verb | IN("create", "patch", "update", "delete", "deletecollection")) |
        select((.requestURI | contains("dryRun=All")) | not) | [.verb, .objectRef.resource, .objectRef.name]'
}

@test "kubernetes: from nothing to running pods, a kind and an object of it, in one apply" {
    apply
    plan_is_empty
    [ "$(terraform output -raw brightness)" = 40 ]
    [ "$(kubectl get lamp desk -o 'jsonpath={.spec.colour}')" = white ]
    [ "$(kubectl get deployment web -o 'jsonpath={.status.readyReplicas}')" = 1 ]
    address=$(kubectl get service web -o 'jsonpath={.status.loadBalancer.ingress[0].ip}')
    # Services reach pods that are ready a moment later.
    curl -sf -m 5 --retry 10 --retry-all-errors --retry-max-time 30 "http://$address/hello" | grep hello
    [ "$(kubectl get secret db-credentials -o 'jsonpath={.data.password}' | base64 -d)" = password-of-the-first-day ]
    run ! grep -q password-of-the-first-day terraform.tfstate
}

@test "kubernetes: a change is one write of the object it concerns" {
    before=$(audit_length)
    plan_is_empty
    [ -z "$(writes_since "$before")" ]
    apply -var replicas=2
    [ "$(writes_since "$before")" = '["patch","deployments","web"]' ]
    plan_is_empty -var replicas=2
    [ "$(kubectl get deployment web -o 'jsonpath={.status.readyReplicas}')" = 2 ]
}

@test "kubernetes: what others change in our fields shows, what they add elsewhere does not" {
    kubectl label deployment web --field-manager=somebody colour=red
    kubectl annotate lamp desk --field-manager=somebody note=mine
    plan_is_empty -var replicas=2
    kubectl patch lamp desk --type=merge --field-manager=somebody -p '{"spec":{"brightness":90}}'
    run -1 plan_is_empty -var replicas=2
    [[ $output = *'Lamp shop/desk'*'.spec.brightness: conflict with "somebody"'* ]]
    [[ $output != *"oke_manifest.web will be"* ]]
    kubectl patch lamp desk --type=merge --field-manager=somebody -p '{"spec":{"brightness":40}}'
    plan_is_empty -var replicas=2
}

@test "kubernetes: a field that another manager owns is a conflict that names it" {
    # Owned by an apply of others, at another value than ours.
    kubectl apply --server-side --force-conflicts --field-manager=autoscaler -f - <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 3}
YAML
    run apply -var replicas=1
    [ "$status" = 1 ]
    [[ $output = *autoscaler* ]]
    [[ $output = *replicas* ]]
    apply -var replicas=1 -var fields_forced=true
    plan_is_empty -var replicas=1 -var fields_forced=true
    [ "$(kubectl get deployment web -o 'jsonpath={.spec.replicas}')" = 1 ]
}

@test "kubernetes: what the API server refuses is refused by the plan" {
    run terraform plan -input=false -no-color -var replicas=-1
    [ "$status" = 1 ]
    [[ $output = *"spec.replicas"* ]]
}

@test "kubernetes: a pod that cannot start is explained, and the next apply recovers" {
    run apply -var image=localhost/none:1 -var create_seconds=15
    [ "$status" = 1 ]
    [[ $output = *ErrImageNeverPull* ]]
    apply -var fields_forced=true
    plan_is_empty -var fields_forced=true
}

@test "kubernetes: the API server dies in the middle of an apply" {
    pid=$("$OKESTRA_BUILD/local-cluster" status --state "$CLUSTER" |
        jq '.parts[] | select(.name == "kube-apiserver").pid')
    apply -var replicas=2 -var fields_forced=true -var password_version=2 >"$BATS_TEST_TMPDIR/log" 2>&1 &
    kill -9 "$pid"
    wait $!
    cat "$BATS_TEST_TMPDIR/log"
    plan_is_empty -var replicas=2 -var fields_forced=true -var password_version=2
}

@test "kubernetes: import finds what is there" {
    mkdir -p "$BATS_TEST_TMPDIR/import"
    cd "$BATS_TEST_TMPDIR/import"
    cp "$WORK"/*.tf .
    import() { terraform import -no-color -input=false "$@"; }
    import oke_namespace.shop shop
    import oke_manifest.kind \
        apiVersion=apiextensions.k8s.io/v1,kind=CustomResourceDefinition,name=lamps.example.com
    # What only the configuration says, such as what to wait for, is set; no object changes.
    before=$(audit_length)
    apply -target=oke_manifest.kind -target=oke_namespace.shop
    [ -z "$(writes_since "$before")" ]
}

@test "kubernetes: destroy leaves nothing" {
    terraform destroy -input=false -no-color -auto-approve
    run ! kubectl get namespace shop
    run ! kubectl get crd lamps.example.com
    [ "$(cat "$CLUSTER/load-balancers.json")" = '[]' ]
}
