# Who may look at everything, and who may deploy the application.

locals {
  looking = ["get", "list", "watch"]
  writing = ["get", "list", "watch", "create", "update", "patch", "delete"]
  deployed = {
    ""                  = ["configmaps", "persistentvolumeclaims", "pods", "secrets", "serviceaccounts", "services"]
    "apps"              = ["deployments", "statefulsets"]
    "autoscaling"       = ["horizontalpodautoscalers"]
    "batch"             = ["cronjobs", "jobs"]
    "networking.k8s.io" = ["ingresses", "networkpolicies"]
    "policy"            = ["poddisruptionbudgets"]
    "dapr.io"           = ["components", "configurations", "resiliencies", "subscriptions"]
  }
}

resource "oke_manifest" "read_only" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "ClusterRole"
    metadata   = { name = "todo-read-only" }
    rules = [
      { apiGroups = [""], verbs = local.looking,
      resources = ["configmaps", "events", "namespaces", "nodes", "pods", "pods/log", "services"] },
      { apiGroups = ["apps", "autoscaling", "batch", "dapr.io", "kafka.strimzi.io", "networking.k8s.io"],
      verbs = local.looking, resources = ["*"] },
    ]
  }
}

resource "oke_manifest" "deploy" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "ClusterRole"
    metadata   = { name = "todo-deploy" }
    rules = concat(
      [for group, resources in local.deployed :
      { apiGroups = [group], resources = resources, verbs = local.writing }],
      [{ apiGroups = [""], resources = ["events", "pods/log"], verbs = local.looking }],
    )
  }
}

resource "oke_manifest" "pipeline" {
  manifest = {
    apiVersion = "v1"
    kind       = "ServiceAccount"
    metadata   = { name = "github-actions-sa", namespace = oke_namespace.all["todo-app"].name }
  }
}

resource "oke_manifest" "pipeline_may_deploy" {
  manifest = {
    apiVersion = "rbac.authorization.k8s.io/v1"
    kind       = "RoleBinding"
    metadata   = { name = "github-actions-deploy", namespace = oke_namespace.all["todo-app"].name }
    roleRef = {
      apiGroup = "rbac.authorization.k8s.io"
      kind     = "ClusterRole"
      name     = oke_manifest.deploy.object.metadata.name
    }
    subjects = [{
      kind      = "ServiceAccount"
      name      = oke_manifest.pipeline.object.metadata.name
      namespace = oke_manifest.pipeline.object.metadata.namespace
    }]
  }
}
