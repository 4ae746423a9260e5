/*
 * The policy language, as far as writing a policy checks it: the grammar, and that groups and
 * compartments exist. Nothing is enforced: who has a key may do all.
 *
 *     Allow <subject> to <verb> <resource type> in <location> [where <condition>]
 */
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/identity/internal.h"
#include "lib/base/json.h"

enum { DEEPEST = 8, WORD_LIMIT = 512 };

struct parser {
    struct call *call;
    const char *text, *at; /* the whole, and what is not read yet */
    const char *token;     /* the current word, or NULL at the end; from the arena */
    bool quoted;
    const char *compartment; /* that the policy is attached to */
};

static bool fail(const struct parser *parser, const char *what)
{
    return call_invalid(parser->call, "%s near '%.60s' in: %.400s", what,
                        parser->token ? parser->token : "the end", parser->text);
}

/* Words, quoted texts, and the marks { } ( ) , = != as tokens of their own. */
static void next(struct parser *parser)
{
    const char *start = parser->at += strspn(parser->at, " \t\r\n");
    size_t length;
    parser->quoted = false;
    if (!*start) {
        parser->token = NULL;
        return;
    }
    if (*start == '\'' || *start == '"') {
        const char *end = strchr(start + 1, *start);
        parser->quoted = true;
        length = end ? (size_t)(end - start - 1) : strlen(start + 1);
        parser->at = end ? end + 1 : start + strlen(start);
        parser->token = arena_strndup(parser->call->arena, start + 1, length);
        return;
    }
    if (strchr("{}(),=", *start))
        length = 1;
    else if (strncmp(start, "!=", 2) == 0)
        length = 2;
    else
        length = strcspn(start, " \t\r\n{}(),=!'\"");
    length = length ? length : 1;
    parser->at = start + length;
    parser->token = arena_strndup(parser->call->arena, start, length);
}

static bool is(const struct parser *parser, const char *word)
{
    return parser->token && !parser->quoted && strcasecmp(parser->token, word) == 0;
}

static bool accept(struct parser *parser, const char *word)
{
    if (!is(parser, word))
        return false;
    next(parser);
    return true;
}

static bool one_of(const struct parser *parser, const char *words)
{
    return parser->token && text_one_of(parser->token, words, true);
}

/* --- conditions ---------------------------------------------------------------------------------- */

static bool is_variable(const struct parser *parser)
{
    return parser->token && !parser->quoted && strpbrk(parser->token, "{}(),=") == NULL &&
           strlen(parser->token) <= WORD_LIMIT;
}

static bool condition(struct parser *parser, int depth);

static bool condition_list(struct parser *parser, int depth)
{
    if (!accept(parser, "{"))
        return fail(parser, "'{' is missing");
    do
        if (!condition(parser, depth + 1))
            return false;
    while (accept(parser, ","));
    return accept(parser, "}") || fail(parser, "'}' is missing");
}

static bool value_list(struct parser *parser)
{
    if (!accept(parser, "("))
        return fail(parser, "'(' is missing");
    do {
        if (!parser->quoted)
            return fail(parser, "a quoted value is missing");
        next(parser);
    } while (accept(parser, ","));
    return accept(parser, ")") || fail(parser, "')' is missing");
}

static bool comparison(struct parser *parser)
{
    if (!is_variable(parser))
        return fail(parser, "a variable is missing");
    next(parser);
    if (accept(parser, "in") || (accept(parser, "not") && accept(parser, "in")))
        return value_list(parser);
    if (!one_of(parser, "=|!=|before|after|between"))
        return fail(parser, "an operator is missing");
    bool between = is(parser, "between");
    next(parser);
    /* Values: 'text', /pattern/, another variable. */
    if (!parser->token || (!parser->quoted && !is_variable(parser)))
        return fail(parser, "a value is missing");
    next(parser);
    if (!between)
        return true;
    if (!accept(parser, "and") || !parser->quoted)
        return fail(parser, "the second value is missing");
    next(parser);
    return true;
}

static bool condition(struct parser *parser, int depth)
{
    if (depth > DEEPEST)
        return fail(parser, "the condition is nested too deeply");
    if (accept(parser, "all") || accept(parser, "any"))
        return condition_list(parser, depth);
    return comparison(parser);
}

static bool at_end(const struct parser *parser)
{
    return !parser->token || fail(parser, "there is more than was expected");
}

bool matching_rule_check(struct call *call, const char *text)
{
    struct parser parser = {.call = call, .text = text, .at = text};
    next(&parser);
    return condition(&parser, 0) && at_end(&parser);
}

/* --- who and where -------------------------------------------------------------------------------- */

static bool named_in(const struct call *call, const struct kind *kind, const char *name)
{
    const char *slash = strrchr(name, '/');
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        if (text_equal_nocase(object_name(one), slash ? slash + 1 : name))
            return true;
    return false;
}

/* 'domain'/'name' comes as three tokens. */
static const char *read_name(struct parser *parser)
{
    STR_AUTO name = STR_INIT;
    str_append(&name, parser->token);
    next(parser);
    while (parser->token && parser->token[0] == '/') {
        str_append(&name, parser->token);
        next(parser);
        if (str_text(&name)[name.length - 1] != '/' || !parser->token)
            break;
        str_append(&name, parser->token);
        next(parser);
    }
    return str_copy_to(&name, parser->call->arena);
}

static bool names(struct parser *parser, const struct kind *kind)
{
    do {
        bool by_id = accept(parser, "id");
        if (!parser->token)
            return fail(parser, "a group is missing");
        const char *name = read_name(parser);
        bool known = by_id ? store_find(parser->call->store, kind, name) != NULL
                           : named_in(parser->call, kind, name);
        if (!known)
            return call_invalid(parser->call, "No %s is called '%.100s', as in: %.400s",
                                kind->title, name, parser->text);
    } while (accept(parser, ","));
    return true;
}

static bool subject(struct parser *parser)
{
    if (accept(parser, "any-user") || accept(parser, "any-group"))
        return true;
    if (accept(parser, "group"))
        return names(parser, &kind_group);
    if (accept(parser, "dynamic-group"))
        return names(parser, &kind_dynamic_group);
    if (!accept(parser, "service"))
        return fail(parser, "group, dynamic-group, service or any-user is missing");
    do {
        if (!is_variable(parser))
            return fail(parser, "a service is missing");
        next(parser);
    } while (accept(parser, ","));
    return true;
}

/* {PERMISSION, …} or a verb and a resource type */
static bool grant(struct parser *parser)
{
    if (accept(parser, "{")) {
        do {
            if (!is_variable(parser))
                return fail(parser, "a permission is missing");
            next(parser);
        } while (accept(parser, ","));
        return accept(parser, "}") || fail(parser, "'}' is missing");
    }
    if (!one_of(parser, "inspect|read|use|manage"))
        return fail(parser, "inspect, read, use or manage is missing");
    next(parser);
    do {
        if (!is_variable(parser) || is(parser, "in"))
            return fail(parser, "a resource type is missing");
        next(parser);
    } while (accept(parser, ","));
    return true;
}

static const struct object *child_named(const struct call *call, const char *parent,
                                        struct slice name)
{
    for (const struct object *one = store_first(call->store, &kind_compartment); one;
         one = store_next(call->store, one)) {
        const char *has = object_name(one);
        if (object_exists(one) && text_equal(object_text(one, "compartmentId"), parent) &&
            strlen(has) == name.length && strncasecmp(has, name.ptr, name.length) == 0)
            return one;
    }
    return NULL;
}

/* A path "a:b" from the compartment that the policy is attached to, or that one's own name. */
static bool compartment_known(const struct call *call, const char *attached, const char *path)
{
    const struct object *self = store_find(call->store, NULL, attached);
    struct slice rest = slice_from(path), name;
    bool found;
    if (self && text_equal_nocase(object_name(self), path))
        return true;
    do {
        rest = slice_cut(rest, ':', &name, &found);
        const struct object *child = child_named(call, attached, name);
        if (!child)
            return false;
        attached = child->id;
    } while (found);
    return true;
}

static bool location(struct parser *parser)
{
    if (accept(parser, "tenancy"))
        return true;
    if (!accept(parser, "compartment"))
        return fail(parser, "tenancy or compartment is missing");
    bool by_id = accept(parser, "id");
    const char *name = parser->token;
    if (!name)
        return fail(parser, "a compartment is missing");
    next(parser);
    const struct object *given = by_id ? store_find(parser->call->store, NULL, name) : NULL;
    if (by_id ? given != NULL : compartment_known(parser->call, parser->compartment, name))
        return true;
    return call_invalid(parser->call, "No compartment is called '%.255s' here, as in: %.400s", name,
                        parser->text);
}

/* Define, Endorse and Admit speak of other tenancies: only their shape can be checked here. */
static bool foreign(struct parser *parser)
{
    while (parser->token && !accept(parser, "where"))
        next(parser);
    return true;
}

bool statement_check(struct call *call, const char *compartment, const char *text)
{
    struct parser parser = {.call = call, .text = text, .at = text, .compartment = compartment};
    next(&parser);
    if (one_of(&parser, "define|endorse|admit"))
        return foreign(&parser);
    if (!accept(&parser, "allow"))
        return fail(&parser, "Allow is missing");
    if (!subject(&parser))
        return false;
    if (!accept(&parser, "to"))
        return fail(&parser, "to is missing");
    if (!grant(&parser))
        return false;
    if (!accept(&parser, "in"))
        return fail(&parser, "in is missing");
    if (!location(&parser))
        return false;
    return (!accept(&parser, "where") || condition(&parser, 0)) && at_end(&parser);
}
