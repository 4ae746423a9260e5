# Beside examples/oci-only: what lives in the cluster that the same apply makes.
resource "oke_namespace" "todo" {
  cluster_id = oke_cluster.todo.id
  name       = "todo-app"
}

resource "oke_secret" "database" {
  cluster_id      = oke_cluster.todo.id
  namespace       = oke_namespace.todo.name
  name            = "db-credentials"
  data_wo         = { password = "password-for-tests" }
  data_wo_version = 1
}

resource "oke_manifest" "pause" {
  depends_on = [oke_node_pool.arm]
  cluster_id = oke_cluster.todo.id
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "pause", namespace = oke_namespace.todo.name }
    spec = {
      selector = { matchLabels = { app = "pause" } }
      template = {
        metadata = { labels = { app = "pause" } }
        spec = {
          terminationGracePeriodSeconds = 1
          containers = [{
            name            = "pause"
            image           = "localhost/pause:1"
            imagePullPolicy = "Never"
          }]
        }
      }
    }
  }
  wait {
    rollout = true
  }
}
