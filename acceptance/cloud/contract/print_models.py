#!/usr/bin/env python3
"""Prints tables for the emulator from the models of the official SDK, to start a new service from.

Usage: print_models.py SDK_PACKAGE MODEL...      e.g. print_models.py core CreateVcnDetails

Each model and the models in it become a `static const struct model` in C (acceptance/cloud/api/model.h),
those in it first. Ranges, hidden fields and the like are added by hand; model_test.py checks afterwards
that names, types, required fields and enums still agree.
"""

import importlib
import re
import sys

import check_record

TYPES = {'str': 'FIELD_TEXT', 'int': 'FIELD_INTEGER', 'float': 'FIELD_NUMBER', 'bool': 'FIELD_BOOL',
         'datetime': 'FIELD_TIME', 'dict(str, str)': 'FIELD_TEXT_MAP', 'object': 'FIELD_ANY',
         'dict(str, dict(str, object))': 'FIELD_DEFINED_TAGS', 'bytes': 'FIELD_TEXT'}


def snake(name):
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', name).lower()


class Printer:
    def __init__(self, sdk):
        self.sdk = sdk
        self.done = set()

    def subtypes(self, shape):
        """(discriminator, {value: model name}) of a polymorphic model."""
        if not hasattr(shape.cls, 'get_subtype') or shape.cls.__mro__[1] is not object:
            return None, {}
        import inspect
        text = inspect.getsource(shape.cls.get_subtype)
        name = re.search(r"object_dictionary\['(\w+)'\]", text).group(1)
        return name, dict(re.findall(r"type == '([^']+)':\s+return '(\w+)'", text))

    def print(self, name):
        if name in self.done:
            return
        self.done.add(name)
        shape = check_record.model(self.sdk, name)
        discriminator, subtypes = self.subtypes(shape)
        for value in subtypes.values():
            self.print(value)
        fields = []
        for field, (_, kind) in shape.fields.items():
            fields.append(self.field(shape, field, kind))
        symbol = snake(name)
        if subtypes:
            rows = ', '.join(f'{{"{value}", &{snake(one)}}}' for value, one in subtypes.items())
            print(f'static const struct model {symbol} = {{"{name}", '
                  f'.discriminator = "{discriminator}", '
                  f'.subtypes = (const struct subtype[]){{{rows}, {{NULL}}}}}};\n')
            return
        rows = []
        for field in sorted(fields, key=lambda row: '"freeformTags"' in row or '"definedTags"' in row):
            rows.append(field)
        text = ',\n    '.join(rows)
        text = re.sub(r'\{"(freeformTags|definedTags)"[^}]*\},\n    \{"(freeformTags|definedTags)"[^}]*\}',
                      'FIELDS_TAGS', text)
        print(f'static const struct model {symbol} = {{"{name}", (const struct field[]){{\n'
              f'    {text},\n    FIELDS_END}}}};\n')

    def field(self, shape, field, kind):
        if field == 'compartmentId' and field in shape.required:
            return 'FIELD_COMPARTMENT'
        if field == 'displayName' and field not in shape.required:
            return 'FIELD_DISPLAY_NAME'
        items = re.match(r'list\[(.*)\]$', kind)
        kind = items.group(1) if items else kind
        if kind not in TYPES and not hasattr(importlib.import_module(f'oci.{self.sdk}.models'), kind):
            kind = 'str'  # an enum without a class of its own, such as CycleMode
        row = f'"{field}", {TYPES.get(kind, "FIELD_MODEL")}'
        if field in shape.required:
            row += ', .required = true'
        if items:
            row += ', .list = true'
        if field in shape.allowed:
            row += f', .one_of = "{"|".join(sorted(shape.allowed[field]))}"'
        if kind not in TYPES:
            self.print(kind)
            row += f', .model = &{snake(kind)}'
        return f'{{{row}}}'


def main():
    printer = Printer(sys.argv[1])
    for name in sys.argv[2:]:
        printer.print(name)


if __name__ == '__main__':
    main()
