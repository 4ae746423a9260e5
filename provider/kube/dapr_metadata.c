#include "provider/kube/dapr_metadata.h"

#include <string.h>

#include "lib/base/str.h"

#define KEY(name_)                                                                                 \
    {                                                                                              \
        name_, false, NULL                                                                         \
    }

#define PUBSUB_KEYS                                                                                \
    KEY("allowedTopics"), KEY("publishingScopes"), KEY("subscriptionScopes"), KEY("protectedTopics")

static const struct dapr_key kafka_keys[] = {
    {"brokers", true, NULL},
    {"authType", false, "none|password|mtls|certificate|oidc|oidc_private_key_jwt|awsiam"},
    KEY("authRequired"),
    KEY("saslUsername"),
    KEY("saslPassword"),
    {"saslMechanism", false, "SHA-512|SHA-256|PLAINTEXT"},
    KEY("caCert"),
    KEY("clientCert"),
    KEY("clientKey"),
    {"disableTls", false, "true|false"},
    {"skipVerify", false, "true|false"},
    KEY("consumerGroup"),
    KEY("consumerID"),
    KEY("clientID"),
    {"initialOffset", false, "newest|oldest"},
    KEY("version"),
    KEY("maxMessageBytes"),
    {"consumeRetryEnabled", false, "true|false"},
    KEY("consumeRetryInterval"),
    KEY("backOffPolicy"),
    KEY("backOffDuration"),
    KEY("backOffInitialInterval"),
    KEY("backOffMaxInterval"),
    KEY("backOffMaxRetries"),
    KEY("backOffRandomizationFactor"),
    KEY("backOffMultiplier"),
    KEY("backOffMaxElapsedTime"),
    KEY("heartbeatInterval"),
    KEY("sessionTimeout"),
    {"consumerGroupRebalanceStrategy", false, "range|sticky|roundrobin"},
    {"compression", false, "none|gzip|snappy|lz4|zstd"},
    KEY("producerRequiredAcks"),
    KEY("producerRetryMax"),
    KEY("dialTimeout"),
    KEY("readTimeout"),
    KEY("writeTimeout"),
    KEY("metadataTimeout"),
    KEY("consumerFetchMin"),
    KEY("consumerFetchDefault"),
    KEY("channelBufferSize"),
    KEY("clientConnectionTopicMetadataRefreshInterval"),
    KEY("clientConnectionKeepAliveInterval"),
    KEY("schemaRegistryURL"),
    KEY("schemaRegistryAPIKey"),
    KEY("schemaRegistryAPISecret"),
    KEY("schemaCachingEnabled"),
    KEY("schemaLatestVersionCacheTTL"),
    KEY("useAvroJSON"),
    KEY("escapeHeaders"),
    KEY("excludeHeaderMetaRegex"),
    KEY("oidcTokenEndpoint"),
    KEY("oidcClientID"),
    KEY("oidcClientSecret"),
    KEY("oidcScopes"),
    KEY("oidcExtensions"),
    KEY("oidcClientAssertionCert"),
    KEY("oidcClientAssertionKey"),
    KEY("oidcResource"),
    KEY("oidcAudience"),
    KEY("oidcKid"),
    KEY("awsRegion"),
    KEY("awsAccessKey"),
    KEY("awsSecretKey"),
    KEY("awsSessionToken"),
    KEY("awsIamRoleArn"),
    KEY("awsStsSessionName"),
    PUBSUB_KEYS,
    {NULL, false, NULL},
};

static const struct dapr_key redis_pubsub_keys[] = {
    {"redisHost", true, NULL}, KEY("redisPassword"),
    KEY("redisUsername"),      KEY("enableTLS"),
    KEY("consumerID"),         KEY("redeliverInterval"),
    KEY("processingTimeout"),  KEY("queueDepth"),
    KEY("concurrency"),        KEY("maxLenApprox"),
    KEY("streamTTL"),          KEY("redisDB"),
    KEY("redisType"),          KEY("failover"),
    KEY("sentinelMasterName"), PUBSUB_KEYS,
    {NULL, false, NULL},
};

static const struct dapr_key memory_pubsub_keys[] = {PUBSUB_KEYS, {NULL, false, NULL}};

#define STATE_KEYS                                                                                 \
    KEY("keyPrefix"), KEY("actorStateStore"), KEY("primaryEncryptionKey"),                         \
        KEY("secondaryEncryptionKey"), KEY("outboxPublishPubsub"), KEY("outboxPublishTopic"),      \
        KEY("outboxPubsub"), KEY("outboxDiscardWhenMissingState"), KEY("cleanupInterval"),         \
        KEY("timeout"), KEY("ttlInSeconds")

#define POSTGRESQL_KEYS                                                                            \
    KEY("connectionString"), KEY("host"), KEY("hostaddr"), KEY("port"), KEY("database"),           \
        KEY("user"), KEY("password"), KEY("sslRootCert"), KEY("maxConns"),                         \
        KEY("connectionMaxIdleTime"), KEY("queryExecMode"), KEY("useAzureAD"), KEY("useAWSIAM"),   \
        KEY("azureTenantId"), KEY("azureClientId"), KEY("azureClientSecret"), KEY("awsRegion"),    \
        KEY("awsAccessKey"), KEY("awsSecretKey"), KEY("awsSessionToken"), KEY("metadataTableName")

static const struct dapr_key postgresql_v1_keys[] = {
    POSTGRESQL_KEYS, KEY("tableName"), STATE_KEYS, {NULL, false, NULL}};
static const struct dapr_key postgresql_v2_keys[] = {
    POSTGRESQL_KEYS, KEY("tablePrefix"), STATE_KEYS, {NULL, false, NULL}};
static const char *const postgresql_either[] = {"connectionString", "host", NULL};

static const struct dapr_key redis_state_keys[] = {
    {"redisHost", true, NULL},
    KEY("redisPassword"),
    KEY("redisUsername"),
    KEY("enableTLS"),
    KEY("redisDB"),
    KEY("redisType"),
    KEY("failover"),
    KEY("sentinelMasterName"),
    KEY("maxRetries"),
    KEY("maxRetryBackoff"),
    STATE_KEYS,
    {NULL, false, NULL},
};

static const struct dapr_key memory_state_keys[] = {STATE_KEYS, {NULL, false, NULL}};

static const struct dapr_key sqlite_keys[] = {
    {"connectionString", true, NULL},
    KEY("tableName"),
    KEY("metadataTableName"),
    KEY("busyTimeout"),
    KEY("disableWAL"),
    STATE_KEYS,
    {NULL, false, NULL},
};

static const struct dapr_key kubernetes_secret_keys[] = {
    KEY("defaultNamespace"), KEY("kubeconfigPath"), {NULL, false, NULL}};

static const struct dapr_key cron_keys[] = {
    {"schedule", true, NULL}, KEY("route"), {"direction", false, "input"}, {NULL, false, NULL}};

static const struct dapr_key smtp_keys[] = {
    {"host", true, NULL}, {"port", true, NULL}, KEY("user"),     KEY("password"),
    KEY("skipTLSVerify"), KEY("emailFrom"),     KEY("emailTo"),  KEY("emailCC"),
    KEY("emailBCC"),      KEY("subject"),       KEY("priority"), KEY("direction"),
    {NULL, false, NULL},
};

static const struct dapr_key http_keys[] = {
    {"url", true, NULL},        KEY("responseTimeout"),   KEY("errorIfNot2XX"),
    KEY("maxResponseBodySize"), KEY("MTLSRootCA"),        KEY("MTLSClientCert"),
    KEY("MTLSClientKey"),       KEY("MTLSRenegotiation"), KEY("securityToken"),
    KEY("securityTokenHeader"), KEY("direction"),         KEY("route"),
    {NULL, false, NULL},
};

static const struct dapr_component_type types[] = {
    {"pubsub.kafka", "v1", kafka_keys, NULL},
    {"pubsub.redis", "v1", redis_pubsub_keys, NULL},
    {"pubsub.in-memory", "v1", memory_pubsub_keys, NULL},
    {"state.postgresql", "v1", postgresql_v1_keys, postgresql_either},
    {"state.postgresql", "v2", postgresql_v2_keys, postgresql_either},
    {"state.redis", "v1", redis_state_keys, NULL},
    {"state.in-memory", "v1", memory_state_keys, NULL},
    {"state.sqlite", "v1", sqlite_keys, NULL},
    {"secretstores.kubernetes", "v1", kubernetes_secret_keys, NULL},
    {"bindings.cron", "v1", cron_keys, NULL},
    {"bindings.smtp", "v1", smtp_keys, NULL},
    {"bindings.http", "v1", http_keys, NULL},
};

const struct dapr_component_type *dapr_component_type(const char *type, const char *version)
{
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        if (text_equal_nocase(types[i].type, type) && text_equal_nocase(types[i].version, version))
            return &types[i];
    return NULL;
}

const struct dapr_key *dapr_key(const struct dapr_component_type *type, const char *name)
{
    for (const struct dapr_key *key = type->keys; key->name; key++)
        if (text_equal_nocase(key->name, name))
            return key;
    return NULL;
}

const char *dapr_nearest_key(const struct dapr_component_type *type, const char *name)
{
    enum { MOST = 128 };
    const char *names[MOST];
    size_t count = 0;
    for (const struct dapr_key *key = type->keys; key->name && count < MOST; key++)
        names[count++] = key->name;
    return text_nearest(name, names, count);
}
