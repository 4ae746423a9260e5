/*
 * The languages of IAM: policy statements and matching rules of dynamic groups. OCI has no grammar for
 * them; what is checked here is what every statement has, so that a slip of the pen shows when planning.
 * Source: "How Policies Work", "Policy Syntax", "Managing Dynamic Groups" in Oracle's documentation.
 */
#ifndef OKESTRA_PROVIDER_OCI_POLICY_LANGUAGE_H
#define OKESTRA_PROVIDER_OCI_POLICY_LANGUAGE_H

#include "provider/engine/schema.h"

/* "Allow group Admins to manage repos in compartment Todo where …"; Deny, Define, Endorse, Admit. */
attribute_validate validate_policy_statement;
/* "ALL {instance.compartment.id = '…'}", "ANY {…}" or one condition. */
attribute_validate validate_matching_rule;
/* White space and, outside quotes, case do not matter. */
attribute_equal equal_policy_text;

#endif
