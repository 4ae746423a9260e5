#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"
#include "provider/oci/policy_language.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(REPLACE),
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .max_length = 100,
     .validate = validate_name,
     .validate_with = "._-",
     .doc = "Name, unique in the compartment: letters, digits, `.`, `_` and `-`.",
     .sample = "\"todo-registry\""},
    {.name = "description",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 400,
     .doc = "What it is for.",
     .sample = "\"Push and pull images\""},
    {.name = "statements",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = REQUIRED,
     .min_items = 1,
     .equal = equal_policy_text,
     .validate = validate_policy_statement,
     .doc =
         "Statements of the policy language. OCI may store them in another spelling, with OCIDs in "
         "place of names: that is no change.",
     .sample = "[\"Allow group Admins to manage repos in compartment TodoApp\"]"},
    {.name = "version_date",
     .flags = OPTIONAL | COMPUTED,
     .equal = equal_date,
     .validate = validate_date,
     .doc =
         "Day whose meaning of verbs and resource types counts, like `2026-06-02`; that of the day "
         "of use by default."},
    {.name = "inactive_state",
     .flags = COMPUTED,
     .json = "inactiveStatus",
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Detail of the state `INACTIVE`."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* OCI rewrites statements. As long as the etag is the one of our last write, they are what we wrote. */
static bool keep_our_spelling(struct api_call *call, const json_t *object,
                              const struct value **state, struct error *err)
{
    (void)object, (void)err;
    struct operation *op = call->op;
    if (call->phase != API_READ)
        op->private_out = slice_from(call->etag);
    else if (call->etag && slice_equal_text(op->private_in, call->etag))
        *state = value_with(op->arena, *state, "statements", value_get(call->prior, "statements"));
    return true;
}

static const struct oci_api api = {
    .service = OCI_IDENTITY,
    .noun = "policy",
    .stem = "Policy",
    .operation = {.list = "ListPolicies"},
    .path = "/policies",
    .ocid_type = "policy",
    .name = "name",
    .states = &api_states_active,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"name", "{name}"},
                                             {NULL}},
    .state = keep_our_spelling,
};

const struct resource oke_policy = {
    .name = "policy",
    .summary = "An IAM policy: who may do what, in a compartment and those below it.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the policy's OCID",
    .moved_from = (const char *const[]){"oci_identity_policy", NULL},
    .list_attributes = list_by_name,
    .example = "resource \"oke_policy\" \"registry\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  name           = \"todo-registry\"\n"
               "  description    = \"Push and pull images of the Todo application\"\n"
               "  statements = [\n"
               "    \"Allow group Administrators to manage repos in compartment id "
               "${var.compartment_id}\",\n"
               "  ]\n"
               "}\n",
};
