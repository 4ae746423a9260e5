run "subnets_out_of_a_range" {
  command = plan

  assert {
    condition     = output.cidrs == tomap({ api = "10.0.0.0/28", workers = "10.0.16.0/20", balancers = "10.0.1.0/24" })
    error_message = jsonencode(output.cidrs)
  }
}

run "one_more_subnet_moves_no_other" {
  command = plan

  variables {
    subnets = [
      { name = "api", prefix = 28 },
      { name = "workers", prefix = 20 },
      { name = "balancers", prefix = 24 },
      { name = "pods", prefix = 18 },
    ]
  }

  assert {
    condition     = output.cidrs["workers"] == "10.0.16.0/20" && output.cidrs["pods"] == "10.0.64.0/18"
    error_message = jsonencode(output.cidrs)
  }
}

run "an_ocid" {
  command = plan

  assert {
    condition     = output.ocid.type == "vcn" && output.ocid.realm == "oc1" && output.ocid.region == "us-phoenix-1"
    error_message = jsonencode(output.ocid)
  }
}

run "an_image" {
  command = plan

  assert {
    condition     = output.image.region == "eu-frankfurt-1" && output.image.namespace == "tenant" && output.image.repository == "todo/backend" && output.image.tag == "1.0"
    error_message = jsonencode(output.image)
  }

  assert {
    condition     = endswith(output.composed, "/tenant/todo/web:2")
    error_message = output.composed
  }
}

run "an_image_of_elsewhere" {
  command = plan

  variables {
    image = "docker.io/library/redis:7@sha256:0123456789012345678901234567890123456789012345678901234567890123"
  }

  assert {
    condition     = output.image.region == null && output.image.tag == "7" && startswith(output.image.digest, "sha256:")
    error_message = jsonencode(output.image)
  }
}

run "manifests" {
  command = plan

  assert {
    condition     = [for one in output.manifests : one.kind] == ["Namespace", "ConfigMap"]
    error_message = jsonencode(output.manifests)
  }

  assert {
    condition     = output.manifests[1].data.mode == 420 && output.manifests[1].data.quoted == "0644" && output.manifests[1].data.flag
    error_message = jsonencode(output.manifests)
  }
}

run "a_kubeconfig" {
  command = plan

  assert {
    condition     = output.kubeconfig.clusters[0].cluster.server == "https://203.0.113.7:6443" && output.kubeconfig.users[0].user.token == "not-a-real-token"
    error_message = jsonencode(output.kubeconfig)
  }
}
