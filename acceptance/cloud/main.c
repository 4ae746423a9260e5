/* oci-emulator: a strict OCI on one machine. See README.md beside this file. */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "acceptance/cloud/api/model.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/containerengine/real.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: oci-emulator --state DIR [--listen ADDRESS:PORT] [--record FILE.jsonl] [--speed N]\n"
    "                    [--cluster LEVEL]\n"
    "\n"
    "  --state DIR      where the state, keys and files for clients are; made when missing\n"
    "  --listen A:P     address and port (default 127.0.0.1:0, any free port)\n"
    "  --record FILE    appends every exchange as a line of JSON\n"
    "  --speed N        simulated waits pass N times faster (default 1)\n"
    "  --cluster LEVEL  what is real behind a cluster: none (default), control-plane, full (a "
    "node,\n"
    "                   too); by local-cluster, beside this program\n"
    "  --models         prints the models of all request bodies as JSON and ends\n"
    "  --version, --help\n"
    "\n"
    "Prints \"ready https://ADDRESS:PORT\" once it serves. Ends at SIGTERM and SIGINT.\n";

struct arguments {
    const char *state, *listen, *record, *cluster_level;
    double speed;
};

static void print_log(void *context, enum log_level level, const char *message,
                      const struct log_field *fields, size_t count)
{
    (void)context;
    char time[CLOCK_RFC3339_SIZE];
    STR_AUTO line = STR_INIT;
    str_printf(&line, "%s %s %s", clock_format_rfc3339(clock_wall_ms(), time),
               log_level_name(level), message);
    for (size_t i = 0; i < count; i++)
        str_printf(&line, " %s=\"%s\"", fields[i].key, fields[i].value ? fields[i].value : "");
    fprintf(stderr, "%s\n", str_text(&line));
}

static int print_models(void)
{
    JSON_AUTO all = json_object();
    for (const struct service *const *service = all_services; *service; service++) {
        json_t *models = json_object(), *operations = json_array();
        json_object_set_new(all, (*service)->name,
                            json_pack("{s:s, s:o, s:o}", "basePath", (*service)->base_path,
                                      "operations", operations, "models", models));
        for (const struct operation *one = (*service)->operations; one->name; one++) {
            json_t *queries = json_object();
            json_array_append_new(
                operations, json_pack("{s:s, s:s, s:s, s:s*, s:o}", "name", one->name, "method",
                                      one->method, "path", one->path, "body",
                                      one->body ? one->body->name : NULL, "queries", queries));
            for (const struct query *query = one->queries; query && query->name; query++)
                json_object_set_new(
                    queries, query->name,
                    json_pack("{s:b, s:s*}", "required", query->required, "oneOf", query->one_of));
            if (one->body)
                model_describe(one->body, models);
        }
    }
    STR_AUTO text = STR_INIT;
    json_write(all, false, &text);
    return puts(str_text(&text)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* -1: go on; else the exit status. */
static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const struct option options[] = {{"state", required_argument, NULL, 's'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"record", required_argument, NULL, 'r'},
                                            {"speed", required_argument, NULL, 'x'},
                                            {"cluster", required_argument, NULL, 'c'},
                                            {"models", no_argument, NULL, 'm'},
                                            {"version", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    char *end = NULL;
    bool valid = true;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (option) {
        case 's':
            arguments->state = optarg;
            break;
        case 'l':
            arguments->listen = optarg;
            break;
        case 'r':
            arguments->record = optarg;
            break;
        case 'x':
            arguments->speed = strtod(optarg, &end);
            if (*end || !(arguments->speed > 0) || arguments->speed > 1e6) {
                fprintf(stderr, "oci-emulator: --speed must be a number above 0\n");
                return EXIT_USAGE;
            }
            break;
        case 'c':
            arguments->cluster_level = real_level(optarg, &valid);
            if (!valid) {
                fprintf(stderr, "oci-emulator: --cluster must be none, control-plane or full\n");
                return EXIT_USAGE;
            }
            break;
        case 'm':
            return print_models();
        case 'v':
            return puts("oci-emulator " OKESTRA_VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        case 'h':
            return fputs(usage, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        default:
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    if (arguments->state && optind == argc)
        return -1;
    fputs(usage, stderr);
    return EXIT_USAGE;
}

/* Nothing of this changes the state. */
static void each_real(struct cloud *cloud, void (*act)(struct call *call))
{
    ERROR_AUTO(ignored);
    struct call *call = cloud_begin(cloud);
    act(call);
    cloud_end(call, false, &ignored);
}

static bool serve(struct cloud *cloud, const char *listen, struct error *err)
{
    const struct server_hooks hooks = {cloud, cloud_body_limit, cloud_handle, cloud_tick};
    struct server *server = server_new(listen, cloud->authority, &hooks, err);
    bool ok = server && cloud_publish(cloud, server_url(server), err);
    if (ok) {
        each_real(cloud, real_resume);
        printf("ready %s\n", server_url(server));
        fflush(stdout);
        ok = server_run(server, err);
        each_real(cloud, real_end);
    }
    server_free(server);
    return ok;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.listen = "127.0.0.1:0", .speed = 1};
    int status = parse_arguments(argc, argv, &arguments);
    if (status >= 0)
        return status;
    ERROR_AUTO(err);
    log_set_sink(print_log, NULL, LOG_LEVEL_INFO);
    signal(SIGPIPE, SIG_IGN);
    umask(0077);
    struct cloud *cloud = NULL;
    char *directory = NULL;
    /* Clients need the absolute path. */
    if (file_make_directories(arguments.state, 0700, &err) &&
        !(directory = realpath(arguments.state, NULL)))
        error_set_errno(&err, "find %s", arguments.state);
    if (directory)
        cloud = cloud_open(&(struct cloud_options){directory, arguments.record, arguments.speed,
                                                   arguments.cluster_level},
                           &err);
    bool ok = cloud && serve(cloud, arguments.listen, &err);
    if (!ok)
        fprintf(stderr, "oci-emulator: %s\n", error_message(&err));
    cloud_free(cloud);
    free(directory);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
