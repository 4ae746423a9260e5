terraform {
  required_version = ">= 1.10"
  required_providers {
    oke = { source = "okestra/oke" }
  }
}

# With cluster_id set the cluster is one of OKE, and this block is not used.
provider "oke" {
  kubernetes {
    config_path = var.kubeconfig
  }
}
