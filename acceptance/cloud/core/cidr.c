#include "acceptance/cloud/core/cidr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool ipv4_parse(const char *text, uint32_t *address)
{
    struct in_addr parsed;
    if (!text || inet_pton(AF_INET, text, &parsed) != 1)
        return false;
    *address = ntohl(parsed.s_addr);
    return true;
}

const char *ipv4_format(struct arena *arena, uint32_t address)
{
    return arena_printf(arena, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                        address >> 8 & 255, address & 255);
}

bool cidr_parse(const char *text, struct cidr *cidr)
{
    char address[INET_ADDRSTRLEN] = {0};
    const char *slash = text ? strchr(text, '/') : NULL;
    if (!slash || (size_t)(slash - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(slash - text));
    const char *bits = slash + 1;
    size_t digits = strspn(bits, "0123456789");
    if (digits < 1 || digits > 2 || bits[digits] || (digits == 2 && *bits == '0'))
        return false;
    cidr->bits = (int)strtol(bits, NULL, 10);
    return cidr->bits <= 32 && ipv4_parse(address, &cidr->address);
}

static uint32_t mask(struct cidr cidr)
{
    return cidr.bits == 0 ? 0 : UINT32_MAX << (32 - cidr.bits);
}

bool cidr_has_host_bits(struct cidr cidr)
{
    return (cidr.address & ~mask(cidr)) != 0;
}

const char *cidr_format(struct arena *arena, struct cidr cidr)
{
    return arena_printf(arena, "%s/%d", ipv4_format(arena, cidr.address), cidr.bits);
}

uint32_t cidr_first(struct cidr cidr)
{
    return cidr.address & mask(cidr);
}

uint32_t cidr_last(struct cidr cidr)
{
    return cidr.address | ~mask(cidr);
}

bool cidr_contains(struct cidr outer, struct cidr inner)
{
    return outer.bits <= inner.bits && cidr_contains_address(outer, inner.address);
}

bool cidr_contains_address(struct cidr cidr, uint32_t address)
{
    return ((cidr.address ^ address) & mask(cidr)) == 0;
}

bool cidr_overlaps(struct cidr a, struct cidr b)
{
    return cidr_first(a) <= cidr_last(b) && cidr_first(b) <= cidr_last(a);
}
