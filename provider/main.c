/* terraform-provider-oke: the plugin process, and a few commands for people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/docs/docs.h"
#include "provider/oci/provider.h"
#include "provider/plugin/handshake.h"
#include "provider/plugin/plugin.h"

static const char provider_address[] = "registry.terraform.io/okestra/oke";

static const char usage[] =
    "terraform-provider-oke " OKESTRA_VERSION " - Oracle Cloud for Terraform and OpenTofu\n"
    "\n"
    "Terraform starts this program itself. By hand:\n"
    "  terraform-provider-oke --version      print the version\n"
    "  terraform-provider-oke --schema       print the provider's schema as JSON\n"
    "  terraform-provider-oke --docs DIR     write the registry documentation into DIR\n"
    "  terraform-provider-oke --debug        serve one process for many Terraform runs; prints "
    "the\n"
    "                                        variable that makes Terraform use it\n";

static const char not_by_hand[] =
    "This is a plugin of Terraform and OpenTofu, which start it by themselves: name the provider "
    "in a\n"
    "configuration and run \"terraform init\". For what it can do by hand see --help.\n";

static int print(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int print_version(const char *argument)
{
    (void)argument;
    return print("terraform-provider-oke " OKESTRA_VERSION "\n");
}

static int print_help(const char *argument)
{
    (void)argument;
    return print(usage);
}

static int fail(const struct error *err)
{
    fprintf(stderr, "terraform-provider-oke: %s\n", error_message(err));
    return EXIT_FAILURE;
}

static int print_schema(const char *argument)
{
    (void)argument;
    ERROR_AUTO(err);
    STR_AUTO out = STR_INIT;
    if (!engine_check_descriptors(&oke_provider, &err))
        return fail(&err);
    docs_print_schema(&oke_provider, provider_address, &out);
    str_append_char(&out, '\n');
    return print(str_text(&out));
}

static int write_docs(const char *directory)
{
    ERROR_AUTO(err);
    if (!engine_check_descriptors(&oke_provider, &err) ||
        !docs_write(&oke_provider, provider_address, directory, &err))
        return fail(&err);
    return EXIT_SUCCESS;
}

static int serve_many_runs(const char *argument)
{
    (void)argument;
    return plugin_serve(&oke_provider, provider_address, PLUGIN_REATTACH);
}

static const struct command {
    const char *name;
    int (*run)(const char *argument);
    bool takes_argument;
} commands[] = {
    {"--version", print_version, false}, {"-v", print_version, false},
    {"--help", print_help, false},       {"-h", print_help, false},
    {"--schema", print_schema, false},   {"--docs", write_docs, true},
    {"--debug", serve_many_runs, false}, {"-debug", serve_many_runs, false},
};

int main(int argc, char **argv)
{
    if (argc < 2) {
        if (handshake_started_by_terraform())
            return plugin_serve(&oke_provider, provider_address, PLUGIN_OF_TERRAFORM);
        fputs(not_by_hand, stderr);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        const struct command *command = &commands[i];
        if (strcmp(argv[1], command->name) == 0 && argc == 2 + command->takes_argument)
            return command->run(argv[2]);
    }
    fprintf(stderr,
            "terraform-provider-oke: \"%s\" is no command, or its arguments are wrong.\n\n%s",
            argv[1], usage);
    return EXIT_FAILURE;
}
