/*
 * What Helm keeps of releases: a Secret for each revision. Reading them needs no helm program.
 * Source: https://helm.sh/docs/topics/advanced/#storage-backends
 */
#ifndef OKESTRA_PROVIDER_KUBE_HELM_RECORD_H
#define OKESTRA_PROVIDER_KUBE_HELM_RECORD_H

#include "provider/kube/api.h"

enum { HELM_RECORD_LIMIT = 64 * 1024 * 1024 }; /* bytes of one record, unpacked */

/* Base64 of base64 of gzip of JSON. NULL and ERROR_INVALID. New reference. */
json_t *helm_record_decode(const char *data, struct error *err);

/* The newest revision that was not superseded: {secret: its name, record: …}. *found is NULL when there is
 * no such release. New reference. False and err. */
bool helm_record_find(struct kube_call *call, const char *namespace_name, const char *name,
                      json_t **found, struct error *err);
/* Removes the record of an operation that was cut off, so that the next one can begin. */
bool helm_record_discard(struct kube_call *call, const char *namespace_name, const char *secret,
                         struct error *err);

#endif
