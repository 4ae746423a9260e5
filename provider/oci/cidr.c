#include "provider/oci/cidr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static int bits(const struct cidr *cidr)
{
    return cidr->family == 4 ? 32 : 128;
}

/* Leading zeros would be octal to some readers: "010.0.0.0" is refused, as by inet_pton(). */
bool ip_parse(const char *text, struct cidr *cidr)
{
    *cidr = (struct cidr){0};
    if (!text)
        return false;
    if (inet_pton(AF_INET, text, cidr->address) == 1)
        cidr->family = 4;
    else if (inet_pton(AF_INET6, text, cidr->address) == 1)
        cidr->family = 6;
    else
        return false;
    cidr->prefix = bits(cidr);
    return true;
}

bool cidr_parse(const char *text, struct cidr *cidr)
{
    char address[INET6_ADDRSTRLEN];
    const char *slash = text ? strchr(text, '/') : NULL;
    if (!slash || (size_t)(slash - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';
    const char *digits = slash + 1;
    size_t length = strspn(digits, "0123456789");
    bool plain = length > 0 && length <= 3 && !digits[length] && (length == 1 || *digits != '0');
    if (!plain || !ip_parse(address, cidr))
        return false;
    cidr->prefix = atoi(digits);
    return cidr->prefix <= bits(cidr);
}

void cidr_clear_host_bits(struct cidr *cidr)
{
    for (int i = 0; i < bits(cidr) / 8; i++) {
        int kept = cidr->prefix - 8 * i;
        unsigned mask = kept >= 8 ? 0xff : kept <= 0 ? 0 : (0xff00u >> kept) & 0xff;
        cidr->address[i] &= (unsigned char)mask;
    }
}

bool cidr_equal(const struct cidr *a, const struct cidr *b)
{
    return a->family == b->family && a->prefix == b->prefix &&
           memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

bool cidr_has_host_bits(const struct cidr *cidr)
{
    struct cidr network = *cidr;
    cidr_clear_host_bits(&network);
    return !cidr_equal(&network, cidr);
}

bool cidr_contains(const struct cidr *outer, const struct cidr *inner)
{
    struct cidr a = *outer, b = *inner;
    if (a.family != b.family || a.prefix > b.prefix)
        return false;
    b.prefix = a.prefix;
    cidr_clear_host_bits(&a);
    cidr_clear_host_bits(&b);
    return cidr_equal(&a, &b);
}

bool cidr_overlap(const struct cidr *a, const struct cidr *b)
{
    return cidr_contains(a, b) || cidr_contains(b, a);
}

void cidr_print(const struct cidr *cidr, struct str *out)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(cidr->family == 4 ? AF_INET : AF_INET6, cidr->address, text, sizeof(text));
    str_printf(out, "%s/%d", text, cidr->prefix);
}
