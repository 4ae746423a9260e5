#include "acceptance/cluster/images.h"

#include <glob.h>

#include "acceptance/cluster/options.h"
#include "lib/base/process.h"
#include "lib/base/str.h"

static bool import(const char *archive, struct error *err)
{
    const char *const arguments[] = {"ctr",         "--address", "/run/okestra/containerd.sock",
                                     "--namespace", "k8s.io",    "images",
                                     "import",      archive,     NULL};
    PROCESS_RESULT_AUTO(result);
    if (!process_run(&(struct process_command){.argv = arguments}, &result, err))
        return false;
    return result.exit_status == 0 ||
           error_set(err, ERROR_INVALID, "the image archive %s cannot be imported: %s", archive,
                     str_text(&result.errors));
}

bool images_import(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    (void)count;
    (void)arguments;
    STR_AUTO pattern = STR_INIT;
    str_printf(&pattern, "%s/images/*.tar", cluster_binaries());
    glob_t found = {0};
    bool good = glob(str_text(&pattern), 0, NULL, &found) == 0 ||
                error_set(err, ERROR_NOT_FOUND, "no images in %s", str_text(&pattern));
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = import(found.gl_pathv[i], err);
    globfree(&found);
    size_t index;
    json_t *item;
    json_array_foreach(options_list(cluster->options, "image"), index, item)
    {
        good = good && import(json_string_value(item), err);
    }
    return good;
}
