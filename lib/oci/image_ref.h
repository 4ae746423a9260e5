/*
 * References to container images: [registry/]path[:tag][@digest], as container tools read them, and
 * what OCI Registry makes of them: registry host of a region, tenancy namespace, repository.
 */
#ifndef OKESTRA_OCI_IMAGE_REF_H
#define OKESTRA_OCI_IMAGE_REF_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum { IMAGE_REF_NAME_LIMIT = 255, IMAGE_REF_TAG_LIMIT = 128 };

/* Slices into the parsed text; empty where it has none. */
struct image_ref {
    struct slice registry; /* "fra.ocir.io", "localhost:5000"; empty: Docker Hub is meant */
    struct slice path;     /* "tenancynamespace/todo/backend" */
    struct slice tag;
    struct slice digest; /* "sha256:…" */
};

/* ERROR_INVALID says what is wrong with which part. */
bool image_ref_parse(const char *text, struct image_ref *ref, struct error *err);
/* The region in the name of an OCI Registry host (<region>.ocir.io, ocir.<region>.oci.<domain>), as it
 * is written there: name or key. Empty for other hosts. */
struct slice image_ref_region(struct slice registry);

#endif
