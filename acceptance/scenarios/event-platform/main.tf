# Resources of Strimzi and Dapr with most of what they can say, on an API server with their CRDs.
terraform {
  required_providers { oke = { source = "okestra/oke" } }
}

variable "kubeconfig" { type = string }
variable "partitions" {
  type    = number
  default = 3
}

variable "api_version" {
  type    = string
  default = "kafka.strimzi.io/v1"
}

variable "namespace" {
  type    = string
  default = "events"
}

variable "newest_dapr" {
  type    = bool
  default = false
}

variable "timeout" {
  type    = string
  default = "5s"
}

provider "oke" {
  kubernetes {
    config_path = var.kubeconfig
  }
}

resource "oke_namespace" "events" {
  name = var.namespace
}

resource "oke_kafka_node_pool" "dual" {
  api_version = var.api_version
  namespace   = oke_namespace.events.name
  name        = "dual"
  kafka       = "todo-kafka"
  replicas    = 1
  roles       = ["controller", "broker"]
  storage {
    type = "jbod"
    volumes {
      id             = 0
      type           = "persistent-claim"
      size           = "20Gi"
      kraft_metadata = "shared"
    }
  }
  resources {
    requests = { cpu = "250m", memory = "1Gi" }
  }
  jvm_options {
    xms = "512m"
    xmx = "512m"
  }
}

resource "oke_kafka" "todo" {
  api_version = var.api_version
  namespace   = oke_namespace.events.name
  name        = "todo-kafka"
  wait        = false
  listeners {
    name = "plain"
    port = 9092
    type = "internal"
    tls  = false
  }
  listeners {
    name = "tls"
    port = 9093
    type = "internal"
    tls  = true
    authentication { type = "tls" }
  }
  config = { "default.replication.factor" = "1", "offsets.topic.replication.factor" = "1" }
  authorization {
    type        = "simple"
    super_users = ["CN=admin"]
  }
  entity_operator {
    topic_operator {}
    user_operator {
      resources { limits = { memory = "256Mi" } }
    }
  }
  depends_on = [oke_kafka_node_pool.dual]
  kafka      = { rack = { topologyKey = "topology.kubernetes.io/zone" } }
  spec       = { kafkaExporter = { topicRegex = ".*" } }
}

resource "oke_kafka_topic" "t" {
  api_version = var.api_version
  namespace   = oke_namespace.events.name
  name        = "task-events"
  kafka       = oke_kafka.todo.name
  partitions  = var.partitions
  replicas    = 1
  config      = { "retention.ms" = "604800000" }
  wait        = false
}

resource "oke_kafka_user" "u" {
  api_version = var.api_version
  namespace   = oke_namespace.events.name
  name        = "backend"
  kafka       = oke_kafka.todo.name
  wait        = false
  authentication { type = "scram-sha-512" }
  authorization {
    acls {
      resource {
        type = "topic"
        name = "task-events"
      }
      operations = ["Describe", "Write"]
    }
  }
  quotas {
    producer_byte_rate = 1000
  }
}

resource "oke_dapr_component" "c" {
  namespace = oke_namespace.events.name
  name      = "pubsub-kafka"
  type      = "pubsub.kafka"
  metadata {
    name  = "brokers"
    value = "todo-kafka-kafka-bootstrap.kafka.svc:9092"
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
    name = "caCert"
    secret_key_ref {
      name = "x"
      key  = "ca.crt"
    }
  }
  scopes = ["a", "b"]
}

resource "oke_dapr_configuration" "c" {
  namespace = oke_namespace.events.name
  name      = "todo-config"
  tracing {
    sampling_rate = "0.1"
    stdout        = true
  }
  metrics { enabled = true }
  spec = { logging = { apiLogging = { enabled = true } } }
}

resource "oke_dapr_subscription" "s" {
  namespace   = oke_namespace.events.name
  name        = "s"
  pubsub_name = oke_dapr_component.c.name
  topic       = "task-events"
  routes { default = "/x" }
  metadata = { rawPayload = "true" }
}

resource "oke_dapr_resiliency" "r" {
  namespace = oke_namespace.events.name
  name      = "todo-resiliency"
  timeout {
    name     = "short"
    duration = var.timeout
  }
  retry {
    name        = "some"
    policy      = "constant"
    duration    = "2s"
    max_retries = 5
    matching    = var.newest_dapr ? [{ http_status_codes = "429,500-599", grpc_status_codes = null }] : []
  }
  circuit_breaker {
    name    = "cb"
    trip    = "consecutiveFailures > 5"
    timeout = "30s"
  }
  app_target {
    name    = "backend"
    retry   = "some"
    timeout = "short"
  }
  component_target {
    name = "pubsub-kafka"
    inbound {
      retry = "some"
    }
    outbound { circuit_breaker = "cb" }
  }
}
