resource "oke_helm_release" "dapr" {
  cluster_id       = var.cluster_id
  namespace        = "dapr-system"
  create_namespace = true
  name             = "dapr"
  repository       = var.dapr_chart.repository
  chart            = var.dapr_chart.chart
  version          = var.dapr_chart.version

  values = [yamlencode({
    global = {
      ha        = { enabled = false }
      logAsJson = true
      scheduler = { enabled = true }
    }
  })]
}

resource "oke_dapr_component" "pubsub" {
  cluster_id = var.cluster_id
  namespace  = var.app_namespace
  name       = "pubsub-kafka"
  type       = "pubsub.kafka"

  metadata {
    name  = "brokers"
    value = oke_kafka.todo.bootstrap_servers
  }
  metadata {
    name  = "authType"
    value = "none"
  }
  metadata {
    name  = "initialOffset"
    value = "oldest"
  }
  metadata {
    name  = "version"
    value = "3.6.0"
  }

  depends_on = [oke_helm_release.dapr]
}

resource "oke_dapr_component" "statestore" {
  cluster_id = var.cluster_id
  namespace  = var.app_namespace
  name       = "statestore"
  type       = "state.postgresql"
  version    = "v2"

  metadata {
    name = "connectionString"
    secret_key_ref {
      name = "db-credentials"
      key  = "connection-string"
    }
  }
  metadata {
    name  = "tablePrefix"
    value = "dapr_"
  }

  depends_on = [oke_helm_release.dapr]
}

resource "oke_dapr_component" "secrets" {
  cluster_id = var.cluster_id
  namespace  = var.app_namespace
  name       = "kubernetes-secrets"
  type       = "secretstores.kubernetes"

  depends_on = [oke_helm_release.dapr]
}

resource "oke_dapr_configuration" "todo" {
  cluster_id = var.cluster_id
  namespace  = var.app_namespace
  name       = "todo-config"

  tracing {
    sampling_rate = "0.1"
    stdout        = true
  }
  metrics {
    enabled = true
  }

  depends_on = [oke_helm_release.dapr]
}

resource "oke_dapr_resiliency" "todo" {
  cluster_id = var.cluster_id
  namespace  = var.app_namespace
  name       = "todo-resiliency"

  timeout {
    name     = "call"
    duration = "5s"
  }
  # Retries end, so that an event that cannot be handled goes to its dead-letter topic.
  retry {
    name         = "bounded"
    policy       = "exponential"
    max_interval = "10s"
    max_retries  = 5
  }
  circuit_breaker {
    name         = "simple"
    max_requests = 1
    timeout      = "5s"
    trip         = "consecutiveFailures >= 5"
  }

  app_target {
    name            = "todo-backend"
    timeout         = "call"
    circuit_breaker = "simple"
  }
  component_target {
    name = oke_dapr_component.pubsub.name
    inbound {
      retry = "bounded"
    }
  }

  depends_on = [oke_helm_release.dapr]
}
