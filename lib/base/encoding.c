#include "lib/base/encoding.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "lib/base/compiler.h"

static const char standard_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64_encode(enum base64_variant variant, const void *data, size_t length, struct str *out)
{
    const unsigned char *in = data;
    bool url = variant == BASE64_URL || variant == BASE64_URL_NO_PAD;
    bool pad = variant == BASE64_STANDARD || variant == BASE64_URL;
    const char *alphabet = url ? url_alphabet : standard_alphabet;
    str_reserve(out, length / 3 * 4 + 4);
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t bits = (uint32_t)in[i] << 16;
        if (left > 1)
            bits |= (uint32_t)in[i + 1] << 8;
        if (left > 2)
            bits |= in[i + 2];
        str_append_char(out, alphabet[bits >> 18]);
        str_append_char(out, alphabet[bits >> 12 & 63]);
        if (left > 1)
            str_append_char(out, alphabet[bits >> 6 & 63]);
        else if (pad)
            str_append_char(out, '=');
        if (left > 2)
            str_append_char(out, alphabet[bits & 63]);
        else if (pad)
            str_append_char(out, '=');
    }
    str_append_bytes(out, "", 0);
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(const char *text, size_t length, struct str *out)
{
    for (int padding = 0; padding < 2 && length && text[length - 1] == '='; padding++)
        length--;
    if (length % 4 == 1)
        return false;
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            str_append_char(out, (char)(bits >> count & 0xff));
        }
    }
    str_append_bytes(out, "", 0);
    return (bits & ((1U << count) - 1)) == 0;
}

void hex_encode(const void *data, size_t length, struct str *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = data;
    for (size_t i = 0; i < length; i++) {
        str_append_char(out, digits[in[i] >> 4]);
        str_append_char(out, digits[in[i] & 15]);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(const char *text, size_t length, struct str *out)
{
    if (length % 2)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        str_append_char(out, (char)(high << 4 | low));
    }
    return true;
}

static void digest_with(const EVP_MD *md, const void *data, size_t length, unsigned char *digest)
{
    if (!EVP_Digest(data, length, digest, NULL, md, NULL))
        fatal_error("cannot compute a %s digest", EVP_MD_get0_name(md));
}

void sha256_digest(const void *data, size_t length, unsigned char digest[SHA256_SIZE])
{
    digest_with(EVP_sha256(), data, length, digest);
}

void md5_digest(const void *data, size_t length, unsigned char digest[MD5_SIZE])
{
    digest_with(EVP_md5(), data, length, digest);
}

void random_bytes(void *data, size_t length)
{
    unsigned char *out = data;
    while (length) {
        ssize_t got = getrandom(out, length > 256 ? 256 : length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fatal_error("no random bytes: %s", strerror(errno));
        out += got;
        length -= (size_t)got;
    }
}

void random_base32(struct str *out, size_t length)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    while (length) {
        unsigned char raw[32];
        size_t part = length < sizeof(raw) ? length : sizeof(raw);
        random_bytes(raw, part);
        for (size_t i = 0; i < part; i++)
            str_append_char(out, alphabet[raw[i] & 31]);
        length -= part;
    }
}
