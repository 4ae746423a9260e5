# Typed resources of Strimzi and Dapr on a local API server: Dapr's CRDs are its own, old and new; Strimzi's
# stand-ins have open schemas. scripts/bootstrap --cluster brings what is needed: without that, or without
# root, all of this is skipped.
# alone: clusters share ports, load balancer addresses and control groups of the machine

# shellcheck disable=SC2119,SC2120 # apply takes arguments or none
bats_require_minimum_version 1.5.0
load lib

setup_file() {
    tools_are_there || return 0
    export CLUSTER=$BATS_FILE_TMPDIR/cluster WORK=$BATS_FILE_TMPDIR/work
    export KUBECONFIG=$CLUSTER/kubeconfig
    mkdir -p "$WORK"
    cp "$OKESTRA_ROOT"/acceptance/scenarios/event-platform/main.tf "$WORK"
    "$OKESTRA_BUILD/local-cluster" up --state "$CLUSTER" --level control-plane --port 16800 --audit request
    kubectl apply --server-side -f "$OKESTRA_ROOT"/acceptance/scenarios/event-platform/crds.yaml \
        -f "${DAPR_CRDS%% *}"
    kubectl wait --for=condition=Established crd --all
}

teardown_file() {
    tools_are_there || return 0
    "$OKESTRA_BUILD/local-cluster" down --state "$CLUSTER" --purge
}

setup() {
    tools_are_there || skip 'no local Kubernetes: scripts/bootstrap --cluster, as root'
    use_build
    export OKE_CONFORMANCE=fatal TF_VAR_kubeconfig=$KUBECONFIG
    cd "$WORK" || return 1
}

tools_are_there() {
    [ "$(id -u)" = 0 ] && [ -x "$OKESTRA_BUILD/cluster/kubernetes" ] && [ -d "${DAPR_CRDS%% *}" ]
}
kubectl() { "$OKESTRA_BUILD/cluster/kubectl" -n events "$@"; }
plan() { terraform plan -input=false -no-color "$@"; }
plan_is_empty() { plan -detailed-exitcode "$@"; }
apply() { terraform apply -input=false -no-color -auto-approve "$@"; }
# changed FILE: the resources that a plan in JSON changes.
changed() { jq -r '.resource_changes[] | select(.change.actions != ["no-op"]) | .type + ":" + (.change.actions | join(","))' "$1"; }

@test "existing cluster: the example prepares any cluster, and the pipeline may deploy there and nowhere else" {
    example existing-cluster
    export TF_VAR_database_url=postgres://todo:secret-of-the-database@db/todo
    apply
    plan_is_empty
    run ! grep -q secret-of-the-database terraform.tfstate
    may() { kubectl auth can-i "$@" --as=system:serviceaccount:todo-app:github-actions-sa; }
    may create deployments -n todo-app
    run ! may create deployments -n kube-system
    run ! may delete namespaces
    kubectl -n todo-app get resourcequota todo-app -o 'jsonpath={.spec.hard}' | grep 4Gi
    terraform destroy -input=false -no-color -auto-approve
    run ! kubectl get namespace todo-app
}

@test "event platform: applied, planned empty" {
    apply
    plan_is_empty
    [ "$(kubectl get kafkatopic task-events -o 'jsonpath={.metadata.labels.strimzi\.io/cluster}')" = todo-kafka ]
    [ "$(kubectl get resiliency todo-resiliency -o 'jsonpath={.spec.policies.timeouts.short}')" = 5s ]
    [ "$(kubectl get kafka todo-kafka -o 'jsonpath={.spec.kafkaExporter.topicRegex}')" = '.*' ]
}

@test "event platform: one change is one update, and one write" {
    plan -var timeout=7s -out=one.plan
    terraform show -json one.plan >one.json
    [ "$(changed one.json)" = oke_dapr_resiliency:update ]
    before=$(wc -l <"$CLUSTER/logs/audit.log")
    terraform apply -input=false -no-color one.plan
    [ "$(tail -n "+$((before + 1))" "$CLUSTER/logs/audit.log" | jq -r '
        select(.userAgent | startswith("terraform-provider-oke")) |
        select(.verb | IN("create", "patch", "update", "delete")) |
        select(.requestURI | contains("dryRun=All") | not) | .objectRef.name' | sort -u)" = todo-resiliency ]
    apply
}

@test "event platform: partitions cannot become fewer, and the plan says so" {
    run plan -var partitions=2
    [ "$status" = 1 ]
    [[ $output = *'Partitions cannot become fewer'*'= var.partitions'* ]]
    plan -var partitions=5 | grep -E 'partitions +=? 3 -> 5'
}

@test "event platform: imported into a fresh state, planned empty" {
    mkdir -p "$BATS_TEST_TMPDIR/import"
    cp main.tf "$BATS_TEST_TMPDIR/import"
    cd "$BATS_TEST_TMPDIR/import"
    import() { terraform import -input=false -no-color "$@" >/dev/null; }
    import oke_namespace.events events
    import oke_kafka_node_pool.dual events/dual
    import oke_kafka.todo events/todo-kafka
    import oke_kafka_topic.t events/task-events
    import oke_kafka_user.u events/backend
    import oke_dapr_component.c events/pubsub-kafka
    import oke_dapr_configuration.c events/todo-config
    import oke_dapr_subscription.s events/s
    import oke_dapr_resiliency.r events/todo-resiliency
    # What only the configuration says (whether to wait) is set; no object is written.
    before=$(wc -l <"$CLUSTER/logs/audit.log")
    apply
    [ -z "$(tail -n "+$((before + 1))" "$CLUSTER/logs/audit.log" | jq -r '
        select(.userAgent | startswith("terraform-provider-oke")) |
        select(.verb | IN("create", "patch", "update", "delete")) |
        select(.requestURI | contains("dryRun=All") | not) | .objectRef.name')" ]
    plan_is_empty
}

@test "event platform: what others change in our fields is a change" {
    kubectl patch component pubsub-kafka --type=json --field-manager=somebody \
        -p '[{"op": "replace", "path": "/scopes", "value": ["intruder"]}]'
    run plan
    [ "$status" = 1 ]
    [[ $output = *'other managers own fields'*scopes*somebody* ]]
    kubectl patch component pubsub-kafka --type=json --field-manager=somebody \
        -p '[{"op": "replace", "path": "/scopes", "value": ["a", "b"]}]'
    plan_is_empty
}

@test "event platform: the CRDs of the newest Dapr, and Strimzi's old version, change nothing" {
    read -ra folders <<<"$DAPR_CRDS"
    kubectl apply --server-side --force-conflicts -f "${folders[-1]}"
    kubectl wait --for=condition=Established crd --all
    plan_is_empty
    apply -var newest_dapr=true
    plan_is_empty -var newest_dapr=true
    plan -var api_version=kafka.strimzi.io/v1beta2 -out=two.plan
    terraform apply -input=false -no-color two.plan
    plan_is_empty -var api_version=kafka.strimzi.io/v1beta2
    apply
}

@test "event platform: a Kafka that nobody looks at says so" {
    sed '/wait *= false/d' main.tf >"$BATS_TEST_TMPDIR/main.tf"
    cd "$BATS_TEST_TMPDIR"
    cat >>main.tf <<'TF'
resource "oke_kafka_topic" "alone" {
  namespace = oke_namespace.events.name
  name      = "alone"
  kafka     = "todo-kafka"
  timeouts {
    create = "2s"
  }
}
TF
    cp "$WORK/terraform.tfstate" .
    run apply -target=oke_kafka_topic.alone
    [ "$status" = 1 ]
    [[ $output = *'its operator has'* ]]
    terraform destroy -input=false -no-color -auto-approve -target=oke_kafka_topic.alone
}

@test "event platform: destroyed, nothing is left" {
    terraform destroy -input=false -no-color -auto-approve
    run ! kubectl get namespace events
}
