/* What the resources of Dapr share. Source: the CRDs of Dapr 1.14 to 1.18. Dapr's objects have no status:
 * there is nothing to wait for. */
#ifndef OKESTRA_PROVIDER_KUBE_DAPR_H
#define OKESTRA_PROVIDER_KUBE_DAPR_H

#include "provider/kube/api.h"

#define DAPR_ATTRIBUTE_SCOPES                                                                      \
    {                                                                                              \
        .name = "scopes", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL | ANY_ORDER,            \
        .doc = "App ids that use it. Left out: every app of the namespace.",                       \
        .sample = "[\"backend\", \"audit-worker\"]"                                                \
    }

#define DAPR_ATTRIBUTES_OF_OBJECT                                                                  \
    KUBE_ATTRIBUTE_LABELS, KUBE_ATTRIBUTE_ANNOTATIONS, KUBE_ATTRIBUTE_ADOPT, KUBE_ATTRIBUTE_FORCE, \
        KUBE_ATTRIBUTE_UID, KUBE_ATTRIBUTES_END

#endif
