# The compartment and who may do what in it.

resource "oke_compartment" "todo" {
  compartment_id = var.tenancy_ocid
  name           = var.compartment_name
  description    = "Event-driven Todo application"
  enable_delete  = true
}

resource "oke_policy" "cluster" {
  compartment_id = oke_compartment.todo.id
  name           = "todo-cluster-admins"
  description    = "Manage the OKE cluster and the network it lives in"
  statements = [
    "Allow group ${var.admin_group} to manage cluster-family in compartment id ${oke_compartment.todo.id}",
    "Allow group ${var.admin_group} to manage instance-family in compartment id ${oke_compartment.todo.id}",
    "Allow group ${var.admin_group} to manage virtual-network-family in compartment id ${oke_compartment.todo.id}",
    "Allow group ${var.admin_group} to inspect compartments in compartment id ${oke_compartment.todo.id}",
  ]
}

resource "oke_policy" "registry" {
  compartment_id = oke_compartment.todo.id
  name           = "todo-registry"
  description    = "Push and pull images of the Todo application"
  statements = [
    "Allow group ${var.admin_group} to manage repos in compartment id ${oke_compartment.todo.id}",
  ]
}

data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}

data "oke_objectstorage_namespace" "this" {
  compartment_id = var.tenancy_ocid
}

# Terraform state can move here afterwards: see ../state-in-object-storage.
resource "oke_bucket" "state" {
  compartment_id = oke_compartment.todo.id
  namespace      = data.oke_objectstorage_namespace.this.namespace
  name           = "todo-terraform-state"
  access_type    = "NoPublicAccess"
  versioning     = "Enabled"
}
