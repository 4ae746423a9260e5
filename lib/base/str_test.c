#include "lib/base/str.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/test.h"

static void appends_and_formats(void **state)
{
    (void)state;
    STR_AUTO s = STR_INIT;
    assert_string_equal(str_text(&s), "");
    str_append(&s, "a");
    str_append(&s, NULL);
    str_append_char(&s, 'b');
    str_printf(&s, "%d-%s", 42, "x");
    assert_string_equal(str_text(&s), "ab42-x");
    str_truncate(&s, 2);
    assert_string_equal(str_text(&s), "ab");
    for (int i = 0; i < 10000; i++)
        str_append_char(&s, 'z');
    assert_int_equal(s.length, 10002);
    CLEANUP(free_pointer) char *stolen = str_steal(&s);
    assert_int_equal(strlen(stolen), 10002);
    assert_int_equal(s.length, 0);
}

static void slices_cut_and_trim(void **state)
{
    (void)state;
    bool found;
    struct slice head, rest = slice_cut(slice_from("a=b=c"), '=', &head, &found);
    assert_true(found && slice_equal_text(head, "a") && slice_equal_text(rest, "b=c"));
    rest = slice_cut(slice_from("abc"), '=', &head, &found);
    assert_true(!found && slice_equal_text(head, "abc") && rest.length == 0);
    assert_true(slice_equal_text(slice_trim(slice_from(" \t x y\r\n")), "x y"));
    assert_true(slice_equal_text(slice_trim(slice_from("   ")), ""));
    assert_true(slice_starts_with(slice_from("abc"), "ab"));
    assert_false(slice_starts_with(slice_from("a"), "ab"));
}

static void comparisons_accept_null(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_equal_nocase("AbC", "aBc"));
    assert_true(text_starts_with("ocid1.vcn.oc1", "ocid1."));
    assert_true(text_ends_with("file.pem", ".pem"));
    assert_false(text_ends_with("pem", "file.pem"));
    assert_true(text_empty(NULL) && text_empty("") && !text_empty("x"));
}

static void nearest_suggests_only_what_is_close(void **state)
{
    (void)state;
    const char *const names[] = {"display_name", "cidr_block", "dns_label"};
    assert_string_equal(text_nearest("dispaly_name", names, 3), "display_name");
    assert_string_equal(text_nearest("cidr_blok", names, 3), "cidr_block");
    assert_null(text_nearest("kubernetes_version", names, 3));
}

static void utf8_is_checked_by_rfc_3629(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool valid;
    } rows[] = {
        {"plain", true},
        {"gr\xc3\xbc\xc3\x9f"
         "e",
         true},
        {"\xf0\x9f\x8d\xba", true},
        {"\xc0\xaf", false},
        {"\xe0\x80\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xc3", false},
        {"\x80", false},
        {"\xff", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        assert_int_equal(text_is_utf8(rows[i].bytes, strlen(rows[i].bytes)), rows[i].valid);
    STR_AUTO s = STR_INIT;
    str_append_utf8(&s, "a\xff\xc3\xbc\xc3", 5);
    assert_string_equal(str_text(&s), "a\xef\xbf\xbd\xc3\xbc\xef\xbf\xbd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_formats),
        cmocka_unit_test(slices_cut_and_trim),
        cmocka_unit_test(comparisons_accept_null),
        cmocka_unit_test(nearest_suggests_only_what_is_close),
        cmocka_unit_test(utf8_is_checked_by_rfc_3629),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
