output "compartment_id" {
  value = oke_compartment.todo.id
}

output "cluster_id" {
  value = oke_cluster.todo.id
}

output "kubernetes_version" {
  value = oke_cluster.todo.kubernetes_version
}

output "api_endpoint" {
  value = oke_cluster.todo.endpoints[0].public_endpoint
}

output "node_pool_size" {
  value = var.node_pool_size
}

output "repositories" {
  value = { for name, repository in oke_container_repository.todo : name => repository.id }
}

output "registry_namespace" {
  value = data.oke_objectstorage_namespace.this.namespace
}

output "registry_token" {
  value     = oke_auth_token.registry.token
  sensitive = true
}

output "state_bucket" {
  value = oke_bucket.state.name
}
