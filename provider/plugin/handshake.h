/*
 * go-plugin's handshake: the environment that Terraform gives, a listening socket, one line on
 * stdout.
 * Source: hashicorp/go-plugin (behaviour of client.go and server.go).
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_HANDSHAKE_H
#define OKESTRA_PROVIDER_PLUGIN_HANDSHAKE_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

/* The plugin protocol that this program speaks. The line names it also when Terraform offers others
 * only: Terraform then tells the user which versions each side has. */
enum { HANDSHAKE_PROTOCOL = 6 };

/* True when the magic cookie is there: Terraform started this process. */
bool handshake_started_by_terraform(void);
/* Binds and listens on a unix socket in PLUGIN_UNIX_SOCKET_DIR, TMPDIR or /tmp, whichever takes it
 * first; where none does (too long for a socket address, not writable), on an abstract one.
 * *address is what Terraform dials ("@name" when abstract). The socket is ours alone, or
 * PLUGIN_UNIX_SOCKET_GROUP's too. Non-blocking. -1 on failure. */
int handshake_listen(struct str *address, struct error *err);
/* The group of PLUGIN_UNIX_SOCKET_GROUP may connect: other users than ours are expected. */
bool handshake_shared_with_group(void);
/* Removes the socket file. Async-signal-safe; may be called any number of times. */
void handshake_unlink(void);

/* The line: certificate is "" without TLS. */
void handshake_line(const char *address, const char *certificate, struct str *out);
/* Writes the line to stdout, then points stdout to /dev/null: nothing else may ever appear there,
 * and Terraform stops reading it at times. */
bool handshake_print(const char *line, struct error *err);
/* What reattach mode prints instead: TF_REATTACH_PROVIDERS for the user's shell. */
void handshake_reattach_text(const char *provider_address, const char *address, struct str *out);

#endif
