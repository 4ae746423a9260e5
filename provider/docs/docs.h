/*
 * What people and tools read about the provider, all of it from the descriptors: registry pages, the
 * schema as Terraform prints it, and the descriptors themselves. Nothing here knows a cloud.
 */
#ifndef OKESTRA_PROVIDER_DOCS_DOCS_H
#define OKESTRA_PROVIDER_DOCS_DOCS_H

#include "provider/engine/schema.h"

/* One Markdown page for the provider and for each of its types, in the registry's layout:
 * index.md, resources/vcn.md, data-sources/…, ephemeral-resources/…, list-resources/…, functions/…,
 * actions/…. Makes the directories; pages that are there already are replaced, others left alone.
 * address: as Terraform knows the provider, "registry.terraform.io/okestra/oke".
 * https://developer.hashicorp.com/terraform/registry/providers/docs */
bool docs_write(const struct provider *provider, const char *address, const char *directory,
                struct error *err);

/* What `terraform providers schema -json` prints for a configuration that requires this provider alone,
 * of Terraform 1.11, with what later versions and OpenTofu add: identities, list resources, actions,
 * deprecation messages.
 * https://developer.hashicorp.com/terraform/cli/commands/providers/schema */
void docs_print_schema(const struct provider *provider, const char *address, struct str *out);

/* The descriptors as one JSON object, for tests that make configurations from them. Its form is
 * described in README.md beside this. */
void docs_print_descriptors(const struct provider *provider, struct str *out);

#endif
