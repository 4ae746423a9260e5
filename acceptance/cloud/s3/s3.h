/*
 * The S3-compatible API of Object Storage, path style, Signature Version 4 with customer secret keys: what
 * remote state of Terraform and usual clients need. Objects are those of the native API.
 */
#ifndef OKESTRA_CLOUD_S3_H
#define OKESTRA_CLOUD_S3_H

#include "acceptance/cloud/api/operation.h"

extern const struct service service_s3;

#endif
