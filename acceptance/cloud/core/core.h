/* The core service: networks, and look-ups of images and shapes. */
#ifndef OKESTRA_CLOUD_CORE_H
#define OKESTRA_CLOUD_CORE_H

#include "acceptance/cloud/api/operation.h"

extern const struct service service_core;

extern const struct kind kind_vcn, kind_subnet, kind_network_security_group;

#endif
