#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    {.name = "name",
     .flags = REQUIRED,
     .max_length = 100,
     .validate = validate_name,
     .validate_with = "._-",
     .doc = "Name, unique among its siblings: letters, digits, `.`, `_` and `-`, at most 100.",
     .sample = "\"TodoApp\""},
    {.name = "description",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 400,
     .doc = "What it is for.",
     .sample = "\"Event-driven Todo application\""},
    ATTRIBUTE_OCID(
        "compartment_id", OPTIONAL | COMPUTED, "compartment tenancy",
        "OCID of the parent, the tenancy by default. A change moves the compartment with all that "
        "is in it."),
    {.name = "enable_delete",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | LOCAL,
     .doc =
         "Whether destroying deletes the compartment, which takes OCI minutes to hours. Without it "
         "destroying only forgets the compartment, and creating takes over an existing one of the "
         "same name.",
     .sample = "true"},
    {.name = "inactive_state",
     .flags = COMPUTED,
     .json = "inactiveStatus",
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Detail of the state `INACTIVE`."},
    ATTRIBUTE_SWITCH("is_accessible", COMPUTED, "Whether the caller may inspect what is inside."),
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static bool deletes(const struct api_call *call)
{
    const struct value *object = value_is_null(call->planned) ? call->prior : call->planned;
    return value_as_bool(value_get(object, "enable_delete"), false);
}

static bool keeps(const struct api_call *call)
{
    return !deletes(call);
}

/* The parent is the tenancy when nothing is said. */
static bool add_parent(struct api_call *call, json_t *body, struct error *err)
{
    if (call->phase != API_CREATE || json_object_get(body, "compartmentId"))
        return true;
    const char *tenancy = oci_client_tenancy(api_client(call->op), err);
    if (!tenancy)
        return error_wrap(err, "compartment_id is not set, and the tenancy is not known");
    json_object_set_new(body, "compartmentId", json_string(tenancy));
    call->known = value_with(call->op->arena, call->known, "compartment_id",
                             value_string(call->op->arena, tenancy));
    return true;
}

#define INSIDE(singular, service_, operation_name, collection)                                     \
    {                                                                                              \
        .noun = singular, .operation = operation_name, .service = service_, .path = collection,    \
        .query = (const struct api_query[]){{"compartmentId", "{id}"}, {NULL}},                    \
    }

static const struct attribute list_attributes[] = {
    {.name = "compartment_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "compartment tenancy",
     .doc = "OCID of the compartment that they are directly below.",
     .sample = "var.tenancy_ocid"},
    ATTRIBUTE_TEXT("name", OPTIONAL, "Only those of exactly this name."),
    {.name = "access_level",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"ANY", "ACCESSIBLE", NULL},
     .doc = "`ACCESSIBLE`: only those that the user may see into."},
    ATTRIBUTE_SWITCH("compartment_id_in_subtree", OPTIONAL,
                     "All levels below; `compartment_id` is the tenancy then."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_IDENTITY,
    .noun = "compartment",
    .stem = "Compartment",
    .path = "/compartments",
    .ocid_type = "compartment",
    .name = "name",
    .states = &api_states_active,
    .work_request_entity = "compartment",
    .list_query =
        (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                   {"name", "{name}"},
                                   {"accessLevel", "{access_level}"},
                                   {"compartmentIdInSubtree", "{compartment_id_in_subtree}"},
                                   {NULL}},
    .actions = (const struct api_action[]){{.attribute = "compartment_id",
                                            .operation = "MoveCompartment",
                                            .path = "/actions/moveCompartment",
                                            .member = "targetCompartmentId"},
                                           {.attribute = NULL}},
    .blockers =
        (const struct api_blocker[]){
            INSIDE("compartment", OCI_IDENTITY, "ListCompartments", "/compartments"),
            INSIDE("policy", OCI_IDENTITY, "ListPolicies", "/policies"),
            INSIDE("VCN", OCI_CORE, "ListVcns", "/vcns"),
            INSIDE("cluster", OCI_CONTAINER_ENGINE, "ListClusters", "/clusters"),
            INSIDE("repository", OCI_ARTIFACTS, "ListContainerRepositories",
                   "/container/repositories"),
            INSIDE("log group", OCI_LOGGING, "ListLogGroups", "/logGroups"),
            INSIDE("instance", OCI_COMPUTE, "ListInstances", "/instances"),
            {.noun = NULL},
        },
    .body = add_parent,
    .keep = keeps,
    .adopt = keeps,
};

const struct resource oke_compartment = {
    .name = "compartment",
    .summary = "A compartment: what belongs together, and what policies are about.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .timeouts = {.remove = 90 * 60},
    .import_id = "the compartment's OCID",
    .moved_from = (const char *const[]){"oci_identity_compartment", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"oke_compartment\" \"todo\" {\n"
               "  compartment_id = var.tenancy_ocid\n"
               "  name           = \"TodoApp\"\n"
               "  description    = \"Event-driven Todo application\"\n"
               "  enable_delete  = true\n"
               "}\n",
};
