/* cidr_plan(range, subnets): first fit, in the order in which the subnets are listed. */
#include <string.h>

#include "lib/base/vec.h"
#include "provider/engine/schema.h"
#include "provider/oci/cidr.h"

enum { SUBNETS_MAX = 4096, PREFIX_MIN = 8 };

typedef unsigned __int128 address;

struct block {
    address first, last;
};

static int address_bits(int family)
{
    return family == 4 ? 32 : 128;
}

static address to_number(const struct cidr *cidr)
{
    address number = 0;
    for (int i = 0; i < address_bits(cidr->family) / 8; i++)
        number = number << 8 | cidr->address[i];
    return number;
}

static struct block to_block(const struct cidr *cidr)
{
    address first = to_number(cidr);
    int host_bits = address_bits(cidr->family) - cidr->prefix;
    return (struct block){first, first + (((address)1 << host_bits) - 1)};
}

static const struct value *to_text(struct arena *arena, int family, address first, int64_t prefix)
{
    STR_AUTO text = STR_INIT;
    struct cidr cidr = {.family = family, .prefix = (int)prefix};
    for (int i = address_bits(family) / 8 - 1; i >= 0; i--, first >>= 8)
        cidr.address[i] = (unsigned char)first;
    cidr_print(&cidr, &text);
    return value_string(arena, str_text(&text));
}

struct planner {
    struct cidr range;
    struct block all;
    VEC(struct block) taken; /* in the order of addresses */
};

/* Takes the lowest free block of that size. */
static bool take(struct planner *planner, int64_t prefix, address *first)
{
    address size = (address)1 << (address_bits(planner->range.family) - (int)prefix);
    address start = planner->all.first;
    size_t at = 0;
    for (; at < planner->taken.count; at++) {
        const struct block *taken = &planner->taken.items[at];
        if (taken->first > start + (size - 1))
            break; /* it fits before this one */
        if (taken->last == planner->all.last)
            return false;
        address next = taken->last + 1;
        if (next <= start)
            continue; /* wholly below */
        start = (next + (size - 1)) & ~(size - 1);
        if (start < next || start > planner->all.last)
            return false;
    }
    vec_push(&planner->taken, (struct block){0});
    memmove(&planner->taken.items[at + 1], &planner->taken.items[at],
            (planner->taken.count - 1 - at) * sizeof(struct block));
    planner->taken.items[at] = (struct block){start, start + (size - 1)};
    *first = start;
    return true;
}

static bool parse_range(const struct value *text, struct planner *planner, struct error *err)
{
    const char *range = value_text(text);
    if (!cidr_parse(range, &planner->range))
        return error_set(err, ERROR_INVALID, "\"%s\" is no CIDR block such as 10.0.0.0/16", range);
    if (cidr_has_host_bits(&planner->range))
        return error_set(err, ERROR_INVALID,
                         "\"%s\" has bits set behind its prefix: write the network's address",
                         range);
    if (planner->range.prefix < PREFIX_MIN)
        return error_set(err, ERROR_INVALID, "\"%s\" is too large, /%d is the largest", range,
                         PREFIX_MIN);
    planner->all = to_block(&planner->range);
    return true;
}

/* *place is NULL for a gap (a subnet without a name). */
static bool place(struct arena *arena, struct planner *planner, const struct value *subnet,
                  const struct value **placed, struct error *err)
{
    const char *name = value_text(value_get(subnet, "name"));
    const char *title = name ? name : "(gap)";
    int64_t prefix;
    if (!value_as_integer(value_get(subnet, "prefix"), &prefix) || prefix < planner->range.prefix ||
        prefix > address_bits(planner->range.family))
        return error_set(err, ERROR_INVALID, "prefix of \"%s\" must be between %d and %d", title,
                         planner->range.prefix, address_bits(planner->range.family));
    address first;
    if (!take(planner, prefix, &first))
        return error_set(err, ERROR_INVALID,
                         "no /%lld is left for \"%s\": give it a longer prefix, or take a larger "
                         "range",
                         (long long)prefix, title);
    *placed = name ? to_text(arena, planner->range.family, first, prefix) : NULL;
    return true;
}

static const struct value *plan(struct arena *arena, struct planner *planner,
                                const struct value *subnets, struct error *err)
{
    size_t count = value_count(subnets), named = 0;
    if (count > SUBNETS_MAX) {
        error_set(err, ERROR_INVALID, "more than %d subnets", SUBNETS_MAX);
        return NULL;
    }
    struct value_entry *entries = arena_array(arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *subnet = value_item(subnets, i), *placed = NULL;
        if (!place(arena, planner, subnet, &placed, err))
            return NULL;
        if (placed)
            entries[named++] =
                (struct value_entry){slice_from(value_text(value_get(subnet, "name"))), placed};
    }
    const struct value *result = value_map(arena, entries, named);
    if (value_count(result) == named)
        return result;
    error_set(err, ERROR_INVALID, "two subnets have the same name");
    return NULL;
}

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)count;
    struct planner planner = {0};
    *argument = 0;
    if (!parse_range(arguments[0], &planner, err))
        return NULL;
    *argument = 1;
    const struct value *result = plan(arena, &planner, arguments[1], err);
    vec_free(&planner.taken);
    return result;
}

static const struct type subnet_type = {
    .kind = TYPE_OBJECT,
    .fields = (const struct type_field[]){{"name", &type_string}, {"prefix", &type_number}},
    .count = 2};

const struct function oke_function_cidr_plan = {
    .name = "cidr_plan",
    .summary = "Splits a range of addresses into named subnets.",
    .description =
        "Each subnet gets the lowest block of its size that is still free, in the order of the "
        "list. "
        "Subnets that are appended later never move the earlier ones. To take one out of the "
        "middle "
        "without moving those behind it, set its name to null: its block stays reserved. Works for "
        "IPv4 and IPv6.",
    .parameters =
        (const struct function_parameter[]){
            {.name = "range",
             .type = &type_string,
             .doc = "CIDR block to split, such as the VCN's `10.0.0.0/16`."},
            {.name = "subnets",
             .type = &(const struct type){.kind = TYPE_LIST, .element = &subnet_type},
             .doc = "Objects with `name` and `prefix` (length): `{ name = \"workers\", prefix = 24 "
                    "}`."},
            {.name = NULL}},
    .result = &(const struct type){.kind = TYPE_MAP, .element = &type_string},
    .call = call,
    .example =
        "locals {\n"
        "  cidrs = provider::oke::cidr_plan(\"10.0.0.0/16\", [\n"
        "    { name = \"api\", prefix = 28 },\n"
        "    { name = \"workers\", prefix = 20 },\n"
        "    { name = \"balancers\", prefix = 24 },\n"
        "  ])\n"
        "  # { api = \"10.0.0.0/28\", workers = \"10.0.16.0/20\", balancers = \"10.0.1.0/24\" }\n"
        "}\n",
};
