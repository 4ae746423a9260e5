#include "provider/engine/journal.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/test.h"

static char directory[] = "/tmp/okestra-journal-XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/journal", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static int start_clean(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

/* Runs body in a process that ends without any ceremony, as if it was killed. */
static void in_killed_process(void (*body)(struct journal *journal))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body(journal_new(path));
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static char earlier_token[JOURNAL_TOKEN_LENGTH + 1]; /* as the file has it */

static void read_earlier_token(void)
{
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    assert_true(file_read(path, 65536, &text, &err));
    const char *at = strstr(str_text(&text), "\"token\":\"");
    assert_non_null(at);
    memcpy(earlier_token, at + 9, JOURNAL_TOKEN_LENGTH);
}

static void begin_only(struct journal *journal)
{
    journal_begin(journal, "vcn", "key");
}

static void begin_and_create(struct journal *journal)
{
    journal_created(journal, journal_begin(journal, "vcn", "key"), "ocid1.vcn.1");
}

static void begin_and_return(struct journal *journal)
{
    struct intent *intent = journal_begin(journal, "vcn", "key");
    journal_created(journal, intent, "ocid1.vcn.1");
    journal_returned(journal, intent);
}

static void free_journal(struct journal **journal)
{
    journal_free(*journal);
}
static void free_intent(struct intent **intent)
{
    intent_free(*intent);
}
#define JOURNAL_AUTO CLEANUP(free_journal) struct journal *
#define INTENT_AUTO  CLEANUP(free_intent) struct intent *

/* --- what a killed process leaves ---------------------------------------------------------------- */

static void a_begun_create_is_continued_with_its_token(void **state)
{
    (void)state;
    in_killed_process(begin_only);
    read_earlier_token();
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO other = journal_begin(journal, "vcn", "another key");
    INTENT_AUTO kind = journal_begin(journal, "subnet", "key");
    INTENT_AUTO same = journal_begin(journal, "vcn", "key");
    INTENT_AUTO twin = journal_begin(journal, "vcn", "key");
    assert_false(other->replay);
    assert_false(kind->replay);
    assert_true(same->replay);
    assert_string_equal(same->token, earlier_token);
    assert_null(same->object_id);
    assert_false(twin->replay);
    assert_string_not_equal(twin->token, earlier_token);
    assert_int_equal(strlen(twin->token), JOURNAL_TOKEN_LENGTH);
}

static void the_id_of_a_made_object_is_known(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_true(intent->replay);
    assert_string_equal(intent->object_id, "ocid1.vcn.1");
}

static void a_second_kill_changes_nothing(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    read_earlier_token();
    in_killed_process(begin_only);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_true(intent->replay);
    assert_string_equal(intent->token, earlier_token);
    assert_string_equal(intent->object_id, "ocid1.vcn.1");
}

/* Terraform (here: the test) lives, and has the state of the first: another of the same is another. */
static void what_terraform_holds_is_no_orphan(void **state)
{
    (void)state;
    in_killed_process(begin_and_return);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_false(intent->replay);
}

static void return_to_a_terraform_that_is_killed(struct journal *unused)
{
    journal_free(unused);
    pid_t provider = fork();
    if (provider == 0) {
        begin_and_return(journal_new(path));
        _exit(0);
    }
    waitpid(provider, NULL, 0);
}

static void what_a_killed_terraform_held_is_an_orphan(void **state)
{
    (void)state;
    in_killed_process(return_to_a_terraform_that_is_killed);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_true(intent->replay);
    assert_string_equal(intent->object_id, "ocid1.vcn.1");
}

/* A Terraform whose provider has begun a create, and both go on. Returns the pid of the Terraform. */
static pid_t start_terraform(pid_t *provider)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t terraform = fork();
    if (terraform == 0) {
        if (fork() == 0) {
            begin_only(journal_new(path));
            pid_t self = getpid();
            if (write(ends[1], &self, sizeof(self)) == sizeof(self))
                pause();
            _exit(1);
        }
        pause();
        _exit(1);
    }
    assert_int_equal(read(ends[0], provider, sizeof(*provider)), sizeof(*provider));
    close(ends[0]);
    close(ends[1]);
    return terraform;
}

static void a_provider_without_its_terraform_owns_nothing(void **state)
{
    (void)state;
    pid_t provider, terraform = start_terraform(&provider);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO other = journal_begin(journal, "vcn", "key");
    kill(terraform, SIGKILL);
    siginfo_t ended;
    assert_int_equal(waitid(P_PID, (id_t)terraform, &ended, WEXITED | WNOWAIT), 0);
    /* It is dead, although its parent did not take notice yet; the provider still runs. */
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    kill(provider, SIGKILL);
    waitpid(terraform, NULL, 0);
    assert_false(other->replay);
    assert_true(intent->replay);
}

static void see_and_finish(struct journal *journal)
{
    journal_seen(journal, "ocid1.vcn.1");
    journal_finish(journal);
}

static void a_seen_id_is_terraform_s_until_a_good_end(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    in_killed_process(begin_only); /* claims it, with the id */
    JOURNAL_AUTO journal = journal_new(path);
    journal_seen(journal, "ocid1.vcn.other");
    journal_seen(journal, "ocid1.vcn.1");
    INTENT_AUTO twin = journal_begin(journal, "vcn", "key");
    assert_false(twin->replay);
    journal_abandon(journal, twin);
    assert_true(file_exists(path));
    in_killed_process(see_and_finish); /* its parent is this one, whose own is another */
    assert_true(file_exists(path));
    in_killed_process(see_and_finish);
    assert_false(file_exists(path));
}

static void see_for_a_terraform_that_is_killed(struct journal *unused)
{
    journal_free(unused);
    pid_t provider = fork();
    if (provider == 0) {
        journal_seen(journal_new(path), "ocid1.vcn.1");
        _exit(0);
    }
    waitpid(provider, NULL, 0);
}

/* It was killed while it wrote its state, say, and lost it. */
static void a_seen_id_of_a_killed_terraform_is_an_orphan(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    in_killed_process(see_for_a_terraform_that_is_killed);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_true(intent->replay);
    assert_string_equal(intent->object_id, "ocid1.vcn.1");
}

static void a_removed_object_is_nobody_s(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    JOURNAL_AUTO journal = journal_new(path);
    journal_removed(journal, "ocid1.vcn.other");
    assert_true(file_exists(path));
    journal_removed(journal, "ocid1.vcn.1");
    assert_false(file_exists(path));
}

static void a_process_of_many_runs_is_done_with_what_it_sees(void **state)
{
    (void)state;
    in_killed_process(begin_and_create);
    JOURNAL_AUTO journal = journal_new(path);
    journal_serve_many(journal);
    journal_seen(journal, "ocid1.vcn.1");
    assert_false(file_exists(path));
}

/* --- in one process ------------------------------------------------------------------------------ */

static void two_identical_creates_are_two(void **state)
{
    (void)state;
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO first = journal_begin(journal, "vcn", "key");
    INTENT_AUTO second = journal_begin(journal, "vcn", "key");
    journal_created(journal, first, "ocid1.vcn.1");
    journal_returned(journal, first);
    INTENT_AUTO third = journal_begin(journal, "vcn", "key");
    assert_string_not_equal(first->token, second->token);
    assert_string_not_equal(first->token, third->token);
    assert_false(second->replay || third->replay);
}

/* Reattach mode: the process outlives the Terraform that was killed. */
static void a_new_run_takes_over_what_the_last_was_given(void **state)
{
    (void)state;
    JOURNAL_AUTO journal = journal_new(path);
    journal_start_run(journal);
    INTENT_AUTO first = journal_begin(journal, "vcn", "key");
    journal_created(journal, first, "ocid1.vcn.1");
    journal_returned(journal, first);
    journal_start_run(journal);
    INTENT_AUTO again = journal_begin(journal, "vcn", "key");
    INTENT_AUTO twin = journal_begin(journal, "vcn", "key");
    assert_true(again->replay);
    assert_string_equal(again->token, first->token);
    assert_false(twin->replay);
}

static void create_and_finish(struct journal *journal)
{
    begin_and_return(journal);
    journal_finish(journal);
}

static void what_was_stored_is_found_when_the_state_is_lost(void **state)
{
    (void)state;
    in_killed_process(create_and_finish);
    in_killed_process(return_to_a_terraform_that_is_killed); /* of the same, with another token */
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO orphan = journal_begin(journal, "vcn", "key");
    INTENT_AUTO fresh = journal_begin(journal, "vcn", "key");
    assert_true(orphan->replay);
    assert_false(fresh->replay);
    journal_lost(journal);
    INTENT_AUTO found = journal_begin(journal, "vcn", "key");
    INTENT_AUTO other = journal_begin(journal, "vcn", "key");
    assert_true(found->replay);
    assert_string_equal(found->object_id, "ocid1.vcn.1");
    assert_string_not_equal(found->token, orphan->token);
    assert_false(other->replay);
}

static void what_is_stored_and_seen_again_is_done(void **state)
{
    (void)state;
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO first = journal_begin(journal, "vcn", "a");
    INTENT_AUTO second = journal_begin(journal, "vcn", "b");
    INTENT_AUTO refused = journal_begin(journal, "vcn", "c");
    journal_created(journal, first, "ocid1.vcn.1");
    journal_created(journal, second, "ocid1.vcn.2");
    journal_returned(journal, first);
    journal_returned(journal, second);
    journal_abandon(journal, refused);
    journal_finish(journal);
    assert_true(file_exists(path));
    JOURNAL_AUTO next = journal_new(path);
    journal_seen(next, "ocid1.vcn.1");
    journal_finish(next);
    assert_true(file_exists(path));
    journal_seen(next, "ocid1.vcn.2");
    journal_finish(next);
    assert_false(file_exists(path));
}

/* A create that goes on when Terraform leaves in good order is not done. */
static void a_good_end_keeps_what_is_open(void **state)
{
    (void)state;
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO done = journal_begin(journal, "vcn", "a");
    INTENT_AUTO open = journal_begin(journal, "vcn", "b");
    journal_returned(journal, done);
    journal_finish(journal);
    JOURNAL_AUTO other = journal_new(path);
    INTENT_AUTO again = journal_begin(other, "vcn", "a");
    assert_true(file_exists(path));
    assert_false(again->replay);
    assert_false(open->replay);
}

static void an_abandoned_create_starts_afresh(void **state)
{
    (void)state;
    in_killed_process(begin_only);
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO first = journal_begin(journal, "vcn", "key");
    assert_true(first->replay);
    journal_abandon(journal, first);
    assert_false(file_exists(path));
    INTENT_AUTO second = journal_begin(journal, "vcn", "key");
    assert_false(second->replay);
    assert_string_not_equal(first->token, second->token);
}

/* --- the file ------------------------------------------------------------------------------------ */

static void the_file_is_private_and_tells_nothing(void **state)
{
    (void)state;
    mode_t old = umask(0);
    in_killed_process(begin_and_create);
    umask(old);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    assert_true(file_read(path, 65536, &text, &err));
    const char *line = str_text(&text);
    while (*line) {
        size_t length = strcspn(line, "\n");
        JSON_AUTO json = json_parse(line, length, &err);
        assert_non_null(json);
        line += length + 1;
    }
}

static void write_lines(const char *text)
{
    ERROR_AUTO(err);
    assert_true(file_write_atomic(path, text, strlen(text), 0600, &err));
}

static void append_text(const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* Entries older than the API remembers tokens, torn and foreign lines count as nothing. */
static void what_is_old_or_torn_is_passed_over(void **state)
{
    (void)state;
    write_lines("{\"op\":\"begin\",\"id\":\"0123456789abcdef\",\"type\":\"vcn\",\"key\":\"key\","
                "\"token\":\"abcdefghijklmnopqrstuvwxyz234567\",\"time\":1,\"owner\":[1,-7]}\n"
                "{\"op\":\"begin\",\"id\":\"short\",\"type\":\"vcn\",\"key\":\"key\","
                "\"token\":\"abc\"}\n"
                "no json\n[]\n{\"op\":7}\n\n");
    in_killed_process(begin_only);
    append_text("{\"op\":\"begin\",\"id\":\"fedcba98765");
    JOURNAL_AUTO journal = journal_new(path);
    INTENT_AUTO orphan = journal_begin(journal, "vcn", "key");
    INTENT_AUTO fresh = journal_begin(journal, "vcn", "key");
    assert_true(orphan->replay);
    assert_string_not_equal(orphan->token, "abcdefghijklmnopqrstuvwxyz234567");
    assert_false(fresh->replay);
    /* What follows a torn line is read all the same. */
    JOURNAL_AUTO reader = journal_new(path);
    journal_created(journal, fresh, "ocid1.vcn.2");
    journal_abandon(journal, orphan);
    journal_removed(reader, "ocid1.vcn.2");
    assert_false(file_exists(path));
}

/* Nothing here may keep anyone from creating. */
static void an_impossible_file_is_no_hindrance(void **state)
{
    (void)state;
    JOURNAL_AUTO journal = journal_new("/nonexistent/journal");
    INTENT_AUTO intent = journal_begin(journal, "vcn", "key");
    assert_int_equal(strlen(intent->token), JOURNAL_TOKEN_LENGTH);
    journal_created(journal, intent, "ocid1.vcn.1");
    assert_string_equal(intent->object_id, "ocid1.vcn.1");
    journal_returned(journal, intent);
    journal_seen(journal, "ocid1.vcn.1");
    journal_abandon(journal, intent);
    journal_finish(journal);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    JOURNAL_AUTO linked = journal_new(path);
    INTENT_AUTO other = journal_begin(linked, "vcn", "key");
    assert_false(other->replay);
}

enum { THREADS = 8, CREATES = 40 };

static void *create_many(void *argument)
{
    struct journal *journal = argument;
    for (int i = 0; i < CREATES; i++) {
        char id[64];
        struct intent *intent = journal_begin(journal, "vcn", "key");
        assert_false(intent->replay);
        snprintf(id, sizeof(id), "ocid1.vcn.%s", intent->id);
        journal_created(journal, intent, id);
        journal_returned(journal, intent);
        journal_seen(journal, id);
        journal_removed(journal, id);
        intent_free(intent);
    }
    return NULL;
}

static void many_threads_and_processes_share_it(void **state)
{
    (void)state;
    pid_t child = fork();
    JOURNAL_AUTO journal = journal_new(path);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, create_many, journal), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    if (child == 0)
        _exit(0);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_false(file_exists(path));
}

int main(void)
{
#define CLEAN(test) cmocka_unit_test_setup(test, start_clean)
    const struct CMUnitTest tests[] = {
        CLEAN(a_begun_create_is_continued_with_its_token),
        CLEAN(the_id_of_a_made_object_is_known),
        CLEAN(a_second_kill_changes_nothing),
        CLEAN(what_terraform_holds_is_no_orphan),
        CLEAN(what_a_killed_terraform_held_is_an_orphan),
        CLEAN(a_provider_without_its_terraform_owns_nothing),
        CLEAN(a_seen_id_is_terraform_s_until_a_good_end),
        CLEAN(a_seen_id_of_a_killed_terraform_is_an_orphan),
        CLEAN(a_removed_object_is_nobody_s),
        CLEAN(a_process_of_many_runs_is_done_with_what_it_sees),
        CLEAN(two_identical_creates_are_two),
        CLEAN(a_new_run_takes_over_what_the_last_was_given),
        CLEAN(what_was_stored_is_found_when_the_state_is_lost),
        CLEAN(what_is_stored_and_seen_again_is_done),
        CLEAN(a_good_end_keeps_what_is_open),
        CLEAN(an_abandoned_create_starts_afresh),
        CLEAN(the_file_is_private_and_tells_nothing),
        CLEAN(what_is_old_or_torn_is_passed_over),
        CLEAN(an_impossible_file_is_no_hindrance),
        CLEAN(many_threads_and_processes_share_it),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
