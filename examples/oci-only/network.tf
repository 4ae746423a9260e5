# 10.0.0.0/16: a public subnet for the Kubernetes API and load balancers, a private one for workers.

locals {
  public_cidr  = cidrsubnet(oke_vcn.todo.cidr_blocks[0], 8, 0) # 10.0.0.0/24
  workers_cidr = cidrsubnet(oke_vcn.todo.cidr_blocks[0], 8, 1) # 10.0.1.0/24
  anywhere     = "0.0.0.0/0"
  all_services = one([for s in data.oke_services.all.services : s if startswith(s.name, "All ")])

  icmp = "1"
  tcp  = "6"
}

data "oke_services" "all" {}

resource "oke_vcn" "todo" {
  compartment_id = oke_compartment.todo.id
  cidr_blocks    = ["10.0.0.0/16"]
  display_name   = "todo"
  dns_label      = "todo"
}

resource "oke_internet_gateway" "todo" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-internet"
}

resource "oke_nat_gateway" "todo" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-nat"
}

resource "oke_service_gateway" "todo" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-services"

  services {
    service_id = local.all_services.id
  }
}

resource "oke_route_table" "public" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-public"

  route_rules {
    destination       = local.anywhere
    destination_type  = "CIDR_BLOCK"
    network_entity_id = oke_internet_gateway.todo.id
  }
}

resource "oke_route_table" "private" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-private"

  route_rules {
    destination       = local.anywhere
    destination_type  = "CIDR_BLOCK"
    network_entity_id = oke_nat_gateway.todo.id
  }

  route_rules {
    destination       = local.all_services.cidr_block
    destination_type  = "SERVICE_CIDR_BLOCK"
    network_entity_id = oke_service_gateway.todo.id
  }
}

# What OKE needs with a public API endpoint and flannel, and nothing else.
resource "oke_security_list" "public" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-public"

  dynamic "ingress_security_rules" {
    for_each = toset([80, 443])
    content {
      description = "Clients to the ingress load balancer"
      protocol    = local.tcp
      source      = local.anywhere
      tcp_options {
        min = ingress_security_rules.value
        max = ingress_security_rules.value
      }
    }
  }

  dynamic "ingress_security_rules" {
    for_each = var.api_allowed_cidrs
    content {
      description = "kubectl to the Kubernetes API"
      protocol    = local.tcp
      source      = ingress_security_rules.value
      tcp_options {
        min = 6443
        max = 6443
      }
    }
  }

  dynamic "ingress_security_rules" {
    for_each = toset([6443, 12250])
    content {
      description = "Workers to the control plane"
      protocol    = local.tcp
      source      = local.workers_cidr
      tcp_options {
        min = ingress_security_rules.value
        max = ingress_security_rules.value
      }
    }
  }

  ingress_security_rules {
    description = "Path MTU discovery"
    protocol    = local.icmp
    source      = local.workers_cidr
    icmp_options {
      type = 3
      code = 4
    }
  }

  egress_security_rules {
    description      = "Control plane to OCI services"
    protocol         = local.tcp
    destination      = local.all_services.cidr_block
    destination_type = "SERVICE_CIDR_BLOCK"
    tcp_options {
      min = 443
      max = 443
    }
  }

  dynamic "egress_security_rules" {
    for_each = {
      "Control plane to kubelet"         = [10250, 10250]
      "Load balancer health checks"      = [10256, 10256]
      "Load balancer to node port range" = [30000, 32767]
    }
    content {
      description = egress_security_rules.key
      protocol    = local.tcp
      destination = local.workers_cidr
      tcp_options {
        min = egress_security_rules.value[0]
        max = egress_security_rules.value[1]
      }
    }
  }

  egress_security_rules {
    description = "Path MTU discovery"
    protocol    = local.icmp
    destination = local.workers_cidr
    icmp_options {
      type = 3
      code = 4
    }
  }
}

resource "oke_security_list" "workers" {
  compartment_id = oke_compartment.todo.id
  vcn_id         = oke_vcn.todo.id
  display_name   = "todo-workers"

  ingress_security_rules {
    description = "Pod to pod across nodes"
    protocol    = "all"
    source      = local.workers_cidr
  }

  dynamic "ingress_security_rules" {
    for_each = {
      "Control plane to kubelet"         = [10250, 10250]
      "Load balancer health checks"      = [10256, 10256]
      "Load balancer to node port range" = [30000, 32767]
    }
    content {
      description = ingress_security_rules.key
      protocol    = local.tcp
      source      = local.public_cidr
      tcp_options {
        min = ingress_security_rules.value[0]
        max = ingress_security_rules.value[1]
      }
    }
  }

  ingress_security_rules {
    description = "Path MTU discovery"
    protocol    = local.icmp
    source      = local.anywhere
    icmp_options {
      type = 3
      code = 4
    }
  }

  egress_security_rules {
    description = "Pod to pod across nodes"
    protocol    = "all"
    destination = local.workers_cidr
  }

  dynamic "egress_security_rules" {
    for_each = toset([6443, 12250])
    content {
      description = "Workers to the control plane"
      protocol    = local.tcp
      destination = local.public_cidr
      tcp_options {
        min = egress_security_rules.value
        max = egress_security_rules.value
      }
    }
  }

  egress_security_rules {
    description      = "Registry and other OCI services"
    protocol         = local.tcp
    destination      = local.all_services.cidr_block
    destination_type = "SERVICE_CIDR_BLOCK"
    tcp_options {
      min = 443
      max = 443
    }
  }

  egress_security_rules {
    description = "Images and APIs on the Internet"
    protocol    = local.tcp
    destination = local.anywhere
    tcp_options {
      min = 443
      max = 443
    }
  }

  egress_security_rules {
    description = "Path MTU discovery"
    protocol    = local.icmp
    destination = local.anywhere
    icmp_options {
      type = 3
      code = 4
    }
  }
}

resource "oke_subnet" "public" {
  compartment_id             = oke_compartment.todo.id
  vcn_id                     = oke_vcn.todo.id
  cidr_block                 = local.public_cidr
  display_name               = "todo-public"
  dns_label                  = "public"
  route_table_id             = oke_route_table.public.id
  security_list_ids          = [oke_security_list.public.id]
  prohibit_public_ip_on_vnic = false
}

resource "oke_subnet" "workers" {
  compartment_id             = oke_compartment.todo.id
  vcn_id                     = oke_vcn.todo.id
  cidr_block                 = local.workers_cidr
  display_name               = "todo-workers"
  dns_label                  = "workers"
  route_table_id             = oke_route_table.private.id
  security_list_ids          = [oke_security_list.workers.id]
  prohibit_public_ip_on_vnic = true
}
