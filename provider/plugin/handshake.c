#include "provider/plugin/handshake.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/encoding.h"

static const char cookie[] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

enum { PATH_SIZE = sizeof(((struct sockaddr_un *)0)->sun_path), NAME_LENGTH = 16 };

/* Fixed memory, because signal handlers unlink it. "": no socket file. */
static char socket_path[PATH_SIZE];

bool handshake_started_by_terraform(void)
{
    return text_equal(getenv("TF_PLUGIN_MAGIC_COOKIE"), cookie);
}

bool handshake_shared_with_group(void)
{
    return !text_empty(getenv("PLUGIN_UNIX_SOCKET_GROUP"));
}

static int listen_at(const struct sockaddr_un *where, size_t path_length)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    mode_t before = umask(0077);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_length);
    bool good = bind(fd, (const struct sockaddr *)where, length) == 0 && listen(fd, SOMAXCONN) == 0;
    int number = errno;
    umask(before);
    if (good)
        return fd;
    close(fd);
    errno = number;
    return -1;
}

static bool find_group(const char *text, gid_t *id)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (!*end && errno == 0 && number < (gid_t)-1) {
        *id = (gid_t)number;
        return true;
    }
    const struct group *group = getgrnam(text);
    if (group)
        *id = group->gr_gid;
    return group != NULL;
}

static bool share_with_group(const char *path, struct error *err)
{
    const char *name = getenv("PLUGIN_UNIX_SOCKET_GROUP");
    gid_t id;
    if (!find_group(name, &id))
        return error_set(err, ERROR_INVALID, "PLUGIN_UNIX_SOCKET_GROUP: there is no group \"%s\"",
                         name);
    if (chown(path, (uid_t)-1, id) != 0 || chmod(path, 0660) != 0)
        return error_set_errno(err, "give the socket %s to the group \"%s\"", path, name);
    return true;
}

/* A socket file in the directory; -1 with errno when that is not possible. */
static int listen_in(const char *directory, const char *name)
{
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", directory, name);
    if (path.length >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(where.sun_path, path.ptr, path.length + 1);
    int fd = listen_at(&where, path.length + 1);
    if (fd >= 0)
        memcpy(socket_path, where.sun_path, PATH_SIZE);
    return fd;
}

static int listen_abstract(const char *name, struct str *address, struct error *err)
{
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    memcpy(where.sun_path + 1, name, strlen(name));
    int fd = listen_at(&where, 1 + strlen(name));
    if (fd < 0)
        error_set_errno(err, "listen on the abstract socket @%s", name);
    else
        str_printf(address, "@%s", name);
    return fd;
}

int handshake_listen(struct str *address, struct error *err)
{
    const char *directories[] = {getenv("PLUGIN_UNIX_SOCKET_DIR"), getenv("TMPDIR"), "/tmp"};
    STR_AUTO name = STR_INIT;
    str_append(&name, "terraform-provider-oke-");
    random_base32(&name, NAME_LENGTH);
    for (size_t i = 0; i < ARRAY_LENGTH(directories); i++) {
        int fd = text_empty(directories[i]) ? -1 : listen_in(directories[i], str_text(&name));
        if (fd < 0)
            continue;
        if (handshake_shared_with_group() && !share_with_group(socket_path, err)) {
            close(fd);
            handshake_unlink();
            return -1;
        }
        str_append(address, socket_path);
        return fd;
    }
    return listen_abstract(str_text(&name), address, err);
}

void handshake_unlink(void)
{
    int saved = errno;
    if (socket_path[0])
        unlink(socket_path);
    socket_path[0] = '\0';
    errno = saved;
}

void handshake_line(const char *address, const char *certificate, struct str *out)
{
    str_printf(out, "1|%d|unix|%s|grpc|%s", HANDSHAKE_PROTOCOL, address, certificate);
    /* Who sets this wants to hear whether the broker can share the connection. */
    if (!text_empty(getenv("PLUGIN_MULTIPLEX_GRPC")))
        str_append(out, "|false");
    str_append_char(out, '\n');
}

bool handshake_print(const char *line, struct error *err)
{
    size_t length = strlen(line);
    while (length > 0) {
        ssize_t put = write(STDOUT_FILENO, line, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return error_set_errno(err, "write the handshake line to stdout");
        line += put;
        length -= (size_t)put;
    }
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
        return error_set_errno(err, "point stdout to /dev/null");
    if (null != STDOUT_FILENO)
        close(null);
    return true;
}

void handshake_reattach_text(const char *provider_address, const char *address, struct str *out)
{
    str_append(out, "Provider started. To attach Terraform, set in its shell:\n\n"
                    "\tTF_REATTACH_PROVIDERS='");
    str_printf(out,
               "{\"%s\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":%d,\"Pid\":%d,\"Test\":true,"
               "\"Addr\":{\"Network\":\"unix\",\"String\":\"%s\"}}}",
               provider_address, HANDSHAKE_PROTOCOL, (int)getpid(), address);
    str_append(out, "'\n\nIt serves any number of runs until Ctrl-C.\n");
}
