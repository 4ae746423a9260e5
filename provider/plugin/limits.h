/* Every limit of the plugin's transport, so that nothing from outside is without a bound. */
#ifndef OKESTRA_PROVIDER_PLUGIN_LIMITS_H
#define OKESTRA_PROVIDER_PLUGIN_LIMITS_H

enum {
    /* gRPC */
    GRPC_MAX_MESSAGE = 512 * 1024 * 1024, /* bytes of one request; Terraform's own bound is 2 GiB */
    GRPC_MAX_UNREAD = 1024 * 1024 * 1024, /* bytes of all requests that wait for a handler or run */
    GRPC_MAX_QUEUED = 4 * 1024 * 1024, /* a stream's unsent bytes before its handler has to wait */
    GRPC_MAX_CALLS = 16384,            /* open calls of all connections */
    GRPC_MAX_STATUS_TEXT = 4 * 1024,   /* bytes of a grpc-message, more is cut */

    /* HTTP/2 */
    HTTP2_MAX_STREAMS = 4096,               /* concurrent requests of one connection */
    HTTP2_MAX_FIELD_SECTION = 32 * 1024,    /* names and values of one request's header */
    HTTP2_STREAM_WINDOW = 16 * 1024 * 1024, /* flow control: large requests need no round trips */
    HTTP2_CONNECTION_WINDOW = 64 * 1024 * 1024,
    HTTP2_MAX_RESETS = 10000,     /* RST_STREAM frames of the client in one burst */
    HTTP2_RESETS_A_SECOND = 1000, /* and in the long run */

    /* the event loop */
    LOOP_MAX_CONNECTIONS = 256,
    LOOP_READ_CHUNK = 64 * 1024,
    LOOP_READ_TURN = 1024 * 1024,  /* read of one connection before the others have their turn */
    LOOP_HANDSHAKE_MS = 10 * 1000, /* a TLS handshake that takes longer is given up */
    LOOP_DRAIN_MS = 1500,          /* Terraform kills two seconds after it asked for Shutdown */

    /* worker threads */
    WORKERS_MAX = 256,
    WORKERS_STACK = 1024 * 1024, /* virtual; values nest at most 128 deep */
    WORKERS_IDLE_MS = 10 * 1000, /* an idle thread beyond the first few ends after this time */
    WORKERS_KEPT = 4,

    /* log records */
    HCLOG_MAX_LINE = 60 * 1024, /* Terraform splits lines beyond 64 KiB */
    HCLOG_MAX_VALUE = 4 * 1024, /* one message or value */
    HCLOG_MIN_SECRET = 4,       /* shorter secrets would mask ordinary text */
    HCLOG_MAX_SECRETS = 1024,
};

#endif
