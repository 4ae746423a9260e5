# variants: release asan
# examples/oci-only from nothing to nothing, with Terraform and with OpenTofu.

load lib.bash

setup_file() { start_cloud --record "$BATS_FILE_TMPDIR/record.jsonl"; }
teardown_file() { stop_cloud; }

# whole_life PROGRAM: apply, nothing to change, scale, nothing to change, destroy, nothing left.
whole_life() {
    local program=$1
    use_cloud
    example oci-only
    "$program" apply -no-color -input=false -auto-approve
    "$program" plan -no-color -input=false -detailed-exitcode
    "$program" output -json | "$PYTHON" -c '
import json, sys
out = {name: one["value"] for name, one in json.load(sys.stdin).items()}
assert out["cluster_id"].startswith("ocid1.cluster."), out
assert out["api_endpoint"].endswith(":6443"), out
assert len(out["repositories"]) == 3 and out["registry_token"], out'
    "$program" apply -no-color -input=false -auto-approve -var node_pool_size=3 | tee scale
    grep -q '0 added, 1 changed, 0 destroyed' scale
    "$program" plan -no-color -input=false -detailed-exitcode -var node_pool_size=3
    "$program" destroy -no-color -input=false -auto-approve
    nothing_left
}

@test "Terraform: apply, empty plan, scale, empty plan, destroy, nothing left" {
    [ -n "$TERRAFORM" ] || skip 'no Terraform on this machine; OpenTofu is tested'
    whole_life "$TERRAFORM"
}

@test "OpenTofu: the same" {
    whole_life "$TOFU"
}

@test "the emulator is killed in the middle of an apply and comes back: the next apply finishes" {
    use_cloud
    example oci-only
    local address
    address=$(cloud_url)
    terraform apply -no-color -input=false -auto-approve >apply.log 2>&1 3>&- &
    local apply=$!
    until grep -q 'oke_vcn.todo: Creation complete' apply.log; do
        kill -0 "$apply"
        sleep 0.05
    done
    local emulator
    emulator=$(cat "$CLOUD/pid")
    kill -9 "$emulator"
    timeout 20 tail --pid="$emulator" -f /dev/null
    start_cloud --listen "${address#https://}" --record "$BATS_FILE_TMPDIR/record.jsonl"
    wait "$apply" || true
    terraform apply -no-color -input=false -auto-approve
    terraform plan -no-color -input=false -detailed-exitcode
    terraform destroy -no-color -input=false -auto-approve
    nothing_left
}

@test "what was sent and answered agrees with the models of Oracle's SDK" {
    [ -s "$BATS_FILE_TMPDIR/record.jsonl" ]
    "$PYTHON" -B "$OKESTRA_ROOT/acceptance/cloud/contract/check_record.py" "$BATS_FILE_TMPDIR/record.jsonl"
}

@test "every signature is accepted by the openssl command line, and with one bit changed it is not" {
    harness verify_signature.py "$BATS_FILE_TMPDIR/record.jsonl" "$CLOUD/config"
}
