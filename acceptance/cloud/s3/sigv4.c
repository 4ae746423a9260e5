#include "acceptance/cloud/s3/sigv4.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lib/base/encoding.h"
#include "lib/base/str.h"
#include "lib/net/url.h"

#define ALGORITHM  "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"
#define UNSIGNED   "UNSIGNED-PAYLOAD"

enum { HEX_SHA256_LENGTH = 2 * SHA256_SIZE };

static const char *header(const struct sigv4_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (text_equal_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return NULL;
}

static bool is_hex_digest(const char *text)
{
    size_t length = strspn(text, "0123456789abcdef");
    return length == HEX_SHA256_LENGTH && text[length] == '\0';
}

/* "YYYYMMDDTHHMMSSZ" in UTC. */
static bool parse_time(const char *text, int64_t *wall_ms)
{
    if (strlen(text) != 16 || text[8] != 'T' || text[15] != 'Z')
        return false;
    for (size_t i = 0; i < 15; i++)
        if (i != 8 && !isdigit((unsigned char)text[i]))
            return false;
    struct tm tm = {0};
    const char *end = strptime(text, "%Y%m%dT%H%M%SZ", &tm);
    if (!end || *end)
        return false;
    *wall_ms = (int64_t)timegm(&tm) * 1000;
    return true;
}

static bool read_scope(struct arena *arena, struct slice credential,
                       struct sigv4_authorization *authorization, struct slice *terminator)
{
    const char **fields[] = {&authorization->access_key, &authorization->date,
                             &authorization->region, &authorization->service};
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
        struct slice part;
        bool found;
        credential = slice_cut(credential, '/', &part, &found);
        if (!found || part.length == 0)
            return false;
        *fields[i] = arena_strndup(arena, part.ptr, part.length);
    }
    *terminator = credential;
    return true;
}

static bool read_signed_headers(struct arena *arena, struct slice list,
                                struct sigv4_authorization *authorization)
{
    bool found = true;
    while (found) {
        struct slice name;
        list = slice_cut(list, ';', &name, &found);
        if (name.length == 0 || authorization->signed_header_count == SIGV4_MAX_HEADERS)
            return false;
        const char *text = arena_strndup(arena, name.ptr, name.length);
        for (const char *c = text; *c; c++)
            if (isupper((unsigned char)*c))
                return false;
        size_t count = authorization->signed_header_count;
        if (count > 0 && strcmp(authorization->signed_headers[count - 1], text) >= 0)
            return false;
        authorization->signed_headers[authorization->signed_header_count++] = text;
    }
    return true;
}

/* "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…", blanks after the commas optional. */
static bool read_header(struct arena *arena, const char *text,
                        struct sigv4_authorization *authorization, struct slice *terminator)
{
    if (!text_starts_with(text, ALGORITHM " "))
        return false;
    struct slice rest = slice_from(text + strlen(ALGORITHM));
    bool more = true, credential = false, headers = false;
    while (more) {
        struct slice field, name;
        bool found;
        rest = slice_cut(rest, ',', &field, &more);
        struct slice value = slice_cut(slice_trim(field), '=', &name, &found);
        if (!found)
            return false;
        if (slice_equal_text(name, "Credential") && !credential) {
            credential = read_scope(arena, value, authorization, terminator);
            if (!credential)
                return false;
        } else if (slice_equal_text(name, "SignedHeaders") && !headers) {
            headers = read_signed_headers(arena, value, authorization);
            if (!headers)
                return false;
        } else if (slice_equal_text(name, "Signature") && !authorization->signature) {
            authorization->signature = arena_strndup(arena, value.ptr, value.length);
            if (!is_hex_digest(authorization->signature))
                return false;
        } else {
            return false;
        }
    }
    return credential && headers && authorization->signature;
}

static bool is_signed(const struct sigv4_authorization *authorization, const char *name)
{
    for (size_t i = 0; i < authorization->signed_header_count; i++)
        if (text_equal_nocase(authorization->signed_headers[i], name))
            return true;
    return false;
}

static enum sigv4_result check_signed_headers(const struct sigv4_request *request,
                                              const struct sigv4_authorization *authorization)
{
    for (size_t i = 0; i < authorization->signed_header_count; i++)
        if (!header(request, authorization->signed_headers[i]))
            return SIGV4_HEADERS_UNSIGNED;
    for (size_t i = 0; i < request->header_count; i++) {
        const char *name = request->headers[i].name;
        bool wanted = text_equal_nocase(name, "host") || strncasecmp(name, "x-amz-", 6) == 0;
        if (wanted && !is_signed(authorization, name))
            return SIGV4_HEADERS_UNSIGNED;
    }
    return SIGV4_OK;
}

static enum sigv4_result check_payload_hash(const struct sigv4_request *request,
                                            struct sigv4_authorization *authorization)
{
    const char *encoding = header(request, "content-encoding");
    authorization->payload_hash = header(request, "x-amz-content-sha256");
    if (!authorization->payload_hash)
        return SIGV4_PAYLOAD_MISSING;
    if (text_starts_with(authorization->payload_hash, "STREAMING-") ||
        (encoding && strstr(encoding, "aws-chunked")))
        return SIGV4_PAYLOAD_STREAMING;
    if (!text_equal(authorization->payload_hash, UNSIGNED) &&
        !is_hex_digest(authorization->payload_hash))
        return SIGV4_PAYLOAD_INVALID;
    return SIGV4_OK;
}

enum sigv4_result sigv4_parse(struct arena *arena, const struct sigv4_request *request,
                              int64_t now_ms, struct sigv4_authorization *authorization)
{
    *authorization = (struct sigv4_authorization){0};
    const char *text = header(request, "authorization");
    struct slice terminator = {0};
    int64_t time_ms;
    if (!text)
        return SIGV4_ANONYMOUS;
    if (!read_header(arena, text, authorization, &terminator))
        return SIGV4_MALFORMED;
    authorization->time = header(request, "x-amz-date");
    if (!authorization->time || !parse_time(authorization->time, &time_ms))
        return SIGV4_DATE;
    if (!slice_equal_text(terminator, TERMINATOR) || !text_equal(authorization->service, "s3") ||
        strncmp(authorization->date, authorization->time, 8) != 0 ||
        strlen(authorization->date) != 8)
        return SIGV4_SCOPE;
    if (llabs(time_ms - now_ms) > SIGV4_MAX_SKEW_MS)
        return SIGV4_SKEWED;
    enum sigv4_result result = check_payload_hash(request, authorization);
    return result == SIGV4_OK ? check_signed_headers(request, authorization) : result;
}

/* --- the canonical request -------------------------------------------------------------------------- */

static bool recode(struct arena *arena, struct slice text, enum url_encoding encoding,
                   const char **out)
{
    STR_AUTO plain = STR_INIT;
    STR_AUTO encoded = STR_INIT;
    if (!url_decode(text.ptr, text.length, false, &plain))
        return false;
    url_encode(encoding, str_text(&plain), plain.length, &encoded);
    *out = str_copy_to(&encoded, arena);
    return true;
}

static int compare_parameters(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Parameters sorted by name, then value. Until they are written out, name and value stand apart by a
 * character that sorts below all encoded ones. */
#define APART "\1"

static bool append_query(struct arena *arena, const char *query, struct str *out)
{
    const char *parameters[SIGV4_MAX_PARAMETERS];
    size_t count = 0;
    struct slice rest = slice_from(query);
    bool more = rest.length > 0;
    while (more) {
        struct slice parameter, name;
        bool has_value;
        const char *encoded_name, *encoded_value = "";
        rest = slice_cut(rest, '&', &parameter, &more);
        if (parameter.length == 0)
            continue;
        struct slice value = slice_cut(parameter, '=', &name, &has_value);
        if (count == SIGV4_MAX_PARAMETERS || !recode(arena, name, URL_COMPONENT, &encoded_name) ||
            (has_value && !recode(arena, value, URL_COMPONENT, &encoded_value)))
            return false;
        parameters[count++] = arena_printf(arena, "%s" APART "%s", encoded_name, encoded_value);
    }
    qsort(parameters, count, sizeof(parameters[0]), compare_parameters);
    for (size_t i = 0; i < count; i++) {
        const char *separator = strchr(parameters[i], APART[0]);
        if (i > 0)
            str_append_char(out, '&');
        str_append_bytes(out, parameters[i], (size_t)(separator - parameters[i]));
        str_append_char(out, '=');
        str_append(out, separator + 1);
    }
    return true;
}

/* Trimmed, with runs of blanks as one. */
static void append_value(const char *value, struct str *out)
{
    struct slice text = slice_trim(slice_from(value));
    for (size_t i = 0; i < text.length; i++)
        if (text.ptr[i] != ' ' || text.ptr[i - 1] != ' ')
            str_append_char(out, text.ptr[i]);
}

static void append_headers(const struct sigv4_request *request,
                           const struct sigv4_authorization *authorization, struct str *out)
{
    for (size_t i = 0; i < authorization->signed_header_count; i++) {
        const char *name = authorization->signed_headers[i];
        bool first = true;
        str_printf(out, "%s:", name);
        for (size_t j = 0; j < request->header_count; j++) {
            if (!text_equal_nocase(request->headers[j].name, name))
                continue;
            if (!first)
                str_append_char(out, ',');
            append_value(request->headers[j].value, out);
            first = false;
        }
        str_append_char(out, '\n');
    }
    str_append_char(out, '\n');
    for (size_t i = 0; i < authorization->signed_header_count; i++)
        str_printf(out, "%s%s", i ? ";" : "", authorization->signed_headers[i]);
    str_printf(out, "\n%s", authorization->payload_hash);
}

static bool append_canonical_request(struct arena *arena, const struct sigv4_request *request,
                                     const struct sigv4_authorization *authorization,
                                     struct str *out)
{
    const char *path;
    if (!recode(arena, slice_from(request->path), URL_PATH, &path))
        return false;
    str_printf(out, "%s\n%s\n", request->method, path);
    if (!append_query(arena, request->query, out))
        return false;
    str_append_char(out, '\n');
    append_headers(request, authorization, out);
    return true;
}

/* --- the signature ---------------------------------------------------------------------------------- */

static void hmac(unsigned char key[SHA256_SIZE], size_t key_length, const char *text)
{
    unsigned int length = SHA256_SIZE;
    unsigned char digest[SHA256_SIZE];
    HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)text, strlen(text), digest,
         &length);
    memcpy(key, digest, SHA256_SIZE);
}

const char *sigv4_sign(struct arena *arena, const struct sigv4_request *request,
                       const struct sigv4_authorization *authorization, const char *secret)
{
    STR_AUTO canonical = STR_INIT;
    STR_AUTO to_sign = STR_INIT;
    STR_AUTO first_key = STR_INIT;
    STR_AUTO hex = STR_INIT;
    unsigned char digest[SHA256_SIZE], key[SHA256_SIZE];
    unsigned int length = SHA256_SIZE;
    if (!append_canonical_request(arena, request, authorization, &canonical))
        return NULL;
    sha256_digest(str_text(&canonical), canonical.length, digest);
    str_printf(&to_sign, ALGORITHM "\n%s\n%s/%s/%s/" TERMINATOR "\n", authorization->time,
               authorization->date, authorization->region, authorization->service);
    hex_encode(digest, sizeof(digest), &to_sign);
    str_printf(&first_key, "AWS4%s", secret);
    HMAC(EVP_sha256(), str_text(&first_key), (int)first_key.length,
         (const unsigned char *)authorization->date, strlen(authorization->date), key, &length);
    OPENSSL_cleanse(first_key.ptr, first_key.length);
    hmac(key, sizeof(key), authorization->region);
    hmac(key, sizeof(key), authorization->service);
    hmac(key, sizeof(key), TERMINATOR);
    hmac(key, sizeof(key), str_text(&to_sign));
    hex_encode(key, sizeof(key), &hex);
    return str_copy_to(&hex, arena);
}

enum sigv4_result sigv4_verify(struct arena *arena, const struct sigv4_request *request,
                               const struct sigv4_authorization *authorization, const char *secret)
{
    const char *signature = sigv4_sign(arena, request, authorization, secret);
    bool equal =
        signature && CRYPTO_memcmp(signature, authorization->signature, HEX_SHA256_LENGTH) == 0;
    return equal ? SIGV4_OK : SIGV4_SIGNATURE_MISMATCH;
}

enum sigv4_result sigv4_verify_body(const struct sigv4_authorization *authorization,
                                    const void *body, size_t length)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO hex = STR_INIT;
    if (text_equal(authorization->payload_hash, UNSIGNED))
        return SIGV4_OK;
    sha256_digest(body, length, digest);
    hex_encode(digest, sizeof(digest), &hex);
    return text_equal(str_text(&hex), authorization->payload_hash) ? SIGV4_OK
                                                                   : SIGV4_PAYLOAD_MISMATCH;
}
