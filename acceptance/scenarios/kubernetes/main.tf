# In-cluster resources against a real API server: ordered by nothing but their references.
terraform {
  required_providers {
    oke = { source = "okestra/oke" }
  }
}

variable "kubeconfig" { type = string }
variable "replicas" {
  type    = number
  default = 1
}
variable "image" {
  type    = string
  default = "localhost/echo:1"
}
variable "password" {
  type      = string
  ephemeral = true
  default   = "password-of-the-first-day"
}
variable "password_version" {
  type    = number
  default = 1
}
variable "fields_forced" {
  type    = bool
  default = false
}
variable "create_seconds" {
  type    = number
  default = 120
}

provider "oke" {
  kubernetes {
    config_path = var.kubeconfig
  }
}

resource "oke_namespace" "shop" {
  name   = "shop"
  labels = { "pod-security.kubernetes.io/enforce" = "restricted" }

  quota {
    hard = { "requests.cpu" = "1", "requests.memory" = "1Gi", "pods" = "5" }
  }
  limit_range {
    default         = { cpu = "200m", memory = "0.0625Gi" }
    default_request = { cpu = "20m", memory = "16Mi" }
  }
}

resource "oke_secret" "database" {
  namespace       = oke_namespace.shop.name
  name            = "db-credentials"
  data_wo         = { password = var.password }
  data_wo_version = var.password_version
}

resource "oke_manifest" "web" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web", namespace = oke_namespace.shop.name }
    spec = {
      replicas = var.replicas
      selector = { matchLabels = { app = "web" } }
      template = {
        metadata = { labels = { app = "web" } }
        spec = {
          terminationGracePeriodSeconds = 1
          securityContext = {
            runAsNonRoot   = true
            runAsUser      = 65534
            seccompProfile = { type = "RuntimeDefault" }
          }
          containers = [{
            name            = "web"
            image           = var.image
            imagePullPolicy = "Never"
            resources       = { requests = { cpu = "0.05" } }
            readinessProbe  = { httpGet = { path = "/healthz", port = 8080 }, periodSeconds = 1 }
            env = [{
              name      = "PASSWORD"
              valueFrom = { secretKeyRef = { name = oke_secret.database.name, key = "password" } }
            }]
            securityContext = {
              allowPrivilegeEscalation = false
              capabilities             = { drop = ["ALL"] }
            }
          }]
        }
      }
    }
  }
  field_manager {
    force_conflicts = var.fields_forced
  }
  wait {
    rollout = true
  }
  timeouts {
    create = "${var.create_seconds}s"
    update = "${var.create_seconds}s"
  }
}

resource "oke_manifest" "balancer" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: ${oke_namespace.shop.name}
      annotations:
        service.beta.kubernetes.io/oci-load-balancer-shape: flexible
        service.beta.kubernetes.io/oci-load-balancer-shape-flex-min: "10"
        service.beta.kubernetes.io/oci-load-balancer-shape-flex-max: "10"
    spec:
      type: LoadBalancer
      selector: {app: web}
      ports: [{port: 80, targetPort: 8080}]
  YAML
  wait {
    fields = { "status.loadBalancer.ingress.0.ip" = "*" }
  }
}

# A kind and an object of it in one apply: at plan time the kind is not known.
resource "oke_manifest" "kind" {
  manifest = {
    apiVersion = "apiextensions.k8s.io/v1"
    kind       = "CustomResourceDefinition"
    metadata   = { name = "lamps.example.com" }
    spec = {
      group = "example.com"
      scope = "Namespaced"
      names = { kind = "Lamp", plural = "lamps", singular = "lamp" }
      versions = [{
        name    = "v1"
        served  = true
        storage = true
        schema = {
          openAPIV3Schema = {
            type = "object"
            properties = {
              spec = {
                type = "object"
                properties = {
                  colour     = { type = "string", default = "white" }
                  brightness = { type = "integer", minimum = 0, maximum = 100 }
                }
              }
            }
          }
        }
      }]
    }
  }
  wait {
    rollout = true
  }
}

resource "oke_manifest" "lamp" {
  depends_on = [oke_manifest.kind]
  manifest = {
    apiVersion = "example.com/v1"
    kind       = "Lamp"
    metadata   = { name = "desk", namespace = oke_namespace.shop.name }
    spec       = { brightness = 40 }
  }
}

output "brightness" { value = oke_manifest.lamp.object.spec.brightness }
