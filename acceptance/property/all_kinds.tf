# One object of each kind, for tests that do something to every one of them. `word` is part of an attribute
# of each that is updated in place; `twins` is how many identical ones there are where OCI allows it. Nothing
# refers to a twin: which of two identical objects is which, nobody can tell.

variable "tenancy_ocid" {}
variable "user_ocid" {}

variable "word" {
  default = "first"
}

variable "twins" {
  default = 0
}

data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}

data "oke_objectstorage_namespace" "this" {
  compartment_id = var.tenancy_ocid
}

data "oke_services" "all" {}

data "oke_cluster_option" "all" {
  cluster_option_id = "all"
}

data "oke_node_image" "arm" {
  kubernetes_version = local.version
  shape              = "VM.Standard.A1.Flex"
}

locals {
  version   = data.oke_cluster_option.all.kubernetes_versions[0]
  namespace = data.oke_objectstorage_namespace.this.namespace
}

resource "oke_compartment" "all" {
  compartment_id = var.tenancy_ocid
  name           = "all-kinds"
  description    = "compartment ${var.word}"
  enable_delete  = true
}

resource "oke_policy" "all" {
  compartment_id = oke_compartment.all.id
  name           = "all-kinds"
  description    = "policy ${var.word}"
  statements     = ["Allow group Administrators to read repos in compartment id ${oke_compartment.all.id}"]
}

resource "oke_dynamic_group" "all" {
  compartment_id = var.tenancy_ocid
  name           = "all-kinds"
  description    = "dynamic group ${var.word}"
  matching_rule  = "ALL {instance.compartment.id = '${oke_compartment.all.id}'}"
}

# A user can have two.
resource "oke_auth_token" "all" {
  count       = max(1, var.twins)
  user_id     = var.user_ocid
  description = "auth token ${var.word}"
}

resource "oke_vcn" "all" {
  compartment_id = oke_compartment.all.id
  cidr_blocks    = ["10.0.0.0/16"]
  display_name   = "vcn ${var.word}"
}

resource "oke_vcn" "twin" {
  count          = var.twins
  compartment_id = oke_compartment.all.id
  cidr_blocks    = ["10.0.0.0/16"]
  display_name   = "twin ${var.word}"
}

resource "oke_internet_gateway" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "internet gateway ${var.word}"
}

resource "oke_nat_gateway" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "nat gateway ${var.word}"
}

resource "oke_service_gateway" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "service gateway ${var.word}"

  services {
    service_id = data.oke_services.all.services[0].id
  }
}

resource "oke_route_table" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "route table ${var.word}"

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oke_internet_gateway.all.id
  }
}

resource "oke_route_table" "twin" {
  count          = var.twins
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "twin ${var.word}"

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oke_internet_gateway.all.id
  }
}

resource "oke_security_list" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "security list ${var.word}"

  ingress_security_rules {
    protocol = "6"
    source   = "10.0.0.0/16"
  }
}

resource "oke_security_list" "twin" {
  count          = var.twins
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "twin ${var.word}"

  ingress_security_rules {
    protocol = "6"
    source   = "10.0.0.0/16"
  }
}

resource "oke_network_security_group" "all" {
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "network security group ${var.word}"
}

resource "oke_network_security_group" "twin" {
  count          = var.twins
  compartment_id = oke_compartment.all.id
  vcn_id         = oke_vcn.all.id
  display_name   = "twin ${var.word}"
}

resource "oke_network_security_group_security_rule" "all" {
  network_security_group_id = oke_network_security_group.all.id
  direction                 = "INGRESS"
  protocol                  = "6"
  source                    = "10.0.0.0/16"
  source_type               = "CIDR_BLOCK"
  description               = "rule ${var.word}"
}

resource "oke_subnet" "all" {
  compartment_id    = oke_compartment.all.id
  vcn_id            = oke_vcn.all.id
  cidr_block        = "10.0.1.0/24"
  display_name      = "subnet ${var.word}"
  route_table_id    = oke_route_table.all.id
  security_list_ids = [oke_security_list.all.id]
}

resource "oke_cluster" "all" {
  compartment_id     = oke_compartment.all.id
  name               = "cluster-${var.word}"
  vcn_id             = oke_vcn.all.id
  kubernetes_version = local.version
  type               = "ENHANCED_CLUSTER"

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id = oke_subnet.all.id
  }
}

resource "oke_node_pool" "all" {
  count              = max(1, var.twins)
  compartment_id     = oke_compartment.all.id
  cluster_id         = oke_cluster.all.id
  name               = "pool-${var.word}"
  kubernetes_version = oke_cluster.all.kubernetes_version
  node_shape         = "VM.Standard.A1.Flex"

  node_shape_config {
    ocpus         = 1
    memory_in_gbs = 6
  }

  node_source_details {
    source_type = "IMAGE"
    image_id    = data.oke_node_image.arm.image_id
  }

  node_config_details {
    size = 1

    placement_configs {
      availability_domain = data.oke_availability_domains.all.availability_domains[0].name
      subnet_id           = oke_subnet.all.id
    }
  }
}

resource "oke_addon" "all" {
  cluster_id                       = oke_cluster.all.id
  addon_name                       = "CertManager"
  remove_addon_resources_on_delete = true

  configurations {
    key   = "numOfReplicas"
    value = var.word == "first" ? "1" : "2"
  }
}

resource "oke_container_repository" "all" {
  compartment_id = oke_compartment.all.id
  display_name   = "all-kinds"
  is_public      = var.word != "first"
}

resource "oke_bucket" "all" {
  compartment_id = oke_compartment.all.id
  namespace      = local.namespace
  name           = "all-kinds"
  metadata       = { word = var.word }
}

resource "oke_preauthenticated_request" "all" {
  namespace    = local.namespace
  bucket       = oke_bucket.all.name
  name         = "all-kinds"
  access_type  = "AnyObjectRead"
  time_expires = "2036-01-01T00:00:00Z"
}

resource "oke_log_group" "all" {
  compartment_id = oke_compartment.all.id
  display_name   = "all-kinds"
  description    = "log group ${var.word}"
}

resource "oke_log" "all" {
  log_group_id = oke_log_group.all.id
  display_name = "log-${var.word}"
  log_type     = "CUSTOM"
}

resource "oke_autonomous_database" "all" {
  compartment_id = oke_compartment.all.id
  db_name        = "allkinds"
  display_name   = "database-${var.word}"
  admin_password = "Secret_Word_123"
  is_free_tier   = true
  db_workload    = "OLTP"
}

resource "oke_postgresql_db_system" "all" {
  compartment_id              = oke_compartment.all.id
  display_name                = "postgresql-${var.word}"
  db_version                  = "16"
  shape                       = "PostgreSQL.VM.Standard.E5.Flex"
  instance_count              = 1
  instance_ocpu_count         = 2
  instance_memory_size_in_gbs = 32

  credentials {
    username = "todo"
    password_details {
      password_type = "PLAIN_TEXT"
      password      = "Secret_Word_123"
    }
  }

  network_details {
    subnet_id = oke_subnet.all.id
  }

  storage_details {
    is_regionally_durable = true
    system_type           = "OCI_OPTIMIZED_STORAGE"
  }
}
