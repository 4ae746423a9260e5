/*
 * The bytes of gRPC over HTTP/2: message frames, status texts, timeouts. No I/O, no state but the
 * reassembly of one message.
 * Source: "gRPC over HTTP2" (PROTOCOL-HTTP2.md of the gRPC project).
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_GRPC_WIRE_H
#define OKESTRA_PROVIDER_PLUGIN_GRPC_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/str.h"

enum { GRPC_FRAME_HEADER = 5 }; /* one byte of flags, four bytes of length, big endian */

/* Status codes, as the specification numbers them; only those that this server gives. */
enum grpc_status {
    GRPC_OK = 0,
    GRPC_CANCELLED = 1,
    GRPC_DEADLINE_EXCEEDED = 4,
    GRPC_NOT_FOUND = 5,
    GRPC_RESOURCE_EXHAUSTED = 8,
    GRPC_UNIMPLEMENTED = 12,
    GRPC_INTERNAL = 13,
    GRPC_UNAVAILABLE = 14,
};

void grpc_frame_header(size_t length, unsigned char header[GRPC_FRAME_HEADER]);

/* Collects the one message of a unary or server-streaming request from any division into chunks. */
struct grpc_reader {
    unsigned char header[GRPC_FRAME_HEADER];
    size_t header_length;
    size_t expected; /* length of the message, once the header is complete */
    struct str message;
    bool compressed;
};

void grpc_reader_free(struct grpc_reader *reader);
/* GRPC_OK, or what the call has to be refused with: a compressed message, one above `limit`, or a
 * second one. *reason then says why. After a refusal no more bytes may be given. */
enum grpc_status grpc_reader_put(struct grpc_reader *reader, struct slice bytes, size_t limit,
                                 const char **reason);
/* The request has ended: GRPC_OK when there was exactly one whole message. */
enum grpc_status grpc_reader_end(const struct grpc_reader *reader, const char **reason);
struct slice grpc_reader_message(const struct grpc_reader *reader);

/* grpc-message: printable ASCII without '%', everything else percent-encoded. Cut to `limit` bytes
 * of output, never within an escape. */
void grpc_percent_encode(const char *text, size_t limit, struct str *out);
void grpc_percent_decode(struct slice text, struct str *out);

/* grpc-timeout ("5S", "100m"): 1 to 8 digits and a unit of HMSmun. Rounded up to milliseconds. */
bool grpc_timeout_parse(struct slice text, int64_t *milliseconds);
/* "application/grpc" and what may follow: "+proto", ";charset=…". */
bool grpc_content_type_valid(struct slice text);

#endif
