/*
 * Objects that a VCN comes with: its default route table, security list and DHCP options. They cannot be
 * made or deleted. "Creating" changes the one that manage_default_resource_id names to what is planned,
 * "deleting" sets it back; it goes with its VCN.
 */
#ifndef OKESTRA_PROVIDER_OCI_DEFAULT_OBJECT_H
#define OKESTRA_PROVIDER_OCI_DEFAULT_OBJECT_H

#include "provider/oci/ops.h"

bool default_object_create(struct operation *op, const struct value *planned,
                           const struct value *config, const struct value **state,
                           struct error *err);
/* reset: the update body, as JSON, that sets it back */
bool default_object_reset(struct operation *op, const struct value *prior, const char *reset,
                          struct error *err);

/* The ops of one kind, and the function that they need. */
#define DEFAULT_OBJECT_OPS(reset)                                                                  \
    static bool reset_to_default(struct operation *op, const struct value *prior,                  \
                                 struct error *err)                                                \
    {                                                                                              \
        return default_object_reset(op, prior, reset, err);                                        \
    }                                                                                              \
    static const struct resource_ops ops = {.create = default_object_create,                       \
                                            .read = api_read,                                      \
                                            .update = api_update,                                  \
                                            .remove = reset_to_default,                            \
                                            .import = api_import}

/* Both names of the OCID are read from the API's id. */
#define ATTRIBUTE_DEFAULT_RESOURCE_ID(kind, sample_)                                               \
    {                                                                                              \
        .name = "manage_default_resource_id", .flags = REQUIRED | REPLACE, .json = "id",           \
        .validate = validate_ocid, .validate_with = kind,                                          \
        .doc = "OCID of the object that came with the VCN.", .sample = sample_                     \
    }
#define ATTRIBUTE_DEFAULT_COMPARTMENT_ID                                                           \
    {                                                                                              \
        .name = "compartment_id", .flags = OPTIONAL | COMPUTED, .validate = validate_ocid,         \
        .validate_with = "compartment tenancy",                                                    \
        .doc = "OCID of the compartment that it belongs to; at first that of the VCN."             \
    }

#endif
