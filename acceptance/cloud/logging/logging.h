/* Logging: log groups and the logs in them. Every change is a work request. */
#ifndef OKESTRA_CLOUD_LOGGING_H
#define OKESTRA_CLOUD_LOGGING_H

#include "acceptance/cloud/api/operation.h"

extern const struct service service_logging;

extern const struct kind kind_log_group, kind_log, kind_logging_work;

#endif
