/* The process as Terraform's child: signals and memory allocation. */
#ifndef OKESTRA_PROVIDER_PLUGIN_PROCESS_H
#define OKESTRA_PROVIDER_PLUGIN_PROCESS_H

#include <stdbool.h>

/* SIGPIPE is ignored. SIGTERM calls on_terminate, which must be async-signal-safe. SIGINT, which a
 * terminal sends to Terraform's whole group, is ignored (Terraform asks by StopProvider), unless
 * `interactive`: then it terminates too. Call before threads start. */
void process_handle_signals(void (*on_terminate)(void), bool interactive);
/* Many threads that mostly wait need no heap each. Call before threads start. */
void process_bound_heaps(void);

#endif
