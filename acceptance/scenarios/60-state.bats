# Terraform's state in Object Storage: examples/state-in-object-storage against the S3 API of the emulator.

load lib.bash

setup_file() { start_cloud; }
teardown_file() { stop_cloud; }

setup() {
    use_cloud
    cd "$BATS_TEST_TMPDIR" || return
    eval "$(harness secret_key.py "$CLOUD/config" "$(cloud_url)" "$CLOUD/ca.pem")"
    export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
    export AWS_CA_BUNDLE=$CLOUD/ca.pem AWS_EC2_METADATA_DISABLED=true
}

# init_with PROGRAM: the example with its backend at the emulator.
init_with() {
    "$1" init -no-color -input=false -backend-config="region=$(cloud_setting region)" \
        -backend-config="endpoints={s3=\"$(cloud_url)\"}"
}

# The bucket is made by Terraform, too: by a configuration with local state.
make_bucket() {
    mkdir bucket
    cat >bucket/main.tf <<'HCL'
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
    (cd bucket && terraform apply -no-color -input=false -auto-approve)
}

remote_state() {
    local program=$1
    make_bucket
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
    # The lock keeps a second writer out, and says who holds it.
    "$program" apply -no-color -input=false -auto-approve -lock=false
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
    make_bucket
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
