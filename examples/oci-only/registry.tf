resource "oke_container_repository" "todo" {
  for_each = toset(["todo-frontend", "todo-backend", "todo-worker"])

  compartment_id = oke_compartment.todo.id
  display_name   = each.key
  is_public      = false
}

# The password for `docker login` and for image pull secrets.
resource "oke_auth_token" "registry" {
  user_id     = var.user_ocid
  description = "Todo image push and pull"
}
