/* Attributes that most resources have, as initialisers for their tables. */
#ifndef OKESTRA_PROVIDER_OCI_ATTRIBUTES_H
#define OKESTRA_PROVIDER_OCI_ATTRIBUTES_H

#include "provider/engine/schema.h"
#include "provider/oci/validate.h"

#define ATTRIBUTE_ID                                                                               \
    {                                                                                              \
        .name = "id", .flags = COMPUTED, .doc = "The OCID."                                        \
    }

/* flags: 0, or REPLACE where there is no changeCompartment */
#define ATTRIBUTE_COMPARTMENT_ID(more_flags)                                                       \
    {                                                                                              \
        .name = "compartment_id", .flags = REQUIRED | (more_flags), .validate = validate_ocid,     \
        .validate_with = "compartment tenancy",                                                    \
        .doc = "OCID of the compartment that it belongs to.", .sample = "var.compartment_id"       \
    }

#define ATTRIBUTE_VCN_ID                                                                           \
    {                                                                                              \
        .name = "vcn_id", .flags = REQUIRED | REPLACE, .validate = validate_ocid,                  \
        .validate_with = "vcn", .doc = "OCID of the VCN that it belongs to.",                      \
        .sample = "oke_vcn.main.id"                                                                \
    }

#define ATTRIBUTE_DISPLAY_NAME                                                                     \
    {                                                                                              \
        .name = "display_name", .flags = OPTIONAL | COMPUTED, .min_length = 1, .max_length = 255,  \
        .doc = "A name for people; it need not be unique. OCI makes one up when it is left out.",  \
        .sample = "\"main\""                                                                       \
    }

#define ATTRIBUTE_DEFINED_TAGS_OF(flags_)                                                          \
    {                                                                                              \
        .name = "defined_tags", .kind = ATTRIBUTE_STRING_MAP, .flags = (flags_),                   \
        .json_kind = JSON_TWO_LEVEL_MAP, .equal = equal_defined_tags,                              \
        .validate = validate_defined_tags,                                                         \
        .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."                                 \
    }

#define ATTRIBUTE_FREEFORM_TAGS_OF(flags_)                                                         \
    {                                                                                              \
        .name = "freeform_tags", .kind = ATTRIBUTE_STRING_MAP, .flags = (flags_),                  \
        .validate = validate_freeform_tags, .doc = "Free-form tags, `key = \"value\"`.",           \
        .sample = "{ project = \"todo\" }"                                                         \
    }

#define ATTRIBUTE_DEFINED_TAGS ATTRIBUTE_DEFINED_TAGS_OF(OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED)
#define ATTRIBUTE_FREEFORM_TAGS                                                                    \
    ATTRIBUTE_FREEFORM_TAGS_OF(OPTIONAL | COMPUTED | UPDATE_WHEN_CHANGED)
/* Of a nested object that an update sets as a whole. */
#define ATTRIBUTE_DEFINED_TAGS_WITHIN  ATTRIBUTE_DEFINED_TAGS_OF(OPTIONAL | COMPUTED)
#define ATTRIBUTE_FREEFORM_TAGS_WITHIN ATTRIBUTE_FREEFORM_TAGS_OF(OPTIONAL | COMPUTED)

#define ATTRIBUTE_STATE                                                                            \
    {                                                                                              \
        .name = "state", .flags = COMPUTED, .json = "lifecycleState",                              \
        .doc = "Lifecycle state that OCI reports."                                                 \
    }

#define ATTRIBUTE_TIME_CREATED                                                                     \
    {                                                                                              \
        .name = "time_created", .flags = COMPUTED, .doc = "When it was made (RFC 3339)."           \
    }

/* What OCI tells and nobody sets. */
#define ATTRIBUTE_TOLD(name_, doc_)                                                                \
    {                                                                                              \
        .name = (name_), .flags = COMPUTED, .doc = (doc_)                                          \
    }

/* A reference; types: see validate_ocid. */
#define ATTRIBUTE_OCID(name_, flags_, types, doc_)                                                 \
    {                                                                                              \
        .name = (name_), .flags = (flags_), .validate = validate_ocid, .validate_with = (types),   \
        .doc = (doc_)                                                                              \
    }

/* kind: ATTRIBUTE_STRING_LIST or ATTRIBUTE_STRING_SET */
#define ATTRIBUTE_OCIDS(name_, kind_, flags_, types, doc_)                                         \
    {                                                                                              \
        .name = (name_), .kind = (kind_), .flags = (flags_), .validate = validate_ocid,            \
        .validate_with = (types), .doc = (doc_)                                                    \
    }

#define ATTRIBUTE_TEXT(name_, flags_, doc_)                                                        \
    {                                                                                              \
        .name = (name_), .flags = (flags_), .doc = (doc_)                                          \
    }

#define ATTRIBUTE_SWITCH(name_, flags_, doc_)                                                      \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_BOOL, .flags = (flags_), .doc = (doc_)                  \
    }

/* A block that may stand once. */
#define ATTRIBUTE_BLOCK(name_, flags_, fields_, doc_)                                              \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_OBJECT_LIST, .flags = SINGLE | (flags_),                \
        .fields = (fields_), .doc = (doc_)                                                         \
    }

#define ATTRIBUTE_SECURITY_ATTRIBUTES(flags_)                                                      \
    {                                                                                              \
        .name = "security_attributes", .kind = ATTRIBUTE_STRING_MAP, .flags = (flags_),            \
        .json_kind = JSON_TWO_LEVEL_MAP,                                                           \
        .doc = "Zero Trust Packet Routing attributes, as `\"namespace.key.value\" = \"…\"`."     \
    }

/* Routes for traffic that comes in through a gateway. */
#define ATTRIBUTE_GATEWAY_ROUTE_TABLE_ID                                                           \
    {                                                                                              \
        .name = "route_table_id", .flags = OPTIONAL | COMPUTED, .validate = validate_ocid,         \
        .validate_with = "routetable",                                                             \
        .doc = "OCID of the route table for traffic that comes in through the gateway."            \
    }

#define ATTRIBUTES_END                                                                             \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* How a list resource is narrowed down: compartment_id, and display_name or name. */
extern const struct attribute list_by_display_name[], list_by_name[];

#endif
