/* Certificate authorities that services show to their clients. Their keys are not kept: nothing is ever
 * signed by them. */
#ifndef OKESTRA_CLOUD_CERTIFICATE_H
#define OKESTRA_CLOUD_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/str.h"

#define CERTIFICATE_YEAR_S ((int64_t)365 * 24 * 3600)

/* Appends a self-signed certificate (P-256) in PEM form. */
bool certificate_make_authority(const char *common_name, int64_t now_ms, int years,
                                struct str *pem);

#endif
