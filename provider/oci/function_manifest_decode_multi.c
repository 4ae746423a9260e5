/* manifest_decode_multi(text) */
#include "provider/engine/schema.h"
#include "provider/value/value_yaml.h"

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)count;
    *argument = 0;
    const struct value *documents = value_yaml_decode(arena, arguments[0]->text, err);
    for (size_t i = 0; i < value_count(documents); i++)
        if (value_item(documents, i)->kind != VALUE_MAP) {
            error_set(err, ERROR_INVALID, "document %zu is no mapping, so it is no manifest",
                      i + 1);
            return NULL;
        }
    return documents ? value_dynamic(arena, type_of_value(arena, documents), documents) : NULL;
}

const struct function oke_function_manifest_decode_multi = {
    .name = "manifest_decode_multi",
    .summary = "Reads a YAML text with any number of Kubernetes manifests.",
    .description =
        "Returns one object for each document; empty documents are left out. Scalars are read as "
        "Kubernetes tools read them (YAML 1.1: `yes` is true, `0644` is 420), with anchors, "
        "aliases "
        "and merge keys. A key that comes twice is an error.",
    .parameters =
        (const struct function_parameter[]){
            {.name = "text", .type = &type_string, .doc = "YAML, documents separated by `---`."},
            {.name = NULL}},
    .result = &type_dynamic,
    .call = call,
    .example =
        "locals {\n"
        "  manifests = provider::oke::manifest_decode_multi(file(\"${path.module}/app.yaml\"))\n"
        "  by_name   = { for m in local.manifests : \"${m.kind}/${m.metadata.name}\" => m }\n"
        "}\n",
};
