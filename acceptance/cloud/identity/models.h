/* Request bodies of the identity service. Included by identity.c alone. */
#ifndef OKESTRA_CLOUD_IDENTITY_MODELS_H
#define OKESTRA_CLOUD_IDENTITY_MODELS_H

#include "acceptance/cloud/api/model.h"

#define FIELD_NAME                                                                                 \
    {                                                                                              \
        "name", FIELD_TEXT, .required = true, .min = 1, .max = 100                                 \
    }
#define FIELD_DESCRIPTION                                                                          \
    {                                                                                              \
        "description", FIELD_TEXT, .required = true, .min = 1, .max = 400                          \
    }
#define FIELD_NEW_TEXT                                                                             \
    {                                                                                              \
        "description", FIELD_TEXT, .min = 1, .max = 400                                            \
    }

static const struct model create_compartment_details = {
    "CreateCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELD_NAME,
                                                       FIELD_DESCRIPTION, FIELDS_TAGS, FIELDS_END}};

static const struct model update_compartment_details = {
    "UpdateCompartmentDetails",
    (const struct field[]){
        FIELD_NEW_TEXT, {"name", FIELD_TEXT, .min = 1, .max = 100}, FIELDS_TAGS, FIELDS_END}};

static const struct model move_compartment_details = {
    "MoveCompartmentDetails",
    (const struct field[]){{"targetCompartmentId", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model create_policy_details = {
    "CreatePolicyDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_NAME,
                           {"statements", FIELD_TEXT, .required = true, .list = true, .list_min = 1,
                            .list_max = 50, .min = 1, .max = 4000},
                           FIELD_DESCRIPTION,
                           {"versionDate", FIELD_TIME},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_policy_details = {
    "UpdatePolicyDetails",
    (const struct field[]){FIELD_NEW_TEXT,
                           {"statements", FIELD_TEXT, .list = true, .list_min = 1, .list_max = 50,
                            .min = 1, .max = 4000},
                           {"versionDate", FIELD_TIME},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model create_dynamic_group_details = {
    "CreateDynamicGroupDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_NAME,
                           {"matchingRule", FIELD_TEXT, .required = true, .min = 1, .max = 4000},
                           FIELD_DESCRIPTION,
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_dynamic_group_details = {
    "UpdateDynamicGroupDetails",
    (const struct field[]){FIELD_NEW_TEXT,
                           {"matchingRule", FIELD_TEXT, .min = 1, .max = 4000},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model create_user_details = {"CreateUserDetails",
                                                 (const struct field[]){FIELD_COMPARTMENT,
                                                                        FIELD_NAME,
                                                                        FIELD_DESCRIPTION,
                                                                        {"email", FIELD_TEXT},
                                                                        FIELDS_TAGS,
                                                                        FIELDS_END}};

static const struct model update_user_details = {"UpdateUserDetails",
                                                 (const struct field[]){FIELD_NEW_TEXT,
                                                                        {"email", FIELD_TEXT},
                                                                        {"dbUserName", FIELD_TEXT},
                                                                        FIELDS_TAGS,
                                                                        FIELDS_END}};

static const struct model update_user_capabilities_details = {
    "UpdateUserCapabilitiesDetails",
    (const struct field[]){{"canUseConsolePassword", FIELD_BOOL},
                           {"canUseApiKeys", FIELD_BOOL},
                           {"canUseAuthTokens", FIELD_BOOL},
                           {"canUseSmtpCredentials", FIELD_BOOL},
                           {"canUseDBCredentials", FIELD_BOOL},
                           {"canUseCustomerSecretKeys", FIELD_BOOL},
                           {"canUseOAuth2ClientCredentials", FIELD_BOOL},
                           FIELDS_END}};

static const struct model update_state_details = {
    "UpdateStateDetails", (const struct field[]){{"blocked", FIELD_BOOL}, FIELDS_END}};

static const struct model create_group_details = {
    "CreateGroupDetails", (const struct field[]){FIELD_COMPARTMENT, FIELD_NAME, FIELD_DESCRIPTION,
                                                 FIELDS_TAGS, FIELDS_END}};

static const struct model update_group_details = {
    "UpdateGroupDetails", (const struct field[]){FIELD_NEW_TEXT, FIELDS_TAGS, FIELDS_END}};

static const struct model add_user_to_group_details = {
    "AddUserToGroupDetails", (const struct field[]){{"userId", FIELD_TEXT, .required = true},
                                                    {"groupId", FIELD_TEXT, .required = true},
                                                    FIELDS_END}};

static const struct model create_api_key_details = {
    "CreateApiKeyDetails",
    (const struct field[]){{"key", FIELD_TEXT, .required = true, .min = 1, .max = 16384},
                           FIELDS_END}};

static const struct model create_auth_token_details = {
    "CreateAuthTokenDetails", (const struct field[]){FIELD_DESCRIPTION, FIELDS_END}};

static const struct model update_auth_token_details = {
    "UpdateAuthTokenDetails", (const struct field[]){FIELD_NEW_TEXT, FIELDS_END}};

static const struct model create_customer_secret_key_details = {
    "CreateCustomerSecretKeyDetails",
    (const struct field[]){{"displayName", FIELD_TEXT, .required = true, .min = 1, .max = 200},
                           FIELDS_END}};

static const struct model update_customer_secret_key_details = {
    "UpdateCustomerSecretKeyDetails", (const struct field[]){FIELD_DISPLAY_NAME, FIELDS_END}};

#endif
