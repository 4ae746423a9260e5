#include "provider/plugin/hclog.h"

#include "lib/base/test.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provider/plugin/limits.h"

/* 2026-01-02T03:04:05.678Z */
enum { SOME_TIME_S = 1767323045 };
static const int64_t some_time = (int64_t)SOME_TIME_S * 1000 + 678;

static json_t *parse(const struct str *line)
{
    assert_int_equal(line->ptr[line->length - 1], '\n');
    assert_ptr_equal(strchr(line->ptr, '\n'), line->ptr + line->length - 1);
    json_t *json = json_loadb(line->ptr, line->length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static const char *member(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    assert_non_null(text); /* Terraform crashes on anything but a string there */
    return text;
}

static void record(void **state)
{
    (void)state;
    STR_AUTO line = STR_INIT;
    const struct log_field fields[] = {{"region", "eu-frankfurt-1"}, {"empty", NULL}};
    hclog_format(LOG_LEVEL_WARN, some_time, "retry", fields, 2, &line);
    assert_string_equal(str_text(&line),
                        "{\"@level\":\"warn\",\"@timestamp\":\"2026-01-02T03:04:05.678000Z\","
                        "\"@module\":\"provider.oke\",\"@message\":\"retry\","
                        "\"region\":\"eu-frankfurt-1\",\"empty\":\"\"}\n");
}

static void escapes(void **state)
{
    (void)state;
    STR_AUTO line = STR_INIT;
    const struct log_field fields[] = {{"a\"b", "\x01\x1f\x7f \xff\xfe \t\r\n \\ é"},
                                       {"@message", "must not replace ours"},
                                       {"", "no key"}};
    hclog_format(LOG_LEVEL_INFO, some_time, "line\nbreak \"quoted\"", fields, 3, &line);
    json_t *json = parse(&line);
    assert_string_equal(member(json, "@message"), "line\nbreak \"quoted\"");
    assert_string_equal(member(json, "a\"b"), "\x01\x1f\x7f \xef\xbf\xbd\xef\xbf\xbd \t\r\n \\ é");
    assert_int_equal(json_object_size(json), 5);
    json_decref(json);
}

static void lengths(void **state)
{
    (void)state;
    char *text = malloc(HCLOG_MAX_LINE + 1);
    memset(text, 1, HCLOG_MAX_LINE); /* each byte becomes six */
    text[HCLOG_MAX_LINE] = '\0';
    struct log_field fields[16];
    for (size_t i = 0; i < 16; i++)
        fields[i] = (struct log_field){(const char *[]){"a", "b", "c", "d", "e", "f", "g", "h", "i",
                                                        "j", "k", "l", "m", "n", "o", "p"}[i],
                                       text};
    STR_AUTO line = STR_INIT;
    hclog_format(LOG_LEVEL_ERROR, some_time, text, fields, 16, &line);
    assert_true(line.length <= HCLOG_MAX_LINE);
    json_decref(parse(&line));
    free(text);
}

static void expect_level(const char *oke, const char *provider, const char *all,
                         enum log_level level)
{
    const char *names[] = {"TF_LOG_PROVIDER_OKE", "TF_LOG_PROVIDER", "TF_LOG"};
    const char *values[] = {oke, provider, all};
    for (size_t i = 0; i < 3; i++)
        if (values[i])
            setenv(names[i], values[i], 1);
        else
            unsetenv(names[i]);
    assert_int_equal(hclog_level(), level);
}

static void levels(void **state)
{
    (void)state;
    expect_level(NULL, NULL, NULL, LOG_LEVEL_OFF);
    expect_level(NULL, NULL, "", LOG_LEVEL_OFF);
    expect_level(NULL, NULL, "DEBUG", LOG_LEVEL_DEBUG);
    expect_level(NULL, NULL, "JSON", LOG_LEVEL_TRACE);
    expect_level(NULL, NULL, "1", LOG_LEVEL_TRACE);
    expect_level(NULL, NULL, "off", LOG_LEVEL_OFF);
    expect_level(NULL, "error", "TRACE", LOG_LEVEL_ERROR);
    expect_level("warn", "error", "TRACE", LOG_LEVEL_WARN);
    expect_level("off", NULL, "TRACE", LOG_LEVEL_OFF);
}

static void secrets_are_masked(void **state)
{
    (void)state;
    static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"
                              "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n"
                              "-----END PRIVATE KEY-----\n";
    hclog_register_secret("swordfish", 9);
    hclog_register_secret("swordfish-and-more", 18);
    hclog_register_secret("abc", 3); /* too short */
    hclog_register_secret("with \"quotes\"", 13);
    hclog_register_secret(pem, strlen(pem));
    const struct log_field fields[] = {
        {"detail", "the swordfish-and-more, swordfishswordfish, abc"},
        {"swordfish", "in a key"},
        {"json", "{\"x\":\"with \"quotes\"\"}"},
        {"part", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"},
        {"whole", pem}};
    STR_AUTO line = STR_INIT;
    hclog_format(LOG_LEVEL_TRACE, some_time, "password is swordfish", fields, 5, &line);
    json_t *json = parse(&line);
    assert_string_equal(member(json, "@message"), "password is ***");
    assert_string_equal(member(json, "detail"), "the ***, ******, abc");
    assert_string_equal(member(json, "***"), "in a key");
    assert_string_equal(member(json, "json"), "{\"x\":\"***\"}");
    assert_string_equal(member(json, "part"), "***");
    assert_null(strstr(member(json, "whole"), "MIIE"));
    json_decref(json);
}

/* A secret across the place where a long value is cut. */
static void no_secret_is_cut_in_half(void **state)
{
    (void)state;
    for (size_t before = HCLOG_MAX_VALUE - 12; before < HCLOG_MAX_VALUE + 2; before++) {
        STR_AUTO value = STR_INIT;
        STR_AUTO line = STR_INIT;
        for (size_t i = 0; i < before; i++)
            str_append_char(&value, '.');
        str_append(&value, "swordfish.");
        hclog_format(LOG_LEVEL_TRACE, some_time, str_text(&value), NULL, 0, &line);
        assert_null(strstr(str_text(&line), "sw"));
    }
}

static void *log_many(void *argument)
{
    for (int i = 0; i < 200; i++)
        LOG(LOG_LEVEL_INFO, argument, {"filler", argument});
    return NULL;
}

static void *read_all(void *argument)
{
    int *fd = argument;
    struct str *text = malloc(sizeof(*text));
    *text = (struct str)STR_INIT;
    char buffer[4096];
    ssize_t got;
    while ((got = read(*fd, buffer, sizeof(buffer))) > 0)
        str_append_bytes(text, buffer, (size_t)got);
    return text;
}

/* Records larger than a pipe's atomic write from several threads stay whole lines. */
static void threads_do_not_mix(void **state)
{
    (void)state;
    int ends[2], saved = dup(STDERR_FILENO);
    pthread_t writers[4], reader;
    char *text = malloc(4001);
    memset(text, 'x', 4000);
    text[4000] = '\0';
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    setenv("TF_LOG_PROVIDER_OKE", "info", 1);
    hclog_start();
    pthread_create(&reader, NULL, read_all, &ends[0]);
    for (size_t i = 0; i < 4; i++)
        pthread_create(&writers[i], NULL, log_many, text);
    for (size_t i = 0; i < 4; i++)
        pthread_join(writers[i], NULL);
    dup2(saved, STDERR_FILENO);
    close(saved);
    struct str *all;
    pthread_join(reader, (void **)&all);
    size_t lines = 0;
    struct slice rest = {all->ptr, all->length}, line;
    bool found = true;
    for (; found && rest.length; lines++) {
        rest = slice_cut(rest, '\n', &line, &found);
        json_t *json = json_loadb(line.ptr, line.length, 0, NULL);
        assert_non_null(json);
        json_decref(json);
    }
    assert_int_equal(lines, 800);
    str_free(all);
    free(all);
    free(text);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record),
        cmocka_unit_test(escapes),
        cmocka_unit_test(lengths),
        cmocka_unit_test(levels),
        cmocka_unit_test(secrets_are_masked),
        cmocka_unit_test(no_secret_is_cut_in_half),
        cmocka_unit_test(threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
