# variants: release asan
# Data sources and ephemeral resources, by `terraform test`: look-ups/look-ups.tftest.hcl.

load lib.bash

setup_file() { start_cloud; }
teardown_file() { stop_cloud; }

tests_of() {
    use_cloud
    cp -r "$OKESTRA_ROOT/acceptance/scenarios/look-ups" "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
    "$1" init -no-color -input=false >/dev/null 2>&1 || true
    "$1" test -no-color
    nothing_left
}

@test "look-ups, by Terraform" {
    [ -n "$TERRAFORM" ] || skip 'no Terraform on this machine; OpenTofu is tested'
    tests_of "$TERRAFORM"
}

@test "look-ups, by OpenTofu" {
    tests_of "$TOFU"
}

@test "every kind is found by its id, by its name and in a list, as it is" {
    [ "$OKESTRA_VARIANT" = release ] || skip 'on the release build'
    harness look_ups.py "$BATS_TEST_TMPDIR/record.jsonl"
    "$PYTHON" -B "$OKESTRA_ROOT/acceptance/cloud/contract/check_record.py" "$BATS_TEST_TMPDIR/record.jsonl"
}
