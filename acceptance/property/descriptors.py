"""The provider's descriptors, as build/debug/descriptors prints them."""

import json
import os
import subprocess
from pathlib import Path

OBJECTS = ('object_list', 'object_set')
COLLECTIONS = OBJECTS + ('string_list', 'string_set', 'string_map')


class Attribute:
    def __init__(self, data, parent=''):
        self.name = data['name']
        self.path = f'{parent}.{self.name}' if parent else self.name
        self.kind = data['kind']
        self.flags = set(data.get('flags', ()))
        self.json = data.get('json') or self.name
        self.json_kind = data.get('json_kind', 'plain')
        self.default = data.get('default')
        self.one_of = data.get('one_of')
        self.one_of_any_case = data.get('one_of_any_case', False)
        self.semantic_equality = data.get('semantic_equality', False)
        self.minimum, self.maximum = data.get('minimum', 0), data.get('maximum', 0)
        self.min_items, self.max_items = data.get('min_items', 0), data.get('max_items', 0)
        self.min_length, self.max_length = data.get('min_length', 0), data.get('max_length', 0)
        self.conflicts = data.get('conflicts') or []
        self.requires_one = data.get('requires_one') or []
        self.fields = [Attribute(one, self.path) for one in data.get('fields') or []]

    def __getattr__(self, flag):
        """attribute.replace, .computed, .write_only …"""
        if flag.startswith('_'):
            raise AttributeError(flag)
        return flag in self.flags

    @property
    def settable(self):
        return bool(self.flags & {'required', 'optional'})


# What lives in a cluster needs a real one: acceptance/cluster tests it.
IN_CLUSTER = ('Dapr', 'Helm', 'Kafka', 'Kubernetes')


class Kind:
    def __init__(self, data):
        self.type = data['name']
        self.name = self.type.removeprefix('oke_')
        self.attributes = [Attribute(one) for one in data['attributes']]
        self.updatable = data.get('updatable', True)
        self.identity = data.get('identity', [])

    def attribute(self, path):
        fields, found = self.attributes, None
        for part in path.split('.'):
            found = next(one for one in fields if one.name == part)
            fields = found.fields
        return found


def load_all():
    """Everything, as it is printed."""
    program = Path(os.environ['OKESTRA_ROOT'], 'build', 'debug', 'descriptors')
    text = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def load():
    """{name: Kind} of all resources of OCI."""
    kinds = [Kind(one) for one in load_all()['resources'] if one['subcategory'] not in IN_CLUSTER]
    return {kind.name: kind for kind in kinds}
