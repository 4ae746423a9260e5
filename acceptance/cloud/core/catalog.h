/*
 * What Oracle provides: compute shapes and platform images, among them OKE's node images. Static tables;
 * the ids of images follow from their names, so that they stay the same for ever.
 */
#ifndef OKESTRA_CLOUD_CATALOG_H
#define OKESTRA_CLOUD_CATALOG_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/base/arena.h"

enum architecture { ARCHITECTURE_X86_64, ARCHITECTURE_AARCH64 };

struct shape {
    const char *name; /* NULL ends the table */
    enum architecture architecture;
    const char *processor;
    double ocpus, memory_gb; /* of flexible shapes: the defaults */
    double bandwidth_gbps;   /* of flexible shapes: for each OCPU */
    int max_vnics;           /* of flexible shapes: the most, with enough OCPUs */
    /* Flexible shapes: ranges; max_ocpus is 0 for fixed ones. */
    double max_ocpus, max_memory_gb, min_per_ocpu_gb, max_per_ocpu_gb, max_bandwidth_gbps;
    int gpus;
    const char *gpu;
    bool always_free;
    bool no_kubernetes; /* too small, or refused by OKE for other reasons */
};

extern const struct shape shapes[];
const struct shape *shape_find(const char *name); /* NULL when there is none; accepts NULL */
bool shape_is_flexible(const struct shape *shape);
/* VNICs that an instance of the shape may have; ocpus matters for flexible ones. */
int shape_max_vnics(const struct shape *shape, double ocpus);
/* As ListShapes shows it. New reference. */
json_t *shape_json(const struct shape *shape);

struct image {
    const char *name; /* NULL ends the table; newest first within a system */
    const char *system, *system_version;
    enum architecture architecture;
    const char *kubernetes_version; /* "v1.34.2" for node images; NULL: a plain one */
    const char *time_created;
    int size_mb;
    bool gpu;
};

extern const struct image images[];
const char *image_id(struct arena *arena, const char *region, const struct image *image);
const struct image *image_find(const char *region, const char *id);
const struct image *image_find_by_name(const char *name);
bool image_fits_shape(const struct image *image, const struct shape *shape);
/* As GetImage shows it. New reference. */
json_t *image_json(struct arena *arena, const char *region, const struct image *image);

#endif
