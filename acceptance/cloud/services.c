#include <stddef.h>

#include "acceptance/cloud/api/operation.h"

const struct service *const services[] = {
    NULL,
};
