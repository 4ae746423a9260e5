/* The provider: descriptor tables of everything it offers. */
#ifndef OKESTRA_PROVIDER_OCI_PROVIDER_H
#define OKESTRA_PROVIDER_OCI_PROVIDER_H

#include "provider/engine/schema.h"

extern const struct provider oke_provider;

#endif
