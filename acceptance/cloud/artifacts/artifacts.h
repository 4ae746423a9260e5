/*
 * Artifacts: repositories of the container registry, their images, the registry's configuration; and the
 * registry's token endpoint, by which docker and container runtimes log in.
 */
#ifndef OKESTRA_CLOUD_ARTIFACTS_H
#define OKESTRA_CLOUD_ARTIFACTS_H

#include "acceptance/cloud/api/call.h"

extern const struct service service_artifacts;
extern const struct service service_registry;

extern const struct kind kind_container_repository;
extern const struct kind kind_container_image;
extern const struct kind kind_container_configuration;

/* The repository of that name ("team/app"); NULL when there is none. */
struct object *repository_find(const struct call *call, const char *name);
bool registry_creates_on_first_push(const struct call *call);

/* True when `compartment` is `ancestor` or below it. */
bool compartment_is_within(const struct call *call, const char *compartment, const char *ancestor);

#endif
