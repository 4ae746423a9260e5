# variants: release asan
# The provider's functions, by `terraform test`: functions/functions.tftest.hcl.

load lib.bash

tests_of() {
    use_build
    cp -r "$OKESTRA_ROOT/acceptance/scenarios/functions" "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
    "$1" init -no-color -input=false >/dev/null 2>&1 || true
    "$1" test -no-color
}

@test "functions, called by Terraform" {
    [ -n "$TERRAFORM" ] || skip 'no Terraform on this machine; OpenTofu is tested'
    tests_of "$TERRAFORM"
}

@test "functions, called by OpenTofu" {
    tests_of "$TOFU"
}
