data "oke_cluster_option" "all" {
  cluster_option_id = "all"
}

locals {
  kubernetes_version = coalesce(
    var.kubernetes_version,
    reverse(data.oke_cluster_option.all.kubernetes_versions)[0],
  )
  node_shape = "VM.Standard.A1.Flex"
}

resource "oke_cluster" "todo" {
  compartment_id     = oke_compartment.todo.id
  name               = "todo"
  vcn_id             = oke_vcn.todo.id
  kubernetes_version = local.kubernetes_version
  type               = "BASIC_CLUSTER"

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id            = oke_subnet.public.id
    is_public_ip_enabled = true
  }

  options {
    service_lb_subnet_ids = [oke_subnet.public.id]
  }
}

data "oke_node_image" "arm" {
  kubernetes_version = local.kubernetes_version
  shape              = local.node_shape
}

resource "oke_node_pool" "arm" {
  compartment_id     = oke_compartment.todo.id
  cluster_id         = oke_cluster.todo.id
  name               = "arm"
  kubernetes_version = oke_cluster.todo.kubernetes_version
  node_shape         = local.node_shape

  node_shape_config {
    ocpus         = 2
    memory_in_gbs = 8
  }

  node_source_details {
    source_type             = "IMAGE"
    image_id                = data.oke_node_image.arm.image_id
    boot_volume_size_in_gbs = "50"
  }

  node_config_details {
    size = var.node_pool_size

    placement_configs {
      availability_domain = data.oke_availability_domains.all.availability_domains[0].name
      subnet_id           = oke_subnet.workers.id
    }
  }
}
