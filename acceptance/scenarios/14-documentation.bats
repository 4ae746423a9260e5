# What the documentation promises: examples that are valid, and the attributes of oracle/oci.

load lib.bash

@test "every example of the documentation is valid and formatted" {
    harness docs_examples.py "$BATS_TEST_TMPDIR/examples"
}

@test "the examples are formatted, and none asks for more than twelve variables" {
    terraform fmt -check -recursive "$OKESTRA_ROOT/examples"
    for folder in "$OKESTRA_ROOT"/examples/*/; do
        [ "$(cat "$folder"*.tf | grep -c '^variable ')" -le 12 ]
    done
}

@test "attributes are those of oracle/oci" {
    "$OKESTRA_ROOT/build/debug/descriptors" |
        "$PYTHON" -B "$OKESTRA_ROOT/acceptance/coverage/check_coverage.py"
}
