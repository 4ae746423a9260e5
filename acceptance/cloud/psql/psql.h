/* OCI Database with PostgreSQL: DB systems, their instances and addresses. No PostgreSQL runs behind them. */
#ifndef OKESTRA_CLOUD_PSQL_H
#define OKESTRA_CLOUD_PSQL_H

#include "acceptance/cloud/api/call.h"

extern const struct service service_psql;

extern const struct kind kind_db_system, kind_psql_work;

extern const struct model create_db_system_details;
extern const struct model update_db_system_details;
extern const struct model patch_db_system_details;
extern const struct model change_db_system_compartment_details;
extern const struct model reset_master_user_password_details;
extern const struct model restart_db_instance_details;
extern const struct model start_db_system_details;

#endif
