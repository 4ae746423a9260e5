/* The generic operations against a service that plays scripted answers. */
#include "provider/oci/ops.h"

#include <string.h>

#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/test_service.h"

#define COMPARTMENT "ocid1.compartment.oc1..aaaa"
#define THING       "ocid1.thing.oc1.phx.aaaa"

/* --- the resource under test -------------------------------------------------------------------- */

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "size", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL | COMPUTED},
    {.name = "part_id", .flags = COMPUTED},
    {.name = "protected", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL | LOCAL},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTES_END,
};

static bool is_protected(const struct api_call *call)
{
    return value_as_bool(value_get(call->prior, "protected"), false);
}

static bool takes_over(const struct api_call *call)
{
    return !value_as_bool(value_get(call->planned, "protected"), false);
}

/* Two sizes to try before giving up. */
static bool try_smaller(struct api_call *call, int attempt, json_t *body)
{
    (void)call;
    json_object_set_new(body, "size", json_integer(10 - attempt));
    return attempt < 3;
}

static const struct api_query by_name[] = {
    {"compartmentId", "{compartment_id}"}, {"displayName", "{display_name}"}, {NULL, NULL}};

static const struct oci_api plain = {
    .service = OCI_CORE,
    .noun = "thing",
    .stem = "Thing",
    .path = "/things",
    .ocid_type = "thing",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = by_name,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeThingCompartment"),
                                           {.attribute = NULL}},
    .blockers =
        (const struct api_blocker[]){
            {.noun = "part",
             .operation = "ListParts",
             .service = OCI_CORE,
             .path = "/parts",
             .query = (const struct api_query[]){{"thingId", "{id}"}, {NULL, NULL}}},
            {.noun = NULL}},
    .keep = is_protected,
    .adopt = takes_over,
};

static const struct oci_api without_tokens = {.service = OCI_CORE,
                                              .noun = "thing",
                                              .stem = "Thing",
                                              .path = "/things",
                                              .flags = API_NO_RETRY_TOKEN,
                                              .states = &api_states_core,
                                              .list_query = by_name};

static const struct oci_api discarding = {.service = OCI_CORE,
                                          .noun = "thing",
                                          .stem = "Thing",
                                          .path = "/things",
                                          .flags = API_NO_RETRY_TOKEN | API_DISCARD_LOST,
                                          .list_query = by_name};

static const struct oci_api by_work_request = {.service = OCI_CONTAINER_ENGINE,
                                               .noun = "thing",
                                               .stem = "Thing",
                                               .path = "/things",
                                               .states = &api_states_active,
                                               .work_request_entity = "thing",
                                               .out_of_capacity = try_smaller};

static const struct oci_api keyed = {.service = OCI_OBJECT_STORAGE,
                                     .noun = "thing",
                                     .stem = "Thing",
                                     .path = "/c/{compartment_id}/things",
                                     .item = "/c/{compartment_id}/things/{display_name}",
                                     .id = "c/{compartment_id}/things/{display_name}",
                                     .flags = API_NO_RETRY_TOKEN | API_KEYED_BY_NAME |
                                              API_UPDATE_BY_POST | API_READ_AFTER_WRITE};

static const struct oci_api listed = {.service = OCI_IDENTITY,
                                      .noun = "thing",
                                      .stem = "Thing",
                                      .path = "/users/{compartment_id}/things",
                                      .import_id = "users/{compartment_id}/things/{id}",
                                      .flags = API_READ_BY_LIST,
                                      .answer = "things.0"};

/* --- the service -------------------------------------------------------------------------------- */

#define OBJECT(state, size)                                                                        \
    "{\"id\":\"" THING "\",\"compartmentId\":\"" COMPARTMENT "\",\"displayName\":\"web\","         \
    "\"size\":" #size ",\"partId\":\"part-of-it\",\"lifecycleState\":\"" state "\"}"
#define WORK_REQUEST(status)                                                                       \
    "{\"id\":\"w1\",\"status\":\"" status "\",\"compartmentId\":\"" COMPARTMENT                    \
    "\",\"resources\":[{\"entityType\":\"thing\",\"identifier\":\"" THING "\"}]}"

static struct resource resource;

static void use(const struct oci_api *api)
{
    resource =
        (struct resource){.name = "thing", .attributes = attributes, .ops = &oci_ops, .api = api};
    service.op.resource = &resource;
}

/* What a killed run left in the journal. */
static void replay(const char *object_id)
{
    service.intent.replay = true;
    service.intent.object_id = object_id ? mem_strdup(object_id) : NULL;
}

static const struct value *object(const char *name, int64_t size, bool protected)
{
    struct arena *arena = service.op.arena;
    const struct value_entry entries[] = {
        {slice_from("id"), &value_unknown},
        {slice_from("compartment_id"), value_string(arena, COMPARTMENT)},
        {slice_from("display_name"), value_string(arena, name)},
        {slice_from("size"), value_integer(arena, size)},
        {slice_from("part_id"), &value_unknown},
        {slice_from("protected"), value_bool(protected)},
        {slice_from("defined_tags"), &value_null},
        {slice_from("state"), &value_unknown},
    };
    return value_map(arena, entries, ARRAY_LENGTH(entries));
}

static const struct value *existing(void)
{
    struct arena *arena = service.op.arena;
    const struct value *known = object("web", 1, false);
    known = value_with(arena, known, "id", value_string(arena, THING));
    known = value_with(arena, known, "part_id", value_string(arena, "part-of-it"));
    return value_with(arena, known, "state", value_string(arena, "AVAILABLE"));
}

static const char *member(const struct value *state, const char *name)
{
    const char *text = value_text(value_get(state, name));
    return text ? text : "(none)";
}

static bool create(const struct value **state, struct error *err)
{
    *state = NULL;
    const struct value *planned = object("web", 1, false);
    return oci_ops.create(&service.op, planned, planned, state, err);
}

#define BODY "{\"compartmentId\":\"" COMPARTMENT "\",\"displayName\":\"web\",\"size\":1}"
#define LIST "GET /things?compartmentId=" COMPARTMENT "&displayName=web\n"

/* --- patterns ----------------------------------------------------------------------------------- */

static void test_patterns(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct arena *arena = service.op.arena;
    const struct value *known =
        value_with(arena, &value_empty_map, "a", value_string(arena, "x/y"));
    known = value_with(arena, known, "n", value_integer(arena, 7));
    known = value_with(arena, known, "up", value_string(arena, ".."));
    assert_string_equal(api_path(arena, "/p/{a}/{n}/q", known, &err), "/p/x%2Fy/7/q");
    assert_string_equal(api_text(arena, "p/{a}/{n}", known), "p/x/y/7");
    assert_null(api_text(arena, "p/{b}", known));
    assert_null(api_path(arena, "/p/{b}", known, &err));
    assert_in(error_message(&err), "b is not known");
    assert_null(api_path(arena, "/p/{up}", known, &err));
    static const struct {
        const char *pattern, *text, *first, *last;
    } forms[] = {{"n/{first}/b/{last}", "n/ns/b/my-bucket", "ns", "my-bucket"},
                 {"n/{first}/p/{last}", "n/ns/p/id/with/slashes", "ns", "id/with/slashes"},
                 {"{last}", "anything at all", NULL, "anything at all"},
                 {"n/{first}/b/{last}", "n/ns/b/", NULL, NULL},
                 {"n/{first}/b/{last}", "n//b/x", NULL, NULL},
                 {"n/{first}/b/{last}", "ns/my-bucket", NULL, NULL},
                 {"a{last}z", "abcz-", NULL, NULL},
                 {"a{last}z", "abcz", NULL, "bc"}};
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        const struct value *parts = &value_empty_map;
        bool good = api_parse(arena, forms[i].pattern, forms[i].text, &parts);
        if (good != (forms[i].last != NULL))
            fail_msg("%s as %s: %d", forms[i].text, forms[i].pattern, good);
        if (good && forms[i].first)
            assert_string_equal(member(parts, "first"), forms[i].first);
        if (good)
            assert_string_equal(member(parts, "last"), forms[i].last);
    }
}

/* --- create ------------------------------------------------------------------------------------- */

static void test_create_waits_for_the_lifecycle(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({200, OBJECT("PROVISIONING", 1)}, {404, REFUSED("NotAuthorizedOrNotFound", "refused")},
         {200, OBJECT("PROVISIONING", 1)}, {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\nGET /things/" THING "\nGET /things/" THING
                      "\nGET /things/" THING "\n");
    assert_string_equal(member(made, "id"), THING);
    assert_string_equal(member(made, "state"), "AVAILABLE");
    assert_string_equal(service.intent.object_id, THING);
    assert_string_equal(str_text(&service.tokens), TEST_TOKEN " ");
}

static void test_create_that_is_ready_at_once_needs_one_request(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_int_equal(service.received, 1);
}

static void test_lost_answer_is_asked_for_with_the_same_token(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({.drop = true}, {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_string_equal(str_text(&service.tokens), TEST_TOKEN " " TEST_TOKEN " ");
}

static void test_failed_wait_returns_what_exists(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({200, OBJECT("PROVISIONING", 1)}, {200, OBJECT("FAULTY", 1)});
    assert_false(create(&made, &err));
    assert_in(error_message(&err), "thing web went to state FAULTY instead of AVAILABLE");
    assert_non_null(made);
    assert_string_equal(member(made, "id"), THING);
    assert_string_equal(member(made, "state"), "FAULTY");
}

static void test_refusal_leaves_nothing(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({400, REFUSED("InvalidParameter", "refused")});
    assert_false(create(&made, &err));
    assert_null(made);
    assert_in(error_message(&err), "CreateThing thing web");
    assert_in(error_message(&err), "REQ1");
}

static void test_killed_run_whose_id_is_known_is_continued(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    replay(THING);
    PLAY({200, OBJECT("PROVISIONING", 1)}, {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("GET /things/" THING "\nGET /things/" THING "\n");
    assert_string_equal(member(made, "id"), THING);
}

static void test_killed_run_whose_object_is_gone_starts_afresh(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    replay(THING);
    PLAY({200, OBJECT("TERMINATED", 1)});
    assert_false(create(&made, &err));
    assert_null(made); /* with these two the engine tries again, with a new token */
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void test_spent_token_leads_to_the_object(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    replay(NULL);
    PLAY({409, REFUSED("InvalidatedRetryToken", "refused")}, {200, "[" OBJECT("AVAILABLE", 1) "]"});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\n" LIST);
    assert_string_equal(member(made, "id"), THING);
}

static void test_spent_token_without_object_starts_afresh(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    replay(NULL);
    PLAY({409, REFUSED("InvalidatedRetryToken", "refused")}, {200, "[]"});
    assert_false(create(&made, &err));
    assert_null(made);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* --- APIs without retry tokens ------------------------------------------------------------------ */

static void test_without_tokens_a_lost_answer_is_looked_for(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&without_tokens);
    PLAY({.drop = true}, {200, "[" OBJECT("TERMINATED", 1) "," OBJECT("AVAILABLE", 2) "," OBJECT(
                                   "AVAILABLE", 1) "]"});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\n" LIST);
    assert_string_equal(str_text(&service.tokens), "");
    assert_string_equal(member(made, "id"), THING);
}

static void test_without_tokens_a_lost_request_is_sent_again(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&without_tokens);
    PLAY({.drop = true}, {200, "[" OBJECT("AVAILABLE", 2) "]"}, {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\n" LIST "POST /things " BODY "\n");
}

static void test_without_tokens_a_killed_run_is_looked_for_first(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&without_tokens);
    replay(NULL);
    PLAY({200, "[" OBJECT("AVAILABLE", 1) "]"});
    assert_true(create(&made, &err));
    assert_transcript(LIST);
}

static void test_lost_secret_is_discarded_and_made_anew(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&discarding);
    PLAY({.drop = true}, {200, "[" OBJECT("AVAILABLE", 1) "]"}, {204, ""},
         {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\n" LIST "DELETE /things/" THING "\nPOST /things " BODY
                      "\n");
}

static void test_secret_that_a_killed_run_was_told_is_discarded(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&discarding);
    replay(THING);
    PLAY({204, ""});
    assert_false(create(&made, &err));
    assert_transcript("DELETE /things/" THING "\n");
    assert_null(made); /* with these two the engine tries again, with a new token */
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void test_repeated_create_of_a_named_object_finds_its_own(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&keyed);
    PLAY({.drop = true}, {409, REFUSED("BucketAlreadyExists", "refused")},
         {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_string_equal(member(made, "id"), "c/" COMPARTMENT "/things/web");
    assert_int_equal(service.received, 3);
}

/* --- taken names -------------------------------------------------------------------------------- */

static void test_taken_name_is_taken_over_where_allowed(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&plain);
    PLAY({409, REFUSED("CompartmentAlreadyExists", "refused")},
         {200, "[" OBJECT("AVAILABLE", 5) "]"}, {200, OBJECT("AVAILABLE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\n" LIST "PUT /things/" THING " {\"size\":1}\n");
    assert_int_equal(service.diagnostics.count, 1);
}

static void test_taken_name_is_explained(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made = NULL, *planned = object("web", 1, true);
    use(&plain);
    PLAY({409, REFUSED("CompartmentAlreadyExists", "refused")},
         {200, "[" OBJECT("AVAILABLE", 5) "]"});
    assert_false(oci_ops.create(&service.op, planned, planned, &made, &err));
    assert_null(made);
    assert_in(error_message(&err), "terraform import oke_thing.<name> '" THING "'");
}

/* --- work requests ------------------------------------------------------------------------------ */

static void test_work_request_tells_the_id_before_the_wait(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&by_work_request);
    PLAY({202, "", "opc-work-request-id: w1\r\n"}, {200, WORK_REQUEST("ACCEPTED")},
         {200, WORK_REQUEST("SUCCEEDED")}, {200, OBJECT("ACTIVE", 1)});
    assert_true(create(&made, &err));
    assert_transcript("POST /things " BODY "\nGET /workRequests/w1\nGET /workRequests/w1\n"
                      "GET /things/" THING "\n");
    assert_string_equal(service.intent.object_id, THING);
}

static void test_failed_work_request_returns_what_exists(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&by_work_request);
    PLAY({202, "", "opc-work-request-id: w1\r\n"}, {200, WORK_REQUEST("FAILED")},
         {200, WORK_REQUEST("FAILED")}, {200, "[{\"code\":\"X\",\"message\":\"no such image\"}]"},
         {200, "[]"}, {200, OBJECT("FAILED", 1)});
    assert_false(create(&made, &err));
    assert_in(error_message(&err), "no such image");
    assert_string_equal(member(made, "id"), THING);
    assert_string_equal(member(made, "state"), "FAILED");
}

static void test_lack_of_capacity_clears_away_and_tries_otherwise(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    use(&by_work_request);
    PLAY({202, "", "opc-work-request-id: w1\r\n"}, {200, WORK_REQUEST("FAILED")},
         {200, WORK_REQUEST("FAILED")},
         {200, "[{\"code\":\"X\",\"message\":\"Out of host capacity\"}]"}, {200, "[]"},
         {404, REFUSED("NotAuthorizedOrNotFound", "refused")},
         {202, "", "opc-work-request-id: w2\r\n"}, {200, WORK_REQUEST("SUCCEEDED")},
         {200, WORK_REQUEST("SUCCEEDED")}, {200, OBJECT("ACTIVE", 9)});
    assert_true(create(&made, &err));
    assert_in(str_text(&service.transcript), "DELETE /things/" THING "\nPOST /things {");
    assert_in(str_text(&service.transcript), "\"size\":9}\nGET /workRequests/w2");
    assert_string_equal(str_text(&service.tokens), TEST_TOKEN " " TEST_TOKEN "-2 ");
}

/* --- read, update, delete ----------------------------------------------------------------------- */

static void test_reading(void **state)
{
    (void)state;
    static const struct {
        struct test_step step;
        bool good, there;
    } cases[] = {{{200, OBJECT("AVAILABLE", 3)}, true, true},
                 {{200, OBJECT("TERMINATING", 3)}, true, true},
                 {{200, OBJECT("TERMINATED", 3)}, true, false},
                 {{404, REFUSED("NotAuthorizedOrNotFound", "refused")}, true, false},
                 {{401, REFUSED("NotAuthenticated", "refused")}, false, false}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        const struct value *found = NULL;
        use(&plain);
        service.steps = &cases[i].step;
        service.count = 1;
        if (oci_ops.read(&service.op, existing(), &found, &err) != cases[i].good ||
            (found != NULL) != cases[i].there)
            fail_msg("case %zu: %s", i, error_message(&err));
    }
}

static void test_read_by_list(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *found = NULL;
    use(&listed);
    PLAY({200, "[{\"id\":\"other\",\"size\":1}," OBJECT("ACTIVE", 4) "]"});
    assert_true(oci_ops.read(&service.op, existing(), &found, &err));
    assert_string_equal(member(found, "id"), THING);
    service.steps = &(const struct test_step){200, "[{\"id\":\"other\",\"size\":1}]"};
    assert_true(oci_ops.read(&service.op, existing(), &found, &err));
    assert_null(found);
}

static void test_update_acts_then_sends_what_changed(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *updated = NULL;
    struct arena *arena = service.op.arena;
    const struct value *planned = value_with(arena, existing(), "size", value_integer(arena, 2));
    planned = value_with(arena, planned, "compartment_id",
                         value_string(arena, "ocid1.compartment.oc1..bbbb"));
    use(&plain);
    PLAY({200, ""}, {200, OBJECT("AVAILABLE", 1)}, {200, OBJECT("UPDATING", 2)},
         {200, OBJECT("AVAILABLE", 2)});
    assert_true(oci_ops.update(&service.op, existing(), planned, planned, &updated, &err));
    assert_transcript("POST /things/" THING "/actions/changeCompartment "
                      "{\"compartmentId\":\"ocid1.compartment.oc1..bbbb\"}\n"
                      "GET /things/" THING "\n"
                      "PUT /things/" THING " {\"size\":2}\nGET /things/" THING "\n");
    int64_t size = 0;
    assert_true(value_as_integer(value_get(updated, "size"), &size) && size == 2);
}

static void test_failed_update_tells_what_was_reached(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *updated = NULL;
    struct arena *arena = service.op.arena;
    const struct value *planned = value_with(arena, existing(), "size", value_integer(arena, 2));
    use(&plain);
    PLAY({400, REFUSED("InvalidParameter", "refused")}, {200, OBJECT("AVAILABLE", 1)});
    assert_false(oci_ops.update(&service.op, existing(), planned, planned, &updated, &err));
    assert_in(error_message(&err), "UpdateThing thing web");
    int64_t size = 0;
    assert_true(value_as_integer(value_get(updated, "size"), &size) && size == 1);
}

static void test_renaming_a_named_object_reads_it_under_the_new_name(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *updated = NULL;
    struct arena *arena = service.op.arena;
    const struct value *planned =
        value_with(arena, existing(), "display_name", value_string(arena, "new"));
    use(&keyed);
    PLAY({200, "{}"}, {200, "{\"displayName\":\"new\"}"});
    assert_true(oci_ops.update(&service.op, existing(), planned, planned, &updated, &err));
    assert_in(str_text(&service.transcript), "POST /c/" COMPARTMENT "/things/web {");
    assert_in(str_text(&service.transcript), "GET /c/" COMPARTMENT "/things/new\n");
    assert_string_equal(member(updated, "id"), "c/" COMPARTMENT "/things/new");
}

static void test_tags_of_others_stay_and_do_not_show(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *updated = NULL;
    struct arena *arena = service.op.arena;
    const struct value *mine =
        value_with(arena, &value_empty_map, "Ops.cost", value_string(arena, "42"));
    const struct value *planned = value_with(arena, existing(), "defined_tags", mine);
    static const char present[] =
        "{\"id\":\"" THING "\",\"lifecycleState\":\"AVAILABLE\",\"definedTags\":"
        "{\"Oracle-Tags\":{\"CreatedBy\":\"me\"},\"Ops\":{\"cost\":\"42\"}}}";
    static char *ignored[] = {(char *)"Oracle-Tags.CreatedBy"};
    service.client.ignored_tags = ignored;
    service.client.ignored_tag_count = 1;
    use(&plain);
    PLAY({200, present});
    assert_true(oci_ops.update(&service.op, existing(), planned, planned, &updated, &err));
    assert_in(str_text(&service.transcript), "GET /things/" THING "\nPUT /things/" THING
                                             " {\"definedTags\":{\"Ops\":{\"cost\":\"42\"},"
                                             "\"Oracle-Tags\":{\"CreatedBy\":\"me\"}}}\n");
    assert_true(value_equal(NULL, value_get(updated, "defined_tags"), mine));
}

static void test_delete_waits_until_it_is_gone(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({204, ""}, {200, OBJECT("AVAILABLE", 1)}, {200, OBJECT("TERMINATING", 1)},
         {200, OBJECT("TERMINATING", 1)}, {200, OBJECT("TERMINATED", 1)});
    assert_true(oci_ops.remove(&service.op, existing(), &err));
    assert_int_equal(service.received, 5);
    PLAY({204, ""}, {200, OBJECT("TERMINATING", 1)},
         {404, REFUSED("NotAuthorizedOrNotFound", "gone")});
    assert_true(oci_ops.remove(&service.op, existing(), &err));
    assert_int_equal(service.received, 3);
}

static void test_delete_that_the_service_gives_up_is_an_error(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({204, ""}, {200, OBJECT("TERMINATING", 1)}, {200, OBJECT("AVAILABLE", 1)});
    assert_false(oci_ops.remove(&service.op, existing(), &err));
    assert_in(error_message(&err), "went to state AVAILABLE");
}

static void test_delete_of_what_is_gone_is_good(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "refused")});
    assert_true(oci_ops.remove(&service.op, existing(), &err));
}

static void test_refused_delete_names_what_is_in_the_way(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({409, REFUSED("Conflict", "refused")},
         {200, "[{\"id\":\"part-of-it\",\"lifecycleState\":\"AVAILABLE\"},"
               "{\"id\":\"old\",\"lifecycleState\":\"TERMINATED\"},"
               "{\"id\":\"p1\",\"displayName\":\"one\",\"lifecycleState\":\"AVAILABLE\"}]"});
    assert_false(oci_ops.remove(&service.op, existing(), &err));
    assert_transcript("DELETE /things/" THING "\nGET /parts?thingId=" THING "\n");
    assert_in(error_message(&err), "\n  part one (p1)");
    assert_null(strstr(error_message(&err), "part-of-it"));
    assert_null(strstr(error_message(&err), "old"));
}

static void test_delete_waits_for_what_is_leaving(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({409, REFUSED("Conflict", "refused")},
         {200, "[{\"id\":\"p1\",\"lifecycleState\":\"TERMINATING\"}]"}, {204, ""},
         {404, REFUSED("NotAuthorizedOrNotFound", "refused")});
    assert_true(oci_ops.remove(&service.op, existing(), &err));
}

static void test_kept_objects_are_only_forgotten(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    use(&plain);
    PLAY({500, ""});
    const struct value *prior = value_with(service.op.arena, existing(), "protected", &value_true);
    assert_true(oci_ops.remove(&service.op, prior, &err));
    assert_int_equal(service.received, 0);
}

/* --- import and list ---------------------------------------------------------------------------- */

static void test_import(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *start = NULL;
    use(&plain);
    assert_true(oci_ops.import(&service.op, THING, &start, &err));
    assert_string_equal(member(start, "id"), THING);
    assert_false(oci_ops.import(&service.op, "ocid1.vcn.oc1.phx.aaaa", &start, &err));
    assert_in(error_message(&err), "no OCID of a thing");
    use(&listed);
    assert_true(oci_ops.import(&service.op, "users/u/things/t", &start, &err));
    assert_string_equal(member(start, "compartment_id"), "u");
    assert_string_equal(member(start, "id"), "t");
    error_reset(&err);
    assert_false(oci_ops.import(&service.op, "t", &start, &err));
    use(&keyed);
    assert_true(oci_ops.import(&service.op, "c/x/things/y", &start, &err));
    assert_string_equal(member(start, "id"), "c/x/things/y");
    assert_string_equal(member(start, "display_name"), "y");
}

static bool count_found(void *context, const struct value *found, const char *display_name)
{
    assert_string_equal(member(found, "id"), THING);
    assert_string_equal(display_name, "web");
    return ++*(int *)context < 2;
}

static void test_list(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    int found = 0;
    struct arena *arena = service.op.arena;
    const struct value *config =
        value_with(arena, &value_empty_map, "compartment_id", value_string(arena, COMPARTMENT));
    use(&plain);
    PLAY({200, "[" OBJECT("AVAILABLE", 1) "," OBJECT("TERMINATED", 1) "," OBJECT(
                   "AVAILABLE", 1) "," OBJECT("AVAILABLE", 1) "]"});
    assert_true(oci_ops.list(&service.op, config, count_found, &found, &err));
    assert_int_equal(found, 2);
    assert_transcript("GET /things?compartmentId=" COMPARTMENT "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(test_patterns),
        SERVICE_TEST(test_create_waits_for_the_lifecycle),
        SERVICE_TEST(test_create_that_is_ready_at_once_needs_one_request),
        SERVICE_TEST(test_lost_answer_is_asked_for_with_the_same_token),
        SERVICE_TEST(test_failed_wait_returns_what_exists),
        SERVICE_TEST(test_refusal_leaves_nothing),
        SERVICE_TEST(test_killed_run_whose_id_is_known_is_continued),
        SERVICE_TEST(test_killed_run_whose_object_is_gone_starts_afresh),
        SERVICE_TEST(test_spent_token_leads_to_the_object),
        SERVICE_TEST(test_spent_token_without_object_starts_afresh),
        SERVICE_TEST(test_without_tokens_a_lost_answer_is_looked_for),
        SERVICE_TEST(test_without_tokens_a_lost_request_is_sent_again),
        SERVICE_TEST(test_without_tokens_a_killed_run_is_looked_for_first),
        SERVICE_TEST(test_lost_secret_is_discarded_and_made_anew),
        SERVICE_TEST(test_secret_that_a_killed_run_was_told_is_discarded),
        SERVICE_TEST(test_repeated_create_of_a_named_object_finds_its_own),
        SERVICE_TEST(test_taken_name_is_taken_over_where_allowed),
        SERVICE_TEST(test_taken_name_is_explained),
        SERVICE_TEST(test_work_request_tells_the_id_before_the_wait),
        SERVICE_TEST(test_failed_work_request_returns_what_exists),
        SERVICE_TEST(test_lack_of_capacity_clears_away_and_tries_otherwise),
        SERVICE_TEST(test_reading),
        SERVICE_TEST(test_read_by_list),
        SERVICE_TEST(test_update_acts_then_sends_what_changed),
        SERVICE_TEST(test_failed_update_tells_what_was_reached),
        SERVICE_TEST(test_renaming_a_named_object_reads_it_under_the_new_name),
        SERVICE_TEST(test_tags_of_others_stay_and_do_not_show),
        SERVICE_TEST(test_delete_waits_until_it_is_gone),
        SERVICE_TEST(test_delete_that_the_service_gives_up_is_an_error),
        SERVICE_TEST(test_delete_of_what_is_gone_is_good),
        SERVICE_TEST(test_refused_delete_names_what_is_in_the_way),
        SERVICE_TEST(test_delete_waits_for_what_is_leaving),
        SERVICE_TEST(test_kept_objects_are_only_forgotten),
        SERVICE_TEST(test_import),
        SERVICE_TEST(test_list),
    };
    return cmocka_run_group_tests(tests, test_service_start, test_service_stop);
}
