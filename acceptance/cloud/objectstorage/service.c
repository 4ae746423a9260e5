/* The native API of Object Storage: models, query parameters, operations. */
#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"

/* --- models -------------------------------------------------------------------------------------- */

#define ACCESS_TYPES "NoPublicAccess|ObjectRead|ObjectReadWithoutList"
#define TIERS        "Standard|InfrequentAccess|Archive"

#define FIELDS_BUCKET                                                                              \
    {"metadata", FIELD_TEXT_MAP}, {"publicAccessType", FIELD_TEXT, .one_of = ACCESS_TYPES},        \
        {"objectEventsEnabled", FIELD_BOOL}, {"kmsKeyId", FIELD_TEXT},                             \
        {"isBucketKeyEnabled", FIELD_BOOL},                                                        \
        {"autoTiering", FIELD_TEXT, .one_of = "Disabled|InfrequentAccess"},                        \
    {                                                                                              \
        "bucketScope", FIELD_TEXT, .one_of = "NAMESPACE|REGION"                                    \
    }

static const struct model create_bucket_details = {
    "CreateBucketDetails",
    (const struct field[]){{"name", FIELD_TEXT, .required = true},
                           FIELD_COMPARTMENT,
                           FIELDS_BUCKET,
                           {"storageTier", FIELD_TEXT, .one_of = "Standard|Archive"},
                           {"versioning", FIELD_TEXT, .one_of = "Enabled|Disabled"},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_bucket_details = {
    "UpdateBucketDetails",
    (const struct field[]){{"namespace", FIELD_TEXT},
                           {"compartmentId", FIELD_TEXT, .min = 1, .max = 255},
                           {"name", FIELD_TEXT},
                           FIELDS_BUCKET,
                           {"versioning", FIELD_TEXT, .one_of = "Enabled|Suspended"},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_namespace_metadata_details = {
    "UpdateNamespaceMetadataDetails",
    (const struct field[]){{"defaultS3CompartmentId", FIELD_TEXT},
                           {"defaultSwiftCompartmentId", FIELD_TEXT},
                           FIELDS_END}};

static const struct model create_multipart_upload_details = {
    "CreateMultipartUploadDetails",
    (const struct field[]){
        {"object", FIELD_TEXT, .required = true, .min = 1, .max = OBJECT_NAME_LENGTH},
        {"contentType", FIELD_TEXT},
        {"contentLanguage", FIELD_TEXT},
        {"contentEncoding", FIELD_TEXT},
        {"contentDisposition", FIELD_TEXT},
        {"cacheControl", FIELD_TEXT},
        {"storageTier", FIELD_TEXT, .one_of = TIERS},
        {"metadata", FIELD_TEXT_MAP},
        FIELDS_END}};

static const struct model commit_multipart_upload_part_details = {
    "CommitMultipartUploadPartDetails",
    (const struct field[]){
        {"partNum", FIELD_INTEGER, .required = true, .min = 1, .max = PART_NUMBER_LIMIT},
        {"etag", FIELD_TEXT, .required = true},
        FIELDS_END}};

static const struct model commit_multipart_upload_details = {
    "CommitMultipartUploadDetails",
    (const struct field[]){{"partsToCommit", FIELD_MODEL, .required = true, .list = true,
                            .list_min = 1, .list_max = PART_NUMBER_LIMIT,
                            .model = &commit_multipart_upload_part_details},
                           {"partsToExclude", FIELD_INTEGER, .list = true},
                           FIELDS_END}};

static const struct model create_preauthenticated_request_details = {
    "CreatePreauthenticatedRequestDetails",
    (const struct field[]){{"name", FIELD_TEXT, .required = true, .min = 1, .max = 255},
                           {"bucketListingAction", FIELD_TEXT, .one_of = "Deny|ListObjects"},
                           {"objectName", FIELD_TEXT, .min = 0, .max = OBJECT_NAME_LENGTH},
                           {"accessType", FIELD_TEXT, .required = true,
                            .one_of = "ObjectRead|ObjectWrite|ObjectReadWrite|AnyObjectRead|"
                                      "AnyObjectWrite|AnyObjectReadWrite"},
                           {"timeExpires", FIELD_TIME, .required = true},
                           FIELDS_END}};

static const struct model duration = {
    "Duration",
    (const struct field[]){{"timeAmount", FIELD_INTEGER, .required = true, .min = 1, .max = 36500},
                           {"timeUnit", FIELD_TEXT, .required = true, .one_of = "DAYS|YEARS"},
                           FIELDS_END}};

#define FIELDS_RETENTION_RULE                                                                      \
    FIELD_DISPLAY_NAME, {"duration", FIELD_MODEL, .model = &duration},                             \
    {                                                                                              \
        "timeRuleLocked", FIELD_TIME                                                               \
    }

static const struct model create_retention_rule_details = {
    "CreateRetentionRuleDetails", (const struct field[]){FIELDS_RETENTION_RULE, FIELDS_END}};

static const struct model update_retention_rule_details = {
    "UpdateRetentionRuleDetails", (const struct field[]){FIELDS_RETENTION_RULE, FIELDS_END}};

static const struct model object_name_filter = {
    "ObjectNameFilter", (const struct field[]){{"inclusionPrefixes", FIELD_TEXT, .list = true},
                                               {"inclusionPatterns", FIELD_TEXT, .list = true},
                                               {"exclusionPatterns", FIELD_TEXT, .list = true},
                                               FIELDS_END}};

static const struct model object_lifecycle_rule = {
    "ObjectLifecycleRule",
    (const struct field[]){
        {"name", FIELD_TEXT, .required = true, .min = 1, .max = 255},
        {"target", FIELD_TEXT, .one_of = "objects|multipart-uploads|previous-object-versions"},
        {"action", FIELD_TEXT, .required = true,
         .one_of = "ARCHIVE|INFREQUENT_ACCESS|DELETE|ABORT"},
        {"timeAmount", FIELD_INTEGER, .required = true, .min = 1, .max = 36500},
        {"timeUnit", FIELD_TEXT, .required = true, .one_of = "DAYS|YEARS"},
        {"isEnabled", FIELD_BOOL, .required = true},
        {"objectNameFilter", FIELD_MODEL, .model = &object_name_filter},
        FIELDS_END}};

static const struct model put_object_lifecycle_policy_details = {
    "PutObjectLifecyclePolicyDetails",
    (const struct field[]){{"items", FIELD_MODEL, .list = true, .list_max = LIST_LIMIT,
                            .model = &object_lifecycle_rule},
                           FIELDS_END}};

static const struct model batch_delete_object_identifier = {
    "BatchDeleteObjectIdentifier",
    (const struct field[]){
        {"objectName", FIELD_TEXT, .required = true}, {"ifMatch", FIELD_TEXT}, FIELDS_END}};

static const struct model batch_delete_objects_details = {
    "BatchDeleteObjectsDetails",
    (const struct field[]){{"objects", FIELD_MODEL, .required = true, .list = true, .list_min = 1,
                            .list_max = LIST_LIMIT, .model = &batch_delete_object_identifier},
                           {"isSkipDeletedResult", FIELD_BOOL},
                           FIELDS_END}};

static const struct model rename_object_details = {
    "RenameObjectDetails", (const struct field[]){{"sourceName", FIELD_TEXT, .required = true},
                                                  {"newName", FIELD_TEXT, .required = true},
                                                  {"srcObjIfMatchETag", FIELD_TEXT},
                                                  {"newObjIfMatchETag", FIELD_TEXT},
                                                  {"newObjIfNoneMatchETag", FIELD_TEXT},
                                                  FIELDS_END}};

/* --- query parameters ------------------------------------------------------------------------------ */

static const struct query namespace_queries[] = {{"compartmentId", .min = 1, .max = 255},
                                                 QUERIES_END};

static const struct query bucket_list_queries[] = {
    {"compartmentId", .required = true, .min = 1, .max = 255},
    QUERIES_PAGING,
    {"fields", .comma = true, .one_of = "tags"},
    QUERIES_END,
};

static const struct query bucket_queries[] = {
    {"fields", .comma = true, .one_of = "approximateCount|approximateSize|autoTiering"},
    QUERIES_END,
};

static const struct query version_queries[] = {{"versionId"}, QUERIES_END};

static const struct query get_object_queries[] = {
    {"versionId"},
    {"httpResponseContentDisposition"},
    {"httpResponseCacheControl"},
    {"httpResponseContentType"},
    {"httpResponseContentLanguage"},
    {"httpResponseContentEncoding"},
    {"httpResponseExpires"},
    QUERIES_END,
};

#define QUERIES_LISTING                                                                            \
    {"prefix"}, {"start"}, {"end"}, {"startAfter"}, {"delimiter"},                                 \
    {                                                                                              \
        "fields"                                                                                   \
    }

static const struct query list_object_queries[] = {
    QUERIES_LISTING,
    {"limit", FIELD_INTEGER, .min = 1, .max = LIST_LIMIT},
    QUERIES_END,
};

static const struct query list_version_queries[] = {QUERIES_LISTING, QUERIES_PAGING, QUERIES_END};

static const struct query paging_queries[] = {QUERIES_PAGING, QUERIES_END};

static const struct query page_queries[] = {{"page", .min = 1, .max = 1024}, QUERIES_END};

static const struct query upload_queries[] = {{"uploadId", .required = true}, QUERIES_END};

static const struct query list_part_queries[] = {
    {"uploadId", .required = true},
    QUERIES_PAGING,
    QUERIES_END,
};

static const struct query upload_part_queries[] = {
    {"uploadId", .required = true},
    {"uploadPartNum", FIELD_INTEGER, .required = true, .min = 1, .max = PART_NUMBER_LIMIT},
    QUERIES_END,
};

static const struct query par_queries[] = {{"objectNamePrefix"}, QUERIES_PAGING, QUERIES_END};

/* --- operations ------------------------------------------------------------------------------------ */

#define NAMESPACE "/n/{namespaceName}"
#define BUCKET    NAMESPACE "/b/{bucketName}"
#define OBJECT    BUCKET "/o/{objectName+}"
#define UPLOAD    BUCKET "/u/{objectName+}"
#define PAR       BUCKET "/p/{parId+}"
#define RULES     BUCKET "/retentionRules"
#define RULE      RULES "/{retentionRuleId}"
#define RAW       (OPERATION_RAW_BODY | OPERATION_BODY_UNSIGNED)

static const struct operation operations[] = {
    {"GetNamespace", "GET", "/n", os_get_namespace, NULL, namespace_queries},
    {"GetNamespace", "GET", "/n/", os_get_namespace, NULL, namespace_queries},
    {"GetNamespaceMetadata", "GET", NAMESPACE, os_get_namespace_metadata},
    {"UpdateNamespaceMetadata", "PUT", NAMESPACE, os_update_namespace_metadata, NULL, NULL,
     &update_namespace_metadata_details},
    {"ListBuckets", "GET", NAMESPACE "/b", os_list_buckets, NULL, bucket_list_queries},
    {"ListBuckets", "GET", NAMESPACE "/b/", os_list_buckets, NULL, bucket_list_queries},
    {"CreateBucket", "POST", NAMESPACE "/b", os_create_bucket, NULL, NULL, &create_bucket_details},
    {"CreateBucket", "POST", NAMESPACE "/b/", os_create_bucket, NULL, NULL, &create_bucket_details},
    {"GetBucket", "GET", BUCKET, os_get_bucket, NULL, bucket_queries},
    {"HeadBucket", "HEAD", BUCKET, os_get_bucket},
    {"UpdateBucket", "POST", BUCKET, os_update_bucket, NULL, NULL, &update_bucket_details},
    {"DeleteBucket", "DELETE", BUCKET, os_delete_bucket},
    {"PutObjectLifecyclePolicy", "PUT", BUCKET "/l", os_put_lifecycle_policy, NULL, NULL,
     &put_object_lifecycle_policy_details},
    {"GetObjectLifecyclePolicy", "GET", BUCKET "/l", os_get_lifecycle_policy},
    {"DeleteObjectLifecyclePolicy", "DELETE", BUCKET "/l", os_delete_lifecycle_policy},
    {"CreateRetentionRule", "POST", RULES, os_create_retention_rule, NULL, NULL,
     &create_retention_rule_details},
    {"ListRetentionRules", "GET", RULES, os_list_retention_rules, NULL, page_queries,
     .flags = OPERATION_ITEMS},
    {"GetRetentionRule", "GET", RULE, os_get_retention_rule},
    {"UpdateRetentionRule", "PUT", RULE, os_update_retention_rule, NULL, NULL,
     &update_retention_rule_details},
    {"DeleteRetentionRule", "DELETE", RULE, os_delete_retention_rule},
    {"PutObject", "PUT", OBJECT, os_put_object, .flags = RAW},
    {"GetObject", "GET", OBJECT, os_get_object, NULL, get_object_queries},
    {"HeadObject", "HEAD", OBJECT, os_get_object, NULL, version_queries},
    {"DeleteObject", "DELETE", OBJECT, os_delete_object, NULL, version_queries},
    {"ListObjects", "GET", BUCKET "/o", os_list_objects, NULL, list_object_queries},
    {"ListObjectVersions", "GET", BUCKET "/objectversions", os_list_object_versions, NULL,
     list_version_queries, .flags = OPERATION_ITEMS},
    {"RenameObject", "POST", BUCKET "/actions/renameObject", os_rename_object, NULL, NULL,
     &rename_object_details},
    {"BatchDeleteObjects", "POST", BUCKET "/actions/batchDeleteObjects", os_batch_delete_objects,
     NULL, NULL, &batch_delete_objects_details},
    {"CreateMultipartUpload", "POST", BUCKET "/u", os_create_upload, NULL, NULL,
     &create_multipart_upload_details},
    {"ListMultipartUploads", "GET", BUCKET "/u", os_list_uploads, NULL, paging_queries},
    {"ListMultipartUploadParts", "GET", UPLOAD, os_list_parts, NULL, list_part_queries},
    {"UploadPart", "PUT", UPLOAD, os_upload_part, NULL, upload_part_queries, .flags = RAW},
    {"CommitMultipartUpload", "POST", UPLOAD, os_commit_upload, NULL, upload_queries,
     &commit_multipart_upload_details},
    {"AbortMultipartUpload", "DELETE", UPLOAD, os_abort_upload, NULL, upload_queries},
    {"CreatePreauthenticatedRequest", "POST", BUCKET "/p", os_create_par, NULL, NULL,
     &create_preauthenticated_request_details},
    {"CreatePreauthenticatedRequest", "POST", BUCKET "/p/", os_create_par, NULL, NULL,
     &create_preauthenticated_request_details},
    {"ListPreauthenticatedRequests", "GET", BUCKET "/p", os_list_pars, NULL, par_queries},
    {"ListPreauthenticatedRequests", "GET", BUCKET "/p/", os_list_pars, NULL, par_queries},
    {"GetPreauthenticatedRequest", "GET", PAR, os_get_par},
    {"DeletePreauthenticatedRequest", "DELETE", PAR, os_delete_par},
    {NULL},
};

static const struct kind *const kinds[] = {
    &kind_namespace,
    &kind_bucket,
    &kind_stored_object,
    &kind_blob,
    &kind_upload,
    &kind_upload_part,
    &kind_par,
    &kind_retention_rule,
    &kind_lifecycle_policy,
    NULL,
};

const struct service service_objectstorage = {
    .name = "objectstorage",
    .hosts = "objectstorage|*.objectstorage",
    .base_path = "",
    .operations = operations,
    .kinds = kinds,
};
