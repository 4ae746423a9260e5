/* Images for worker nodes, known by their names: "Oracle-Linux-8.10-aarch64-2026.01.29-0-OKE-1.33.1-1234".
 * Pure functions. */
#ifndef OKESTRA_PROVIDER_OCI_NODE_IMAGE_H
#define OKESTRA_PROVIDER_OCI_NODE_IMAGE_H

#include "lib/base/str.h"
#include "provider/oci/kubernetes.h"

struct node_image {
    struct slice system;         /* "Oracle-Linux" */
    struct slice system_version; /* "8.10" */
    bool aarch64, gpu;
    int date, build; /* 20260129, 1234 */
    struct kubernetes_version kubernetes;
};

/* False for names of another form. Slices point into the name. */
bool node_image_parse(const char *name, struct node_image *image);

/* What is looked for. */
struct node_image_wish {
    const char *kubernetes_version; /* "v1.34.2", or "v1.34" for the newest patch */
    const char *system;             /* "Oracle Linux"; NULL: any */
    const char *system_version;     /* "8" or "8.10"; NULL: any */
    bool aarch64, gpu;
};

/* "v1.34.2", "1.34": what a wish may name. */
bool node_image_version_valid(const char *text);
bool node_image_fits(const struct node_image *image, const struct node_image_wish *wish);
/* Greater than 0 when a is to be preferred: newer Kubernetes, then system, date, build. */
int node_image_compare(const struct node_image *a, const struct node_image *b);

/* What shapes of a name have: Arm processors, GPUs. */
bool shape_name_is_aarch64(const char *shape);
bool shape_name_has_gpu(const char *shape);

#endif
