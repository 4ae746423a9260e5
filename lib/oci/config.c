#include "lib/oci/config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/log.h"
#include "lib/base/str.h"
#include "lib/base/vec.h"
#include "lib/net/secret.h"

/* All texts point into oci_config.text, where the parser ends them with NUL bytes: passphrases then
 * never leave the pages of the secret. */
struct entry {
    const char *key, *value;
};

struct profile {
    const char *name;
    VEC(struct entry) entries;
};

struct oci_config {
    char *path;
    char *text; /* secret */
    VEC(struct profile) profiles;
};

void oci_config_free(struct oci_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->profiles.count; i++)
        vec_free(&config->profiles.items[i].entries);
    vec_free(&config->profiles);
    secret_free(config->text);
    free(config->path);
    free(config);
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t length = strlen(text);
    while (length && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

static struct profile *find_profile(const struct oci_config *config, const char *name)
{
    for (size_t i = 0; i < config->profiles.count; i++)
        if (strcmp(config->profiles.items[i].name, name) == 0)
            return &config->profiles.items[i];
    return NULL;
}

static bool open_profile(struct oci_config *config, const char *name, struct profile **current,
                         struct error *err)
{
    *current = find_profile(config, name);
    if (*current)
        return true;
    if (config->profiles.count == OCI_CONFIG_PROFILE_LIMIT)
        return error_set(err, ERROR_INVALID, "more than %d profiles", OCI_CONFIG_PROFILE_LIMIT);
    vec_push(&config->profiles, (struct profile){.name = name});
    *current = &config->profiles.items[config->profiles.count - 1];
    return true;
}

static bool add_entry(struct profile *profile, const char *key, const char *value,
                      struct error *err)
{
    for (size_t i = 0; i < profile->entries.count; i++)
        if (strcasecmp(profile->entries.items[i].key, key) == 0) {
            profile->entries.items[i].value = value;
            return true;
        }
    if (profile->entries.count == OCI_CONFIG_KEY_LIMIT)
        return error_set(err, ERROR_INVALID, "profile %s has more than %d keys", profile->name,
                         OCI_CONFIG_KEY_LIMIT);
    vec_push(&profile->entries, (struct entry){key, value});
    return true;
}

static void skip_line(const struct oci_config *config, int number)
{
    STR_AUTO line = STR_INIT;
    str_printf(&line, "%d", number);
    LOG(LOG_LEVEL_WARN, "a line of the OCI config file is skipped", {"file", config->path},
        {"line", str_text(&line)});
}

static bool parse_line(struct oci_config *config, char *line, int number, struct profile **current,
                       struct error *err)
{
    if (strlen(line) > OCI_CONFIG_LINE_LIMIT)
        return error_set(err, ERROR_INVALID, "longer than %d bytes", OCI_CONFIG_LINE_LIMIT);
    line = trim(line);
    if (*line == '\0' || *line == '#' || *line == ';')
        return true;
    size_t length = strlen(line);
    if (*line == '[' && line[length - 1] == ']') {
        line[length - 1] = '\0';
        return open_profile(config, trim(line + 1), current, err);
    }
    char *delimiter = strpbrk(line, "=:");
    if (!delimiter || delimiter == line || !*current) {
        skip_line(config, number);
        return true;
    }
    *delimiter = '\0';
    return add_entry(*current, trim(line), trim(delimiter + 1), err);
}

static bool parse_lines(struct oci_config *config, struct error *err)
{
    char *at = config->text;
    struct profile *current = NULL;
    if (strncmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    for (int number = 1; at; number++) {
        char *line = at, *end = strchr(at, '\n');
        at = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        if (!parse_line(config, line, number, &current, err))
            return error_wrap(err, "%s, line %d", config->path, number);
    }
    return true;
}

/* Takes the secret. */
static struct oci_config *config_from(const char *path, char *text, struct error *err)
{
    struct oci_config *config = mem_calloc(1, sizeof(*config));
    config->path = mem_strdup(path);
    config->text = text;
    bool ok = memchr(text, '\0', secret_length(text))
                  ? error_set(err, ERROR_INVALID, "%s is no text file", path)
                  : parse_lines(config, err);
    if (ok)
        return config;
    oci_config_free(config);
    return NULL;
}

struct oci_config *oci_config_parse(const char *path, const char *text, size_t length,
                                    struct error *err)
{
    if (length > OCI_CONFIG_FILE_LIMIT) {
        error_set(err, ERROR_INVALID, "%s is larger than %d bytes", path, OCI_CONFIG_FILE_LIMIT);
        return NULL;
    }
    return config_from(path, secret_new(text, length), err);
}

struct oci_config *oci_config_read(const char *path, struct error *err)
{
    char *text = secret_read_file(path, err);
    if (text)
        return config_from(path, text, err);
    error_wrap(err, "read the OCI config file");
    return NULL;
}

bool oci_config_has_profile(const struct oci_config *config, const char *profile)
{
    return find_profile(config, profile) != NULL;
}

static const char *own_value(const struct oci_config *config, const char *profile, const char *key)
{
    const struct profile *found = find_profile(config, profile);
    for (size_t i = 0; found && i < found->entries.count; i++)
        if (strcasecmp(found->entries.items[i].key, key) == 0 && *found->entries.items[i].value)
            return found->entries.items[i].value;
    return NULL;
}

const char *oci_config_get(const struct oci_config *config, const char *profile, const char *key)
{
    const char *value = own_value(config, profile, key);
    return value ? value : own_value(config, OCI_CONFIG_DEFAULT_PROFILE, key);
}

const char *oci_config_profile_at(const struct oci_config *config, size_t index)
{
    return index < config->profiles.count ? config->profiles.items[index].name : NULL;
}

const char *oci_config_path(const struct oci_config *config)
{
    return config->path;
}
