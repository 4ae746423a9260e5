#include "lib/oci/signer.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/net/secret.h"

void oci_content_sha256(const void *body, size_t length, struct str *out)
{
    unsigned char digest[SHA256_SIZE];
    sha256_digest(length ? body : "", length, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), out);
}

static void append_target(const struct oci_sign_input *input, struct str *out)
{
    for (const char *c = input->method; *c; c++)
        str_append_char(out, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
    str_append_char(out, ' ');
    str_append(out, input->target);
}

void oci_signing_string(const struct oci_sign_input *input, struct str *out)
{
    str_printf(out, "date: %s\n(request-target): ", input->date);
    append_target(input, out);
    if (input->host)
        str_printf(out, "\nhost: %s", input->host);
    if (input->sign_body) {
        str_printf(out, "\ncontent-length: %zu\ncontent-type: %s\nx-content-sha256: ",
                   input->body_length, input->content_type);
        oci_content_sha256(input->body, input->body_length, out);
    }
    if (input->obo_token)
        str_printf(out, "\nopc-obo-token: %s", input->obo_token);
}

void oci_signed_headers(const struct oci_sign_input *input, struct str *out)
{
    str_append(out, "date (request-target)");
    if (input->host)
        str_append(out, " host");
    if (input->sign_body)
        str_append(out, " content-length content-type x-content-sha256");
    if (input->obo_token)
        str_append(out, " opc-obo-token");
}

void oci_authorization(const char *signed_headers, const char *key_id, const char *signature,
                       struct str *out)
{
    str_printf(out,
               "Signature algorithm=\"rsa-sha256\",headers=\"%s\",keyId=\"%s\",signature=\"%s\","
               "version=\"1\"",
               signed_headers, key_id, signature);
}

bool oci_sign(const struct oci_sign_input *input, const char *key_id, const struct oci_key *key,
              struct str *authorization, struct error *err)
{
    SECRET_STR_AUTO text = STR_INIT;
    STR_AUTO headers = STR_INIT;
    STR_AUTO signature = STR_INIT;
    oci_signing_string(input, &text);
    oci_signed_headers(input, &headers);
    if (!oci_key_sign(key, str_text(&text), text.length, &signature, err))
        return false;
    oci_authorization(str_text(&headers), key_id, str_text(&signature), authorization);
    return true;
}
