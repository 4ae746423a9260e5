/* Autonomous databases: create, change, stop and start, delete, wallets. Work requests are those of the
 * core services. There is no database behind them. */
#ifndef OKESTRA_CLOUD_DATABASE_H
#define OKESTRA_CLOUD_DATABASE_H

#include "acceptance/cloud/api/call.h"

extern const struct service service_database;

extern const struct kind kind_autonomous_database;

extern const struct model create_autonomous_database_base;
extern const struct model restart_autonomous_database_details;
extern const struct model stop_autonomous_database_details;
extern const struct model update_autonomous_database_details;

/* The zip of GenerateAutonomousDatabaseWallet: how clients connect, and a key under the password. */
bool wallet_reply(struct call *call, const struct object *database, const char *password);

/* Passwords of databases: length, one letter of each case and a digit, and none of the characters in
 * `never`; a special one, too, when wanted. False after 400. */
bool database_check_password(struct call *call, const char *password, size_t least, size_t most,
                             const char *never, bool special);

#endif
