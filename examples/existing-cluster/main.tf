# What the Todo application needs of any Kubernetes cluster before it can be deployed.

locals {
  namespaces = {
    todo-app    = { cpu = "2", memory = "4Gi" }
    kafka       = { cpu = "2", memory = "6Gi" }
    monitoring  = { cpu = "500m", memory = "1Gi" }
    dapr-system = null
  }
}

resource "oke_namespace" "all" {
  for_each = local.namespaces

  name = each.key
  # The label says what lives there. Sidecars come by annotations of pods.
  labels = each.key == "todo-app" ? { "dapr.io/enabled" = "true" } : null

  dynamic "quota" {
    for_each = each.value == null ? [] : [each.value]
    content {
      hard = { "limits.cpu" = quota.value.cpu, "limits.memory" = quota.value.memory }
    }
  }

  dynamic "limit_range" {
    for_each = each.value == null ? [] : [each.value]
    content {
      default         = { cpu = "200m", memory = "256Mi" }
      default_request = { cpu = "25m", memory = "64Mi" }
    }
  }
}

resource "oke_secret" "database" {
  namespace       = oke_namespace.all["todo-app"].name
  name            = "db-credentials"
  data_wo         = { connection-string = var.database_url }
  data_wo_version = var.database_url_version
}
