/* Users and groups of the tenancy's default identity domain: the data sources user, users, group, groups. */
#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

#define IS(name_, doc_)                                                                            \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_BOOL, .flags = COMPUTED, .doc = (doc_)                  \
    }

#define TAGS                                                                                       \
    {.name = "defined_tags",                                                                       \
     .kind = ATTRIBUTE_STRING_MAP,                                                                 \
     .flags = COMPUTED,                                                                            \
     .json_kind = JSON_TWO_LEVEL_MAP,                                                              \
     .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."},                                  \
    {                                                                                              \
        .name = "freeform_tags", .kind = ATTRIBUTE_STRING_MAP, .flags = COMPUTED,                  \
        .doc = "Free-form tags."                                                                   \
    }

/* What a user and a group have in common. */
#define MEMBER                                                                                     \
    ATTRIBUTE_TOLD("description", "What it is for."),                                              \
        {.name = "inactive_state",                                                                 \
         .flags = COMPUTED,                                                                        \
         .json = "inactiveStatus",                                                                 \
         .json_kind = JSON_INTEGER_TEXT,                                                           \
         .doc = "Why it is inactive; null when it is not."},                                       \
        TAGS, ATTRIBUTE_STATE, ATTRIBUTE_TIME_CREATED

static const struct attribute capabilities[] = {
    IS("can_use_api_keys", "Whether the user may have API keys."),
    IS("can_use_auth_tokens", "Whether the user may have auth tokens."),
    IS("can_use_console_password", "Whether the user may log in to the console."),
    IS("can_use_customer_secret_keys", "Whether the user may have keys for the S3 API."),
    IS("can_use_db_credentials", "Whether the user may have database passwords."),
    {.name = "can_use_oauth2client_credentials",
     .kind = ATTRIBUTE_BOOL,
     .flags = COMPUTED,
     .json = "canUseOAuth2ClientCredentials",
     .doc = "Whether the user may have OAuth 2.0 credentials."},
    IS("can_use_smtp_credentials", "Whether the user may have SMTP credentials."),
    ATTRIBUTES_END,
};

#define USER                                                                                       \
    {.name = "capabilities",                                                                       \
     .kind = ATTRIBUTE_OBJECT_LIST,                                                                \
     .flags = COMPUTED | SINGLE,                                                                   \
     .fields = capabilities,                                                                       \
     .doc = "What the user may log in with."},                                                     \
        ATTRIBUTE_TOLD("db_user_name", "Name in databases."),                                      \
        ATTRIBUTE_TOLD("email", "E-mail address."),                                                \
        IS("email_verified", "Whether the address was confirmed."),                                \
        ATTRIBUTE_TOLD("external_identifier", "Name at the identity provider."),                   \
        ATTRIBUTE_TOLD("identity_provider_id", "OCID of the identity provider."),                  \
        ATTRIBUTE_TOLD("last_successful_login_time", "When the user last logged in (RFC 3339)."),  \
        ATTRIBUTE_TOLD("previous_successful_login_time", "And the time before."), MEMBER

#define IN_TENANCY(flags_)                                                                         \
    ATTRIBUTE_OCID("compartment_id", (flags_), "tenancy compartment", "OCID of the tenancy.")

#define BY_NAME                                                                                    \
    {                                                                                              \
        .name = "name", .flags = OPTIONAL | COMPUTED, .doc = "The name."                           \
    }

static const struct attribute user_fields[] = {
    ATTRIBUTE_ID, ATTRIBUTE_TOLD("compartment_id", "OCID of the tenancy."),
    ATTRIBUTE_TOLD("name", "The name."), USER, ATTRIBUTES_END};

static const struct attribute user_attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_OCID("user_id", OPTIONAL | COMPUTED, "user", "OCID of the user."),
    IN_TENANCY(OPTIONAL | COMPUTED),
    BY_NAME,
    USER,
    ATTRIBUTES_END,
};

static const struct attribute group_fields[] = {
    ATTRIBUTE_ID, ATTRIBUTE_TOLD("compartment_id", "OCID of the tenancy."),
    ATTRIBUTE_TOLD("name", "The name."), MEMBER, ATTRIBUTES_END};

static const struct attribute group_attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_OCID("group_id", OPTIONAL | COMPUTED, "group", "OCID of the group."),
    IN_TENANCY(OPTIONAL | COMPUTED),
    BY_NAME,
    MEMBER,
    ATTRIBUTES_END,
};

/* Arguments of both lists, and the list. */
#define LIST(list_, fields_, ...)                                                                  \
    {                                                                                              \
        ATTRIBUTE_SOURCE_ID, IN_TENANCY(REQUIRED),                                                 \
            __VA_ARGS__{.name = "name", .flags = OPTIONAL, .doc = "Only the one of this name."},   \
            {.name = "state", .flags = OPTIONAL, .doc = "Only those in this lifecycle state."},    \
            ATTRIBUTE_FILTER,                                                                      \
            {.name = (list_),                                                                      \
             .kind = ATTRIBUTE_OBJECT_LIST,                                                        \
             .flags = COMPUTED,                                                                    \
             .fields = (fields_),                                                                  \
             .doc = "What was found."},                                                            \
            ATTRIBUTES_END,                                                                        \
    }

static const struct attribute users_attributes[] =
    LIST("users", user_fields,
         {.name = "external_identifier",
          .flags = OPTIONAL,
          .doc = "Only the one of this name at the identity provider."},
         {.name = "identity_provider_id",
          .flags = OPTIONAL,
          .doc = "Only those of this identity provider."}, );
static const struct attribute groups_attributes[] = LIST("groups", group_fields, );

static const struct api_query query[] = {{"compartmentId", "{compartment_id}"},
                                         {"name", "{name}"},
                                         {"lifecycleState", "{state}"},
                                         {"externalIdentifier", "{external_identifier}"},
                                         {"identityProviderId", "{identity_provider_id}"},
                                         {NULL}};

static const struct oci_source users = {.service = OCI_IDENTITY,
                                        .operation = "ListUsers",
                                        .path = "/users",
                                        .query = query,
                                        .list = "users"};
static const struct oci_source groups = {.service = OCI_IDENTITY,
                                         .operation = "ListGroups",
                                         .path = "/groups",
                                         .query = query,
                                         .list = "groups"};

const struct resource oke_data_user = {
    .name = "user",
    .summary = "One user, by `user_id` or by name.",
    .subcategory = "Identity",
    .attributes = user_attributes,
    .ops = &oci_source_one_ops,
    .api = &(const struct oci_source_one){.list = &users,
                                          .operation = "GetUser",
                                          .path = "/users/{user_id}",
                                          .noun = "user",
                                          .id = "user_id",
                                          .name = "name"},
    .example = "data \"oke_user\" \"ci\" {\n"
               "  name = \"todo-ci\"\n"
               "}\n",
};

const struct resource oke_data_users = {
    .name = "users",
    .summary = "The users of the tenancy.",
    .subcategory = "Identity",
    .attributes = users_attributes,
    .ops = &oci_source_ops,
    .api = &users,
    .example = "data \"oke_users\" \"all\" {\n"
               "  compartment_id = var.tenancy_ocid\n"
               "}\n",
};

const struct resource oke_data_group = {
    .name = "group",
    .summary = "One group of users, by `group_id` or by name.",
    .subcategory = "Identity",
    .attributes = group_attributes,
    .ops = &oci_source_one_ops,
    .api = &(const struct oci_source_one){.list = &groups,
                                          .operation = "GetGroup",
                                          .path = "/groups/{group_id}",
                                          .noun = "group",
                                          .id = "group_id",
                                          .name = "name"},
    .example = "data \"oke_group\" \"admins\" {\n"
               "  name = \"Administrators\"\n"
               "}\n",
};

const struct resource oke_data_groups = {
    .name = "groups",
    .summary = "The groups of users of the tenancy.",
    .subcategory = "Identity",
    .attributes = groups_attributes,
    .ops = &oci_source_ops,
    .api = &groups,
    .example = "data \"oke_groups\" \"all\" {\n"
               "  compartment_id = var.tenancy_ocid\n"
               "}\n",
};
