#!/usr/bin/env python3
"""Compares the emulator's tables (oci-emulator --models) with the official SDK: every operation with its
method, path and query parameters, every request model with its fields, types, enums and required fields.

OKESTRA_EMULATOR names the emulator's binary (default: build/oci-emulator). Prints what differs; the exit
status is 1 then.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import check_record

HERE = Path(__file__).resolve().parent
EMULATOR = os.environ.get('OKESTRA_EMULATOR', str(HERE.parents[2] / 'build' / 'oci-emulator'))

TYPES = {'str': 'text', 'int': 'integer', 'float': 'number', 'bool': 'bool', 'datetime': 'time',
         'dict(str, str)': 'text map', 'object': 'any', 'dict(str, dict(str, object))': 'defined tags',
         'bytes': 'text', 'date': 'time'}


class Comparison:
    def __init__(self):
        self.operations = check_record.load_operations()
        self.compared = {'operations': 0, 'models': 0, 'fields': 0}
        self.differences = []

    def say(self, where, what):
        self.differences.append(f'{where}: {what}')

    # --- operations ---

    @staticmethod
    def plain(path):
        """Without names of parameters; a slash at the end makes no difference."""
        return re.sub(r'\{[^}]*\}', '{}', path).rstrip('/')

    def operation_of(self, service, method, path):
        plain = self.plain(path)
        found = [one for one in self.operations
                 if one.method == method and self.plain(one.template) == plain]
        owned = [one for one in found if service in one.services]
        return (owned or found or [None])[0]

    def compare_operation(self, service, base, mine, models):
        theirs = self.operation_of(service, mine['method'], base + mine['path'])
        where = f'{service}.{mine["name"]}'
        if theirs is None:
            self.say(where, f'no such operation: {mine["method"]} {base}{mine["path"]}')
            return
        self.compared['operations'] += 1
        if mine['name'].lower() != theirs.name.replace('_', '').lower():
            self.say(where, f'is called {theirs.name} there')
        for name, query in mine['queries'].items():
            if name not in theirs.query:
                self.say(where, f'no such query parameter: {name}')
                continue
            if query['required'] != (name in theirs.required):
                self.say(where, f'query parameter {name}: required differs')
            if query.get('oneOf') and name in theirs.allowed:
                self.compare_enum(f'{where}: {name}', query['oneOf'], theirs.allowed[name])
        for name in set(theirs.query) - set(mine['queries']):
            self.say(where, f'query parameter is missing: {name}')
        wanted = theirs.body or ''
        has = mine.get('body')
        if wanted.startswith('oci.') and not has:
            self.say(where, f'body is missing: {wanted}')
        elif has and wanted.startswith('oci.'):
            if wanted.split('.')[-1] != has:
                self.say(where, f'body is a {wanted}, not a {has}')
            self.compare_model(theirs.sdk, has, models, set())

    # --- models ---

    def compare_model(self, sdk, name, models, seen):
        if name in seen:
            return
        seen.add(name)
        mine = models[name]
        module = sys.modules[f'oci.{sdk}.models']
        if not hasattr(module, name):
            self.say(f'{sdk}.{name}', 'no such model')
            return
        self.compared['models'] += 1
        if 'subtypes' in mine:
            for value, subtype in mine['subtypes'].items():
                chosen = getattr(module, name).get_subtype({mine['discriminator']: value})
                if chosen != subtype:
                    self.say(f'{sdk}.{name}', f'{value} is a {chosen}, not a {subtype}')
                self.compare_model(sdk, subtype, models, seen)
            return
        theirs = check_record.model(sdk, name)
        for field in set(theirs.fields) - set(mine['fields']):
            self.say(f'{sdk}.{name}', f'field is missing: {field}')
        for field, table in mine['fields'].items():
            self.compare_field(sdk, name, field, table, theirs, models, seen)

    def compare_field(self, sdk, name, field, table, theirs, models, seen):
        where = f'{sdk}.{name}.{field}'
        if field not in theirs.fields:
            self.say(where, 'no such field')
            return
        self.compared['fields'] += 1
        kind = theirs.fields[field][1]
        items = re.match(r'list\[(.*)\]$', kind)
        if table['list'] != bool(items):
            self.say(where, f'is a {kind}')
        kind = items.group(1) if items else kind
        if kind not in TYPES and not hasattr(sys.modules[f'oci.{sdk}.models'], kind):
            kind = 'str'  # an enum without a class of its own
        if table['type'] != TYPES.get(kind, kind) and table['type'] != 'any':
            self.say(where, f'is a {kind}, not {table["type"]}')
        if table['required'] != (field in theirs.required):
            self.say(where, 'required differs')
        if 'oneOf' in table and field in theirs.allowed:
            self.compare_enum(where, table['oneOf'], theirs.allowed[field])
        if table['type'] in models:
            self.compare_model(sdk, table['type'], models, seen)

    def compare_enum(self, where, mine, theirs):
        if set(mine.split('|')) != theirs:
            self.say(where, f'values {sorted(set(mine.split("|")) ^ theirs)} are on one side only')


def main():
    tables = json.loads(subprocess.run([EMULATOR, '--models'], capture_output=True, check=True).stdout)
    comparison = Comparison()
    for service, table in tables.items():
        if service in check_record.OUTSIDE_SERVICES:
            continue
        for operation in table['operations']:
            comparison.compare_operation(service, table['basePath'], operation, table['models'])
    print('\n'.join(sorted(set(comparison.differences))))
    print(', '.join(f'{count} {what}' for what, count in comparison.compared.items()) +
          f' compared, {len(set(comparison.differences))} differences')
    return 1 if comparison.differences else 0


if __name__ == '__main__':
    sys.exit(main())
