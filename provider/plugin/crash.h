/*
 * When the program crashes, Terraform prints what follows "panic: " on stderr to the user: the
 * signal and where in the program it happened, as offsets for addr2line and never with any data.
 * Core dumps and ptrace are off, since memory holds keys.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_CRASH_H
#define OKESTRA_PROVIDER_PLUGIN_CRASH_H

#include <stdbool.h>

/* Installs the handlers and prepares the calling thread. before_end (or NULL) is called in the
 * handler and must be async-signal-safe. */
void crash_install(void (*before_end)(void));
/* No core file; unless `debuggable`, no ptrace by others of the same user either. */
void crash_protect_memory(bool debuggable);
/* Each thread needs a signal stack of its own, so that a stack overflow can be reported. */
void crash_prepare_thread(void);
void crash_release_thread(void);

#endif
