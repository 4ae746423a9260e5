resource "oke_namespace" "kafka" {
  cluster_id = var.cluster_id
  name       = "kafka"
}

resource "oke_helm_release" "strimzi" {
  cluster_id = var.cluster_id
  namespace  = oke_namespace.kafka.name
  name       = "strimzi"
  chart      = var.strimzi_chart.chart
  version    = var.strimzi_chart.version
}

resource "oke_kafka_node_pool" "dual" {
  cluster_id = var.cluster_id
  namespace  = oke_namespace.kafka.name
  name       = "dual"
  kafka      = "todo-kafka"
  replicas   = 1
  roles      = ["controller", "broker"]

  storage {
    type = "ephemeral"
  }

  resources {
    requests = { cpu = "250m", memory = "1Gi" }
    limits   = { cpu = "1", memory = "2Gi" }
  }

  # The whole cluster goes with this configuration, so that its only pool may.
  delete_brokers = true
  depends_on     = [oke_helm_release.strimzi]
}

resource "oke_kafka" "todo" {
  cluster_id = var.cluster_id
  namespace  = oke_namespace.kafka.name
  name       = "todo-kafka"
  version    = var.kafka_version

  listeners {
    name = "plain"
    port = 9092
    type = "internal"
    tls  = false
  }

  config = {
    "auto.create.topics.enable"                = "false"
    "default.replication.factor"               = "1"
    "min.insync.replicas"                      = "1"
    "offsets.topic.replication.factor"         = "1"
    "transaction.state.log.min.isr"            = "1"
    "transaction.state.log.replication.factor" = "1"
  }

  entity_operator {
    topic_operator {}
    user_operator {}
  }

  depends_on = [oke_kafka_node_pool.dual]
}

locals {
  day = 24 * 3600 * 1000
  topics = {
    task-events             = { partitions = 3, days = 7 }
    reminders               = { partitions = 1, days = 7 }
    task-updates            = { partitions = 3, days = 1 }
    task-events-dead-letter = { partitions = 1, days = 30 }
    reminders-dead-letter   = { partitions = 1, days = 30 }
  }
}

resource "oke_kafka_topic" "all" {
  for_each = local.topics

  cluster_id = var.cluster_id
  namespace  = oke_namespace.kafka.name
  name       = each.key
  kafka      = oke_kafka.todo.name
  partitions = each.value.partitions
  replicas   = 1
  config     = { "retention.ms" = tostring(each.value.days * local.day) }
}
