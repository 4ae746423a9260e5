/* /_emulator/…: what tests steer the emulator with. See README.md. */
#ifndef OKESTRA_CLOUD_CONTROL_H
#define OKESTRA_CLOUD_CONTROL_H

#include "acceptance/cloud/cloud.h"

/* False when the path is none of these. */
bool control_handle(struct cloud *cloud, const struct http_request *request,
                    const struct server_peer *peer, struct server_answer *answer);

#endif
