#include "provider/oci/policy_language.h"

#include <ctype.h>
#include <string.h>

#include "provider/engine/diagnostics.h"

/* --- tokens ------------------------------------------------------------------------------------- */

/* Words, quoted texts, and single characters of punctuation. Commas separate but say no more. */
struct token {
    const char *start;
    size_t length; /* 0: the end */
    bool quoted;
};

static bool is_punctuation(char c)
{
    return c && strchr("{}()=!", c);
}

/* False when a quote is not closed. */
static bool next_token(const char **text, struct token *token)
{
    const char *at = *text;
    while (isspace((unsigned char)*at) || *at == ',')
        at++;
    *token = (struct token){.start = at};
    if (*at == '\'' || *at == '"') {
        const char *end = strchr(at + 1, *at);
        *token = (struct token){at + 1, end ? (size_t)(end - at) - 1 : 0, true};
        *text = end ? end + 1 : at;
        return end != NULL;
    }
    if (is_punctuation(*at))
        at++;
    else
        while (*at && !isspace((unsigned char)*at) && !is_punctuation(*at) && *at != ',' &&
               *at != '\'' && *at != '"')
            at++;
    token->length = (size_t)(at - token->start);
    *text = at;
    return true;
}

static bool is_end(const struct token *token)
{
    return token->length == 0 && !token->quoted;
}

static bool is_word(const struct token *token, const char *word)
{
    return !token->quoted && strlen(word) == token->length &&
           strncasecmp(token->start, word, token->length) == 0;
}

static bool is_one_of(const struct token *token, const char *const *words)
{
    for (; *words; words++)
        if (is_word(token, *words))
            return true;
    return false;
}

static bool same_token(const struct token *a, const struct token *b)
{
    return a->quoted == b->quoted && a->length == b->length &&
           (a->quoted ? memcmp(a->start, b->start, a->length)
                      : strncasecmp(a->start, b->start, a->length)) == 0;
}

bool equal_policy_text(const struct value *a, const struct value *b)
{
    const char *left = value_text(a), *right = value_text(b);
    for (;;) {
        struct token one, other;
        if (!left || !right || !next_token(&left, &one) || !next_token(&right, &other) ||
            !same_token(&one, &other))
            return false;
        if (is_end(&one))
            return true;
    }
}

/* --- statements --------------------------------------------------------------------------------- */

static const char *const beginnings[] = {"allow", "deny", "define", "endorse", "admit", NULL};
static const char *const subjects[] = {"group",     "dynamic-group", "service", "any-user",
                                       "any-group", "resource",      NULL};
/* A brace begins a list of permissions. */
static const char *const verbs[] = {"inspect", "read", "use", "manage", "{", NULL};
static const char *const places[] = {"tenancy", "compartment", "any-tenancy", NULL};

/* Reads on to a word outside quotes; false at the end. */
static bool skip_to(const char **text, const char *word)
{
    struct token token;
    while (next_token(text, &token) && !is_end(&token))
        if (is_word(&token, word))
            return true;
    return false;
}

/* NULL when the statement is well formed, else what is wrong with it. */
static const char *statement_error(const char *text)
{
    struct token token;
    if (!next_token(&text, &token) || !is_one_of(&token, beginnings))
        return "it begins with none of Allow, Deny, Define, Endorse, Admit";
    if (is_word(&token, "define"))
        return skip_to(&text, "as") ? NULL : "Define needs \"as\" and an OCID";
    bool plain = is_word(&token, "allow") || is_word(&token, "deny");
    if (!next_token(&text, &token) || !is_one_of(&token, subjects))
        return "after its first word come group, dynamic-group, service, any-user, any-group or "
               "resource";
    if (!skip_to(&text, "to"))
        return "\"to\" with a verb is missing";
    if (!next_token(&text, &token) || is_end(&token))
        return "after \"to\" come a verb and a resource type, like manage cluster-family";
    if (!plain)
        return NULL;
    if (!is_one_of(&token, verbs))
        return "its verb is none of inspect, read, use, manage";
    if (!skip_to(&text, "in"))
        return "\"in tenancy\" or \"in compartment <name>\" is missing";
    if (!next_token(&text, &token) || !is_one_of(&token, places))
        return "after \"in\" comes tenancy or compartment";
    bool compartment = is_word(&token, "compartment");
    if (compartment && (!next_token(&text, &token) || (is_end(&token) || is_word(&token, "where"))))
        return "the name of the compartment is missing";
    return NULL;
}

void validate_policy_statement(const struct attribute *attribute, const struct value *value,
                               const struct path *path, struct diagnostics *diagnostics,
                               struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        const char *text = value_text(value_item(value, i));
        const char *why = text ? statement_error(text) : NULL;
        if (why)
            diagnostics_error(
                diagnostics, path_index(arena, path, (int64_t)i), "Invalid policy statement",
                "\"%.200s\": %s. The form is Allow <subject> to <verb> "
                "<resource-type> in <tenancy | compartment name> [where <condition>].",
                text, why);
    }
}

/* --- matching rules ----------------------------------------------------------------------------- */

static const char *rule_error(const char *text)
{
    struct token token;
    int depth = 0, conditions = 0;
    for (;;) {
        if (!next_token(&text, &token))
            return "a quote is not closed";
        if (is_end(&token))
            break;
        depth += is_word(&token, "{") ? 1 : is_word(&token, "}") ? -1 : 0;
        conditions += is_word(&token, "=") || is_word(&token, "value");
        if (depth < 0)
            return "a brace is closed that was not opened";
    }
    return depth ? "a brace is not closed" : conditions ? NULL : "it has no condition";
}

void validate_matching_rule(const struct attribute *attribute, const struct value *value,
                            const struct path *path, struct diagnostics *diagnostics,
                            struct arena *arena)
{
    (void)attribute, (void)arena;
    const char *text = value_text(value);
    const char *why = text ? rule_error(text) : NULL;
    if (why)
        diagnostics_error(diagnostics, path, "Invalid matching rule",
                          "\"%.200s\": %s. The form is ALL {<condition>, …}, ANY {…} or one "
                          "condition, like instance.compartment.id = '<ocid>'.",
                          text, why);
}
