#include "provider/kube/strimzi.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"

static const char cluster_label[] = "strimzi.io/cluster";

const char *const strimzi_versions[] = {"kafka.strimzi.io/v1", "kafka.strimzi.io/v1beta2", NULL};

const char *strimzi_version(const struct value *values)
{
    const char *version = value_text(value_get(values, "api_version"));
    return version ? version : strimzi_versions[0];
}

bool strimzi_desired(struct kube_call *call, const struct value *values, const struct value *config,
                     json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    JSON_AUTO cluster = json_incref(json_object_get(object, STRIMZI_CLUSTER));
    json_t *metadata = json_object_get(object, "metadata"), *labels;
    json_object_del(object, STRIMZI_CLUSTER);
    if (cluster) {
        labels = json_object_get(metadata, "labels");
        if (!labels) {
            labels = json_object();
            json_object_set_new(metadata, "labels", labels);
        }
        json_object_set(labels, cluster_label, cluster);
    }
    if (!json_object_get(object, "spec"))
        json_object_set_new(object, "spec", json_object());
    return true;
}

bool strimzi_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)call;
    (void)err;
    json_t *metadata = json_object_get(object, "metadata");
    json_t *labels = json_object_get(metadata, "labels");
    JSON_AUTO cluster = json_incref(json_object_get(labels, cluster_label));
    json_object_del(labels, cluster_label);
    if (json_object_size(labels) == 0)
        json_object_del(metadata, "labels");
    if (cluster)
        json_object_set(object, STRIMZI_CLUSTER, cluster);
    return true;
}

bool strimzi_keep_brokers(struct kube_call *call, struct error *err)
{
    const struct value *roles = value_get(call->values, "roles");
    bool brokers = false;
    for (size_t i = 0; i < value_count(roles); i++)
        brokers |= text_equal(value_text(value_item(roles, i)), "broker");
    if (!brokers || value_as_bool(value_get(call->values, "delete_brokers"), false))
        return true;
    struct kube_object kafka = {.kind = kube_kind_built_in(strimzi_version(call->values), "Kafka"),
                                .namespace_name = value_text(value_get(call->values, "namespace")),
                                .name = value_text(value_get(call->values, "kafka"))};
    ERROR_AUTO(ignored);
    JSON_AUTO live = kube_get(call->client, &call->scope, &kafka, &ignored);
    if (!live || json_at_path(live, "metadata.deletionTimestamp"))
        return true;
    return error_set(
        err, ERROR_CONFLICT,
        "the Kafka cluster %s/%s lives and may have partitions on these brokers, which "
        "Kubernetes would remove at once: scale the pool to 0 first, which Strimzi checks, "
        "or set delete_brokers = true",
        kafka.namespace_name, kafka.name);
}

/* --- config ------------------------------------------------------------------------------------- */

enum config_kind { CONFIG_INTEGER, CONFIG_NUMBER, CONFIG_BOOL, CONFIG_WORD, CONFIG_TEXT };

struct config_key {
    const char *name;
    enum config_kind kind;
    int64_t minimum;
    const char *words; /* CONFIG_WORD: with "|" between; a list may be separated by "," */
};

/* Topic configs of Kafka 4 and 3.6. Source: https://kafka.apache.org/documentation/#topicconfigs */
static const struct config_key topic_keys[] = {
    {"cleanup.policy", CONFIG_WORD, 0, "compact|delete"},
    {"compression.type", CONFIG_WORD, 0, "uncompressed|zstd|lz4|snappy|gzip|producer"},
    {"compression.gzip.level", CONFIG_INTEGER, -1, NULL},
    {"compression.lz4.level", CONFIG_INTEGER, 1, NULL},
    {"compression.zstd.level", CONFIG_INTEGER, -131072, NULL},
    {"delete.retention.ms", CONFIG_INTEGER, 0, NULL},
    {"file.delete.delay.ms", CONFIG_INTEGER, 0, NULL},
    {"flush.messages", CONFIG_INTEGER, 1, NULL},
    {"flush.ms", CONFIG_INTEGER, 0, NULL},
    {"follower.replication.throttled.replicas", CONFIG_TEXT, 0, NULL},
    {"index.interval.bytes", CONFIG_INTEGER, 0, NULL},
    {"leader.replication.throttled.replicas", CONFIG_TEXT, 0, NULL},
    {"local.retention.bytes", CONFIG_INTEGER, -2, NULL},
    {"local.retention.ms", CONFIG_INTEGER, -2, NULL},
    {"max.compaction.lag.ms", CONFIG_INTEGER, 1, NULL},
    {"max.message.bytes", CONFIG_INTEGER, 0, NULL},
    {"message.downconversion.enable", CONFIG_BOOL, 0, NULL},
    {"message.format.version", CONFIG_TEXT, 0, NULL},
    {"message.timestamp.after.max.ms", CONFIG_INTEGER, 0, NULL},
    {"message.timestamp.before.max.ms", CONFIG_INTEGER, 0, NULL},
    {"message.timestamp.difference.max.ms", CONFIG_INTEGER, 0, NULL},
    {"message.timestamp.type", CONFIG_WORD, 0, "CreateTime|LogAppendTime"},
    {"min.cleanable.dirty.ratio", CONFIG_NUMBER, 0, NULL},
    {"min.compaction.lag.ms", CONFIG_INTEGER, 0, NULL},
    {"min.insync.replicas", CONFIG_INTEGER, 1, NULL},
    {"preallocate", CONFIG_BOOL, 0, NULL},
    {"remote.log.copy.disable", CONFIG_BOOL, 0, NULL},
    {"remote.log.delete.on.disable", CONFIG_BOOL, 0, NULL},
    {"remote.storage.enable", CONFIG_BOOL, 0, NULL},
    {"retention.bytes", CONFIG_INTEGER, -1, NULL},
    {"retention.ms", CONFIG_INTEGER, -1, NULL},
    {"segment.bytes", CONFIG_INTEGER, 14, NULL},
    {"segment.index.bytes", CONFIG_INTEGER, 4, NULL},
    {"segment.jitter.ms", CONFIG_INTEGER, 0, NULL},
    {"segment.ms", CONFIG_INTEGER, 1, NULL},
    {"unclean.leader.election.enable", CONFIG_BOOL, 0, NULL},
};

/* What Strimzi keeps for itself: it drops these keys with a warning in the status. */
static const char *const reserved_prefixes[] = {"listeners",
                                                "advertised.",
                                                "broker.",
                                                "listener.",
                                                "host.name",
                                                "port",
                                                "inter.broker.listener.name",
                                                "sasl.",
                                                "ssl.",
                                                "security.",
                                                "password.",
                                                "log.dir",
                                                "authorizer.",
                                                "super.user",
                                                "node.id",
                                                "process.roles",
                                                "controller.",
                                                "metadata.log.dir",
                                                "zookeeper.connect",
                                                "cordoned.log.dirs"};
static const char *const reserved_exceptions[] = {"ssl.cipher.suites",
                                                  "ssl.protocol",
                                                  "ssl.enabled.protocols",
                                                  "sasl.server.max.receive.size",
                                                  "broker.session.timeout.ms",
                                                  "broker.heartbeat.interval.ms",
                                                  "controller.quorum.election.backoff.max.ms",
                                                  "controller.quorum.election.timeout.ms",
                                                  "controller.quorum.fetch.timeout.ms",
                                                  "controller.socket.timeout.ms"};

static const struct config_key *find_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(topic_keys); i++)
        if (strcmp(topic_keys[i].name, name) == 0)
            return &topic_keys[i];
    return NULL;
}

static bool is_word(struct slice word, const char *words)
{
    for (struct slice rest = slice_from(words), one; rest.length;) {
        rest = slice_cut(rest, '|', &one, NULL);
        if (slice_equal(word, one))
            return true;
    }
    return false;
}

static bool are_words(const char *text, const char *words)
{
    bool found = true;
    for (struct slice rest = slice_from(text), word; found;) {
        rest = slice_cut(rest, ',', &word, &found);
        if (!is_word(slice_trim(word), words))
            return false;
    }
    return true;
}

/* What is wrong with the value, or NULL. */
static const char *complaint(struct arena *arena, const struct config_key *key, const char *text)
{
    char *end;
    double number = strtod(text, &end);
    bool is_number = *text && !*end;
    switch (key->kind) {
    case CONFIG_INTEGER:
        if (!is_number || strspn(text, "-0123456789") != strlen(text))
            return "it must be a whole number";
        return number < (double)key->minimum
                   ? arena_printf(arena, "it must be at least %lld", (long long)key->minimum)
                   : NULL;
    case CONFIG_NUMBER:
        return is_number && number >= 0 && number <= 1 ? NULL : "it must be a number from 0 to 1";
    case CONFIG_BOOL:
        return text_equal(text, "true") || text_equal(text, "false") ? NULL
                                                                     : "it must be true or false";
    case CONFIG_WORD:
        return are_words(text, key->words) ? NULL
                                           : arena_printf(arena, "it must be %s", key->words);
    case CONFIG_TEXT:
        break;
    }
    return NULL;
}

static void unknown_key(const struct path *path, const char *name, struct diagnostics *diagnostics)
{
    const char *names[ARRAY_LENGTH(topic_keys)];
    for (size_t i = 0; i < ARRAY_LENGTH(topic_keys); i++)
        names[i] = topic_keys[i].name;
    const char *nearest = text_nearest(name, names, ARRAY_LENGTH(topic_keys));
    diagnostics_warning(diagnostics, path, "Unknown topic configuration",
                        "Kafka has no topic configuration \"%s\".%s%s%s", name,
                        nearest ? " Did you mean \"" : "", nearest ? nearest : "",
                        nearest ? "\"?" : "");
}

void strimzi_validate_topic_config(const struct attribute *attribute, const struct value *value,
                                   const struct path *path, struct diagnostics *diagnostics,
                                   struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value_entry *entry = &value->map.entries[i];
        const char *name = arena_strndup(arena, entry->key.ptr, entry->key.length);
        const char *text = value_text(entry->value);
        const struct path *at = path_key(arena, path, name);
        const struct config_key *key = find_key(name);
        if (!key)
            unknown_key(at, name, diagnostics);
        const char *wrong = key && text ? complaint(arena, key, text) : NULL;
        if (wrong)
            diagnostics_error(diagnostics, at, "Bad topic configuration", "%s = \"%s\": %s.", name,
                              text, wrong);
    }
}

static bool has_prefix(const char *name, const char *const *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts_with(name, prefixes[i]))
            return true;
    return false;
}

void strimzi_validate_broker_config(const struct attribute *attribute, const struct value *value,
                                    const struct path *path, struct diagnostics *diagnostics,
                                    struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        struct slice key = value->map.entries[i].key;
        const char *name = arena_strndup(arena, key.ptr, key.length);
        if (has_prefix(name, reserved_prefixes, ARRAY_LENGTH(reserved_prefixes)) &&
            !has_prefix(name, reserved_exceptions, ARRAY_LENGTH(reserved_exceptions)))
            diagnostics_warning(diagnostics, path_key(arena, path, name),
                                "Configuration that Strimzi decides",
                                "\"%s\" is Strimzi's own to set: the operator drops it.", name);
    }
}
