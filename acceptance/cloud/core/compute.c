/* Images and shapes, as Oracle provides them. */
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/catalog.h"
#include "acceptance/cloud/core/internal.h"

static bool is(const struct call *call, const char *query, const char *value)
{
    const char *wanted = call_query(call, query);
    return !wanted || text_equal(wanted, value);
}

bool images_list(struct call *call)
{
    const char *shape_name = call_query(call, "shape"), *state = call_query(call, "lifecycleState");
    const struct shape *shape = shape_find(shape_name);
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    json_t *found = json_array();
    for (const struct image *image = images; image->name; image++)
        if (is(call, "displayName", image->name) && is(call, "operatingSystem", image->system) &&
            is(call, "operatingSystemVersion", image->system_version) &&
            (!shape_name || (shape && image_fits_shape(image, shape))) &&
            (!state || text_equal_nocase(state, "AVAILABLE")) && !image->kubernetes_version)
            json_array_append_new(found,
                                  image_json(call->arena, call_settings(call)->region, image));
    return crud_reply_page(call, found);
}

static const struct image *find_image(struct call *call, const char *id)
{
    const struct image *image = image_find(call_settings(call)->region, id);
    if (!image)
        call_not_found(call, "image", id);
    return image;
}

bool images_get(struct call *call)
{
    const struct image *image = find_image(call, call->path_values[0]);
    return image &&
           call_reply(call, 200, image_json(call->arena, call_settings(call)->region, image));
}

bool images_list_shapes(struct call *call)
{
    const struct image *image = find_image(call, call->path_values[0]);
    if (!image)
        return false;
    json_t *found = json_array();
    for (const struct shape *shape = shapes; shape->name; shape++)
        if (image_fits_shape(image, shape))
            json_array_append_new(found, json_pack("{s:s, s:s}", "imageId", call->path_values[0],
                                                   "shape", shape->name));
    return crud_reply_page(call, found);
}

bool shapes_list(struct call *call)
{
    const char *domain = call_query(call, "availabilityDomain"), *id = call_query(call, "imageId");
    const struct image *image = id ? find_image(call, id) : NULL;
    if ((id && !image) || !call_compartment(call, call_query(call, "compartmentId")))
        return false;
    if (domain && !call_availability_domain_number(call, domain))
        return call_not_found(call, "availability domain", domain);
    json_t *found = json_array();
    /* Without an availability domain each of them lists its own. */
    for (int copy = domain ? AVAILABILITY_DOMAINS : 1; copy <= AVAILABILITY_DOMAINS; copy++)
        for (const struct shape *shape = shapes; shape->name; shape++)
            if (is(call, "shape", shape->name) && (!image || image_fits_shape(image, shape)))
                json_array_append_new(found, shape_json(shape));
    return crud_reply_page(call, found);
}
