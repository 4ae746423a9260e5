/*
 * The files of config/, built into the program. They are written to STATE/config with their variables
 * filled in.
 */
#ifndef OKESTRA_CLUSTER_CONFIG_H
#define OKESTRA_CLUSTER_CONFIG_H

struct config_file {
    const char *name; /* below STATE/config; NULL ends the table */
    const char *text;
};

extern const struct config_file config_files[];

#endif
