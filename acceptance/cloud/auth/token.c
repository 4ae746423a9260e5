#include "acceptance/cloud/auth/token.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"

/* --- keys ---------------------------------------------------------------------------------------- */

static EVP_PKEY *parse_armoured(const char *text)
{
    BIO *bio = BIO_new_mem_buf(text, -1);
    EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return key;
}

EVP_PKEY *public_key_parse(const char *text)
{
    if (strstr(text, "-----BEGIN"))
        return parse_armoured(text);
    STR_AUTO der = STR_INIT;
    if (!base64_decode(text, strlen(text), &der))
        return NULL;
    const unsigned char *bytes = (const unsigned char *)str_text(&der);
    return d2i_PUBKEY(NULL, &bytes, (long)der.length);
}

void public_key_fingerprint(EVP_PKEY *key, struct str *out)
{
    unsigned char *der = NULL, digest[MD5_SIZE];
    int length = i2d_PUBKEY(key, &der);
    if (length < 0)
        fatal_error("cannot write a public key");
    md5_digest(der, (size_t)length, digest);
    OPENSSL_free(der);
    for (int i = 0; i < MD5_SIZE; i++)
        str_printf(out, "%s%02x", i ? ":" : "", digest[i]);
}

void public_key_pem(EVP_PKEY *key, struct str *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data;
    if (!bio || !PEM_write_bio_PUBKEY(bio, key))
        fatal_error("cannot write a public key");
    long length = BIO_get_mem_data(bio, &data);
    str_append_bytes(out, data, (size_t)length);
    BIO_free(bio);
}

static void append_number(EVP_PKEY *key, const char *parameter, json_t *jwk, const char *name)
{
    BIGNUM *number = NULL;
    if (!EVP_PKEY_get_bn_param(key, parameter, &number))
        fatal_error("the key is no RSA key");
    unsigned char bytes[1024];
    STR_AUTO text = STR_INIT;
    int length = BN_num_bytes(number) <= (int)sizeof(bytes) ? BN_bn2bin(number, bytes) : 0;
    base64_encode(BASE64_URL_NO_PAD, bytes, (size_t)length, &text);
    json_set_text(jwk, name, str_text(&text));
    BN_free(number);
}

static BIGNUM *read_number(const json_t *jwk, const char *name)
{
    const char *text = json_get_text(jwk, name);
    STR_AUTO bytes = STR_INIT;
    if (!text || !base64_decode(text, strlen(text), &bytes))
        return NULL;
    return BN_bin2bn((const unsigned char *)str_text(&bytes), (int)bytes.length, NULL);
}

EVP_PKEY *token_session_key(const char *claim)
{
    ERROR_AUTO(ignored);
    JSON_AUTO jwk = json_parse(claim, strlen(claim), &ignored);
    BIGNUM *modulus = read_number(jwk, "n"), *exponent = read_number(jwk, "e");
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *parameters = NULL;
    EVP_PKEY *key = NULL;
    if (modulus && exponent && builder && context &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) &&
        (parameters = OSSL_PARAM_BLD_to_param(builder)) && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

/* --- tokens -------------------------------------------------------------------------------------- */

static void append_json(const json_t *json, struct str *out)
{
    STR_AUTO text = STR_INIT;
    json_write(json, false, &text);
    base64_encode(BASE64_URL_NO_PAD, str_text(&text), text.length, out);
}

static void append_signature(EVP_PKEY *key, struct str *token)
{
    unsigned char bytes[1024];
    size_t length = sizeof(bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, bytes, &length, (const unsigned char *)token->ptr, token->length) !=
            1)
        fatal_error("cannot sign a token");
    EVP_MD_CTX_free(context);
    str_append_char(token, '.');
    base64_encode(BASE64_URL_NO_PAD, bytes, length, token);
}

void token_issue(EVP_PKEY *key, json_t *claims, EVP_PKEY *session, int64_t now_ms, int64_t life_ms,
                 struct str *token)
{
    JSON_AUTO header = json_pack("{s:s, s:s}", "alg", "RS256", "typ", "JWT");
    json_object_set_new(claims, "iat", json_integer(now_ms / 1000));
    json_object_set_new(claims, "exp", json_integer((now_ms + life_ms) / 1000));
    if (session) {
        STR_AUTO text = STR_INIT;
        JSON_AUTO jwk = json_pack("{s:s, s:s}", "kty", "RSA", "alg", "RS256");
        append_number(session, OSSL_PKEY_PARAM_RSA_N, jwk, "n");
        append_number(session, OSSL_PKEY_PARAM_RSA_E, jwk, "e");
        json_write(jwk, false, &text);
        json_set_text(claims, "jwk", str_text(&text));
    }
    append_json(header, token);
    str_append_char(token, '.');
    append_json(claims, token);
    append_signature(key, token);
}

static bool signed_by(EVP_PKEY *key, const char *token, const char *end)
{
    STR_AUTO bytes = STR_INIT;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && base64_decode(end + 1, strlen(end + 1), &bytes) &&
              EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(context, (const unsigned char *)str_text(&bytes), bytes.length,
                               (const unsigned char *)token, (size_t)(end - token)) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

json_t *token_verify(EVP_PKEY *key, const char *token, int64_t now_ms)
{
    const char *middle = strchr(token, '.'), *end = strrchr(token, '.');
    if (strlen(token) > TOKEN_LIMIT || !middle || end == middle || !signed_by(key, token, end))
        return NULL;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(ignored);
    if (!base64_decode(middle + 1, (size_t)(end - middle - 1), &text))
        return NULL;
    json_t *claims = json_parse(str_text(&text), text.length, &ignored);
    if (json_get_integer(claims, "exp", 0) > now_ms / 1000)
        return claims;
    json_decref(claims);
    return NULL;
}
