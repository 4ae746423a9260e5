#include <stddef.h>

#include "acceptance/cloud/artifacts/artifacts.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/identity/identity.h"
#include "acceptance/cloud/logging/logging.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"

const struct service *const services[] = {
    &service_identity, &service_artifacts,     &service_registry,
    &service_logging,  &service_objectstorage, &service_par,
    &service_auth,     &service_metadata,      NULL,
};
