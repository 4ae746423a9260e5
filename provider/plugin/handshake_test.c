#include "provider/plugin/handshake.h"

#include "lib/base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/file.h"

static char base[] = "/tmp/okestra-handshake-XXXXXX";

static int make_base(void **state)
{
    (void)state;
    return mkdtemp(base) ? 0 : -1;
}

static int remove_base(void **state)
{
    (void)state;
    STR_AUTO command = STR_INIT;
    str_printf(&command, "rm -rf %s", base);
    return system(str_text(&command));
}

static int clear_environment(void **state)
{
    (void)state;
    unsetenv("PLUGIN_UNIX_SOCKET_DIR");
    unsetenv("PLUGIN_UNIX_SOCKET_GROUP");
    unsetenv("PLUGIN_MULTIPLEX_GRPC");
    unsetenv("TF_PLUGIN_MAGIC_COOKIE");
    setenv("TMPDIR", base, 1);
    return 0;
}

static bool can_connect(const char *address)
{
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    size_t length = strlen(address);
    bool abstract = address[0] == '@';
    memcpy(where.sun_path, address, length);
    if (abstract)
        where.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int result = connect(fd, (struct sockaddr *)&where,
                         (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + !abstract));
    close(fd);
    return result == 0;
}

static void cookie(void **state)
{
    (void)state;
    assert_false(handshake_started_by_terraform());
    setenv("TF_PLUGIN_MAGIC_COOKIE", "wrong", 1);
    assert_false(handshake_started_by_terraform());
    setenv("TF_PLUGIN_MAGIC_COOKIE",
           "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", 1);
    assert_true(handshake_started_by_terraform());
}

/* Listens and expects a socket file in the directory, for us alone. */
static void expect_socket_in(const char *directory, mode_t mode)
{
    ERROR_AUTO(err);
    STR_AUTO address = STR_INIT;
    struct stat info;
    int fd = handshake_listen(&address, &err);
    assert_true(fd >= 0);
    assert_true(text_starts_with(str_text(&address), directory));
    assert_int_equal(stat(str_text(&address), &info), 0);
    assert_true(S_ISSOCK(info.st_mode));
    assert_int_equal(info.st_mode & 0777, mode);
    assert_true(can_connect(str_text(&address)));
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    handshake_unlink();
    handshake_unlink();
    assert_int_equal(stat(str_text(&address), &info), -1);
    close(fd);
}

static void socket_directories(void **state)
{
    (void)state;
    STR_AUTO own = STR_INIT;
    ERROR_AUTO(err);
    mode_t before = umask(0);
    expect_socket_in(base, 0700);
    assert_int_equal(umask(before), 0); /* restored */
    str_printf(&own, "%s/own", base);
    assert_true(file_make_directories(str_text(&own), 0700, &err));
    setenv("PLUGIN_UNIX_SOCKET_DIR", str_text(&own), 1);
    expect_socket_in(str_text(&own), 0700);
    /* What cannot be used is passed over. */
    setenv("PLUGIN_UNIX_SOCKET_DIR", "/nowhere/at/all", 1);
    expect_socket_in(base, 0700);
    unsetenv("TMPDIR");
    expect_socket_in("/tmp/", 0700);
}

static void long_directory(void **state)
{
    (void)state;
    STR_AUTO path = STR_INIT;
    ERROR_AUTO(err);
    str_append(&path, base);
    while (path.length < 200)
        str_append(&path, "/a-rather-long-name");
    assert_true(file_make_directories(str_text(&path), 0700, &err));
    setenv("TMPDIR", str_text(&path), 1);
    expect_socket_in("/tmp/", 0700);
}

/* Neither directory takes a socket: in a process of its own, that may not write to /tmp. */
static void abstract_socket(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0) {
        struct error err = ERROR_INIT;
        struct str address = STR_INIT;
        setenv("TMPDIR", "/nowhere/at/all", 1);
        bool good = chroot(base) == 0 && chdir("/") == 0 && rename("/tmp", "/none") != 0;
        int fd = good ? handshake_listen(&address, &err) : -1;
        _exit(fd >= 0 && address.ptr[0] == '@' && can_connect(address.ptr) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void socket_group(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO group = STR_INIT;
    STR_AUTO address = STR_INIT;
    str_printf(&group, "%u", (unsigned)getegid());
    assert_false(handshake_shared_with_group());
    setenv("PLUGIN_UNIX_SOCKET_GROUP", str_text(&group), 1);
    assert_true(handshake_shared_with_group());
    expect_socket_in(base, 0660);
    setenv("PLUGIN_UNIX_SOCKET_GROUP", "no-such-group", 1);
    assert_int_equal(handshake_listen(&address, &err), -1);
    assert_non_null(strstr(error_message(&err), "no-such-group"));
}

static void the_line(void **state)
{
    (void)state;
    STR_AUTO line = STR_INIT;
    handshake_line("/tmp/socket", "", &line);
    assert_string_equal(str_text(&line), "1|6|unix|/tmp/socket|grpc|\n");
    str_clear(&line);
    setenv("PLUGIN_MULTIPLEX_GRPC", "true", 1);
    handshake_line("@socket", "MIIB", &line);
    assert_string_equal(str_text(&line), "1|6|unix|@socket|grpc|MIIB|false\n");
}

static void stdout_is_silent_afterwards(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    int ends[2], saved = dup(STDOUT_FILENO);
    char text[64] = "";
    fflush(stdout);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    bool good = handshake_print("1|6|unix|x|grpc|\n", &err) && write(STDOUT_FILENO, "more", 4) == 4;
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_true(good);
    assert_int_equal(read(ends[0], text, sizeof(text)), 17);
    assert_string_equal(text, "1|6|unix|x|grpc|\n");
    assert_int_equal(read(ends[0], text, sizeof(text)), 0);
    close(ends[0]);
}

static void reattach_text(void **state)
{
    (void)state;
    STR_AUTO text = STR_INIT;
    handshake_reattach_text("registry.terraform.io/okestra/oke", "/tmp/s", &text);
    char *start = strchr(text.ptr, '{'), *end = strrchr(text.ptr, '}');
    json_t *json = json_loadb(start, (size_t)(end - start) + 1, 0, NULL);
    const json_t *entry = json_object_get(json, "registry.terraform.io/okestra/oke");
    assert_non_null(entry);
    assert_string_equal(json_string_value(json_object_get(entry, "Protocol")), "grpc");
    assert_int_equal(json_integer_value(json_object_get(entry, "ProtocolVersion")), 6);
    assert_int_equal(json_integer_value(json_object_get(entry, "Pid")), getpid());
    assert_true(json_is_true(json_object_get(entry, "Test")));
    const json_t *address = json_object_get(entry, "Addr");
    assert_string_equal(json_string_value(json_object_get(address, "Network")), "unix");
    assert_string_equal(json_string_value(json_object_get(address, "String")), "/tmp/s");
    json_decref(json);
}

#define CLEAN(test) cmocka_unit_test_setup(test, clear_environment)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLEAN(cookie),         CLEAN(socket_directories),
        CLEAN(long_directory), CLEAN(abstract_socket),
        CLEAN(socket_group),   CLEAN(the_line),
        CLEAN(reattach_text),  CLEAN(stdout_is_silent_afterwards),
    };
    return cmocka_run_group_tests(tests, make_base, remove_base);
}
