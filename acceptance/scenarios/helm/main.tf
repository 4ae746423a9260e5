terraform {
  required_providers {
    oke = { source = "okestra/oke" }
  }
}

variable "kubeconfig" { type = string }
variable "namespace" { type = string }
variable "chart" { type = string }
variable "colour" {
  type    = string
  default = "white"
}
variable "replicas" {
  type    = number
  default = 0
}
variable "password" {
  type      = string
  ephemeral = true
  default   = "password-of-the-shop"
}

provider "oke" {
  kubernetes {
    config_path = var.kubeconfig
  }
}

resource "oke_helm_release" "shop" {
  name             = "shop"
  namespace        = var.namespace
  create_namespace = true
  chart            = var.chart
  values           = [yamlencode({ colour = var.colour, replicas = var.replicas })]
  timeout          = 5

  values_wo         = [yamlencode({ password = var.password })]
  values_wo_version = 1
}

output "status" { value = oke_helm_release.shop.status }
output "revision" { value = oke_helm_release.shop.revision }
