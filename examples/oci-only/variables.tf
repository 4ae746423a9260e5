variable "tenancy_ocid" {
  type        = string
  description = "The tenancy; the compartment is created directly below it."
}

variable "user_ocid" {
  type        = string
  description = "The user whose auth token is the password for the container registry."
}

variable "admin_group" {
  type        = string
  description = "The IAM group that may manage the cluster and the registry."
  default     = "Administrators"
}

variable "compartment_name" {
  type    = string
  default = "TodoApp"
}

variable "kubernetes_version" {
  type        = string
  description = "Control plane and node version; null takes the newest that OKE offers."
  default     = null
}

variable "node_pool_size" {
  type        = number
  description = "Worker nodes. The Always Free allowance is 2 OCPU and 12 GB in all."
  default     = 1

  validation {
    condition     = var.node_pool_size >= 0 && var.node_pool_size <= 10
    error_message = "node_pool_size must be between 0 and 10."
  }
}

variable "api_allowed_cidrs" {
  type        = set(string)
  description = "Where kubectl may connect from."
  default     = ["0.0.0.0/0"]
}
