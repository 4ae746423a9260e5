/*
 * echo: the workload of the tests. Linked statically, so that an image needs no other file.
 *
 *   echo                   serves HTTP on port 8080: GET /NAME answers with "HOST NAME" and what the file
 *                          /data/NAME holds; PUT /NAME writes that file; GET /healthz answers 200
 *   echo get HOST PORT PATH   prints the body that another one answers with, or why there is none
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 8080, REQUEST_LIMIT = 4096, BACKLOG = 64 };

static int fail(const char *what)
{
    fprintf(stderr, "echo: %s: %s\n", what, strerror(errno));
    return EXIT_FAILURE;
}

static int get(const char *host, const char *port, const char *path)
{
    struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    int problem = getaddrinfo(host, port, &wanted, &found);
    if (problem) {
        fprintf(stderr, "echo: look up %s: %s\n", host, gai_strerror(problem));
        return EXIT_FAILURE;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) < 0)
        return fail("connect");
    freeaddrinfo(found);
    dprintf(fd, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, host);
    FILE *answer = fdopen(fd, "r");
    char line[REQUEST_LIMIT];
    int body = 0;
    while (answer && fgets(line, sizeof(line), answer)) {
        if (body)
            fputs(line, stdout);
        body |= strcmp(line, "\r\n") == 0;
    }
    return body ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The file that a request names; only plain names are served. */
static int open_file(const char *name, int flags)
{
    char path[REQUEST_LIMIT + sizeof("/data/")];
    if (!*name || strchr(name, '/'))
        return -1;
    snprintf(path, sizeof(path), "/data/%s", name);
    return open(path, flags | O_CLOEXEC, 0644);
}

static void answer(int fd, char *request)
{
    char host[256] = "", held[REQUEST_LIMIT] = "";
    gethostname(host, sizeof(host) - 1);
    char *target = strchr(request, ' ');
    char *end = target ? strchr(target + 1, ' ') : NULL;
    if (!end || target[1] != '/')
        return;
    const char *name = target + 2;
    *end = '\0';
    const char *content = strstr(end + 1, "\r\n\r\n");
    int put = strncmp(request, "PUT", 3) == 0;
    int file = open_file(name, put ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY);
    const char *status = "200 OK";
    if (put && (file < 0 || !content || write(file, content + 4, strlen(content + 4)) < 0))
        status = "500 Internal Server Error";
    if (!put && file >= 0 && read(file, held, sizeof(held) - 1) < 0)
        status = "500 Internal Server Error";
    if (file >= 0)
        close(file);
    dprintf(fd, "HTTP/1.0 %s\r\nConnection: close\r\n\r\n%s %s %s\n", status, host, name, held);
}

static int serve(void)
{
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(listener, (const struct sockaddr *)&any, sizeof(any)) < 0 ||
        listen(listener, BACKLOG) < 0)
        return fail("listen");
    puts("listening");
    fflush(stdout);
    for (;;) {
        char request[REQUEST_LIMIT] = "";
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (read(fd, request, sizeof(request) - 1) > 0)
            answer(fd, request);
        shutdown(fd, SHUT_WR);
        close(fd);
    }
}

static void stop(int number)
{
    (void)number;
    _exit(0);
}

int main(int count, char **values)
{
    signal(SIGTERM, stop); /* as process 1 of its container it has no defaults */
    if (count == 5 && strcmp(values[1], "get") == 0)
        return get(values[2], values[3], values[4]);
    return serve();
}
