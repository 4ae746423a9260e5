"""Writes configurations. Values are Python's own, with Ref for expressions; nested objects are written
in the way users write them: as blocks."""

import json
import re


class Ref(str):
    """An HCL expression, written as it is."""

    def __repr__(self):
        return f'Ref({super().__repr__()})'


class Blocks(list):
    """A list of dicts that is written as blocks. An empty one is written as `[]`."""


PLAIN_KEY = re.compile(r'[A-Za-z_][A-Za-z0-9_-]*$')


def string(text):
    return json.dumps(text, ensure_ascii=False).replace('${', '$${').replace('%{', '%%{')


def value(item):
    if isinstance(item, Ref):
        return str(item)
    if isinstance(item, bool):
        return 'true' if item else 'false'
    if item is None:
        return 'null'
    if isinstance(item, str):
        return string(item)
    if isinstance(item, (int, float)):
        return repr(item)
    if isinstance(item, dict):
        pairs = (f'{key if PLAIN_KEY.match(key) else string(key)} = {value(one)}'
                 for key, one in item.items())
        return '{ ' + ', '.join(pairs) + ' }' if item else '{}'
    return '[' + ', '.join(value(one) for one in item) + ']'


def body(members, indent='  '):
    lines = []
    for name, item in members.items():
        if isinstance(item, Blocks) and item:
            for block in item:
                lines += [f'{indent}{name} {{', *body(block, indent + '  '), f'{indent}}}']
        else:
            lines.append(f'{indent}{name} = {value(item)}')
    return lines


def block(header, members):
    return '\n'.join([f'{header} {{', *body(members), '}']) + '\n'


def resource(kind, name, members):
    return block(f'resource "{kind}" "{name}"', members)


HEADER = '''terraform {
  required_providers {
    oke = {
      source = "okestra/oke"
    }
  }
}

provider "oke" {}
'''
