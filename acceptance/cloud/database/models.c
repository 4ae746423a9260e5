#include "acceptance/cloud/database/database.h"

static const struct model okv_key_details = {
    "OkvKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           {"okvUri", FIELD_TEXT, .required = true},
                           {"okvKmsKey", FIELD_TEXT, .required = true},
                           {"directoryName", FIELD_TEXT, .required = true},
                           {"certificateDirectoryName", FIELD_TEXT, .required = true},
                           {"certificateId", FIELD_TEXT},
                           FIELDS_END}};

static const struct model azure_key_details = {
    "AzureKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           {"vaultUri", FIELD_TEXT, .required = true},
                           {"keyName", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model aws_key_details = {
    "AwsKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           {"serviceEndpointUri", FIELD_TEXT, .required = true},
                           {"keyArn", FIELD_TEXT, .required = true},
                           {"arnRole", FIELD_TEXT},
                           {"externalId", FIELD_TEXT},
                           FIELDS_END}};

static const struct model oci_key_details = {
    "OciKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           {"kmsKeyId", FIELD_TEXT, .required = true},
                           {"vaultId", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model gcp_key_details = {
    "GcpKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           {"keyName", FIELD_TEXT, .required = true},
                           {"kmsRestEndpoint", FIELD_TEXT},
                           {"project", FIELD_TEXT, .required = true},
                           {"location", FIELD_TEXT, .required = true},
                           {"keyRing", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model oracle_managed_key_details = {
    "OracleManagedKeyDetails",
    (const struct field[]){{"provider", FIELD_TEXT, .one_of = "AWS|AZURE|OCI|OKV|ORACLE_MANAGED"},
                           FIELDS_END}};

static const struct model autonomous_database_encryption_key_details = {
    "AutonomousDatabaseEncryptionKeyDetails", .discriminator = "provider",
    .subtypes = (const struct subtype[]){{"OKV", &okv_key_details},
                                         {"AZURE", &azure_key_details},
                                         {"AWS", &aws_key_details},
                                         {"OCI", &oci_key_details},
                                         {"GCP", &gcp_key_details},
                                         {"ORACLE_MANAGED", &oracle_managed_key_details},
                                         {NULL}}};

static const struct model customer_contact = {
    "CustomerContact", (const struct field[]){{"email", FIELD_TEXT}, FIELDS_END}};

static const struct model resource_pool_summary = {
    "ResourcePoolSummary", (const struct field[]){{"poolSize", FIELD_INTEGER},
                                                  {"poolStorageSizeInTBs", FIELD_INTEGER},
                                                  {"availableStorageCapacityInTBs", FIELD_NUMBER},
                                                  {"totalComputeCapacity", FIELD_INTEGER},
                                                  {"availableComputeCapacity", FIELD_INTEGER},
                                                  {"isDisabled", FIELD_BOOL},
                                                  FIELDS_END}};

static const struct model day_of_week = {
    "DayOfWeek",
    (const struct field[]){{"name", FIELD_TEXT, .required = true,
                            .one_of = "FRIDAY|MONDAY|SATURDAY|SUNDAY|THURSDAY|TUESDAY|WEDNESDAY"},
                           FIELDS_END}};

static const struct model autonomous_database_maintenance_window_summary = {
    "AutonomousDatabaseMaintenanceWindowSummary",
    (const struct field[]){{"dayOfWeek", FIELD_MODEL, .required = true, .model = &day_of_week},
                           {"maintenanceStartTime", FIELD_TEXT},
                           {"maintenanceEndTime", FIELD_TEXT},
                           {"availabilityDomain", FIELD_TEXT},
                           {"isMaintenanceWindowChangeScheduled", FIELD_BOOL},
                           FIELDS_END}};

static const struct model scheduled_operation_details = {
    "ScheduledOperationDetails",
    (const struct field[]){{"dayOfWeek", FIELD_MODEL, .required = true, .model = &day_of_week},
                           {"scheduledStartTime", FIELD_TEXT},
                           {"scheduledStopTime", FIELD_TEXT},
                           FIELDS_END}};

static const struct model database_tool = {
    "DatabaseTool",
    (const struct field[]){{"name", FIELD_TEXT, .required = true,
                            .one_of = "APEX|DATABASE_ACTIONS|DATA_TRANSFORMS|ESSBASE|GRAPH_STUDIO|"
                                      "MONGODB_API|OML|ORDS|SPATIAL_STUDIO"},
                           {"isEnabled", FIELD_BOOL},
                           {"computeCount", FIELD_NUMBER, .min = 0, .max = 512},
                           {"maxIdleTimeInMinutes", FIELD_INTEGER},
                           FIELDS_END}};

static const struct model import_transportable_tablespace_details = {
    "ImportTransportableTablespaceDetails",
    (const struct field[]){{"ttsBundleUrl", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model create_autonomous_database_details = {
    "CreateAutonomousDatabaseDetails",
    (const struct field[]){
        {"subscriptionId", FIELD_TEXT},
        FIELD_COMPARTMENT,
        {"availabilityDomain", FIELD_TEXT},
        {"characterSet", FIELD_TEXT},
        {"ncharacterSet", FIELD_TEXT},
        {"dbName", FIELD_TEXT, .min = 1, .max = 30},
        {"cpuCoreCount", FIELD_INTEGER, .min = 0, .max = 128},
        {"backupRetentionPeriodInDays", FIELD_INTEGER, .min = 1, .max = 60},
        {"computeModel", FIELD_TEXT, .one_of = "ECPU|OCPU"},
        {"computeCount", FIELD_NUMBER, .min = 0, .max = 512},
        {"ocpuCount", FIELD_NUMBER},
        {"dbWorkload", FIELD_TEXT, .one_of = "AJD|APEX|DW|LH|OLTP"},
        {"dataStorageSizeInTBs", FIELD_INTEGER, .min = 1, .max = 384},
        {"dataStorageSizeInGBs", FIELD_INTEGER, .min = 20, .max = 393216},
        {"isFreeTier", FIELD_BOOL},
        {"kmsKeyId", FIELD_TEXT},
        {"vaultId", FIELD_TEXT},
        {"encryptionKey", FIELD_MODEL, .model = &autonomous_database_encryption_key_details},
        {"adminPassword", FIELD_TEXT, .hidden = true},
        FIELD_DISPLAY_NAME,
        {"licenseModel", FIELD_TEXT, .one_of = "BRING_YOUR_OWN_LICENSE|LICENSE_INCLUDED"},
        {"byolComputeCountLimit", FIELD_NUMBER},
        {"isPreviewVersionWithServiceTermsAccepted", FIELD_BOOL, .hidden = true},
        {"isAutoScalingEnabled", FIELD_BOOL},
        {"isDevTier", FIELD_BOOL},
        {"isDedicated", FIELD_BOOL},
        {"autonomousContainerDatabaseId", FIELD_TEXT},
        {"inMemoryPercentage", FIELD_INTEGER},
        {"isAccessControlEnabled", FIELD_BOOL},
        {"whitelistedIps", FIELD_TEXT, .list = true},
        {"arePrimaryWhitelistedIpsUsed", FIELD_BOOL},
        {"standbyWhitelistedIps", FIELD_TEXT, .list = true},
        {"isDataGuardEnabled", FIELD_BOOL},
        {"isLocalDataGuardEnabled", FIELD_BOOL},
        {"subnetId", FIELD_TEXT},
        {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
        {"privateEndpointLabel", FIELD_TEXT},
        {"securityAttributes", FIELD_DEFINED_TAGS},
        {"privateEndpointIp", FIELD_TEXT},
        {"dbVersion", FIELD_TEXT},
        {"source", FIELD_TEXT,
         .one_of = "BACKUP_FROM_ID|BACKUP_FROM_TIMESTAMP|CLONE_TO_REFRESHABLE|CROSS_REGION_"
                   "DATAGUARD|CROSS_REGION_DISASTER_RECOVERY|DATABASE|NONE|UNDELETE_ADB",
         .hidden = true},
        {"customerContacts", FIELD_MODEL, .list = true, .list_max = 10, .model = &customer_contact},
        {"isMtlsConnectionRequired", FIELD_BOOL},
        {"resourcePoolLeaderId", FIELD_TEXT},
        {"resourcePoolSummary", FIELD_MODEL, .model = &resource_pool_summary},
        {"autonomousMaintenanceScheduleType", FIELD_TEXT, .one_of = "EARLY|REGULAR"},
        {"autonomousDatabaseMaintenanceWindow", FIELD_MODEL,
         .model = &autonomous_database_maintenance_window_summary},
        {"scheduledOperations", FIELD_MODEL, .list = true, .model = &scheduled_operation_details},
        {"isAutoScalingForStorageEnabled", FIELD_BOOL},
        {"databaseEdition", FIELD_TEXT, .one_of = "STANDARD_EDITION|ENTERPRISE_EDITION"},
        {"dbToolsDetails", FIELD_MODEL, .list = true, .model = &database_tool},
        {"isBackupRetentionLocked", FIELD_BOOL},
        {"secretId", FIELD_TEXT, .hidden = true},
        {"secretVersionNumber", FIELD_INTEGER, .hidden = true},
        {"transportableTablespace", FIELD_MODEL, .model = &import_transportable_tablespace_details,
         .hidden = true},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model long_term_back_up_schedule_details = {
    "LongTermBackUpScheduleDetails",
    (const struct field[]){
        {"repeatCadence", FIELD_TEXT, .one_of = "MONTHLY|ONE_TIME|WEEKLY|YEARLY"},
        {"timeOfBackup", FIELD_TIME},
        {"retentionPeriodInDays", FIELD_INTEGER},
        {"isDisabled", FIELD_BOOL},
        FIELDS_END}};

static const struct model vanity_url_details = {
    "VanityUrlDetails", (const struct field[]){{"isDisabled", FIELD_BOOL},
                                               {"apiGatewayId", FIELD_TEXT},
                                               {"vanityUrlHostName", FIELD_TEXT},
                                               FIELDS_END}};

const struct model update_autonomous_database_details = {
    "UpdateAutonomousDatabaseDetails",
    (const struct field[]){
        {"backupRetentionPeriodInDays", FIELD_INTEGER, .min = 1, .max = 60},
        {"computeModel", FIELD_TEXT, .one_of = "ECPU|OCPU"},
        {"inMemoryPercentage", FIELD_INTEGER},
        {"localAdgAutoFailoverMaxDataLossLimit", FIELD_INTEGER},
        {"cpuCoreCount", FIELD_INTEGER, .min = 0, .max = 128},
        {"longTermBackupSchedule", FIELD_MODEL, .model = &long_term_back_up_schedule_details},
        {"isDevTier", FIELD_BOOL},
        {"computeCount", FIELD_NUMBER, .min = 0, .max = 512},
        {"ocpuCount", FIELD_NUMBER},
        {"dataStorageSizeInTBs", FIELD_INTEGER, .min = 1, .max = 384},
        {"dataStorageSizeInGBs", FIELD_INTEGER, .min = 20, .max = 393216},
        FIELD_DISPLAY_NAME,
        {"isFreeTier", FIELD_BOOL},
        {"availabilityDomain", FIELD_TEXT},
        {"timeScheduledAdUpdate", FIELD_TIME},
        {"isDisableAdUpdateSchedule", FIELD_BOOL, .hidden = true},
        {"isScheduleAdUpdateToEarliest", FIELD_BOOL, .hidden = true},
        {"adminPassword", FIELD_TEXT, .hidden = true},
        {"dbName", FIELD_TEXT, .min = 1, .max = 30},
        {"securityAttributes", FIELD_DEFINED_TAGS},
        {"dbWorkload", FIELD_TEXT, .one_of = "AJD|APEX|DW|LH|OLTP"},
        {"licenseModel", FIELD_TEXT, .one_of = "BRING_YOUR_OWN_LICENSE|LICENSE_INCLUDED"},
        {"byolComputeCountLimit", FIELD_NUMBER},
        {"isAccessControlEnabled", FIELD_BOOL},
        {"whitelistedIps", FIELD_TEXT, .list = true},
        {"arePrimaryWhitelistedIpsUsed", FIELD_BOOL},
        {"standbyWhitelistedIps", FIELD_TEXT, .list = true},
        {"isAutoScalingEnabled", FIELD_BOOL},
        {"isRefreshableClone", FIELD_BOOL},
        {"refreshableMode", FIELD_TEXT, .one_of = "AUTOMATIC|MANUAL"},
        {"isLocalDataGuardEnabled", FIELD_BOOL},
        {"isDataGuardEnabled", FIELD_BOOL},
        {"peerDbId", FIELD_TEXT, .hidden = true},
        {"dbVersion", FIELD_TEXT},
        {"openMode", FIELD_TEXT, .one_of = "READ_ONLY|READ_WRITE"},
        {"permissionLevel", FIELD_TEXT, .one_of = "RESTRICTED|UNRESTRICTED"},
        {"subnetId", FIELD_TEXT},
        {"privateEndpointLabel", FIELD_TEXT},
        {"privateEndpointIp", FIELD_TEXT},
        {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
        {"autoRefreshFrequencyInSeconds", FIELD_INTEGER},
        {"autoRefreshPointLagInSeconds", FIELD_INTEGER},
        {"timeOfAutoRefreshStart", FIELD_TIME},
        {"customerContacts", FIELD_MODEL, .list = true, .list_max = 10, .model = &customer_contact},
        {"isMtlsConnectionRequired", FIELD_BOOL},
        {"resourcePoolLeaderId", FIELD_TEXT},
        {"resourcePoolSummary", FIELD_MODEL, .model = &resource_pool_summary},
        {"autonomousMaintenanceScheduleType", FIELD_TEXT, .one_of = "EARLY|REGULAR"},
        {"autonomousDatabaseMaintenanceWindow", FIELD_MODEL,
         .model = &autonomous_database_maintenance_window_summary},
        {"timeMaintenancePauseUntil", FIELD_TIME},
        {"scheduledMaintenanceWindow", FIELD_MODEL,
         .model = &autonomous_database_maintenance_window_summary},
        {"timeScheduledMaintenanceWindowUpdate", FIELD_TIME},
        {"isBackupRetentionLocked", FIELD_BOOL},
        {"timeScheduledDbVersionUpgrade", FIELD_TIME},
        {"isDisableDbVersionUpgradeSchedule", FIELD_BOOL, .hidden = true},
        {"isScheduleDbVersionUpgradeToEarliest", FIELD_BOOL, .hidden = true},
        {"scheduledOperations", FIELD_MODEL, .list = true, .model = &scheduled_operation_details},
        {"isAutoScalingForStorageEnabled", FIELD_BOOL},
        {"databaseEdition", FIELD_TEXT, .one_of = "STANDARD_EDITION|ENTERPRISE_EDITION"},
        {"dbToolsDetails", FIELD_MODEL, .list = true, .model = &database_tool},
        {"vanityUrlDetails", FIELD_MODEL, .model = &vanity_url_details},
        {"secretId", FIELD_TEXT, .hidden = true},
        {"secretVersionNumber", FIELD_INTEGER, .hidden = true},
        {"encryptionKey", FIELD_MODEL, .model = &autonomous_database_encryption_key_details},
        {"isDisconnectPeer", FIELD_BOOL, .hidden = true},
        {"localAdgResourcePoolLeaderId", FIELD_TEXT},
        FIELDS_TAGS,
        FIELDS_END}};

/* Copies of other databases and the like are not offered. */
const struct model create_autonomous_database_base = {
    "CreateAutonomousDatabaseBase", .discriminator = "source",
    .subtypes = (const struct subtype[]){{"NONE", &create_autonomous_database_details}, {NULL}},
    .fallback = "NONE"};

const struct model restart_autonomous_database_details = {
    "RestartAutonomousDatabaseDetails",
    (const struct field[]){{"isForceRestart", FIELD_BOOL}, FIELDS_END}};

const struct model stop_autonomous_database_details = {
    "StopAutonomousDatabaseDetails",
    (const struct field[]){{"isForceStop", FIELD_BOOL}, FIELDS_END}};
