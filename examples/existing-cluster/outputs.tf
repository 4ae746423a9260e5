output "namespaces" {
  description = "The namespaces and their ids."
  value       = { for name, namespace in oke_namespace.all : name => namespace.uid }
}

output "pipeline_account" {
  description = "The service account of the pipeline."
  value       = "${oke_manifest.pipeline.object.metadata.namespace}/${oke_manifest.pipeline.object.metadata.name}"
}
