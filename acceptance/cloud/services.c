#include <stddef.h>

#include "acceptance/cloud/artifacts/artifacts.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/containerengine/bearer_token.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/database/database.h"
#include "acceptance/cloud/identity/identity.h"
#include "acceptance/cloud/logging/logging.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "acceptance/cloud/psql/psql.h"
#include "acceptance/cloud/s3/s3.h"

/* clang-format off */
const struct service *const all_services[] = {
    &service_identity,
    &service_core,
    &service_load_balancer,
    &service_containerengine,
    &service_token_review,
    &service_artifacts,
    &service_registry,
    &service_logging,
    &service_database,
    &service_psql,
    &service_objectstorage,
    &service_par,
    &service_s3,
    &service_auth,
    &service_metadata,
    NULL,
};
/* clang-format on */
