terraform {
  required_version = ">= 1.10"

  required_providers {
    oke = {
      source = "okestra/oke"
    }
  }
}

# Credentials come from the environment or from ~/.oci/config, as with the OCI command line.
provider "oke" {}
