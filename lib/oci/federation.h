/*
 * Exchanges with the services that hand out tokens: signed or plain requests with the SDKs' three
 * tries, and answers that are wiped after use. For principals only.
 */
#ifndef OKESTRA_OCI_FEDERATION_H
#define OKESTRA_OCI_FEDERATION_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/net/http.h"
#include "lib/oci/key.h"
#include "lib/oci/principal_internal.h"

enum { OCI_FEDERATION_LIMIT = 256 * 1024, OCI_FEDERATION_TRIES = 3 };

struct oci_federation_request {
    const char *what; /* for errors: "ask the metadata service" */
    const char *method;
    const char *url;
    const json_t *body; /* NULL: none */
    const char *bearer; /* Authorization: Bearer …; or */
    const char *key_id; /* a signature with this key id and key */
    const struct oci_key *key;
    bool leave_host_unsigned;
};

/* True on 2xx. The body is in response->body: release with oci_federation_wipe(). */
bool oci_federation_call(struct http_client *http, const struct oci_federation_request *request,
                         const struct oci_patience *patience, struct http_response *response,
                         struct error *err);
void oci_federation_wipe(struct http_response *response);

/* Member `name` of the JSON object in the body, as a secret; NULL and err. */
char *oci_federation_member(const struct http_response *response, const char *name,
                            struct error *err);

/* PEM text without its armour lines and line ends. Appends. */
void oci_federation_strip_pem(const char *pem, struct str *out);

#endif
