#include "acceptance/cloud/s3/xml.h"

#include <string.h>

#include "lib/base/test.h"

static void a_document_is_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const char *text = "<?xml version=\"1.0\"?>\n<!-- parts -->"
                       "<a:CompleteMultipartUpload xmlns:a='http://s3/>'>"
                       "<Part><PartNumber> 1 </PartNumber><ETag>&quot;e&#x20;&amp;&#228;</ETag>"
                       "</Part><Empty/></a:CompleteMultipartUpload>\n";
    struct xml_element *root = xml_parse(arena, text, strlen(text), &err);
    assert_non_null(root);
    assert_string_equal(root->name, "CompleteMultipartUpload");
    const struct xml_element *part = xml_child(root, "Part");
    assert_string_equal(xml_child_text(part, "PartNumber"), "1");
    assert_string_equal(xml_child_text(part, "ETag"), "\"e &\xc3\xa4");
    assert_string_equal(xml_child_text(root, "Empty"), "");
    assert_null(xml_child_text(root, "Part2"));
}

static void what_is_not_well_formed_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "a",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "<a b></a>",
        "<a b=c/>",
        "<a b='c/>",
        "<a>&unknown;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#-1;</a>",
        "<a>&</a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a><![CDATA[x]]></a>",
        "< a/>",
        "<a></a",
        "<a>\xff</a>",
        ("<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a>"
         "</a></a></a></a></a></a></a>"),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        assert_null(xml_parse(arena, texts[i], strlen(texts[i]), &err));
        assert_int_equal(err.code, ERROR_INVALID);
    }
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    STR_AUTO out = STR_INIT;
    xml_append(&out, "Key", "a<b>&\"c'\rd");
    assert_string_equal(str_text(&out), "<Key>a&lt;b&gt;&amp;\"c'&#13;d</Key>");
    assert_string_equal(xml_parse(arena, str_text(&out), out.length, &err)->text, "a<b>&\"c'\rd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read),
        cmocka_unit_test(what_is_not_well_formed_is_refused),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
