# Shared by the scenarios: an emulator for each file, folders to run Terraform in, the harness in Python.
# shellcheck shell=bash

# The programs under test, in memory of the file: setup_file() calls start_cloud, teardown_file() stop_cloud.
CLOUD=$BATS_FILE_TMPDIR/cloud

# start_cloud [OPTION...]: options of the emulator on top of --state and --speed.
start_cloud() {
    local tries
    mkdir -p "$CLOUD"
    : >"$CLOUD/output"
    "$OKESTRA_BUILD/oci-emulator" --state "$CLOUD" --speed "${SPEED:-2000}" "$@" \
        >"$CLOUD/output" 2>"$CLOUD/emulator.log" 3>&- </dev/null &
    echo $! >"$CLOUD/pid"
    for ((tries = 0; tries < 600; tries++)); do
        grep -q '^ready ' "$CLOUD/output" && return 0
        kill -0 "$(cat "$CLOUD/pid")" 2>/dev/null || break
        sleep 0.05
    done
    cat "$CLOUD/emulator.log"
    echo 'the emulator does not start'
    return 1
}

stop_cloud() {
    local pid
    pid=$(cat "$CLOUD/pid" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    timeout 20 tail --pid="$pid" -f /dev/null || kill -9 "$pid"
}

cloud_url() { sed -n 's/^ready //p' "$CLOUD/output"; }
cloud_setting() { sed -n "s/^$1 *= *//p" "$CLOUD/config" | head -n 1; }
# control METHOD PATH [JSON]: the emulator's control endpoint.
control() {
    curl -sS --fail-with-body --cacert "$CLOUD/ca.pem" -X "$1" \
        ${3:+-H 'content-type: application/json' -d "$3"} "$(cloud_url)/_emulator/$2"
}

# use_cloud: the environment of Terraform, from here to the end of the test: the emulator, the build under
# test, and the variables that examples want.
use_cloud() {
    # shellcheck disable=SC1091
    . "$CLOUD/env"
    TF_VAR_tenancy_ocid=$(cloud_setting tenancy)
    TF_VAR_user_ocid=$(cloud_setting user)
    export TF_VAR_tenancy_ocid TF_VAR_user_ocid OKE_CONFORMANCE=fatal
    use_build
}
use_build() {
    export TF_CLI_CONFIG_FILE=$BATS_FILE_TMPDIR/terraform.rc
    (
        . "$OKESTRA_ROOT/scripts/lib.sh"
        write_terraform_config "$TF_CLI_CONFIG_FILE" "$OKESTRA_BUILD"
    )
}

# The program to test with: Terraform where there is one. OpenTofu has files of its own.
terraform() { "${TERRAFORM:-$TOFU}" "$@"; }

# example NAME: a copy of an example in a folder of this test, which becomes the working directory.
example() {
    mkdir -p "$BATS_TEST_TMPDIR/$1"
    cp "$OKESTRA_ROOT/examples/$1"/*.tf "$BATS_TEST_TMPDIR/$1"
    cd "$BATS_TEST_TMPDIR/$1" || return 1
}

# nothing_left: the emulator holds no object but those of an empty tenancy.
nothing_left() { harness nothing_left.py "$(cloud_url)" "$CLOUD/ca.pem"; }

# harness SCRIPT ARGUMENTS...: a program of acceptance/harness or acceptance/property.
harness() {
    local script
    script=$(find "$OKESTRA_ROOT/acceptance/harness" "$OKESTRA_ROOT/acceptance/property" -name "$1")
    shift
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$OKESTRA_ROOT/acceptance/harness:$OKESTRA_ROOT/acceptance/property \
        "$PYTHON" "$script" "$@"
}
