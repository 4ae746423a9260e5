/* The control plane of the registry: repositories and their configuration. All of it is synchronous. */
#include <ctype.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/artifacts/artifacts.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/json.h"

enum { REPOSITORIES = 500, NAME_LENGTH = 255, README_LENGTH = 8192 };

#define TEXT_REQUIRED(name, most)                                                                  \
    {                                                                                              \
        (name), FIELD_TEXT, .required = true, .min = 1, .max = (most)                              \
    }

static const struct model readme = {
    "ContainerRepositoryReadme",
    (const struct field[]){
        {"content", FIELD_TEXT, .required = true, .max = README_LENGTH},
        {"format", FIELD_TEXT, .required = true, .one_of = "TEXT_MARKDOWN|TEXT_PLAIN"},
        FIELDS_END}};

static const struct model create_details = {
    "CreateContainerRepositoryDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           TEXT_REQUIRED("displayName", NAME_LENGTH),
                           {"isImmutable", FIELD_BOOL},
                           {"isPublic", FIELD_BOOL},
                           {"readme", FIELD_MODEL, .model = &readme},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_details = {
    "UpdateContainerRepositoryDetails",
    (const struct field[]){{"isImmutable", FIELD_BOOL},
                           {"isPublic", FIELD_BOOL},
                           {"readme", FIELD_MODEL, .model = &readme},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model change_compartment_details = {
    "ChangeContainerRepositoryCompartmentDetails",
    (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model update_configuration_details = {
    "UpdateContainerConfigurationDetails",
    (const struct field[]){{"isRepositoryCreatedOnFirstPush", FIELD_BOOL}, FIELDS_END}};

static const struct model update_image_details = {"UpdateContainerImageDetails",
                                                  (const struct field[]){FIELDS_TAGS, FIELDS_END}};

static const struct model lookup_details = {
    "LookupContainerImageByUriDetails",
    (const struct field[]){TEXT_REQUIRED("imageUri", 4096), FIELDS_END}};

/* --- repositories -------------------------------------------------------------------------------- */

/* Parts of lower-case letters and digits, with "." "_" "-" between, joined by "/". */
static bool valid_name(const char *name)
{
    for (const char *c = name; *c; c++) {
        bool separator = *c == '.' || *c == '_' || *c == '-' || *c == '/';
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && !separator)
            return false;
        bool edge = c == name || !c[1] || c[-1] == '/' || c[1] == '/';
        if (separator && edge)
            return false;
    }
    return *name != '\0';
}

static bool create(struct call *call, struct object *repository)
{
    const char *name = object_name(repository);
    if (!valid_name(name))
        return call_invalid(call,
                            "displayName: %s is no repository name: lower-case letters and digits, "
                            "separated by . _ - or /",
                            name);
    defaults_fill(repository->body,
                  json_pack("{s:b, s:b, s:n, s:s, s:s?, s:i, s:i, s:i, s:i, s:n, s:{}}",
                            "isImmutable", false, "isPublic", false, "readme", "namespace",
                            call_settings(call)->namespace, "createdBy", call->user, "imageCount",
                            0, "layerCount", 0, "layersSizeInBytes", 0, "billableSizeInGBs", 0,
                            "timeLastPushed", "systemTags"));
    return true;
}

/* Its images go with it. */
static bool remove_images(struct call *call, struct object *repository)
{
    for (struct object *image = store_first(call->store, &kind_container_image), *next; image;
         image = next) {
        next = store_next(call->store, image);
        if (text_equal(object_text(image, "repositoryId"), repository->id))
            change_remove(call->change, image);
    }
    return true;
}

struct object *repository_find(const struct call *call, const char *name)
{
    for (struct object *one = store_first(call->store, &kind_container_repository); one;
         one = store_next(call->store, one))
        if (object_alive(one) && text_equal(object_name(one), name))
            return one;
    return NULL;
}

bool compartment_is_within(const struct call *call, const char *compartment, const char *ancestor)
{
    const struct object *one;
    while (!text_equal(compartment, ancestor)) {
        one = store_find(call->store, &kind_compartment, compartment);
        if (!one)
            return false;
        compartment = object_text(one, "compartmentId");
    }
    return true;
}

/* The objects of the operation's kind in the compartment asked for, or below it. New reference. */
static json_t *matching(struct call *call)
{
    const char *compartment = call_query(call, "compartmentId");
    bool subtree = call_query_bool(call, "compartmentIdInSubtree", false);
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, call->operation->kind); one;
         one = store_next(call->store, one)) {
        const char *own = object_text(one, "compartmentId");
        if (object_exists(one) && crud_matches(call, one) &&
            (subtree ? compartment_is_within(call, own, compartment)
                     : text_equal(own, compartment)))
            json_array_append_new(list, crud_summary(call, one));
    }
    return list;
}

static json_int_t sum(const json_t *list, const char *field)
{
    json_int_t total = 0;
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        total += json_get_integer(item, field, 0);
    }
    return total;
}

/* Answers one page as a collection; `totals` (stolen) are its further members. */
static bool reply_collection(struct call *call, json_t *list, json_t *totals)
{
    json_int_t count = (json_int_t)json_array_size(list);
    if (!crud_reply_page(call, list)) {
        json_decref(totals);
        return false;
    }
    json_t *items = json_incref(json_object_get(call->reply.json, "items"));
    json_int_t shown = (json_int_t)json_array_size(items);
    json_object_set_new(totals, "remainingItemsCount", json_integer(count - shown));
    json_object_set_new(totals, "items", items);
    return call_reply(call, 200, totals);
}

static bool list_repositories(struct call *call)
{
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    json_t *list = matching(call);
    json_t *totals =
        json_pack("{s:I, s:I, s:I, s:I}", "repositoryCount", (json_int_t)json_array_size(list),
                  "imageCount", sum(list, "imageCount"), "layerCount", sum(list, "layerCount"),
                  "layersSizeInBytes", sum(list, "layersSizeInBytes"));
    return reply_collection(call, list, totals);
}

static bool list_images(struct call *call)
{
    return call_compartment(call, call_query(call, "compartmentId")) &&
           reply_collection(call, matching(call), json_object());
}

static bool look_up_image(struct call *call)
{
    const char *uri = call_text(call, "imageUri");
    for (const struct object *one = store_first(call->store, &kind_container_image); one;
         one = store_next(call->store, one))
        if (object_exists(one) && text_ends_with(uri, object_name(one)))
            return call_reply_object(call, 200, one);
    return call_not_found(call, kind_container_image.title, uri);
}

/* --- configuration ------------------------------------------------------------------------------- */

static const char configuration_id[] = "container-configuration";

bool registry_creates_on_first_push(const struct call *call)
{
    const struct object *stored =
        store_find(call->store, &kind_container_configuration, configuration_id);
    return !stored || json_get_bool(stored->body, "isRepositoryCreatedOnFirstPush", true);
}

static bool reply_configuration(struct call *call)
{
    const struct object *stored =
        store_find(call->store, &kind_container_configuration, configuration_id);
    call_set_header(call, "ETag", stored ? stored->etag : "initial");
    return call_reply(call, 200,
                      json_pack("{s:b, s:s}", "isRepositoryCreatedOnFirstPush",
                                registry_creates_on_first_push(call), "namespace",
                                call_settings(call)->namespace));
}

/* The configuration is that of the tenancy, whichever compartment is named. */
static bool get_configuration(struct call *call)
{
    return call_compartment(call, call_query(call, "compartmentId")) && reply_configuration(call);
}

static bool update_configuration(struct call *call)
{
    json_t *value = json_object_get(call->body, "isRepositoryCreatedOnFirstPush");
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    struct object *stored =
        store_find(call->store, &kind_container_configuration, configuration_id);
    if (stored && !call_if_match(call, stored))
        return false;
    stored = stored ? change_edit(call->change, stored)
                    : change_add(call->change, &kind_container_configuration, configuration_id);
    if (value)
        json_object_set(stored->body, "isRepositoryCreatedOnFirstPush", value);
    return reply_configuration(call);
}

/* --- tables -------------------------------------------------------------------------------------- */

static const struct lifecycle life = {.active = "AVAILABLE"};

const struct kind kind_container_repository = {
    .type = "containerrepo",
    .title = "Container repository",
    .in_namespace = true,
    .unique = UNIQUE_IN_TENANCY,
    .exists_code = "NotAuthorizedOrResourceAlreadyExists",
    .life = &life,
    .limit = REPOSITORIES,
    .limit_name = "container-repository-count",
    .summary = "compartmentId|displayName|id|imageCount|isPublic|layerCount|layersSizeInBytes|"
               "lifecycleState|timeCreated|billableSizeInGBs|namespace|freeformTags|definedTags|"
               "systemTags",
    .create = create,
    .remove = remove_images,
};

const struct kind kind_container_image = {
    .type = "containerimage",
    .title = "Container image",
    .in_namespace = true,
    .life = &life,
    .summary = "compartmentId|digest|displayName|id|lifecycleState|repositoryId|repositoryName|"
               "timeCreated|version|freeformTags|definedTags|systemTags",
};

const struct kind kind_container_configuration = {
    .type = "containerconfiguration",
    .title = "Container configuration",
    .internal = true,
};

#define QUERIES_SCOPE                                                                              \
    {"compartmentId", .required = true, .min = 1, .max = 255},                                     \
    {                                                                                              \
        "compartmentIdInSubtree", FIELD_BOOL                                                       \
    }
#define QUERY_STATE                                                                                \
    {                                                                                              \
        "lifecycleState", .filter = "lifecycleState", .ignore_case = true                          \
    }

static const struct query repository_queries[] = {
    QUERIES_SCOPE,
    {"repositoryId", .filter = "id"},
    QUERY_DISPLAY_NAME,
    {"isPublic", FIELD_BOOL, .filter = "isPublic", .ignore_case = true},
    QUERY_STATE,
    QUERIES_PAGING,
    QUERIES_SORT("TIMECREATED|DISPLAYNAME"),
    QUERIES_END,
};

static const struct query image_queries[] = {
    QUERIES_SCOPE,
    QUERY_DISPLAY_NAME,
    {"imageId", .filter = "id"},
    {"isVersioned", FIELD_BOOL},
    {"repositoryId", .filter = "repositoryId"},
    {"repositoryName", .filter = "repositoryName"},
    {"version", .filter = "version"},
    QUERY_STATE,
    {"imageDigest", .filter = "digest"},
    QUERIES_PAGING,
    QUERIES_SORT("TIMECREATED|DISPLAYNAME"),
    QUERIES_END,
};

static const struct query configuration_queries[] = {
    {"compartmentId", .required = true, .min = 1, .max = 255},
    QUERIES_END,
};

#define REPOSITORY "/container/repositories/{repositoryId}"
#define IMAGE      "/container/images/{imageId}"

static const struct operation operations[] = {
    {"ListContainerRepositories", "GET", "/container/repositories", list_repositories,
     &kind_container_repository, repository_queries, .flags = OPERATION_ITEMS},
    {"CreateContainerRepository", "POST", "/container/repositories", crud_create,
     &kind_container_repository, NULL, &create_details, OPERATION_RETRY_TOKEN},
    {"GetContainerRepository", "GET", REPOSITORY, crud_get, &kind_container_repository},
    {"UpdateContainerRepository", "PUT", REPOSITORY, crud_update, &kind_container_repository, NULL,
     &update_details},
    {"DeleteContainerRepository", "DELETE", REPOSITORY, crud_delete, &kind_container_repository},
    {"ChangeContainerRepositoryCompartment", "POST", REPOSITORY "/actions/changeCompartment",
     crud_change_compartment, &kind_container_repository, NULL, &change_compartment_details,
     OPERATION_RETRY_TOKEN},
    {"GetContainerConfiguration", "GET", "/container/configuration", get_configuration, NULL,
     configuration_queries},
    {"UpdateContainerConfiguration", "PUT", "/container/configuration", update_configuration, NULL,
     configuration_queries, &update_configuration_details},
    {"ListContainerImages", "GET", "/container/images", list_images, &kind_container_image,
     image_queries, .flags = OPERATION_ITEMS},
    {"GetContainerImage", "GET", IMAGE, crud_get, &kind_container_image},
    {"UpdateContainerImage", "PUT", IMAGE, crud_update, &kind_container_image, NULL,
     &update_image_details},
    {"DeleteContainerImage", "DELETE", IMAGE, crud_delete, &kind_container_image},
    {"LookupContainerImageByUri", "POST", "/container/images/actions/lookupImageByUri",
     look_up_image, NULL, NULL, &lookup_details, OPERATION_RETRY_TOKEN},
    {NULL},
};

static const struct kind *const kinds[] = {
    &kind_container_repository,
    &kind_container_image,
    &kind_container_configuration,
    NULL,
};

const struct service service_artifacts = {
    .name = "artifacts",
    .hosts = "artifacts",
    .base_path = "/20160918",
    .operations = operations,
    .kinds = kinds,
};
