/* Whole folders. */
#ifndef OKESTRA_CLUSTER_FILES_H
#define OKESTRA_CLUSTER_FILES_H

#include <stdbool.h>

#include "lib/base/error.h"

/* Removes a folder with all in it, but nothing of what is mounted there. Good when it is not there. */
bool files_remove(const char *folder, struct error *err);

#endif
