#include "acceptance/cloud/auth/signature.h"

#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/str.h"

enum { SIGNATURE_LIMIT = 1024 };

/* name="value" pairs with commas between; values hold no quotes. */
static bool parse_parameters(const char *text, struct arena *arena, struct signature *signature)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {{"version", &signature->version},
                 {"keyId", &signature->key_id},
                 {"algorithm", &signature->algorithm},
                 {"headers", &signature->headers},
                 {"signature", &signature->signature}};
    while (*(text += strspn(text, " ,"))) {
        size_t length = strcspn(text, "=");
        if (text[length] != '=' || text[length + 1] != '"')
            return false;
        const char *value = text + length + 2, *end = strchr(value, '"');
        if (!end)
            return false;
        for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
            if (strlen(known[i].name) == length && memcmp(known[i].name, text, length) == 0) {
                if (*known[i].value)
                    return false;
                *known[i].value = arena_strndup(arena, value, (size_t)(end - value));
            }
        text = end + 1;
    }
    return signature->key_id && signature->algorithm && signature->signature;
}

bool signature_parse(const struct http_request *request, struct arena *arena,
                     struct signature *signature)
{
    static const char scheme[] = "Signature ";
    const char *text = http_request_header(request, "Authorization");
    *signature = (struct signature){0};
    return text && strncasecmp(text, scheme, sizeof(scheme) - 1) == 0 &&
           parse_parameters(text + sizeof(scheme) - 1, arena, signature);
}

static bool has_word(const char *words, const char *wanted)
{
    size_t length = strlen(wanted);
    for (const char *word = words; *(word += strspn(word, " ")); word += strcspn(word, " "))
        if (strcspn(word, " ") == length && strncasecmp(word, wanted, length) == 0)
            return true;
    return false;
}

static bool carries_body(const struct http_request *request)
{
    return strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0 ||
           strcmp(request->method, "PATCH") == 0;
}

static const char *check_list(const struct http_request *request, const char *headers,
                              unsigned flags)
{
    if (!has_word(headers, "date") && !has_word(headers, "x-date"))
        return "the date is not signed";
    if (!has_word(headers, "(request-target)"))
        return "the request target is not signed";
    if (!has_word(headers, "host") && !(flags & SIGNATURE_HOST_UNSIGNED))
        return "the host is not signed";
    if (!carries_body(request) || flags & SIGNATURE_BODY_UNSIGNED)
        return NULL;
    return has_word(headers, "content-length") && has_word(headers, "content-type") &&
                   has_word(headers, "x-content-sha256")
               ? NULL
               : "the body is not signed";
}

static const char *check_date(const struct http_request *request, const char *headers,
                              int64_t now_ms, struct arena *arena)
{
    int64_t then;
    char now[CLOCK_HTTP_SIZE], first[CLOCK_HTTP_SIZE], last[CLOCK_HTTP_SIZE];
    const char *date =
        http_request_header(request, has_word(headers, "x-date") ? "x-date" : "date");
    if (!date || !clock_parse_http(date, &then))
        return "the date is missing or malformed";
    if (then >= now_ms - SIGNATURE_SKEW_MS && then <= now_ms + SIGNATURE_SKEW_MS)
        return NULL;
    return arena_printf(arena,
                        "the date '%s' of the request is outside of the allowed clock skew: the "
                        "server's time is %s, accepted are %s to %s",
                        date, clock_format_http(now_ms, now),
                        clock_format_http(now_ms - SIGNATURE_SKEW_MS, first),
                        clock_format_http(now_ms + SIGNATURE_SKEW_MS, last));
}

static const char *check_body(const struct http_request *request, const char *headers)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO wanted = STR_INIT;
    if (!has_word(headers, "x-content-sha256"))
        return NULL;
    sha256_digest(str_text(&request->body), request->body.length, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), &wanted);
    return text_equal(http_request_header(request, "x-content-sha256"), str_text(&wanted))
               ? NULL
               : "x-content-sha256 is not the digest of the body";
}

static void append_lower(struct str *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        str_append_char(out, (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]));
}

/* RFC: one line for each header of the list, in its order. */
static const char *build_text(const struct http_request *request, const char *headers,
                              struct arena *arena, struct str *out)
{
    for (const char *word = headers; *(word += strspn(word, " ")); word += strcspn(word, " ")) {
        char *name = arena_strndup(arena, word, strcspn(word, " "));
        if (out->length)
            str_append_char(out, '\n');
        append_lower(out, name, strlen(name));
        str_append(out, ": ");
        if (strcasecmp(name, "(request-target)") == 0) {
            append_lower(out, request->method, strlen(request->method));
            str_printf(out, " %s", request->target);
            continue;
        }
        const char *value = http_request_header(request, name);
        if (!value)
            return arena_printf(arena, "the signed header %.64s is missing", name);
        str_append(out, value);
    }
    return NULL;
}

static bool verify(EVP_PKEY *key, const struct str *text, const struct str *signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok =
        context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestVerify(context, (const unsigned char *)str_text(signature), signature->length,
                         (const unsigned char *)str_text(text), text->length) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

const char *signature_verify(const struct http_request *request, const struct signature *signature,
                             EVP_PKEY *key, unsigned flags, int64_t now_ms, struct arena *arena)
{
    const char *headers = signature->headers ? signature->headers : "date";
    STR_AUTO text = STR_INIT;
    STR_AUTO bytes = STR_INIT;
    if (!text_equal(signature->algorithm, "rsa-sha256"))
        return "the algorithm is not rsa-sha256";
    if (signature->version && strcmp(signature->version, "1") != 0)
        return "the version of the signature is not 1";
    const char *problem = check_list(request, headers, flags);
    if (!problem)
        problem = check_date(request, headers, now_ms, arena);
    if (!problem)
        problem = check_body(request, headers);
    if (!problem)
        problem = build_text(request, headers, arena, &text);
    if (problem)
        return problem;
    if (strlen(signature->signature) > SIGNATURE_LIMIT ||
        !base64_decode(signature->signature, strlen(signature->signature), &bytes) ||
        !verify(key, &text, &bytes))
        return "the signature does not verify";
    return NULL;
}
