#include "acceptance/cloud/core/catalog.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/str.h"

#define AMPERE    "3.0 GHz Ampere Altra"
#define AMPEREONE "3.0 GHz AmpereOne"
#define MILAN     "2.55 GHz AMD EPYC 7J13 (Milan)"
#define GENOA     "2.4 GHz AMD EPYC 9J14 (Genoa)"
#define TURIN     "2.7 GHz AMD EPYC 9J45 (Turin)"
#define ICELAKE   "2.6 GHz Intel Xeon Platinum 8358 (Ice Lake)"
#define OPTIMIZED "3.0 GHz Intel Xeon 6354 (Ice Lake)"
#define SKYLAKE   "2.0 GHz Intel Xeon Platinum 8167M (Skylake)"

/* clang-format off */
const struct shape shapes[] = {
    {"VM.Standard.A1.Flex", ARCHITECTURE_AARCH64, AMPERE, 1, 6, 1, 24, 80, 512, 1, 64, 40},
    {"VM.Standard.A2.Flex", ARCHITECTURE_AARCH64, AMPEREONE, 1, 6, 1, 24, 78, 946, 1, 64, 78},
    {"VM.Standard.E4.Flex", ARCHITECTURE_X86_64, MILAN, 1, 16, 1, 24, 114, 1760, 1, 64, 40},
    {"VM.Standard.E5.Flex", ARCHITECTURE_X86_64, GENOA, 1, 12, 1, 24, 126, 1776, 1, 64, 40},
    {"VM.Standard.E6.Flex", ARCHITECTURE_X86_64, TURIN, 1, 11, 1, 24, 126, 1454, 1, 64, 99},
    {"VM.Standard3.Flex", ARCHITECTURE_X86_64, ICELAKE, 1, 16, 1, 24, 56, 896, 1, 64, 32},
    {"VM.Optimized3.Flex", ARCHITECTURE_X86_64, OPTIMIZED, 1, 14, 4, 18, 18, 256, 1, 64, 40},
    {"VM.Standard.E2.1.Micro", ARCHITECTURE_X86_64, "2.0 GHz AMD EPYC 7551 (Naples)", 1, 1, 0.48, 1,
     .always_free = true, .no_kubernetes = true},
    {"VM.Standard2.1", ARCHITECTURE_X86_64, SKYLAKE, 1, 15, 1, 2},
    {"VM.Standard2.2", ARCHITECTURE_X86_64, SKYLAKE, 2, 30, 2, 2},
    {"VM.Standard2.4", ARCHITECTURE_X86_64, SKYLAKE, 4, 60, 4.1, 4},
    {"VM.Standard2.8", ARCHITECTURE_X86_64, SKYLAKE, 8, 120, 8.2, 8},
    {"VM.Standard2.16", ARCHITECTURE_X86_64, SKYLAKE, 16, 240, 16.4, 16},
    {"VM.Standard2.24", ARCHITECTURE_X86_64, SKYLAKE, 24, 320, 24.6, 24},
    {"VM.GPU.A10.1", ARCHITECTURE_X86_64, ICELAKE, 15, 240, 24, 15, .gpus = 1, .gpu = "NVIDIA A10"},
    {"VM.GPU.A10.2", ARCHITECTURE_X86_64, ICELAKE, 30, 480, 48, 24, .gpus = 2, .gpu = "NVIDIA A10"},
    {"BM.Standard.A1.160", ARCHITECTURE_AARCH64, AMPERE, 160, 1024, 100, 256},
    {"BM.Standard.E5.192", ARCHITECTURE_X86_64, GENOA, 192, 2304, 100, 256},
    {NULL},
};

#define SYSTEM_OL "Oracle Linux"
#define SYSTEM_UBUNTU "Canonical Ubuntu"
#define OL8_X86 SYSTEM_OL, "8", ARCHITECTURE_X86_64
#define OL8_ARM SYSTEM_OL, "8", ARCHITECTURE_AARCH64
#define OL9_X86 SYSTEM_OL, "9", ARCHITECTURE_X86_64
#define OL9_ARM SYSTEM_OL, "9", ARCHITECTURE_AARCH64

/* The three node images that OKE builds for a Kubernetes version. */
#define NODE_IMAGES(version, build)                                                                \
    {"Oracle-Linux-8.10-2026.08.14-0-OKE-" version "-" build, OL8_X86, "v" version,                \
     "2026-08-20T09:12:44.108Z", 46694},                                                           \
    {"Oracle-Linux-8.10-aarch64-2026.08.14-0-OKE-" version "-" build, OL8_ARM, "v" version,        \
     "2026-08-20T09:40:02.511Z", 46694},                                                           \
    {"Oracle-Linux-8.10-Gen2-GPU-2026.08.14-0-OKE-" version "-" build, OL8_X86, "v" version,       \
     "2026-08-20T10:05:31.930Z", 46694, true}

const struct image images[] = {
    {"Oracle-Linux-9.6-2026.08.14-0", OL9_X86, NULL, "2026-08-19T07:00:11.204Z", 46694},
    {"Oracle-Linux-9.6-2026.06.18-0", OL9_X86, NULL, "2026-06-23T07:03:51.410Z", 46694},
    {"Oracle-Linux-9.6-aarch64-2026.08.14-0", OL9_ARM, NULL, "2026-08-19T07:20:35.717Z", 46694},
    {"Oracle-Linux-8.10-2026.08.14-0", OL8_X86, NULL, "2026-08-19T06:31:09.052Z", 46694},
    {"Oracle-Linux-8.10-2026.06.18-0", OL8_X86, NULL, "2026-06-23T06:30:48.993Z", 46694},
    {"Oracle-Linux-8.10-aarch64-2026.08.14-0", OL8_ARM, NULL, "2026-08-19T06:44:27.385Z", 46694},
    {"Oracle-Linux-8.10-aarch64-2026.06.18-0", OL8_ARM, NULL, "2026-06-23T06:41:15.640Z", 46694},
    {"Oracle-Linux-8.10-Gen2-GPU-2026.08.14-0", OL8_X86, NULL, "2026-08-19T06:58:40.171Z", 46694, true},
    {"Canonical-Ubuntu-24.04-2026.07.30-0", SYSTEM_UBUNTU, "24.04", ARCHITECTURE_X86_64, NULL,
     "2026-08-04T11:20:07.602Z", 47694},
    {"Canonical-Ubuntu-24.04-aarch64-2026.07.30-0", SYSTEM_UBUNTU, "24.04", ARCHITECTURE_AARCH64, NULL,
     "2026-08-04T11:31:54.230Z", 47694},
    NODE_IMAGES("1.33.10", "1703"), NODE_IMAGES("1.34.2", "1699"), NODE_IMAGES("1.34.1", "1581"),
    NODE_IMAGES("1.35.2", "1705"), NODE_IMAGES("1.35.0", "1644"), NODE_IMAGES("1.36.1", "1710"),
    {NULL},
};
/* clang-format on */

const struct shape *shape_find(const char *name)
{
    for (const struct shape *shape = shapes; name && shape->name; shape++)
        if (text_equal(shape->name, name))
            return shape;
    return NULL;
}

bool shape_is_flexible(const struct shape *shape)
{
    return shape->max_ocpus > 0;
}

int shape_max_vnics(const struct shape *shape, double ocpus)
{
    if (!shape_is_flexible(shape) || ocpus >= shape->max_vnics)
        return shape->max_vnics;
    return ocpus < 2 ? 2 : (int)ocpus;
}

static json_t *number(double value)
{
    return json_real(value);
}

static void add_flexible_ranges(json_t *json, const struct shape *shape)
{
    json_object_set_new(json, "ocpuOptions",
                        json_pack("{s:o, s:o, s:o}", "min", number(1), "max",
                                  number(shape->max_ocpus), "maxPerNumaNode",
                                  number(shape->max_ocpus / 2)));
    json_object_set_new(json, "memoryOptions",
                        json_pack("{s:o, s:o, s:o, s:o, s:o}", "minInGBs", number(1), "maxInGBs",
                                  number(shape->max_memory_gb), "defaultPerOcpuInGBs",
                                  number(shape->memory_gb), "minPerOcpuInGBs",
                                  number(shape->min_per_ocpu_gb), "maxPerOcpuInGBs",
                                  number(shape->max_per_ocpu_gb)));
    json_object_set_new(json, "networkingBandwidthOptions",
                        json_pack("{s:o, s:o, s:o}", "minInGbps", number(1), "maxInGbps",
                                  number(shape->max_bandwidth_gbps), "defaultPerOcpuInGbps",
                                  number(shape->bandwidth_gbps)));
    json_object_set_new(json, "maxVnicAttachmentOptions",
                        json_pack("{s:i, s:o, s:o}", "min", 2, "max", number(shape->max_vnics),
                                  "defaultPerOcpu", number(1)));
}

json_t *shape_json(const struct shape *shape)
{
    bool flexible = shape_is_flexible(shape);
    json_t *json = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:b, s:s}", "shape",
        shape->name, "processorDescription", shape->processor, "ocpus", number(shape->ocpus),
        "memoryInGBs", number(shape->memory_gb), "networkingBandwidthInGbps",
        number(shape->bandwidth_gbps), "networkPorts", 1, "maxVnicAttachments",
        flexible ? 2 : shape->max_vnics, "gpus", shape->gpus, "localDisks", 0, "isFlexible",
        flexible, "isSubcore", shape->always_free, "isLiveMigrationSupported",
        text_starts_with(shape->name, "VM."), "isBilledForStoppedInstance", false, "billingType",
        shape->always_free                               ? "ALWAYS_FREE"
        : text_equal(shape->name, "VM.Standard.A1.Flex") ? "LIMITED_FREE"
                                                         : "PAID");
    if (shape->gpu)
        json_set_text(json, "gpuDescription", shape->gpu);
    if (flexible)
        add_flexible_ranges(json, shape);
    return json;
}

const char *image_id(struct arena *arena, const char *region, const struct image *image)
{
    unsigned char digest[SHA256_SIZE];
    char unique[61] = "aaaaaaaaa";
    sha256_digest(image->name, strlen(image->name), digest);
    unsigned buffer = 0, bits = 0;
    size_t length = strlen(unique);
    for (size_t i = 0; i < sizeof(digest) && length < sizeof(unique) - 1; i++) {
        buffer = buffer << 8 | digest[i];
        for (bits += 8; bits >= 5 && length < sizeof(unique) - 1; bits -= 5)
            unique[length++] = "abcdefghijklmnopqrstuvwxyz234567"[buffer >> (bits - 5) & 31];
    }
    return arena_printf(arena, "ocid1.image.oc1.%s.%s", region, unique);
}

const struct image *image_find(const char *region, const char *id)
{
    ARENA_AUTO arena = arena_new();
    for (const struct image *image = images; id && image->name; image++)
        if (text_equal(image_id(arena, region, image), id))
            return image;
    return NULL;
}

const struct image *image_find_by_name(const char *name)
{
    for (const struct image *image = images; image->name; image++)
        if (text_equal(image->name, name))
            return image;
    return NULL;
}

bool image_fits_shape(const struct image *image, const struct shape *shape)
{
    return image->architecture == shape->architecture && (shape->gpus > 0 || !image->gpu);
}

json_t *image_json(struct arena *arena, const char *region, const struct image *image)
{
    return json_pack(
        "{s:s, s:n, s:n, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:i, s:i, s:s, s:{}, s:{},"
        " s:{s:s, s:s, s:s, s:s, s:b, s:b}, s:{s:b, s:b}}",
        "id", image_id(arena, region, image), "compartmentId", "baseImageId", "displayName",
        image->name, "operatingSystem", image->system, "operatingSystemVersion",
        image->system_version, "createImageAllowed", true, "lifecycleState", "AVAILABLE",
        "launchMode", "NATIVE", "listingType", "NONE", "sizeInMBs", image->size_mb,
        "billableSizeInGBs", 0, "timeCreated", image->time_created, "freeformTags", "definedTags",
        "launchOptions", "bootVolumeType", "PARAVIRTUALIZED", "firmware", "UEFI_64", "networkType",
        "PARAVIRTUALIZED", "remoteDataVolumeType", "PARAVIRTUALIZED",
        "isPvEncryptionInTransitEnabled", true, "isConsistentVolumeNamingEnabled", true,
        "agentFeatures", "isMonitoringSupported", true, "isManagementSupported", true);
}
