#include "lib/net/url.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool stays(enum url_encoding encoding, char c)
{
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~' ||
           (c == '/' && encoding == URL_PATH);
}

void url_encode(enum url_encoding encoding, const char *text, size_t length, struct str *out)
{
    static const char digits[] = "0123456789ABCDEF";
    str_reserve(out, length + 1);
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (stays(encoding, c)) {
            str_append_char(out, c);
        } else if (c == ' ' && encoding == URL_FORM) {
            str_append_char(out, '+');
        } else {
            unsigned char byte = (unsigned char)c;
            char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            str_append_bytes(out, escape, sizeof(escape));
        }
    }
    str_append_bytes(out, "", 0);
}

void url_encode_text(enum url_encoding encoding, const char *text, struct str *out)
{
    url_encode(encoding, text, strlen(text), out);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool url_decode(const char *text, size_t length, bool plus_is_blank, struct str *out)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '+' && plus_is_blank) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < length ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        str_append_char(out, c);
    }
    str_append_bytes(out, "", 0);
    return true;
}

void url_append_query(struct str *url, const char *name, const char *value)
{
    if (!value)
        return;
    bool has_query = url->length && memchr(url->ptr, '?', url->length);
    str_append_char(url, has_query ? '&' : '?');
    url_encode_text(URL_COMPONENT, name, url);
    str_append_char(url, '=');
    url_encode_text(URL_COMPONENT, value, url);
}

bool url_query_value(const char *query, const char *name, struct str *value)
{
    struct slice rest = slice_from(query);
    while (rest.length) {
        struct slice pair, key;
        bool found;
        rest = slice_cut(rest, '&', &pair, &found);
        struct slice raw = slice_cut(pair, '=', &key, &found);
        STR_AUTO decoded = STR_INIT;
        if (url_decode(key.ptr, key.length, true, &decoded) && text_equal(str_text(&decoded), name))
            return url_decode(raw.ptr, raw.length, true, value);
    }
    return false;
}

void url_free(struct url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->path);
    free(url->query);
    *url = (struct url)URL_INIT;
}

static bool has_bad_characters(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\"<>\\^`{|}#", *c))
            return true;
    return false;
}

static bool parse_port(struct slice text, int *port)
{
    if (text.length == 0 || text.length > 5)
        return false;
    int value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    *port = value;
    return value > 0 && value < 65536;
}

static char *lower_copy(struct slice text)
{
    char *copy = mem_strndup(text.ptr, text.length);
    for (char *c = copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

static bool is_host_name(const char *host)
{
    if (!*host)
        return false;
    for (const char *c = host; *c; c++)
        if (!is_alphanumeric(*c) && *c != '-' && *c != '.' && *c != '_')
            return false;
    return true;
}

/* "host", "host:port", "[v6]" or "[v6]:port" */
static bool parse_authority(struct slice text, struct url *url)
{
    struct slice host = text, port = {NULL, 0};
    bool literal = text.length && text.ptr[0] == '[';
    if (literal) {
        const char *end = memchr(text.ptr, ']', text.length);
        if (!end)
            return false;
        host = (struct slice){text.ptr + 1, (size_t)(end - text.ptr) - 1};
        port = (struct slice){end + 1, text.length - host.length - 2};
    } else {
        const char *colon = memchr(text.ptr, ':', text.length);
        if (colon) {
            host.length = (size_t)(colon - text.ptr);
            port = (struct slice){colon, text.length - host.length};
        }
    }
    if (port.length) {
        if (port.ptr[0] != ':' ||
            !parse_port((struct slice){port.ptr + 1, port.length - 1}, &url->port))
            return false;
    }
    url->host = lower_copy(host);
    struct in6_addr address;
    return literal ? inet_pton(AF_INET6, url->host, &address) == 1 : is_host_name(url->host);
}

bool url_parse(const char *text, struct url *url, struct error *err)
{
    *url = (struct url)URL_INIT;
    if (strlen(text) > URL_MAX_LENGTH)
        return error_set(err, ERROR_INVALID, "URL is longer than %d bytes", URL_MAX_LENGTH);
    bool secure = strncasecmp(text, "https://", 8) == 0;
    if (!secure && strncasecmp(text, "http://", 7) != 0)
        return error_set(err, ERROR_INVALID, "\"%.200s\" is no http:// or https:// URL", text);
    if (has_bad_characters(text))
        return error_set(err, ERROR_INVALID,
                         "URL \"%.200s\" has characters that must be percent-encoded", text);
    const char *authority = text + (secure ? 8 : 7);
    size_t length = strcspn(authority, "/?");
    if (memchr(authority, '@', length))
        return error_set(err, ERROR_INVALID, "a URL with user information is not accepted");
    url->scheme = mem_strdup(secure ? "https" : "http");
    url->port = secure ? 443 : 80;
    if (!parse_authority((struct slice){authority, length}, url)) {
        url_free(url);
        return error_set(err, ERROR_INVALID, "URL \"%.200s\" has no valid host and port", text);
    }
    const char *path = authority + length;
    size_t path_length = strcspn(path, "?");
    url->path = path_length ? mem_strndup(path, path_length) : mem_strdup("/");
    if (path[path_length] == '?')
        url->query = mem_strdup(path + path_length + 1);
    return true;
}

void url_append_authority(const struct url *url, struct str *out)
{
    bool literal = strchr(url->host, ':');
    if (literal)
        str_printf(out, "[%s]", url->host);
    else
        str_append(out, url->host);
    if (url->port != (strcmp(url->scheme, "https") == 0 ? 443 : 80))
        str_printf(out, ":%d", url->port);
}

void url_append_target(const struct url *url, struct str *out)
{
    str_append(out, url->path);
    if (url->query) {
        str_append_char(out, '?');
        str_append(out, url->query);
    }
}

void url_append_origin(const struct url *url, struct str *out)
{
    str_printf(out, "%s://", url->scheme);
    url_append_authority(url, out);
}

bool url_host_is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (text_equal_nocase(host, "localhost"))
        return true;
    size_t length = strlen(host);
    if (length > 10 && strcasecmp(host + length - 10, ".localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}
