#include "provider/plugin/message.h"

#include "lib/base/test.h"

#include <string.h>

#include "provider/plugin/provider_service.h"

static void values(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    assert_int_equal(dynamic_of_message(NULL).msgpack.length, 0);
    assert_null(dynamic_message(arena, (struct slice){0}));
    Tfplugin6__DynamicValue *message = dynamic_message(arena, SLICE_LITERAL("\xc0"));
    assert_int_equal(dynamic_of_message(message).msgpack.length, 1);
    assert_int_equal(json_of_raw_state(NULL).length, 0);
    assert_int_equal(identity_of_message(NULL).json.length, 0);
    Tfplugin6__ResourceIdentityData *identity = identity_data_message(arena, SLICE_LITERAL("\x80"));
    assert_int_equal(identity_of_message(identity).msgpack.length, 1);
}

static void round_trip(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    Tfplugin6__Diagnostic *message = diagnostic_message(
        arena, &(struct diagnostic){.severity = SEVERITY_WARNING, .summary = "s", .detail = "d"});
    size_t length;
    uint8_t *bytes = message_pack(&message->base, &length);
    Tfplugin6__Diagnostic *read = message_unpack(arena, &tfplugin6__diagnostic__descriptor,
                                                 (struct slice){(const char *)bytes, length});
    free(bytes);
    assert_non_null(read);
    assert_int_equal(read->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
    assert_string_equal(read->summary, "s");
    assert_null(read->attribute);
    assert_null(
        message_unpack(arena, &tfplugin6__diagnostic__descriptor, SLICE_LITERAL("\xff\xff")));
}

static void paths(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct path *path =
        path_index(arena, path_key(arena, path_attribute(arena, NULL, "rules"), "k\xff"), 7);
    Tfplugin6__AttributePath *message = path_message(arena, path);
    assert_int_equal(message->n_steps, 3);
    assert_string_equal(message->steps[0]->attribute_name, "rules");
    assert_string_equal(message->steps[1]->element_key_string, "k\xef\xbf\xbd");
    assert_int_equal(message->steps[2]->element_key_int, 7);
    assert_int_equal(message->steps[2]->selector_case,
                     TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT);
    assert_int_equal(path_message(arena, NULL)->n_steps, 0);
}

static void diagnostics_are_valid_and_never_without_severity(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    Tfplugin6__Diagnostic *message = diagnostic_message(
        arena, &(struct diagnostic){.summary = NULL, .detail = "bad \xc3\x28 bytes"});
    assert_int_equal(message->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_string_equal(message->summary, "");
    assert_string_equal(message->detail, "bad \xef\xbf\xbd( bytes");
}

static void diagnostics_find_their_field(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    diagnostics_error(&diagnostics, NULL, "one", "x");
    diagnostics_warning(&diagnostics, NULL, "two", "y");
    Tfplugin6__ReadResource__Response read = TFPLUGIN6__READ_RESOURCE__RESPONSE__INIT;
    message_put_diagnostics(arena, &read.base, &diagnostics);
    assert_int_equal(read.n_diagnostics, 2);
    assert_string_equal(read.diagnostics[1]->summary, "two");
    Tfplugin6__CallFunction__Response call = TFPLUGIN6__CALL_FUNCTION__RESPONSE__INIT;
    message_put_diagnostics(arena, &call.base, &diagnostics); /* has none */
    Tfplugin6__InvokeAction__Event__Completed completed =
        TFPLUGIN6__INVOKE_ACTION__EVENT__COMPLETED__INIT;
    message_put_diagnostics(arena, &completed.base, &diagnostics);
    assert_int_equal(completed.n_diagnostics, 2);
}

static void timestamps(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    Tfplugin6__Timestamp *message = timestamp_message(arena, 1767323045678);
    assert_int_equal(message->seconds, 1767323045);
    assert_int_equal(message->nanos, 678000000);
}

/* Every RPC of the service has its row. */
static void table_is_complete(void **state)
{
    (void)state;
    const ProtobufCServiceDescriptor *service = &tfplugin6__provider__descriptor;
    size_t rows = 0;
    while (provider_service_methods[rows].path)
        rows++;
    assert_int_equal(rows, service->n_methods);
    for (unsigned i = 0; i < service->n_methods; i++) {
        STR_AUTO path = STR_INIT;
        bool found = false;
        str_printf(&path, "/%s/%s", service->name, service->methods[i].name);
        for (size_t row = 0; row < rows; row++)
            found |= text_equal(provider_service_methods[row].path, str_text(&path));
        if (!found)
            fail_msg("no row for %s", str_text(&path));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(paths),
        cmocka_unit_test(diagnostics_are_valid_and_never_without_severity),
        cmocka_unit_test(diagnostics_find_their_field),
        cmocka_unit_test(timestamps),
        cmocka_unit_test(table_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
