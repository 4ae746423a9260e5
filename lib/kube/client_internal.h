/* Shared by the files of the client. */
#ifndef OKESTRA_KUBE_CLIENT_INTERNAL_H
#define OKESTRA_KUBE_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "lib/base/vec.h"
#include "lib/kube/client.h"
#include "lib/kube/mapper.h"

struct kube_client {
    struct kube_config *config;
    struct kube_credential *credential;
    char *user_agent;
    bool retry;
    atomic_bool answered; /* the server has answered at least once */

    pthread_mutex_t mutex;           /* guards the two members below */
    VEC(struct http_client *) https; /* the last one is in force */
    int generation;                  /* of the credential that it was made for */

    struct kube_mapper mapper; /* has a lock of its own */
};

#endif
