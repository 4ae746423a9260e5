# Terraform state in OCI Object Storage, for Terraform 1.11 and OpenTofu: the S3-compatible endpoint with
# a lock file. Create the bucket first (../oci-only does) and a customer secret key for the user, then
#
#   export AWS_ACCESS_KEY_ID=…  AWS_SECRET_ACCESS_KEY=…
#   export AWS_REQUEST_CHECKSUM_CALCULATION=when_required
#   export AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
#   terraform init -backend-config=region=eu-frankfurt-1 \
#     -backend-config='endpoints={s3="https://NAMESPACE.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"}'
#
# The two checksum variables matter: OCI refuses the checksum trailers that newer S3 clients send.

terraform {
  required_version = ">= 1.10"

  backend "s3" {
    bucket       = "todo-terraform-state"
    key          = "todo/terraform.tfstate"
    use_lockfile = true

    use_path_style              = true
    skip_region_validation      = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_s3_checksum            = true
  }

  required_providers {
    oke = {
      source = "okestra/oke"
    }
  }
}

variable "tenancy_ocid" {
  type = string
}

data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}

output "availability_domains" {
  value = data.oke_availability_domains.all.availability_domains[*].name
}
