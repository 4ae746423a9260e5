run "what_the_tenancy_offers" {
  assert {
    condition     = length(data.oke_availability_domains.all.availability_domains) >= 1
    error_message = "no availability domain"
  }

  assert {
    condition     = [for one in data.oke_fault_domains.all.fault_domains : one.name] == ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"]
    error_message = jsonencode(data.oke_fault_domains.all.fault_domains)
  }

  assert {
    condition     = length(data.oke_services.storage.services) == 1 && endswith(data.oke_services.storage.services[0].cidr_block, "-objectstorage")
    error_message = jsonencode(data.oke_services.storage.services)
  }

  assert {
    condition     = length(data.oke_objectstorage_namespace.this.namespace) > 0
    error_message = "no namespace"
  }

  assert {
    condition     = alltrue([for one in data.oke_cluster_option.all.kubernetes_versions : can(regex("^v1\\.\\d+\\.\\d+$", one))])
    error_message = jsonencode(data.oke_cluster_option.all.kubernetes_versions)
  }

  assert {
    condition     = contains(data.oke_node_pool_option.all.shapes, "VM.Standard.A1.Flex")
    error_message = jsonencode(data.oke_node_pool_option.all.shapes)
  }
}

run "the_right_image_for_nodes" {
  assert {
    condition     = strcontains(data.oke_node_image.this["VM.Standard.A1.Flex"].name, "aarch64") && !strcontains(data.oke_node_image.this["VM.Standard.E4.Flex"].name, "aarch64")
    error_message = jsonencode([for one in data.oke_node_image.this : one.name])
  }

  assert {
    condition     = alltrue([for one in data.oke_node_image.this : strcontains(one.name, trimprefix(data.oke_cluster_option.all.kubernetes_versions[0], "v")) && !strcontains(one.name, "GPU")])
    error_message = jsonencode([for one in data.oke_node_image.this : one.name])
  }
}

run "what_was_made_is_found" {
  assert {
    condition     = data.oke_vcn.by_name.id == oke_vcn.this["two"].id && data.oke_vcn.by_id.display_name == "vcn-three"
    error_message = "another VCN was found"
  }

  assert {
    condition     = sort([for one in data.oke_vcns.filtered.virtual_networks : one.display_name]) == tolist(["vcn-three", "vcn-two"])
    error_message = jsonencode(data.oke_vcns.filtered.virtual_networks)
  }

  assert {
    condition     = data.oke_clusters.by_name.clusters[*].id == tolist([oke_cluster.this.id])
    error_message = jsonencode(data.oke_clusters.by_name.clusters)
  }
}

run "a_kubeconfig" {
  assert {
    condition     = yamldecode(data.oke_cluster_kube_config.this.content).clusters[0].cluster.server == "https://${oke_cluster.this.endpoints[0].public_endpoint}"
    error_message = data.oke_cluster_kube_config.this.content
  }
}
