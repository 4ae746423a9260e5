# The provider's functions, called by functions.tftest.hcl.

terraform {
  required_providers {
    oke = {
      source = "okestra/oke"
    }
  }
}

variable "range" {
  default = "10.0.0.0/16"
}

variable "subnets" {
  type = list(object({ name = string, prefix = number }))
  default = [
    { name = "api", prefix = 28 },
    { name = "workers", prefix = 20 },
    { name = "balancers", prefix = 24 },
  ]
}

variable "ocid" {
  default = "ocid1.vcn.oc1.phx.aaaaaaaatest"
}

variable "image" {
  default = "fra.ocir.io/tenant/todo/backend:1.0"
}

variable "text" {
  default = <<-YAML
    apiVersion: v1
    kind: Namespace
    metadata:
      name: todo
    ---
    # nothing in here
    ---
    kind: ConfigMap
    metadata:
      name: settings
    data:
      mode: 0644
      quoted: "0644"
      flag: yes
  YAML
}

locals {
  cidrs     = provider::oke::cidr_plan(var.range, var.subnets)
  ocid      = provider::oke::parse_ocid(var.ocid)
  image     = provider::oke::image_ref(var.image)
  composed  = provider::oke::image_ref({ region = "eu-frankfurt-1", namespace = "tenant", repository = "todo/web", tag = "2" })
  manifests = provider::oke::manifest_decode_multi(var.text)
  kubeconfig = provider::oke::kubeconfig({
    name     = "todo"
    endpoint = "https://203.0.113.7:6443"
    token    = "not-a-real-token"
  })
}

output "cidrs" {
  value = local.cidrs
}

output "ocid" {
  value = local.ocid
}

output "image" {
  value = local.image
}

output "composed" {
  value = local.composed.reference
}

output "manifests" {
  value = local.manifests
}

output "kubeconfig" {
  value = yamldecode(local.kubeconfig)
}
