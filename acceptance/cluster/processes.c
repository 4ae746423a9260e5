#include "acceptance/cluster/processes.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/str.h"

enum { STATUS_LIMIT = 64 * 1024 };

static bool read_namespace(const char *pid, char name[PATH_MAX])
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "/proc/%s/ns/pid", pid);
    ssize_t length = readlink(str_text(&path), name, PATH_MAX - 1);
    if (length > 0)
        name[length] = '\0';
    return length > 0;
}

/* The last number of the line that starts with `key`. */
static long last_number(const char *status, const char *key)
{
    const char *line = strstr(status, key);
    if (!line)
        return 0;
    long number = 0;
    char *end = NULL;
    for (const char *at = line + strlen(key); *at && *at != '\n'; at = end) {
        long found = strtol(at, &end, 10);
        if (end == at)
            break;
        number = found;
    }
    return number;
}

static void note(json_t *parts, const char *pid, const char *text)
{
    size_t index;
    json_t *part;
    json_array_foreach(parts, index, part)
    {
        if (json_object_get(part, "rss_kb") ||
            json_get_integer(part, "pid", 0) != last_number(text, "\nNSpid:"))
            continue;
        json_object_set_new(part, "pid", json_integer(strtol(pid, NULL, 10)));
        json_object_set_new(part, "rss_kb", json_integer(last_number(text, "\nVmRSS:")));
        json_object_set_new(part, "anonymous_kb", json_integer(last_number(text, "\nRssAnon:")));
        return;
    }
}

void processes_describe(json_t *status, pid_t first)
{
    char wanted[PATH_MAX], found[PATH_MAX];
    STR_AUTO id = STR_INIT;
    str_printf(&id, "%d", (int)first);
    DIR *processes = first ? opendir("/proc") : NULL;
    bool known = processes && read_namespace(str_text(&id), wanted);
    for (struct dirent *entry; known && (entry = readdir(processes));) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
            !read_namespace(entry->d_name, found) || strcmp(found, wanted) != 0)
            continue;
        STR_AUTO path = STR_INIT;
        STR_AUTO text = STR_INIT;
        ERROR_AUTO(ignored);
        str_printf(&path, "/proc/%s/status", entry->d_name);
        if (file_read(str_text(&path), STATUS_LIMIT, &text, &ignored))
            note(json_object_get(status, "parts"), entry->d_name, str_text(&text));
    }
    if (processes)
        closedir(processes);
}
