# A state of oracle/oci moves over by `moved` blocks: nothing is made, changed or destroyed.

load lib.bash

@test "every kind moves over from oracle/oci, and the next plan is empty" {
    harness migrate.py
}

@test "examples/migrate-from-oracle is valid with the blocks that it shows" {
    use_build
    example migrate-from-oracle
    # oracle/oci itself is not needed to check the syntax of the rest.
    sed -i '/^    oci = {/,/^    }/d' main.tf
    terraform validate -no-color
}
