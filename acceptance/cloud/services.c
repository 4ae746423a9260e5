#include <stddef.h>

#include "acceptance/cloud/artifacts/artifacts.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/identity/identity.h"
#include "acceptance/cloud/logging/logging.h"

const struct service *const services[] = {
    &service_identity, &service_artifacts, &service_registry, &service_logging,
    &service_auth,     &service_metadata,  NULL,
};
