# variants: release asan
# Secrets are in no log at the most talkative level, no plan, no diagnostic and no core file.

load lib.bash

PASSPHRASE='correct horse battery staple 4711'
ADMIN_PASSWORD='Sesame_Street_4711'

setup_file() { start_cloud --record "$BATS_FILE_TMPDIR/record.jsonl"; }
teardown_file() { stop_cloud; }

setup() {
    use_cloud
    cd "$BATS_TEST_TMPDIR" || return
    # The same key, encrypted, handed over in the provider block.
    openssl pkey -in "$(cloud_setting key_file)" -aes256 -passout "pass:$PASSPHRASE" -out key.pem
    TF_VAR_private_key=$(cat key.pem)
    export TF_VAR_private_key TF_VAR_passphrase=$PASSPHRASE TF_VAR_admin_password=$ADMIN_PASSWORD
    cat >main.tf <<'HCL'
terraform {
  required_providers {
    oke = { source = "okestra/oke" }
  }
}
variable "tenancy_ocid" {}
variable "user_ocid" {}
variable "private_key" {
  sensitive = true
}
variable "passphrase" {
  sensitive = true
}
variable "admin_password" {
  sensitive = true
}
variable "name" {
  default = "secrets"
}
provider "oke" {
  private_key          = var.private_key
  private_key_password = var.passphrase
}
data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}
resource "oke_auth_token" "this" {
  user_id     = var.user_ocid
  description = var.name
}
resource "oke_autonomous_database" "this" {
  compartment_id = var.tenancy_ocid
  db_name        = "secrets"
  display_name   = var.name
  admin_password = var.admin_password
  is_free_tier   = true
}
output "token" {
  value     = oke_auth_token.this.token
  sensitive = true
}
HCL
    export TF_LOG=TRACE TF_LOG_PATH=$BATS_TEST_TMPDIR/trace.log
}

# no_secrets FILE...: neither the passphrase, nor the password, nor the token, nor any line of either form of
# the key.
no_secrets() {
    local file
    {
        printf '%s\n' "$PASSPHRASE" "$ADMIN_PASSWORD"
        grep -vh -e '-----' key.pem "$(cloud_setting key_file)"
        TF_LOG='' terraform output -raw token 2>/dev/null || true
    } | awk 'length >= 12' >secrets
    [ "$(wc -l <secrets)" -ge 20 ]
    for file; do
        [ -s "$file" ]
        if grep -F -n -o -f secrets "$file" | head -n 5 | grep .; then
            echo "a secret is in $file"
            return 1
        fi
    done
}

@test "apply, plan, a change, and destroy tell nothing" {
    terraform apply -no-color -input=false -auto-approve >apply.log 2>&1
    terraform plan -no-color -input=false -var name=other -out=plan >plan.log 2>&1
    TF_LOG='' terraform show -no-color plan >shown.log
    terraform apply -json -input=false plan >changed.log 2>&1
    TF_LOG='' terraform output -raw token >token.txt
    [ "$(wc -c <token.txt)" -ge 12 ]
    grep -q 'CreateAuthToken\|/authTokens' trace.log
    no_secrets trace.log apply.log plan.log shown.log changed.log
    terraform destroy -no-color -input=false -auto-approve >destroy.log 2>&1
    no_secrets trace.log destroy.log
}

@test "refusals and failures tell nothing" {
    # By environment: Terraform itself logs its arguments.
    TF_VAR_admin_password=${ADMIN_PASSWORD}_is_far_too_long_for_Oracle run terraform apply -no-color \
        -input=false -auto-approve
    [ "$status" -ne 0 ]
    echo "$output" >refused.log
    TF_VAR_passphrase='wrong horse' run terraform plan -no-color -input=false
    [ "$status" -ne 0 ]
    [[ $output == *passphrase* || $output == *password* ]]
    echo "$output" >wrong.log
    openssl pkey -in "$(cloud_setting key_file)" -passin pass:x -out plain.pem
    TF_VAR_private_key="$(head -n 5 plain.pem)" run terraform plan -no-color -input=false
    [ "$status" -ne 0 ]
    echo "$output" >truncated.log
    no_secrets trace.log refused.log wrong.log truncated.log
    terraform destroy -no-color -input=false -auto-approve >destroy.log 2>&1
}

@test "a provider that is killed with a core dump leaves none" {
    ulimit -c unlimited
    control POST faults '{"operation": "CreateAutonomousDatabase", "kind": "delay", "ms": 20000}'
    "${TERRAFORM:-$TOFU}" apply -no-color -input=false -auto-approve >apply.log 2>&1 3>&- &
    local apply=$! provider=''
    until provider=$(pgrep -P "$apply" -f terraform-provider-oke) && grep -q CreateAuthToken "$TF_LOG_PATH"; do
        kill -0 "$apply"
        sleep 0.05
    done
    kill -ABRT "$provider"
    wait "$apply" && return 1
    [ -z "$(find . -name 'core*')" ]
    no_secrets trace.log apply.log
}
