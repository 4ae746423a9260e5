# variants: release asan
# The emulator, driven by Oracle's own SDK.

load lib.bash

@test "the official Python SDK, unmodified, drives the emulator" {
    OKESTRA_EMULATOR=$OKESTRA_BUILD/oci-emulator \
        "$PYTHON" -B "$OKESTRA_ROOT/acceptance/cloud/contract/sdk_test.py" >"$BATS_TEST_TMPDIR/tap" || {
        grep -A 40 '^not ok' "$BATS_TEST_TMPDIR/tap"
        return 1
    }
    # None was left out.
    [ "$(grep -c '^ok ' "$BATS_TEST_TMPDIR/tap")" = "$(sed -n 's/^1\.\.//p' "$BATS_TEST_TMPDIR/tap")" ]
}

@test "the emulator's tables of operations and request bodies agree with the SDK's models" {
    OKESTRA_EMULATOR=$OKESTRA_BUILD/oci-emulator \
        "$PYTHON" -B "$OKESTRA_ROOT/acceptance/cloud/contract/model_test.py"
}
