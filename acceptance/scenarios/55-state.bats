# Terraform's state in Object Storage: examples/state-in-object-storage against the S3 API of the emulator.
# A backend wants `terraform init`, so the provider is installed as `make install` does it, in a home of the
# test's own.

load lib.bash

setup_file() {
    start_cloud
    HOME=$BATS_FILE_TMPDIR/home "$OKESTRA_ROOT/scripts/install-provider" 0.1.0
    use_installed
    make_bucket
    harness secret_key.py "$CLOUD/config" "$(cloud_url)" "$CLOUD/ca.pem" >"$BATS_FILE_TMPDIR/secret-key"
}
teardown_file() { stop_cloud; }

use_installed() {
    use_cloud
    export HOME=$BATS_FILE_TMPDIR/home TF_CLI_CONFIG_FILE=/dev/null
}

setup() {
    use_installed
    cd "$BATS_TEST_TMPDIR" || return
    # shellcheck disable=SC1091
    . "$BATS_FILE_TMPDIR/secret-key"
    export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
    export AWS_CA_BUNDLE=$CLOUD/ca.pem AWS_EC2_METADATA_DISABLED=true
}

# init_with PROGRAM: the example with its backend at the emulator, and a state of this test's own.
init_with() {
    "$1" init -backend-config="key=$BATS_TEST_NUMBER/terraform.tfstate" -no-color -input=false -backend-config="region=$(cloud_setting region)" \
        -backend-config="endpoints={s3=\"$(cloud_url)\"}"
}

# The bucket is made by Terraform, too: by a configuration with local state.
make_bucket() {
    mkdir "$BATS_FILE_TMPDIR/bucket"
    cd "$BATS_FILE_TMPDIR/bucket" || return
    cat >main.tf <<'HCL'
terraform {
  required_providers {
    oke = { source = "okestra/oke" }
  }
}
variable "tenancy_ocid" {}
data "oke_objectstorage_namespace" "this" {
  compartment_id = var.tenancy_ocid
}
resource "oke_bucket" "state" {
  compartment_id = var.tenancy_ocid
  namespace      = data.oke_objectstorage_namespace.this.namespace
  name           = "todo-terraform-state"
  versioning     = "Enabled"
}
HCL
    terraform init -no-color -input=false
    terraform apply -no-color -input=false -auto-approve
}

remote_state() {
    local program=$1
    example state-in-object-storage
    init_with "$program"
    "$program" apply -no-color -input=false -auto-approve
    [ ! -e terraform.tfstate ]
    # A second machine: another folder with nothing but the configuration.
    mkdir ../second
    cp main.tf ../second
    cd ../second || return
    init_with "$program"
    "$program" plan -no-color -input=false -detailed-exitcode
    "$program" output -json | grep -q 'AD-1'
    "$program" state pull >pulled.json
    "$PYTHON" -c 'import json; assert json.load(open("pulled.json"))["outputs"]'
}

@test "Terraform keeps its state in a bucket, with a lock" {
    [ -n "$TERRAFORM" ] || skip 'no Terraform on this machine; OpenTofu is tested'
    remote_state "$TERRAFORM"
}

@test "OpenTofu keeps its state in a bucket, with a lock" {
    remote_state "$TOFU"
}

@test "a state that is locked by another run is left alone" {
    example state-in-object-storage
    init_with "${TERRAFORM:-$TOFU}"
    cat >>main.tf <<'HCL'
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch started; until [ -e go-on ]; do sleep 0.05; done"
  }
}
HCL
    init_with "${TERRAFORM:-$TOFU}"
    terraform apply -no-color -input=false -auto-approve >first.log 2>&1 3>&- &
    local first=$!
    until [ -e started ]; do
        kill -0 "$first"
        sleep 0.05
    done
    run terraform plan -no-color -input=false
    touch go-on
    wait "$first"
    [ "$status" -ne 0 ]
    [[ $output == *'acquiring the state lock'* ]]
    terraform plan -no-color -input=false -detailed-exitcode
}
