#include "acceptance/cloud/auth/auth.h"

#include "acceptance/cloud/cloud.h"

const struct service service_auth = {.name = "auth",
                                     .hosts = "auth",
                                     .base_path = "",
                                     .operations = (const struct operation[]){{NULL}}};
const struct service service_metadata = {.name = "metadata",
                                         .hosts = "169.254.169.254",
                                         .base_path = "/opc/v2",
                                         .operations = (const struct operation[]){{NULL}}};

bool auth_publish(struct cloud *cloud, struct error *err)
{
    (void)cloud;
    (void)err;
    return true;
}
