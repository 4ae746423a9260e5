#include <stddef.h>

#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/identity/identity.h"

const struct service *const services[] = {
    &service_identity,
    &service_auth,
    &service_metadata,
    NULL,
};
