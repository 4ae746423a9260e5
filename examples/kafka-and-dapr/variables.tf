variable "cluster_id" {
  description = "OCID of the OKE cluster. Left out: the cluster of the kubeconfig."
  type        = string
  default     = null
}

variable "kubeconfig" {
  description = "The kubeconfig, for a cluster that is not OKE's."
  type        = string
  default     = "~/.kube/config"
}

variable "app_namespace" {
  description = "Namespace of the application, which exists, with the secret db-credentials in it."
  type        = string
  default     = "todo-app"
}

variable "strimzi_chart" {
  description = "Where the chart of the Strimzi operator comes from."
  type        = object({ chart = string, version = string })
  default = {
    chart   = "oci://quay.io/strimzi-helm/strimzi-kafka-operator"
    version = "1.2.0"
  }
}

variable "dapr_chart" {
  description = "Where the chart of Dapr comes from."
  type        = object({ repository = string, chart = string, version = string })
  default = {
    repository = "https://dapr.github.io/helm-charts"
    chart      = "dapr"
    version    = "1.18.3"
  }
}

variable "kafka_version" {
  description = "Version of Kafka. Left out: the operator's newest."
  type        = string
  default     = null
}
