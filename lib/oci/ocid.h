/* Oracle Cloud identifiers: ocid1.<type>.<realm>.[region][.future].<unique>. */
#ifndef OKESTRA_OCI_OCID_H
#define OKESTRA_OCI_OCID_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum { OCID_MAX_LENGTH = 255 };

/* Slices into the parsed text. */
struct ocid {
    struct slice version; /* "ocid1" */
    struct slice type;    /* "vcn", "cluster", "tenancy", … */
    struct slice realm;   /* "oc1", … */
    struct slice region;  /* "phx", "eu-frankfurt-1", …; empty for global things */
    struct slice unique;  /* what follows the region, future-use parts included */
};

/* Checks the form only: parts, characters [A-Za-z0-9_-], length. */
bool ocid_parse(const char *text, struct ocid *ocid, struct error *err);
bool ocid_is_valid(const char *text);
/* Valid and of that type ("vcn"). Tenancies count as compartments. */
bool ocid_is_a(const char *text, const char *type);

#endif
