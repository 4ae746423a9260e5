#include "acceptance/cloud/identity/identity.h"

#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/work.h"
#include "acceptance/cloud/identity/internal.h"
#include "acceptance/cloud/identity/models.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { ID_PART = 60 };

static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

bool identity_name_check(struct call *call, const char *name, const char *more)
{
    for (const char *c = name; *c; c++)
        if (!strchr(allowed, *c) && !strchr(more, *c))
            return call_invalid(call, "name '%.100s' may have only letters, digits and .-_%s", name,
                                more);
    return true;
}

/* --- places --------------------------------------------------------------------------------------- */

/* Always the same id for the same thing, without an object of its own. */
static const char *fixed_id(struct call *call, const char *type, const char *name)
{
    unsigned char digest[2 * SHA256_SIZE];
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    const char *text =
        arena_printf(call->arena, "%s/%s/%s", call_settings(call)->tenancy, type, name);
    sha256_digest(text, strlen(text), digest);
    sha256_digest(digest, SHA256_SIZE, digest + SHA256_SIZE);
    char *unique = arena_alloc(call->arena, ID_PART + 1);
    for (int i = 0; i < ID_PART; i++)
        unique[i] = alphabet[digest[i] & 31];
    return arena_printf(call->arena, "ocid1.%s.%s..%s", type, call_settings(call)->realm, unique);
}

static bool list_availability_domains(struct call *call)
{
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    json_t *list = json_array();
    for (int number = 1; number <= AVAILABILITY_DOMAINS; number++) {
        const char *name = call_availability_domain(call, number);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", name, "id",
                                              fixed_id(call, "availabilitydomain", name),
                                              "compartmentId", call_settings(call)->tenancy));
    }
    return call_reply(call, 200, list);
}

static bool list_fault_domains(struct call *call)
{
    const char *domain = call_query(call, "availabilityDomain");
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    if (!call_availability_domain_number(call, domain))
        return call_not_found(call, "availability domain", domain);
    json_t *list = json_array();
    for (int number = 1; number <= FAULT_DOMAINS; number++) {
        const char *name = arena_printf(call->arena, "FAULT-DOMAIN-%d", number);
        const char *whole = arena_printf(call->arena, "%s/%s", domain, name);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", name, "id",
                                              fixed_id(call, "faultdomain", whole), "compartmentId",
                                              call_settings(call)->tenancy, "availabilityDomain",
                                              domain));
    }
    return call_reply(call, 200, list);
}

static bool list_regions(struct call *call)
{
    static const char *const regions[][2] = {
        {"PHX", "us-phoenix-1"},  {"IAD", "us-ashburn-1"},   {"FRA", "eu-frankfurt-1"},
        {"LHR", "uk-london-1"},   {"AMS", "eu-amsterdam-1"}, {"ZRH", "eu-zurich-1"},
        {"NRT", "ap-tokyo-1"},    {"SIN", "ap-singapore-1"}, {"BOM", "ap-mumbai-1"},
        {"GRU", "sa-saopaulo-1"}, {"YYZ", "ca-toronto-1"},   {"SYD", "ap-sydney-1"},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(regions); i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "key", regions[i][0], "name", regions[i][1]));
    return call_reply(call, 200, list);
}

static bool list_region_subscriptions(struct call *call)
{
    const struct settings *settings = call_settings(call);
    if (!call_target_at(call, &kind_tenancy, 0))
        return false;
    return call_reply(call, 200,
                      json_pack("[{s:s, s:s, s:s, s:b}]", "regionKey", settings->region_key,
                                "regionName", settings->region, "status", "READY", "isHomeRegion",
                                1));
}

/* --- kinds ---------------------------------------------------------------------------------------- */

const struct kind kind_tenancy = {
    .type = "tenancy", .title = "tenancy", .global = true, .name_field = "name"};

/* Users, groups and dynamic groups belong to the tenancy itself. */
static bool only_in_tenancy(struct call *call, const struct object *object)
{
    return text_equal(object_text(object, "compartmentId"), call_settings(call)->tenancy) ||
           call_invalid(call, "compartmentId must be the tenancy's for a %s", object->kind->title);
}

static bool user_create(struct call *call, struct object *object)
{
    json_object_set_new(object->body, "isMfaActivated", json_false());
    json_object_set_new(object->body, "emailVerified", json_false());
    json_object_set_new(object->body, "capabilities",
                        json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b}", "canUseConsolePassword", 1,
                                  "canUseApiKeys", 1, "canUseAuthTokens", 1,
                                  "canUseSmtpCredentials", 1, "canUseDbCredentials", 1,
                                  "canUseCustomerSecretKeys", 1, "canUseOAuth2ClientCredentials",
                                  1));
    return only_in_tenancy(call, object) && identity_name_check(call, object_name(object), "@+ ");
}

static bool user_remove(struct call *call, struct object *object)
{
    credentials_remove(call, object);
    return true;
}

const struct kind kind_user = {.type = "user",
                               .title = "user",
                               .global = true,
                               .name_field = "name",
                               .unique = UNIQUE_IN_TENANCY,
                               .unique_no_case = true,
                               .exists_code = "UserAlreadyExists",
                               .life = &lifecycle_identity,
                               .create = user_create,
                               .remove = user_remove};

static bool group_create(struct call *call, struct object *object)
{
    return only_in_tenancy(call, object) && identity_name_check(call, object_name(object), " ");
}

const struct kind kind_group = {.type = "group",
                                .title = "group",
                                .global = true,
                                .name_field = "name",
                                .unique = UNIQUE_IN_TENANCY,
                                .unique_no_case = true,
                                .exists_code = "GroupAlreadyExists",
                                .life = &lifecycle_identity,
                                .create = group_create};

static bool dynamic_group_update(struct call *call, struct object *object, const json_t *before)
{
    (void)before;
    return matching_rule_check(call, object_text(object, "matchingRule"));
}

static bool dynamic_group_create(struct call *call, struct object *object)
{
    return group_create(call, object) && dynamic_group_update(call, object, NULL);
}

const struct kind kind_dynamic_group = {.type = "dynamicgroup",
                                        .title = "dynamic group",
                                        .global = true,
                                        .name_field = "name",
                                        .unique = UNIQUE_IN_TENANCY,
                                        .unique_no_case = true,
                                        .exists_code = "DynamicGroupAlreadyExists",
                                        .life = &lifecycle_identity,
                                        .limit = 50,
                                        .limit_name = "dynamic-group-count",
                                        .create = dynamic_group_create,
                                        .update = dynamic_group_update};

/* "2026-01-01T00:00:00Z" is shown as the date that it is. */
static void cut_version_date(const struct object *object)
{
    const char *date = object_text(object, "versionDate");
    if (date && strlen(date) > 10)
        json_object_set_new(object->body, "versionDate", json_stringn(date, 10));
}

static bool policy_update(struct call *call, struct object *object, const json_t *before)
{
    size_t i;
    json_t *statement;
    const json_t *statements = json_object_get(object->body, "statements");
    cut_version_date(object);
    if (before && json_equal(statements, json_object_get(before, "statements")))
        return true; /* what is there already stays good, even when a group is gone */
    json_array_foreach(statements, i,
                       statement) if (!statement_check(call, object_text(object, "compartmentId"),
                                                       json_string_value(statement))) return false;
    return true;
}

static bool policy_create(struct call *call, struct object *object)
{
    return identity_name_check(call, object_name(object), "") && policy_update(call, object, NULL);
}

const struct kind kind_policy = {.type = "policy",
                                 .title = "policy",
                                 .global = true,
                                 .name_field = "name",
                                 .unique = UNIQUE_IN_COMPARTMENT,
                                 .unique_no_case = true,
                                 .exists_code = "PolicyAlreadyExists",
                                 .life = &lifecycle_identity,
                                 .create = policy_create,
                                 .update = policy_update};

static bool membership_create(struct call *call, struct object *object)
{
    for (const struct object *one = store_first(call->store, &kind_membership); one;
         one = store_next(call->store, one))
        if (one != object &&
            text_equal(object_text(one, "userId"), object_text(object, "userId")) &&
            text_equal(object_text(one, "groupId"), object_text(object, "groupId")))
            return call_fail(call, 409, "MembershipAlreadyExists",
                             "The user is in the group already: %s", one->id);
    json_set_text(object->body, "compartmentId", call_settings(call)->tenancy);
    return true;
}

const struct kind kind_membership = {
    .type = "groupmembership",
    .title = "membership",
    .global = true,
    .references =
        (const struct reference[]){{"userId", &kind_user}, {"groupId", &kind_group}, {NULL}},
    .life = &lifecycle_identity,
    .create = membership_create};

/* --- users ---------------------------------------------------------------------------------------- */

static bool update_capabilities(struct call *call)
{
    struct object *user = crud_open(call, &kind_user);
    const char *name;
    json_t *value;
    if (!user)
        return false;
    json_t *capabilities = json_object_get(user->body, "capabilities");
    json_object_foreach(call->body, name, value) json_object_set(
        capabilities, strcmp(name, "canUseDBCredentials") == 0 ? "canUseDbCredentials" : name,
        value);
    return call_reply_object(call, 200, user);
}

static bool update_state(struct call *call)
{
    const struct object *user = crud_open(call, &kind_user);
    if (!user)
        return false;
    return json_get_bool(call->body, "blocked", false)
               ? call_invalid(call, "A user can be unblocked only: blocked must be false")
               : call_reply_object(call, 200, user);
}

/* --- the service ---------------------------------------------------------------------------------- */

#define STATES "CREATING|ACTIVE|INACTIVE|DELETING|DELETED"
#define QUERY_STATE                                                                                \
    {                                                                                              \
        "lifecycleState", .one_of = STATES, .filter = "lifecycleState", .ignore_case = true        \
    }
#define QUERY_NAME                                                                                 \
    {                                                                                              \
        "name", .filter = "name"                                                                   \
    }
#define QUERIES_USUAL QUERY_NAME, QUERY_STATE, QUERIES_SORT("TIMECREATED|NAME"), QUERIES_PAGING

static const struct query compartment_queries[] = {{"compartmentId", .required = true},
                                                   {"accessLevel", .one_of = "ANY|ACCESSIBLE"},
                                                   {"compartmentIdInSubtree", FIELD_BOOL},
                                                   QUERIES_USUAL,
                                                   QUERIES_END};
static const struct query usual_queries[] = {QUERY_COMPARTMENT, QUERIES_USUAL, QUERIES_END};
static const struct query user_queries[] = {QUERY_COMPARTMENT,
                                            {"identityProviderId", .filter = "identityProviderId"},
                                            {"externalIdentifier", .filter = "externalIdentifier"},
                                            QUERIES_USUAL,
                                            QUERIES_END};
static const struct query membership_queries[] = {QUERY_COMPARTMENT,
                                                  {"userId", .filter = "userId"},
                                                  {"groupId", .filter = "groupId"},
                                                  QUERIES_PAGING,
                                                  QUERIES_END};
static const struct query place_queries[] = {{"compartmentId", .required = true}, QUERIES_END};
static const struct query fault_domain_queries[] = {
    {"compartmentId", .required = true}, {"availabilityDomain", .required = true}, QUERIES_END};
static const struct query work_queries[] = {
    QUERY_COMPARTMENT, {"resourceIdentifier"}, QUERIES_PAGING, QUERIES_END};

#define TOKEN OPERATION_RETRY_TOKEN

static const struct operation operations[] = {
    {"ListAvailabilityDomains", "GET", "/availabilityDomains", list_availability_domains,
     .queries = place_queries},
    {"ListFaultDomains", "GET", "/faultDomains", list_fault_domains,
     .queries = fault_domain_queries},
    {"ListRegions", "GET", "/regions", list_regions},
    {"GetTenancy", "GET", "/tenancies/{tenancyId}", crud_get, &kind_tenancy},
    {"ListRegionSubscriptions", "GET", "/tenancies/{tenancyId}/regionSubscriptions",
     list_region_subscriptions},

    {"CreateCompartment", "POST", "/compartments", crud_create, &kind_compartment,
     .body = &create_compartment_details, .flags = TOKEN},
    {"GetCompartment", "GET", "/compartments/{compartmentId}", compartment_get, &kind_compartment},
    {"ListCompartments", "GET", "/compartments", compartment_list, &kind_compartment,
     compartment_queries},
    {"UpdateCompartment", "PUT", "/compartments/{compartmentId}", crud_update, &kind_compartment,
     .body = &update_compartment_details},
    {"DeleteCompartment", "DELETE", "/compartments/{compartmentId}", compartment_delete,
     &kind_compartment},
    {"MoveCompartment", "POST", "/compartments/{compartmentId}/actions/moveCompartment",
     compartment_move, &kind_compartment, .body = &move_compartment_details, .flags = TOKEN},
    {"RecoverCompartment", "POST", "/compartments/{compartmentId}/actions/recoverCompartment",
     compartment_recover, &kind_compartment, .flags = TOKEN},

    {"CreatePolicy", "POST", "/policies", crud_create, &kind_policy, .body = &create_policy_details,
     .flags = TOKEN},
    {"GetPolicy", "GET", "/policies/{policyId}", crud_get, &kind_policy},
    {"ListPolicies", "GET", "/policies", crud_list, &kind_policy, usual_queries},
    {"UpdatePolicy", "PUT", "/policies/{policyId}", crud_update, &kind_policy,
     .body = &update_policy_details},
    {"DeletePolicy", "DELETE", "/policies/{policyId}", crud_delete, &kind_policy},

    {"CreateDynamicGroup", "POST", "/dynamicGroups", crud_create, &kind_dynamic_group,
     .body = &create_dynamic_group_details, .flags = TOKEN},
    {"GetDynamicGroup", "GET", "/dynamicGroups/{dynamicGroupId}", crud_get, &kind_dynamic_group},
    {"ListDynamicGroups", "GET", "/dynamicGroups", crud_list, &kind_dynamic_group, usual_queries},
    {"UpdateDynamicGroup", "PUT", "/dynamicGroups/{dynamicGroupId}", crud_update,
     &kind_dynamic_group, .body = &update_dynamic_group_details},
    {"DeleteDynamicGroup", "DELETE", "/dynamicGroups/{dynamicGroupId}", crud_delete,
     &kind_dynamic_group},

    {"CreateUser", "POST", "/users", crud_create, &kind_user, .body = &create_user_details,
     .flags = TOKEN},
    {"GetUser", "GET", "/users/{userId}", crud_get, &kind_user},
    {"ListUsers", "GET", "/users", crud_list, &kind_user, user_queries},
    {"UpdateUser", "PUT", "/users/{userId}", crud_update, &kind_user, .body = &update_user_details},
    {"UpdateUserCapabilities", "PUT", "/users/{userId}/capabilities", update_capabilities,
     &kind_user, .body = &update_user_capabilities_details},
    {"UpdateUserState", "PUT", "/users/{userId}/state", update_state, &kind_user,
     .body = &update_state_details},
    {"DeleteUser", "DELETE", "/users/{userId}", crud_delete, &kind_user},

    {"CreateGroup", "POST", "/groups", crud_create, &kind_group, .body = &create_group_details,
     .flags = TOKEN},
    {"GetGroup", "GET", "/groups/{groupId}", crud_get, &kind_group},
    {"ListGroups", "GET", "/groups", crud_list, &kind_group, usual_queries},
    {"UpdateGroup", "PUT", "/groups/{groupId}", crud_update, &kind_group,
     .body = &update_group_details},
    {"DeleteGroup", "DELETE", "/groups/{groupId}", crud_delete, &kind_group},

    {"AddUserToGroup", "POST", "/userGroupMemberships", crud_create, &kind_membership,
     .body = &add_user_to_group_details, .flags = TOKEN},
    {"GetUserGroupMembership", "GET", "/userGroupMemberships/{userGroupMembershipId}", crud_get,
     &kind_membership},
    {"ListUserGroupMemberships", "GET", "/userGroupMemberships", crud_list, &kind_membership,
     membership_queries},
    {"RemoveUserFromGroup", "DELETE", "/userGroupMemberships/{userGroupMembershipId}", crud_delete,
     &kind_membership},

    {"UploadApiKey", "POST", "/users/{userId}/apiKeys", api_key_upload, &kind_api_key,
     .body = &create_api_key_details, .flags = TOKEN},
    {"ListApiKeys", "GET", "/users/{userId}/apiKeys", crud_list, &kind_api_key},
    {"DeleteApiKey", "DELETE", "/users/{userId}/apiKeys/{fingerprint}", api_key_delete,
     &kind_api_key},

    {"CreateAuthToken", "POST", "/users/{userId}/authTokens", auth_token_create, &kind_auth_token,
     .body = &create_auth_token_details, .flags = TOKEN},
    {"ListAuthTokens", "GET", "/users/{userId}/authTokens", crud_list, &kind_auth_token},
    {"UpdateAuthToken", "PUT", "/users/{userId}/authTokens/{authTokenId}", auth_token_update,
     &kind_auth_token, .body = &update_auth_token_details},
    {"DeleteAuthToken", "DELETE", "/users/{userId}/authTokens/{authTokenId}", credential_delete,
     &kind_auth_token},

    {"CreateCustomerSecretKey", "POST", "/users/{userId}/customerSecretKeys", secret_key_create,
     &kind_customer_secret_key, .body = &create_customer_secret_key_details, .flags = TOKEN},
    {"ListCustomerSecretKeys", "GET", "/users/{userId}/customerSecretKeys", crud_list,
     &kind_customer_secret_key},
    {"UpdateCustomerSecretKey", "PUT", "/users/{userId}/customerSecretKeys/{customerSecretKeyId}",
     secret_key_update, &kind_customer_secret_key, .body = &update_customer_secret_key_details},
    {"DeleteCustomerSecretKey", "DELETE",
     "/users/{userId}/customerSecretKeys/{customerSecretKeyId}", credential_delete,
     &kind_customer_secret_key},

    {"GetWorkRequest", "GET", "/workRequests/{workRequestId}", work_get, &kind_identity_work},
    {"ListWorkRequests", "GET", "/workRequests", work_list, &kind_identity_work, work_queries},
    {NULL}};

static void seed(struct call *call)
{
    const struct settings *settings = call_settings(call);
    struct object *tenancy = change_add(call->change, &kind_tenancy, settings->tenancy);
    tenancy->seed = true;
    json_set_text(tenancy->body, "id", tenancy->id);
    json_set_text(tenancy->body, "name", "okestra");
    json_set_text(tenancy->body, "description", "The tenancy of the local cloud");
    json_set_text(tenancy->body, "homeRegionKey", settings->region_key);
    json_object_set_new(tenancy->body, "freeformTags", json_object());
    json_object_set_new(tenancy->body, "definedTags", json_object());
    json_set_text(tenancy->hidden, "timeCreated", call_time(call));

    JSON_AUTO user_details =
        json_pack("{s:s, s:s, s:s, s:{}, s:{}}", "compartmentId", settings->tenancy, "name",
                  "developer", "description", "The initial user", "freeformTags", "definedTags");
    JSON_AUTO group_details = json_pack("{s:s, s:s, s:s, s:{}, s:{}}", "compartmentId",
                                        settings->tenancy, "name", "Administrators", "description",
                                        "Those who may do all", "freeformTags", "definedTags");
    struct object *user = crud_make(call, &kind_user, user_details, true);
    struct object *group = crud_make(call, &kind_group, group_details, true);
    JSON_AUTO member = json_pack("{s:s, s:s}", "userId", user->id, "groupId", group->id);
    crud_make(call, &kind_membership, member, true)->seed = true;
    user->seed = group->seed = true;
}

const struct service service_identity = {
    .name = "identity",
    .hosts = "identity",
    .base_path = "/20160918",
    .operations = operations,
    .kinds = (const struct kind *const[]){&kind_tenancy, &kind_compartment, &kind_policy,
                                          &kind_dynamic_group, &kind_user, &kind_group,
                                          &kind_membership, &kind_api_key, &kind_auth_token,
                                          &kind_customer_secret_key, &kind_identity_work, NULL},
    .seed = seed};
