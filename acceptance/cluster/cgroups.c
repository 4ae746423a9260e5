#include "acceptance/cluster/cgroups.h"

#include <errno.h>
#include <ftw.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/str.h"

enum { REMOVE_TIMEOUT_MS = 5000, REMOVE_PAUSE_US = 20 * 1000, OPEN_FOLDERS = 16 };

typedef bool hierarchy_visitor(const char *mount, bool unified, const char *name,
                               struct error *err);

static bool each_hierarchy(hierarchy_visitor *visit, const char *name, struct error *err)
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    if (!mounts)
        return error_set_errno(err, "open /proc/self/mounts");
    bool good = true;
    for (struct mntent *mount; good && (mount = getmntent(mounts));) {
        bool unified = strcmp(mount->mnt_type, "cgroup2") == 0;
        if (unified || strcmp(mount->mnt_type, "cgroup") == 0)
            good = visit(mount->mnt_dir, unified, name, err);
    }
    endmntent(mounts);
    return good;
}

/* In version 2 a group has only the controllers that its parent hands down. */
static void hand_down_controllers(const char *mount)
{
    static const char *const wanted[] = {"+cpu", "+memory", "+pids", "+cpuset", "+io", "+hugetlb"};
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/cgroup.subtree_control", mount);
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        FILE *file = fopen(str_text(&path), "we");
        if (!file)
            return;
        fputs(wanted[i], file); /* refused where another hierarchy has the controller */
        fclose(file);
    }
}

static bool make_in(const char *mount, bool unified, const char *name, struct error *err)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", mount, name);
    if (mkdir(str_text(&path), 0755) < 0 && errno != EEXIST)
        return error_set_errno(err, "make the control group %s", str_text(&path));
    if (unified) {
        hand_down_controllers(mount);
        hand_down_controllers(str_text(&path));
    }
    return true;
}

bool cgroups_make(const char *name, struct error *err)
{
    return each_hierarchy(make_in, name, err);
}

/* The files of a group go with it; errors show in that the group stays. */
static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)at;
    if (type == FTW_DP)
        rmdir(path);
    return 0;
}

static bool remove_in(const char *mount, bool unified, const char *name, struct error *err)
{
    (void)unified;
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", mount, name);
    int64_t deadline = clock_monotonic_ms() + REMOVE_TIMEOUT_MS;
    while (access(str_text(&path), F_OK) == 0) {
        nftw(str_text(&path), remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
        if (access(str_text(&path), F_OK) != 0)
            break;
        if (clock_monotonic_ms() > deadline)
            return error_set(err, ERROR_TIMEOUT, "the control group %s still has processes",
                             str_text(&path));
        usleep(REMOVE_PAUSE_US);
    }
    return true;
}

bool cgroups_remove(const char *name, struct error *err)
{
    return each_hierarchy(remove_in, name, err);
}
