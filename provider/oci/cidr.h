/* Address blocks: parsing, comparing, printing (RFC 4632, RFC 4291). Pure functions. */
#ifndef OKESTRA_PROVIDER_OCI_CIDR_H
#define OKESTRA_PROVIDER_OCI_CIDR_H

#include <stdbool.h>

#include "lib/base/str.h"

struct cidr {
    int family; /* 4 or 6 */
    unsigned char address[16];
    int prefix;
};

/* False on bad syntax, and for NULL; host bits are accepted and kept. */
bool cidr_parse(const char *text, struct cidr *cidr);
/* An address without a prefix, as a block of one. */
bool ip_parse(const char *text, struct cidr *cidr);
bool cidr_has_host_bits(const struct cidr *cidr);
void cidr_clear_host_bits(struct cidr *cidr);
bool cidr_equal(const struct cidr *a, const struct cidr *b);
bool cidr_contains(const struct cidr *outer, const struct cidr *inner);
bool cidr_overlap(const struct cidr *a, const struct cidr *b);
void cidr_print(const struct cidr *cidr, struct str *out);

#endif
