#include "lib/net/retry.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/test.h"
#include "lib/net/secret.h"

static void test_pause_grows_and_is_bounded(void **state)
{
    (void)state;
    const struct retry_backoff backoff = {100, 1000, 2.0};
    static const int64_t tops[] = {100, 200, 400, 800, 1000, 1000};
    for (int attempt = 1; attempt <= 6; attempt++)
        for (int i = 0; i < 50; i++) {
            int64_t pause = retry_pause_ms(&backoff, attempt);
            assert_in_range(pause, tops[attempt - 1] / 2, tops[attempt - 1]);
        }
    assert_in_range(retry_pause_ms(&backoff, 1000000), 500, 1000);
}

static void test_retry_after(void **state)
{
    (void)state;
    assert_int_equal(retry_after_ms(NULL), -1);
    assert_int_equal(retry_after_ms(""), -1);
    assert_int_equal(retry_after_ms("soon"), -1);
    assert_int_equal(retry_after_ms("1.5"), -1);
    assert_int_equal(retry_after_ms(" 3 "), 3000);
    assert_int_equal(retry_after_ms("0"), 0);
    assert_int_equal(retry_after_ms("99999999999999999999"), RETRY_AFTER_LIMIT_MS);
    assert_int_equal(retry_after_ms("Tue, 02 Jun 2020 10:20:30 GMT"), 0);
    char date[CLOCK_HTTP_SIZE];
    clock_format_http(clock_wall_ms() + 5000, date);
    assert_in_range(retry_after_ms(date), 3000, 5000);
}

static void test_sleep(void **state)
{
    (void)state;
    const struct retry_backoff backoff = {10, 10, 2.0};
    int64_t started = clock_monotonic_ms();
    assert_int_equal(retry_sleep(&backoff, 1, -1, 0, NULL), RETRY_AGAIN);
    assert_int_equal(retry_sleep(&backoff, 1, 30, started + 1000, NULL), RETRY_AGAIN);
    assert_in_range(clock_monotonic_ms() - started, 34, 500);
    started = clock_monotonic_ms();
    assert_int_equal(retry_sleep(&backoff, 1, 5000, started + 1000, NULL), RETRY_NO_TIME);
    struct cancel *cancel = cancel_new();
    cancel_raise(cancel);
    assert_int_equal(retry_sleep(&backoff, 1, 5000, 0, cancel), RETRY_CANCELLED);
    cancel_free(cancel);
    assert_true(clock_monotonic_ms() - started < 500);
}

static void test_secrets(void **state)
{
    (void)state;
    assert_null(secret_copy(NULL));
    SECRET_AUTO secret = secret_copy("s3cret");
    assert_string_equal(secret, "s3cret");
    assert_int_equal(secret_length(secret), 6);
    SECRET_AUTO large = secret_new(NULL, 0);
    assert_null(large);
    ERROR_AUTO(err);
    assert_null(secret_read_file("/nonexistent/file", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    SECRET_AUTO self = secret_read_file("/proc/self/status", &err);
    assert_non_null(strstr(self, "VmLck"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pause_grows_and_is_bounded),
        cmocka_unit_test(test_retry_after),
        cmocka_unit_test(test_sleep),
        cmocka_unit_test(test_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
