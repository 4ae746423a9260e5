/* Retention rules of a bucket: part of the resource, but with calls of their own. */
#ifndef OKESTRA_PROVIDER_OCI_BUCKET_RETENTION_H
#define OKESTRA_PROVIDER_OCI_BUCKET_RETENTION_H

#include "provider/oci/api.h"

extern const struct attribute retention_rule_fields[];

/* Hook `received`: adds the rules to a received bucket, as its member retentionRules. */
bool bucket_add_rules(struct api_call *call, json_t *object, struct error *err);
/* Actions: make the rules of the bucket those that are planned, told apart by their names. First the ones
 * that are too many go; later the new ones come, and changed ones become as planned. */
bool bucket_remove_rules(struct api_call *call, const struct api_action *action, struct error *err);
bool bucket_put_rules(struct api_call *call, const struct api_action *action, struct error *err);

#endif
