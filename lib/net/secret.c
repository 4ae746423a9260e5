#include "lib/net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/file.h"

/* In front of the text, on the same pages. */
struct secret_header {
    size_t mapped;
    size_t length;
};

static struct secret_header *header_of(const char *secret)
{
    return (struct secret_header *)((uintptr_t)secret - sizeof(struct secret_header));
}

static char *secret_reserve(size_t length)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t mapped = (sizeof(struct secret_header) + length + 1 + page - 1) / page * page;
    void *pages = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        fatal_error("out of memory");
    /* Both may be refused (RLIMIT_MEMLOCK, old kernels); the secret is then only wiped on release. */
    (void)mlock(pages, mapped);
    (void)madvise(pages, mapped, MADV_DONTDUMP);
    struct secret_header *header = pages;
    header->mapped = mapped;
    header->length = length;
    return (char *)(header + 1);
}

char *secret_new(const char *text, size_t length)
{
    if (!text)
        return NULL;
    char *secret = secret_reserve(length);
    memcpy(secret, text, length);
    return secret;
}

char *secret_copy(const char *text)
{
    return text ? secret_new(text, strlen(text)) : NULL;
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    struct secret_header *header = header_of(secret);
    size_t mapped = header->mapped;
    OPENSSL_cleanse(header, mapped);
    munmap(header, mapped);
}

void secret_free_pointer(char **secret)
{
    secret_free(*secret);
    *secret = NULL;
}

size_t secret_length(const char *secret)
{
    return secret ? header_of(secret)->length : 0;
}

char *secret_read_file(const char *path, struct error *err)
{
    CLEANUP(file_close_pointer) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(err, "open %s", path);
        return NULL;
    }
    SECRET_AUTO buffer = secret_reserve(SECRET_FILE_LIMIT + 1);
    size_t length = 0;
    while (length <= SECRET_FILE_LIMIT) {
        ssize_t got = read(fd, buffer + length, SECRET_FILE_LIMIT + 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            error_set_errno(err, "read %s", path);
            return NULL;
        }
        if (got == 0)
            return secret_new(buffer, length);
        length += (size_t)got;
    }
    error_set(err, ERROR_INVALID, "%s is larger than %d bytes", path, SECRET_FILE_LIMIT);
    return NULL;
}

void secret_wipe_str(struct str *s)
{
    if (s->ptr)
        OPENSSL_cleanse(s->ptr, s->capacity);
    str_free(s);
}
