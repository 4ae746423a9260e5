#include "lib/base/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acceptance/cloud/api/kind.h"
#include "acceptance/cloud/store/log.h"
#include "acceptance/cloud/store/store.h"
#include "lib/base/compiler.h"
#include "lib/base/file.h"
#include "lib/base/json.h"

enum { KILLS = 25 };

static const struct kind kind_cat = {.type = "cat", .title = "cat"};
static const struct kind kind_dog = {.type = "dog", .title = "dog"};
static const struct kind *const kinds[] = {&kind_cat, &kind_dog, NULL};

static char directory[64], path[80];

static int set_up(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/okestra-store-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof(path), "%s/state.log", directory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static struct store *open_store(void)
{
    ERROR_AUTO(err);
    struct store *store = store_open(directory, kinds, &err);
    if (!store)
        fail_msg("%s", error_message(&err));
    return store;
}

static void must_commit(struct change *change)
{
    ERROR_AUTO(err);
    if (!change_commit(change, &err))
        fail_msg("%s", error_message(&err));
}

static struct object *add(struct store *store, const struct kind *kind, const char *id)
{
    struct change *change = change_begin(store);
    struct object *object = change_add(change, kind, id);
    json_set_text(object->body, "name", id);
    must_commit(change);
    return object;
}

static void set_name(struct change *change, struct object *object, const char *name)
{
    change_edit(change, object);
    json_set_text(object->body, "name", name);
}

static int count(const struct store *store, const struct kind *kind)
{
    int number = 0;
    for (const struct object *one = store_first(store, kind); one; one = store_next(store, one))
        number++;
    return number;
}

static void append_to_log(const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void test_survives(void **state)
{
    (void)state;
    struct store *store = open_store();
    add(store, &kind_cat, "tom");
    add(store, &kind_dog, "rex");
    add(store, &kind_cat, "kit");
    struct object *tom = store_find(store, &kind_cat, "tom");
    char *etag = mem_strdup(tom->etag);
    struct change *change = change_begin(store);
    set_name(change, tom, "thomas");
    json_set_text(tom->hidden, "secret", "s");
    change_schedule(change, tom, "sleep", 77);
    change_remove(change, store_find(store, NULL, "rex"));
    must_commit(change);
    assert_string_not_equal(etag, tom->etag);
    free(etag);
    store_close(store);

    store = open_store();
    assert_null(store_find(store, NULL, "rex"));
    assert_null(store_find(store, &kind_dog, "tom"));
    tom = store_find(store, &kind_cat, "tom");
    assert_string_equal(json_get_text(tom->body, "name"), "thomas");
    assert_string_equal(json_get_text(tom->hidden, "secret"), "s");
    assert_ptr_equal(store_due_first(store), tom);
    assert_int_equal(tom->due_ms, 77);
    assert_ptr_equal(store_first(store, &kind_cat), tom); /* the order is kept */
    assert_int_equal(count(store, &kind_cat), 2);
    store_close(store);
}

static void test_rollback(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct object *tom = add(store, &kind_cat, "tom"), *kit = add(store, &kind_cat, "kit");
    add(store, &kind_cat, "zoe");
    char *etag = mem_strdup(tom->etag);
    struct change *change = change_begin(store);
    change_add(change, &kind_dog, "rex");
    set_name(change, tom, "thomas");
    change_schedule(change, tom, "sleep", 1);
    change_remove(change, kit);
    change_add(change, &kind_dog, "kit"); /* the id is free within the change */
    assert_int_equal(count(store, &kind_dog), 2);
    change_rollback(change);
    assert_int_equal(count(store, &kind_dog), 0);
    assert_string_equal(json_get_text(tom->body, "name"), "tom");
    assert_string_equal(tom->etag, etag);
    assert_null(store_due_first(store));
    assert_ptr_equal(store_find(store, &kind_cat, "kit"), kit);
    assert_ptr_equal(store_next(store, tom), kit); /* between the others again */
    assert_int_equal(count(store, &kind_cat), 3);
    free(etag);

    /* Removed and made anew in one change: the order in the log matters. */
    change = change_begin(store);
    change_remove(change, kit);
    json_set_text(change_add(change, &kind_cat, "kit")->body, "name", "other");
    must_commit(change);
    store_close(store);
    store = open_store();
    assert_string_equal(json_get_text(store_find(store, NULL, "kit")->body, "name"), "other");
    store_close(store);
}

static void test_torn_tail(void **state)
{
    (void)state;
    static const char *const tails[] = {"0", "0badc0de [{\"id\":\"x\"", "0badc0de [\"tom\"]\n"};
    struct store *store = open_store();
    add(store, &kind_cat, "tom");
    store_close(store);
    for (size_t i = 0; i < ARRAY_LENGTH(tails); i++) {
        append_to_log(tails[i]);
        store = open_store();
        assert_non_null(store_find(store, NULL, "tom"));
        add(store, &kind_dog, tails[i]); /* what follows is found again */
        store_close(store);
        store = open_store();
        assert_int_equal(count(store, &kind_dog), i + 1);
        store_close(store);
    }
}

static void test_damage(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct store *store = open_store();
    add(store, &kind_cat, "tom");
    add(store, &kind_cat, "kit");
    store_close(store);
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "x", 1, 40), 1); /* within the first record */
    close(fd);
    assert_null(store_open(directory, kinds, &err));
    assert_non_null(strstr(error_message(&err), "state.log line 2 is damaged"));

    error_reset(&err);
    fd = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "something else\n", 15), 15);
    close(fd);
    assert_null(store_open(directory, kinds, &err));
    assert_non_null(strstr(error_message(&err), "is not a state of this emulator"));
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct store *store = open_store();
    assert_null(store_open(directory, kinds, &err));
    assert_non_null(strstr(error_message(&err), "in use by another emulator"));
    store_close(store);
}

/* The limit on the size of files stands for a full disk: writes come out short, then fail. */
static void test_full_disk(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct stat before, after;
    struct rlimit old, small;
    struct store *store = open_store();
    struct object *tom = add(store, &kind_cat, "tom");
    stat(path, &before);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = (rlim_t)before.st_size + 30;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct change *change = change_begin(store);
    set_name(change, tom, "thomas");
    change_add(change, &kind_dog, "rex");
    bool kept = change_commit(change, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_false(kept);
    assert_true(error_is_set(&err));
    stat(path, &after);
    assert_int_equal(after.st_size, before.st_size);
    assert_string_equal(json_get_text(tom->body, "name"), "tom");
    assert_null(store_find(store, NULL, "rex"));
    add(store, &kind_dog, "rex"); /* room again */
    store_close(store);
    store = open_store();
    assert_string_equal(json_get_text(store_find(store, NULL, "tom")->body, "name"), "tom");
    assert_non_null(store_find(store, NULL, "rex"));
    store_close(store);
}

static void test_compaction(void **state)
{
    (void)state;
    struct stat info;
    STR_AUTO text = STR_INIT;
    while (text.length < 64 * 1024)
        str_append(&text, "0123456789abcdef");
    struct store *store = open_store();
    struct object *tom = add(store, &kind_cat, "tom");
    add(store, &kind_dog, "rex");
    off_t largest = 0;
    for (int i = 0; i < 100; i++) {
        struct change *change = change_begin(store);
        change_edit(change, tom);
        json_set_text(tom->body, "text", str_text(&text));
        json_object_set_new(tom->body, "number", json_integer(i));
        must_commit(change);
        stat(path, &info);
        largest = info.st_size > largest ? info.st_size : largest;
    }
    assert_true(largest < STATE_LOG_COMPACT_AT + 256 * 1024);
    assert_true(info.st_size < largest);
    store_close(store);
    store = open_store();
    tom = store_find(store, NULL, "tom");
    assert_int_equal(json_get_integer(tom->body, "number", -1), 99);
    assert_non_null(store_find(store, NULL, "rex"));
    store_close(store);
}

/* Adds objects and tells each that is safe, until it is killed. */
static void write_for_ever(int out, int first)
{
    struct store *store = open_store();
    for (int number = first;; number++) {
        char id[32];
        snprintf(id, sizeof(id), "%d", number);
        add(store, &kind_cat, id);
        if (write(out, &number, sizeof(number)) != sizeof(number))
            _exit(1);
    }
}

static void test_kill(void **state)
{
    (void)state;
    int last = -1;
    for (int round = 0; round < KILLS; round++) {
        int pipes[2];
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0)
            write_for_ever(pipes[1], last + 1);
        close(pipes[1]);
        for (int i = 0; i < 1 + round % 5; i++)
            assert_int_equal(read(pipes[0], &last, sizeof(last)), sizeof(last));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(pipes[0], &last, sizeof(last)) == sizeof(last))
            continue;
        close(pipes[0]);
        /* All that was told is there; at most one more, which was killed between disk and telling. */
        struct store *store = open_store();
        int found = count(store, &kind_cat);
        store_close(store);
        assert_in_range(found, last + 1, last + 2);
        last = found - 1;
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_survives),      TEST(test_rollback),  TEST(test_torn_tail),  TEST(test_damage),
        TEST(test_one_at_a_time), TEST(test_full_disk), TEST(test_compaction), TEST(test_kill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
