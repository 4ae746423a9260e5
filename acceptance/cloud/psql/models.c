#include "acceptance/cloud/psql/psql.h"

static const struct model oci_optimized_storage_details = {
    "OciOptimizedStorageDetails",
    (const struct field[]){{"systemType", FIELD_TEXT, .required = true},
                           {"isRegionallyDurable", FIELD_BOOL, .required = true},
                           {"availabilityDomain", FIELD_TEXT},
                           {"kmsKeyId", FIELD_TEXT},
                           {"iops", FIELD_INTEGER, .min = 75000, .max = 750000},
                           FIELDS_END}};

static const struct model storage_details = {
    "StorageDetails", .discriminator = "systemType",
    .subtypes = (const struct subtype[]){{"OCI_OPTIMIZED_STORAGE", &oci_optimized_storage_details},
                                         {NULL}}};

static const struct model create_db_instance_details = {
    "CreateDbInstanceDetails",
    (const struct field[]){FIELD_DISPLAY_NAME,
                           {"description", FIELD_TEXT, .min = 0, .max = 400},
                           {"privateIp", FIELD_TEXT},
                           FIELDS_END}};

static const struct model plain_text_password_details = {
    "PlainTextPasswordDetails",
    (const struct field[]){
        {"passwordType", FIELD_TEXT, .required = true, .one_of = "PLAIN_TEXT|VAULT_SECRET"},
        {"password", FIELD_TEXT, .required = true},
        FIELDS_END}};

static const struct model vault_secret_password_details = {
    "VaultSecretPasswordDetails",
    (const struct field[]){
        {"passwordType", FIELD_TEXT, .required = true, .one_of = "PLAIN_TEXT|VAULT_SECRET"},
        {"secretId", FIELD_TEXT, .required = true},
        {"secretVersion", FIELD_TEXT, .required = true},
        FIELDS_END}};

static const struct model password_details = {
    "PasswordDetails", .discriminator = "passwordType",
    .subtypes = (const struct subtype[]){{"PLAIN_TEXT", &plain_text_password_details},
                                         {"VAULT_SECRET", &vault_secret_password_details},
                                         {NULL}}};

static const struct model credentials = {
    "Credentials",
    (const struct field[]){
        {"username", FIELD_TEXT, .required = true, .min = 1, .max = 63},
        {"passwordDetails", FIELD_MODEL, .required = true, .model = &password_details},
        FIELDS_END}};

static const struct model network_details = {
    "NetworkDetails", (const struct field[]){{"subnetId", FIELD_TEXT, .required = true},
                                             {"primaryDbEndpointPrivateIp", FIELD_TEXT},
                                             {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                                             {"isReaderEndpointEnabled", FIELD_BOOL},
                                             FIELDS_END}};

static const struct model backup_copy_policy = {
    "BackupCopyPolicy", (const struct field[]){FIELD_COMPARTMENT,
                                               {"retentionPeriod", FIELD_INTEGER},
                                               {"regions", FIELD_TEXT, .list = true},
                                               {"kmsKeyIds", FIELD_TEXT, .list = true},
                                               FIELDS_END}};

static const struct model daily_backup_policy = {
    "DailyBackupPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "DAILY|MONTHLY|NONE|WEEKLY"},
                           {"retentionDays", FIELD_INTEGER, .min = 1, .max = 35},
                           {"copyPolicy", FIELD_MODEL, .model = &backup_copy_policy},
                           {"backupStart", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model weekly_backup_policy = {
    "WeeklyBackupPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "DAILY|MONTHLY|NONE|WEEKLY"},
                           {"retentionDays", FIELD_INTEGER, .min = 1, .max = 35},
                           {"copyPolicy", FIELD_MODEL, .model = &backup_copy_policy},
                           {"daysOfTheWeek", FIELD_TEXT, .required = true, .list = true,
                            .one_of = "FRIDAY|MONDAY|SATURDAY|SUNDAY|THURSDAY|TUESDAY|WEDNESDAY"},
                           {"backupStart", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model none_backup_policy = {
    "NoneBackupPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "DAILY|MONTHLY|NONE|WEEKLY"},
                           {"retentionDays", FIELD_INTEGER, .min = 1, .max = 35},
                           {"copyPolicy", FIELD_MODEL, .model = &backup_copy_policy},
                           FIELDS_END}};

static const struct model monthly_backup_policy = {
    "MonthlyBackupPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "DAILY|MONTHLY|NONE|WEEKLY"},
                           {"retentionDays", FIELD_INTEGER, .min = 1, .max = 35},
                           {"copyPolicy", FIELD_MODEL, .model = &backup_copy_policy},
                           {"backupStart", FIELD_TEXT, .required = true},
                           {"daysOfTheMonth", FIELD_INTEGER, .required = true, .list = true},
                           FIELDS_END}};

static const struct model backup_policy = {
    "BackupPolicy", .discriminator = "kind",
    .subtypes = (const struct subtype[]){{"DAILY", &daily_backup_policy},
                                         {"WEEKLY", &weekly_backup_policy},
                                         {"NONE", &none_backup_policy},
                                         {"MONTHLY", &monthly_backup_policy},
                                         {NULL}}};

static const struct model standard_pitr_policy = {
    "StandardPitrPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "NONE|STANDARD"},
                           {"restoreDays", FIELD_INTEGER, .required = true, .min = 1, .max = 35},
                           FIELDS_END}};

static const struct model none_pitr_policy = {
    "NonePitrPolicy",
    (const struct field[]){{"kind", FIELD_TEXT, .one_of = "NONE|STANDARD"}, FIELDS_END}};

static const struct model pitr_policy = {
    "PitrPolicy", .discriminator = "kind",
    .subtypes = (const struct subtype[]){
        {"STANDARD", &standard_pitr_policy}, {"NONE", &none_pitr_policy}, {NULL}}};

static const struct model management_policy_details = {
    "ManagementPolicyDetails",
    (const struct field[]){{"maintenanceWindowStart", FIELD_TEXT},
                           {"backupPolicy", FIELD_MODEL, .model = &backup_policy},
                           {"pitrPolicy", FIELD_MODEL, .model = &pitr_policy},
                           FIELDS_END}};

static const struct model backup_source_details = {
    "BackupSourceDetails",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true,
                            .one_of = "BACKUP|DB_SYSTEM|NONE|POINT_IN_TIME_DB_SYSTEM"},
                           {"backupId", FIELD_TEXT, .required = true},
                           {"isHavingRestoreConfigOverrides", FIELD_BOOL},
                           FIELDS_END}};

static const struct model primary_db_system_source_details = {
    "PrimaryDbSystemSourceDetails",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true,
                            .one_of = "BACKUP|DB_SYSTEM|NONE|POINT_IN_TIME_DB_SYSTEM"},
                           {"primaryDbSystemId", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model none_source_details = {
    "NoneSourceDetails",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true,
                            .one_of = "BACKUP|DB_SYSTEM|NONE|POINT_IN_TIME_DB_SYSTEM"},
                           FIELDS_END}};

static const struct model point_in_time_db_system_source_details = {
    "PointInTimeDbSystemSourceDetails",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true,
                            .one_of = "BACKUP|DB_SYSTEM|NONE|POINT_IN_TIME_DB_SYSTEM"},
                           {"dbSystemId", FIELD_TEXT, .required = true},
                           {"timeToRestore", FIELD_TIME, .required = true},
                           FIELDS_END}};

static const struct model source_details = {
    "SourceDetails", .discriminator = "sourceType",
    .subtypes = (const struct subtype[]){
        {"BACKUP", &backup_source_details},
        {"DB_SYSTEM", &primary_db_system_source_details},
        {"NONE", &none_source_details},
        {"POINT_IN_TIME_DB_SYSTEM", &point_in_time_db_system_source_details},
        {NULL}}};

static const struct model create_replication_config_details = {
    "CreateReplicationConfigDetails", (const struct field[]){{"isRpoEnforced", FIELD_BOOL},
                                                             {"rpoInSeconds", FIELD_INTEGER},
                                                             FIELDS_END}};

static const struct model disabled_insight_details = {
    "DisabledInsightDetails",
    (const struct field[]){{"kind", FIELD_TEXT, .required = true, .one_of = "DISABLED|ENABLED"},
                           FIELDS_END}};

static const struct model odsp_insight = {
    "OdspInsight",
    (const struct field[]){{"insightType", FIELD_TEXT, .required = true, .one_of = "QUERY_INSIGHT"},
                           {"retentionPeriodInDays", FIELD_INTEGER},
                           FIELDS_END}};

static const struct model enabled_insight_details = {
    "EnabledInsightDetails",
    (const struct field[]){
        {"kind", FIELD_TEXT, .required = true, .one_of = "DISABLED|ENABLED"},
        {"odspInsightList", FIELD_MODEL, .required = true, .list = true, .model = &odsp_insight},
        FIELDS_END}};

static const struct model odsp_insight_details = {
    "OdspInsightDetails", .discriminator = "kind",
    .subtypes = (const struct subtype[]){
        {"DISABLED", &disabled_insight_details}, {"ENABLED", &enabled_insight_details}, {NULL}}};

const struct model create_db_system_details = {
    "CreateDbSystemDetails",
    (const struct field[]){
        {"displayName", FIELD_TEXT, .required = true, .min = 1, .max = 255},
        {"description", FIELD_TEXT, .min = 0, .max = 400},
        FIELD_COMPARTMENT,
        {"systemType", FIELD_TEXT},
        {"dbVersion", FIELD_TEXT, .required = true},
        {"configId", FIELD_TEXT},
        {"storageDetails", FIELD_MODEL, .required = true, .model = &storage_details},
        {"shape", FIELD_TEXT, .required = true},
        {"instanceOcpuCount", FIELD_INTEGER, .min = 1, .max = 64},
        {"instanceMemorySizeInGBs", FIELD_INTEGER, .min = 1, .max = 1024},
        {"instanceCount", FIELD_INTEGER, .min = 1, .max = 8},
        {"instancesDetails", FIELD_MODEL, .list = true, .model = &create_db_instance_details,
         .hidden = true},
        {"credentials", FIELD_MODEL, .model = &credentials, .hidden = true},
        {"networkDetails", FIELD_MODEL, .required = true, .model = &network_details},
        {"managementPolicy", FIELD_MODEL, .model = &management_policy_details},
        {"source", FIELD_MODEL, .model = &source_details},
        {"replicationConfig", FIELD_MODEL, .model = &create_replication_config_details},
        {"odspInsightDetails", FIELD_MODEL, .model = &odsp_insight_details},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model update_db_config_params = {
    "UpdateDbConfigParams",
    (const struct field[]){{"applyConfig", FIELD_TEXT, .one_of = "RELOAD|RESTART"},
                           {"configId", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model update_storage_details_params = {
    "UpdateStorageDetailsParams",
    (const struct field[]){{"iops", FIELD_INTEGER, .min = 75000, .max = 750000},
                           {"kmsKeyId", FIELD_TEXT},
                           FIELDS_END}};

static const struct model update_replication_config_details = {
    "UpdateReplicationConfigDetails", (const struct field[]){{"isRpoEnforced", FIELD_BOOL},
                                                             {"rpoInSeconds", FIELD_INTEGER},
                                                             FIELDS_END}};

static const struct model update_network_details = {
    "UpdateNetworkDetails",
    (const struct field[]){{"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"isReaderEndpointEnabled", FIELD_BOOL},
                           FIELDS_END}};

static const struct model disabled_kerberos_auth_details = {
    "DisabledKerberosAuthDetails",
    (const struct field[]){{"kind", FIELD_TEXT, .required = true, .one_of = "DISABLED|ENABLED"},
                           FIELDS_END}};

static const struct model kerberos_credential = {
    "KerberosCredential",
    (const struct field[]){{"realmName", FIELD_TEXT, .required = true},
                           {"keytabSecretId", FIELD_TEXT, .required = true},
                           {"keytabSecretVersion", FIELD_INTEGER, .required = true},
                           FIELDS_END}};

static const struct model enabled_kerberos_auth_details = {
    "EnabledKerberosAuthDetails",
    (const struct field[]){
        {"kind", FIELD_TEXT, .required = true, .one_of = "DISABLED|ENABLED"},
        {"credentials", FIELD_MODEL, .required = true, .list = true, .model = &kerberos_credential},
        {"backupCredentials", FIELD_MODEL, .list = true, .model = &kerberos_credential},
        FIELDS_END}};

static const struct model kerberos_auth_details = {
    "KerberosAuthDetails", .discriminator = "kind",
    .subtypes = (const struct subtype[]){{"DISABLED", &disabled_kerberos_auth_details},
                                         {"ENABLED", &enabled_kerberos_auth_details},
                                         {NULL}}};

const struct model update_db_system_details = {
    "UpdateDbSystemDetails",
    (const struct field[]){
        FIELD_DISPLAY_NAME,
        {"description", FIELD_TEXT, .min = 0, .max = 400},
        {"shape", FIELD_TEXT},
        {"instanceOcpuCount", FIELD_INTEGER, .min = 1, .max = 64},
        {"instanceMemorySizeInGBs", FIELD_INTEGER, .min = 1, .max = 1024},
        {"dbConfigurationParams", FIELD_MODEL, .model = &update_db_config_params, .hidden = true},
        {"managementPolicy", FIELD_MODEL, .model = &management_policy_details},
        {"storageDetails", FIELD_MODEL, .model = &update_storage_details_params},
        {"replicationConfig", FIELD_MODEL, .model = &update_replication_config_details},
        {"networkDetails", FIELD_MODEL, .model = &update_network_details},
        {"kerberosAuthDetails", FIELD_MODEL, .model = &kerberos_auth_details},
        {"odspInsightDetails", FIELD_MODEL, .model = &odsp_insight_details},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model patch_move_instruction = {
    "PatchMoveInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"from", FIELD_TEXT, .required = true},
                           {"position", FIELD_TEXT, .one_of = "AFTER|AT|BEFORE"},
                           FIELDS_END}};

static const struct model patch_remove_instruction = {
    "PatchRemoveInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model patch_replace_instruction = {
    "PatchReplaceInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"value", FIELD_ANY, .required = true},
                           FIELDS_END}};

static const struct model patch_insert_instruction = {
    "PatchInsertInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"value", FIELD_ANY, .required = true},
                           {"selectedItem", FIELD_TEXT},
                           {"position", FIELD_TEXT, .one_of = "AFTER|BEFORE"},
                           FIELDS_END}};

static const struct model patch_require_instruction = {
    "PatchRequireInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"value", FIELD_ANY},
                           FIELDS_END}};

static const struct model patch_merge_instruction = {
    "PatchMergeInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"value", FIELD_ANY},
                           FIELDS_END}};

static const struct model patch_prohibit_instruction = {
    "PatchProhibitInstruction",
    (const struct field[]){{"operation", FIELD_TEXT, .required = true,
                            .one_of = "INSERT|MERGE|MOVE|PROHIBIT|REMOVE|REPLACE|REQUIRE"},
                           {"selection", FIELD_TEXT, .required = true},
                           {"value", FIELD_ANY},
                           FIELDS_END}};

static const struct model patch_instruction = {
    "PatchInstruction", .discriminator = "operation",
    .subtypes = (const struct subtype[]){{"MOVE", &patch_move_instruction},
                                         {"REMOVE", &patch_remove_instruction},
                                         {"REPLACE", &patch_replace_instruction},
                                         {"INSERT", &patch_insert_instruction},
                                         {"REQUIRE", &patch_require_instruction},
                                         {"MERGE", &patch_merge_instruction},
                                         {"PROHIBIT", &patch_prohibit_instruction},
                                         {NULL}}};

const struct model patch_db_system_details = {
    "PatchDbSystemDetails", (const struct field[]){{"items", FIELD_MODEL, .list = true,
                                                    .list_max = 50, .model = &patch_instruction},
                                                   FIELDS_END}};

const struct model change_db_system_compartment_details = {
    "ChangeDbSystemCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

const struct model reset_master_user_password_details = {
    "ResetMasterUserPasswordDetails",
    (const struct field[]){
        {"passwordDetails", FIELD_MODEL, .required = true, .model = &password_details},
        FIELDS_END}};

const struct model restart_db_instance_details = {
    "RestartDbInstanceInDbSystemDetails",
    (const struct field[]){
        {"dbInstanceId", FIELD_TEXT, .required = true},
        {"restartType", FIELD_TEXT, .required = true, .one_of = "NORMAL|NODE_REBOOT"},
        FIELDS_END}};

const struct model start_db_system_details = {
    "StartDbSystemDetails",
    (const struct field[]){{"instanceOcpuCount", FIELD_INTEGER, .min = 1, .max = 64},
                           {"instanceMemorySizeInGBs", FIELD_INTEGER, .min = 1, .max = 1024},
                           {"shape", FIELD_TEXT},
                           {"configId", FIELD_TEXT},
                           FIELDS_END}};
