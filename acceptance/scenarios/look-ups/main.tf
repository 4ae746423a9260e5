# Data sources and ephemeral resources against what this configuration makes, called by look-ups.tftest.hcl.

terraform {
  required_providers {
    oke = {
      source = "okestra/oke"
    }
  }
}

variable "tenancy_ocid" {
  type = string
}

# --- what there is ----------------------------------------------------------------------------------

resource "oke_compartment" "this" {
  compartment_id = var.tenancy_ocid
  name           = "look-ups"
  description    = "Is found again"
  enable_delete  = true
}

resource "oke_vcn" "this" {
  for_each       = { one = "10.1.0.0/16", two = "10.2.0.0/16", three = "10.3.0.0/16" }
  compartment_id = oke_compartment.this.id
  cidr_blocks    = [each.value]
  display_name   = "vcn-${each.key}"
}

resource "oke_subnet" "this" {
  compartment_id = oke_compartment.this.id
  vcn_id         = oke_vcn.this["one"].id
  cidr_block     = "10.1.0.0/24"
}

resource "oke_cluster" "this" {
  compartment_id     = oke_compartment.this.id
  name               = "found"
  vcn_id             = oke_vcn.this["one"].id
  kubernetes_version = data.oke_cluster_option.all.kubernetes_versions[0]

  endpoint_config {
    subnet_id            = oke_subnet.this.id
    is_public_ip_enabled = true
  }
}

# --- what the tenancy offers ------------------------------------------------------------------------

data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}

data "oke_fault_domains" "all" {
  compartment_id      = var.tenancy_ocid
  availability_domain = data.oke_availability_domains.all.availability_domains[0].name
}

data "oke_services" "storage" {
  filter {
    name   = "name"
    values = [".*Object.*Storage.*"]
    regex  = true
  }
}

data "oke_objectstorage_namespace" "this" {
  compartment_id = var.tenancy_ocid
}

data "oke_cluster_option" "all" {
  cluster_option_id = "all"
}

data "oke_node_pool_option" "all" {
  node_pool_option_id = "all"
}

data "oke_node_image" "this" {
  for_each           = toset(["VM.Standard.A1.Flex", "VM.Standard.E4.Flex"])
  kubernetes_version = data.oke_cluster_option.all.kubernetes_versions[0]
  shape              = each.key
}

# --- what was made ----------------------------------------------------------------------------------

data "oke_vcn" "by_name" {
  compartment_id = oke_compartment.this.id
  display_name   = oke_vcn.this["two"].display_name
}

data "oke_vcn" "by_id" {
  vcn_id = oke_vcn.this["three"].id
}

data "oke_vcns" "filtered" {
  compartment_id = oke_compartment.this.id

  filter {
    name   = "display_name"
    values = ["vcn-t.*"]
    regex  = true
  }

  depends_on = [oke_vcn.this]
}

data "oke_clusters" "by_name" {
  compartment_id = oke_compartment.this.id
  name           = oke_cluster.this.name
}

data "oke_cluster_kube_config" "this" {
  cluster_id = oke_cluster.this.id
  endpoint   = "PUBLIC_ENDPOINT"
}

# --- what is never stored ---------------------------------------------------------------------------

ephemeral "oke_cluster_token" "this" {
  cluster_id = oke_cluster.this.id
}

ephemeral "oke_kubeconfig" "this" {
  cluster_id = oke_cluster.this.id
}

# Made for each run and deleted when it ends: nothing is left of it.
ephemeral "oke_auth_token" "this" {
  description = "look-ups"
}

# A provisioner is where an ephemeral value may go: it says that both were there.
resource "terraform_data" "uses" {
  provisioner "local-exec" {
    command = "test -n \"$TOKEN\" && test -n \"$PASSWORD\" && case $HOST in https://*) ;; *) exit 1 ;; esac"
    environment = {
      TOKEN    = ephemeral.oke_cluster_token.this.token
      PASSWORD = ephemeral.oke_auth_token.this.token
      HOST     = ephemeral.oke_kubeconfig.this.host
    }
  }
}
