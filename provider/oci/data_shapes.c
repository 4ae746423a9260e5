#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

#define NUMBER(name_, json_, doc_)                                                                 \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_NUMBER, .flags = COMPUTED, .json = (json_),             \
        .doc = (doc_)                                                                              \
    }

#define IS(name_, doc_)                                                                            \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_BOOL, .flags = COMPUTED, .doc = (doc_)                  \
    }

static const struct attribute ocpu_options[] = {
    NUMBER("max", NULL, "The most."),
    NUMBER("max_per_numa_node", "maxPerNumaNode", "The most on one NUMA node."),
    NUMBER("min", NULL, "The least."),
    ATTRIBUTES_END,
};

static const struct attribute memory_options[] = {
    NUMBER("default_per_ocpu_in_gbs", "defaultPerOcpuInGBs", "Gigabytes for each OCPU by default."),
    NUMBER("max_in_gbs", "maxInGBs", "The most."),
    NUMBER("max_per_numa_node_in_gbs", "maxPerNumaNodeInGBs", "The most on one NUMA node."),
    NUMBER("max_per_ocpu_in_gbs", "maxPerOcpuInGBs", "The most for each OCPU."),
    NUMBER("min_in_gbs", "minInGBs", "The least."),
    NUMBER("min_per_ocpu_in_gbs", "minPerOcpuInGBs", "The least for each OCPU."),
    ATTRIBUTES_END,
};

static const struct attribute fields[] = {
    ATTRIBUTE_TOLD("billing_type", "`ALWAYS_FREE`, `LIMITED_FREE` or `PAID`."),
    ATTRIBUTE_TOLD("gpu_description", "Kind of GPU."),
    NUMBER("gpus", NULL, "Number of GPUs."),
    IS("is_billed_for_stopped_instance", "Whether stopped instances cost, too."),
    IS("is_flexible", "Whether OCPUs and memory can be chosen."),
    IS("is_live_migration_supported", "Whether instances move to other hosts while they run."),
    IS("is_subcore", "Whether instances have a part of a core only."),
    ATTRIBUTE_TOLD("local_disk_description", "Kind of local disks."),
    NUMBER("local_disks", NULL, "Number of local disks."),
    NUMBER("local_disks_total_size_in_gbs", "localDisksTotalSizeInGBs", "Their size."),
    NUMBER("max_vnic_attachments", NULL, "Network interfaces that an instance can have."),
    NUMBER("memory_in_gbs", "memoryInGBs", "Memory; of flexible shapes the default."),
    {.name = "memory_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED | SINGLE,
     .fields = memory_options,
     .doc = "Memory that a flexible shape can have."},
    {.name = "name",
     .flags = COMPUTED,
     .json = "shape",
     .doc = "Name of the shape, such as `VM.Standard.A1.Flex`."},
    NUMBER("network_ports", NULL, "Number of network ports."),
    NUMBER("networking_bandwidth_in_gbps", NULL, "Bandwidth of the network."),
    {.name = "ocpu_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED | SINGLE,
     .fields = ocpu_options,
     .doc = "OCPUs that a flexible shape can have."},
    NUMBER("ocpus", NULL, "OCPUs; of flexible shapes the default."),
    ATTRIBUTE_TOLD("processor_description", "Kind of processor."),
    ATTRIBUTE_TOLD("shape", "The same as `name`."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "availability_domain",
     .flags = OPTIONAL,
     .validate = validate_availability_domain,
     .doc = "Only shapes that this availability domain has."},
    ATTRIBUTE_OCID("image_id", OPTIONAL, "image", "Only shapes that this image runs on."),
    {.name = "shape", .flags = OPTIONAL, .doc = "Only the shape of this name."},
    ATTRIBUTE_FILTER,
    {.name = "shapes",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The shapes. Without an availability domain one may be listed once for each."},
    ATTRIBUTES_END,
};

const struct resource oke_data_shapes = {
    .name = "shapes",
    .summary = "Shapes of compute instances: what node pools can be made of.",
    .subcategory = "Compute",
    .attributes = attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_COMPUTE,
            .operation = "ListShapes",
            .path = "/shapes",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                {"availabilityDomain", "{availability_domain}"},
                                                {"imageId", "{image_id}"},
                                                {"shape", "{shape}"},
                                                {NULL}},
            .list = "shapes"},
    .example = "data \"oke_shapes\" \"arm\" {\n"
               "  compartment_id = var.compartment_id\n"
               "\n"
               "  filter {\n"
               "    name   = \"shape\"\n"
               "    values = [\".Standard.A[0-9]+\\\\.\"]\n"
               "    regex  = true\n"
               "  }\n"
               "}\n",
};
