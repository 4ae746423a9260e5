#include "acceptance/cloud/database/zip.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/test.h"

/* The archive that `zip -0 -X` makes of a file "a" with "hello" in it, of 2026-11-25 10:20:30. */
static void an_archive_is_what_other_programs_write(void **state)
{
    (void)state;
    STR_AUTO out = STR_INIT;
    STR_AUTO hex = STR_INIT;
    const struct zip_file file = {"a", "hello", 5};
    zip_append(&out, &file, 1, 1795602030000);
    hex_encode(out.ptr, out.length, &hex);
    assert_string_equal(str_text(&hex), "504b0304"
                                        "1400"
                                        "0008"
                                        "0000"
                                        "8f52795d"
                                        "86a61036"
                                        "05000000"
                                        "05000000"
                                        "0100"
                                        "0000"
                                        "61"
                                        "68656c6c6f"
                                        "504b0102"
                                        "1400"
                                        "1400"
                                        "0008"
                                        "0000"
                                        "8f52795d"
                                        "86a61036"
                                        "05000000"
                                        "05000000"
                                        "0100"
                                        "0000"
                                        "0000"
                                        "0000"
                                        "0000"
                                        "00000000"
                                        "00000000"
                                        "61"
                                        "504b0506"
                                        "0000"
                                        "0000"
                                        "0100"
                                        "0100"
                                        "2f000000"
                                        "24000000"
                                        "0000");
}

static void offsets_count_from_the_start_of_the_archive(void **state)
{
    (void)state;
    STR_AUTO out = STR_INIT;
    const struct zip_file files[] = {{"one", "1", 1}, {"two", "", 0}};
    str_append(&out, "before");
    zip_append(&out, files, 2, 1795602030000);
    const unsigned char *end = (const unsigned char *)out.ptr + out.length - 22;
    size_t directory = end[16] | (size_t)end[17] << 8;
    assert_memory_equal(out.ptr + strlen("before") + directory, "PK\1\2", 4);
    const char *second = memmem(out.ptr + 6 + directory + 4, 100, "PK\1\2", 4);
    size_t offset = (unsigned char)second[42] | (size_t)(unsigned char)second[43] << 8;
    assert_memory_equal(out.ptr + 6 + offset, "PK\3\4", 4);
    assert_memory_equal(out.ptr + 6 + offset + 30, "two", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_is_what_other_programs_write),
        cmocka_unit_test(offsets_count_from_the_start_of_the_archive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
