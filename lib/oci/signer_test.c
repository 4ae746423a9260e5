#include "lib/oci/signer.h"

#include "lib/base/encoding.h"
#include "lib/base/test.h"
#include "lib/oci/oke_token.h"
#include "lib/oci/test_keys.h"

#define DATE "Tue, 02 Jun 2026 10:20:30 GMT"
#define IAAS "iaas.us-phoenix-1.oraclecloud.com"
#define VCN_BODY                                                                                   \
    "{\"compartmentId\":\"ocid1.compartment.oc1..aaaatest\",\"cidrBlocks\":[\"10.0.0.0/16\"],"     \
    "\"displayName\":\"v1\"}"

static void assert_sha256(const char *text, size_t length, const char *expected)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO hex = STR_INIT;
    sha256_digest(text, length, digest);
    hex_encode(digest, sizeof(digest), &hex);
    assert_string_equal(str_text(&hex), expected);
}

static void test_signing_strings(void **state)
{
    (void)state;
    static const struct {
        struct oci_sign_input input;
        size_t length;
        const char *sha256;
    } rows[] = {
        {{.method = "GET",
          .target = "/20160918/vcns?compartmentId=ocid1.compartment.oc1..aaaatest&limit=2",
          .host = IAAS,
          .date = DATE},
         166,
         "493be2fb9f7a3a6bd404ea1975c53937fbaf793f8cdaa43d73dfc3ef9e732c5d"},
        {{.method = "POST",
          .target = "/20160918/vcns",
          .host = IAAS,
          .date = DATE,
          .sign_body = true,
          .content_type = "application/json",
          .body = VCN_BODY,
          .body_length = sizeof(VCN_BODY) - 1},
         226,
         "f3c72589d84d257f9d6c10d752f4eccc6b99598d72b446c15dc57157f2ee159c"},
        {{.method = "DELETE",
          .target = "/20160918/subnets/ocid1.subnet.oc1.phx.aaaatest",
          .host = "127.0.0.1:12345",
          .date = DATE},
         130,
         "f32b69858a1e4ca332af805903f007e3a70def23d403b86163339a2e02e54372"},
        {{.method = "POST",
          .target = "/20180222/workloads/x/actions/y",
          .host = "127.0.0.1:12345",
          .date = DATE,
          .sign_body = true,
          .content_type = "application/json"},
         224,
         "5bc7d7bcff6b7d1830331490264907b40ff64ad302161fcb5aba798c6f983095"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO text = STR_INIT;
        oci_signing_string(&rows[i].input, &text);
        assert_int_equal(text.length, rows[i].length);
        assert_sha256(str_text(&text), text.length, rows[i].sha256);
    }
}

static void test_content_digests(void **state)
{
    (void)state;
    static const struct {
        const char *body, *digest;
    } rows[] = {
        {"", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        {"{}", "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="},
        {"{\"a\":1}", "AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX+GI="},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO digest = STR_INIT;
        oci_content_sha256(rows[i].body, strlen(rows[i].body), &digest);
        assert_string_equal(str_text(&digest), rows[i].digest);
    }
}

static void test_signed_headers(void **state)
{
    (void)state;
    struct oci_sign_input input = {.method = "get", .target = "/", .host = "h", .date = DATE};
    STR_AUTO names = STR_INIT;
    oci_signed_headers(&input, &names);
    assert_string_equal(str_text(&names), "date (request-target) host");
    str_clear(&names);
    input.host = NULL;
    input.sign_body = true;
    input.obo_token = "t";
    oci_signed_headers(&input, &names);
    assert_string_equal(str_text(&names), "date (request-target) content-length content-type "
                                          "x-content-sha256 opc-obo-token");
}

/* Our signature, checked by OpenSSL's command line; one changed bit is refused. */
static void test_signature_is_verified_by_openssl(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    assert_true(test_run("openssl genrsa -out key.pem 2048 && "
                         "openssl rsa -in key.pem -pubout -out public.pem"));
    CLEANUP(free_pointer) char *path = test_path("key.pem");
    struct oci_key *key = oci_key_read(path, NULL, &err);
    assert_non_null(key);
    const struct oci_sign_input input = {.method = "POST",
                                         .target = "/20160918/vcns",
                                         .host = IAAS,
                                         .date = DATE,
                                         .sign_body = true,
                                         .content_type = "application/json",
                                         .body = VCN_BODY,
                                         .body_length = sizeof(VCN_BODY) - 1};
    STR_AUTO text = STR_INIT;
    STR_AUTO authorization = STR_INIT;
    oci_signing_string(&input, &text);
    assert_true(oci_sign(&input, "a/b/c", key, &authorization, &err));
    const char *head =
        "Signature algorithm=\"rsa-sha256\",headers=\"date (request-target) host "
        "content-length content-type x-content-sha256\",keyId=\"a/b/c\",signature=\"";
    assert_true(text_starts_with(str_text(&authorization), head));
    const char *start = str_text(&authorization) + strlen(head);
    assert_string_equal(strchr(start, '"'), "\",version=\"1\"");
    CLEANUP(free_pointer) char *signature = mem_strndup(start, strcspn(start, "\""));
    assert_int_equal(strlen(signature), 344);
    test_file_write("signature.b64", signature);
    test_file_write("string", str_text(&text));
    const char *verify = "openssl base64 -d -A -in signature.b64 -out signature && "
                         "openssl dgst -sha256 -verify public.pem -signature signature string";
    assert_true(test_run(verify));
    text.ptr[text.length - 1] ^= 1;
    test_file_write("string", str_text(&text));
    assert_false(test_run(verify));
    text.ptr[text.length - 1] ^= 1;
    test_file_write("string", str_text(&text));
    signature[100] = signature[100] == 'A' ? 'B' : 'A';
    test_file_write("signature.b64", signature);
    assert_false(test_run(verify));
    oci_key_free(key);
}

static void test_oke_token(void **state)
{
    (void)state;
    STR_AUTO authorization = STR_INIT;
    STR_AUTO token = STR_INIT;
    oci_authorization("date (request-target) host", "ocid1.tenancy.oc1..t/ocid1.user.oc1..u/00:11",
                      "AB+/cd==", &authorization);
    oci_oke_token_assemble("containerengine.us-ashburn-1.oraclecloud.com",
                           "ocid1.cluster.oc1.iad.aaaatest", str_text(&authorization),
                           "Thu, 01 Jan 2026 00:00:00 GMT", NULL, &token);
    assert_int_equal(token.length, 488);
    assert_true(text_starts_with(str_text(&token), "aHR0cHM6Ly9jb250YWluZXJlbmdpbmUu"));
    assert_true(text_ends_with(str_text(&token), "MDArR01U"));
    assert_sha256(str_text(&token), token.length,
                  "e464107b50cd213a9b1ba5ae1b7e837b0596d7241c5bd162ab816c036a7f2c9f");
}

static int make_directory(void **state)
{
    (void)state;
    test_directory_make();
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    test_directory_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signing_strings),
        cmocka_unit_test(test_content_digests),
        cmocka_unit_test(test_signed_headers),
        cmocka_unit_test(test_signature_is_verified_by_openssl),
        cmocka_unit_test(test_oke_token),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
