terraform {
  required_version = ">= 1.10"
  required_providers {
    oke = { source = "okestra/oke" }
  }
}

provider "oke" {
  kubernetes {
    config_path    = var.kubeconfig
    config_context = var.context
  }
}
