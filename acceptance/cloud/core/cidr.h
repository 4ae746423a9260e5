/* IPv4 addresses and CIDR blocks as the network services check them. Pure functions. */
#ifndef OKESTRA_CLOUD_CIDR_H
#define OKESTRA_CLOUD_CIDR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"

struct cidr {
    uint32_t address; /* host byte order, as written: it may have host bits */
    int bits;         /* 0 to 32 */
};

/* Dotted quads without leading zeros. */
bool ipv4_parse(const char *text, uint32_t *address);
const char *ipv4_format(struct arena *arena, uint32_t address);

/* "10.0.0.0/16"; false for anything else, also for NULL. */
bool cidr_parse(const char *text, struct cidr *cidr);
/* Whether the address has bits set outside the prefix, as in 10.0.0.1/16. */
bool cidr_has_host_bits(struct cidr cidr);
const char *cidr_format(struct arena *arena, struct cidr cidr);

uint32_t cidr_first(struct cidr cidr);
uint32_t cidr_last(struct cidr cidr);
bool cidr_contains(struct cidr outer, struct cidr inner);
bool cidr_contains_address(struct cidr cidr, uint32_t address);
bool cidr_overlaps(struct cidr a, struct cidr b);

#endif
