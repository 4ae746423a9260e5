# Before: the same resources, written for oracle/oci.
#
#   resource "oci_core_vcn" "main" { … }
#   resource "oci_core_subnet" "workers" { … }
#   resource "oci_containerengine_cluster" "main" { … }
#
# After: rename the types, add one `moved` block each, run `terraform plan`. Nothing is created,
# changed or destroyed in the tenancy; the state moves over. Keep oracle/oci in required_providers
# until that apply is done, since Terraform still reads its entries in the old state.

terraform {
  required_version = ">= 1.10"

  required_providers {
    oke = {
      source = "okestra/oke"
    }
    oci = {
      source = "oracle/oci"
    }
  }
}

variable "compartment_ocid" {
  type = string
}

variable "kubernetes_version" {
  type = string
}

moved {
  from = oci_core_vcn.main
  to   = oke_vcn.main
}

resource "oke_vcn" "main" {
  compartment_id = var.compartment_ocid
  cidr_blocks    = ["10.0.0.0/16"]
  display_name   = "main"
  dns_label      = "main"
}

moved {
  from = oci_core_subnet.workers
  to   = oke_subnet.workers
}

resource "oke_subnet" "workers" {
  compartment_id             = var.compartment_ocid
  vcn_id                     = oke_vcn.main.id
  cidr_block                 = "10.0.1.0/24"
  display_name               = "workers"
  prohibit_public_ip_on_vnic = true
}

moved {
  from = oci_containerengine_cluster.main
  to   = oke_cluster.main
}

resource "oke_cluster" "main" {
  compartment_id     = var.compartment_ocid
  name               = "main"
  vcn_id             = oke_vcn.main.id
  kubernetes_version = var.kubernetes_version

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id = oke_subnet.workers.id
  }
}
