variable "kubeconfig" {
  description = "The kubeconfig of the cluster."
  type        = string
  default     = "~/.kube/config"
}

variable "context" {
  description = "Context in the kubeconfig. Left out: the current one."
  type        = string
  default     = null
}

variable "database_url" {
  description = "Connection string of PostgreSQL. It reaches the cluster and no state."
  type        = string
  ephemeral   = true
}

variable "database_url_version" {
  description = "To be raised when database_url changes."
  type        = number
  default     = 1
}
