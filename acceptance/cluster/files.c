#include "acceptance/cluster/files.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>

enum { OPEN_FOLDERS = 32 };

/* Not zero ends the walk, with errno. */
static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

bool files_remove(const char *folder, struct error *err)
{
    return nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 ||
           errno == ENOENT || error_set_errno(err, "remove %s", folder);
}
