/* Reading objects that functions take as arguments: members may be left out, so the argument is of any
 * type and checked here. Errors are ERROR_INVALID and name the member. */
#ifndef OKESTRA_PROVIDER_OCI_FUNCTION_ARGUMENTS_H
#define OKESTRA_PROVIDER_OCI_FUNCTION_ARGUMENTS_H

#include "lib/base/error.h"
#include "provider/value/value.h"

/* The value inside of an argument of any type. */
const struct value *argument_value(const struct value *argument);
/* An object with no other members than these (NULL-terminated). */
bool argument_check_members(const struct value *object, const char *const *names,
                            struct error *err);
/* The text of a member. True with NULL in *text when it is null or absent; numbers are texts, too. */
bool argument_text(struct arena *arena, const struct value *object, const char *name,
                   const char **text, struct error *err);

#endif
