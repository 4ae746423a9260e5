/* The rules for tags: NULL, or what is wrong with the value, to be read after its name. */
#ifndef OKESTRA_CLOUD_TAGS_H
#define OKESTRA_CLOUD_TAGS_H

#include <jansson.h>

enum { TAGS_FREEFORM = 10, TAGS_DEFINED = 64, TAG_KEY_LIMIT = 100, TAG_VALUE_LIMIT = 256 };

const char *tags_check_freeform(json_t *value);
const char *tags_check_defined(json_t *value);
/* Any map of texts to texts; null stands for a key to be removed. */
const char *tags_check_text_map(json_t *value);

#endif
