/* Binary to text and digests: base64 (RFC 4648), hex, SHA-256 (FIPS 180-4), MD5, random bytes. */
#ifndef OKESTRA_BASE_ENCODING_H
#define OKESTRA_BASE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/str.h"

enum { SHA256_SIZE = 32, MD5_SIZE = 16 };

enum base64_variant {
    BASE64_STANDARD,        /* +/ with padding */
    BASE64_STANDARD_NO_PAD, /* +/ without padding */
    BASE64_URL,             /* -_ with padding */
    BASE64_URL_NO_PAD,      /* -_ without padding */
};

void base64_encode(enum base64_variant variant, const void *data, size_t length, struct str *out);
/* Accepts both alphabets and missing padding; false on anything else. Appends to *out. */
bool base64_decode(const char *text, size_t length, struct str *out);

void hex_encode(const void *data, size_t length, struct str *out); /* lower case */
bool hex_decode(const char *text, size_t length, struct str *out);

void sha256_digest(const void *data, size_t length, unsigned char digest[SHA256_SIZE]);
void md5_digest(const void *data, size_t length, unsigned char digest[MD5_SIZE]);

/* Cryptographically strong; aborts when the kernel has none. */
void random_bytes(void *data, size_t length);
/* `length` characters of [a-z2-7], the alphabet of OCIDs. */
void random_base32(struct str *out, size_t length);

#endif
