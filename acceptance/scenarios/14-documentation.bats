# What the documentation promises: examples that are valid, and the attributes of oracle/oci.

load lib.bash

@test "every example of the documentation is valid and formatted" {
    harness docs_examples.py "$BATS_TEST_TMPDIR/examples"
}

@test "attributes are those of oracle/oci" {
    "$OKESTRA_ROOT/build/debug/descriptors" |
        "$PYTHON" -B "$OKESTRA_ROOT/acceptance/coverage/check_coverage.py"
}
