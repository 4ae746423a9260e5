#!/usr/bin/env python3
"""Checks a record of the emulator (--record FILE.jsonl) against Oracle's published models.

Usage: check_record.py [--requests-only | --responses-only] RECORD.jsonl...

Each line is one exchange. Its method and path are looked up among the operations of the official Python
SDK's clients; from there come the names of query parameters, the model of the request body and that of
the answer. Checked are: known fields only, types, enum values, polymorphic subtypes, required fields and
parameters. A violation is printed as FILE:LINE: METHOD PATH: where: what. The exit status is 1 when
there is one, 2 when the record cannot be read.

The models are read from the SDK's sources as text (syntax trees), because the SDK keeps the allowed
values and the required fields only there.
"""

import argparse
import ast
import base64
import importlib
import json
import re
import sys
import urllib.parse
from pathlib import Path

# Clients whose operations the emulator serves. Two clients may own one path (work requests): then the
# service that the emulator wrote into the record decides, by the names in the third column.
CLIENTS = [
    ('identity', 'IdentityClient', {'identity'}),
    ('core', 'VirtualNetworkClient', {'core', 'iaas', 'virtual_network'}),
    ('core', 'ComputeClient', {'core', 'iaas', 'compute'}),
    ('work_requests', 'WorkRequestClient', {'core', 'iaas', 'work_requests'}),
    ('container_engine', 'ContainerEngineClient', {'containerengine', 'container_engine'}),
    ('artifacts', 'ArtifactsClient', {'artifacts'}),
    ('object_storage', 'ObjectStorageClient', {'objectstorage', 'object_storage'}),
    ('logging', 'LoggingManagementClient', {'logging'}),
    ('database', 'DatabaseClient', {'database'}),
    ('load_balancer', 'LoadBalancerClient', {'loadbalancer', 'load_balancer'}),
    ('psql', 'PostgresqlClient', {'psql', 'postgresql'}),
]

# Paths that no SDK client speaks: the emulator's own, bearer tokens, pre-authenticated requests, S3.
OUTSIDE = re.compile(r'/(_emulator/|p/|cluster_request/|v2/|20180419/docker/|v1/x509)')
OUTSIDE_SERVICES = {'s3', 'emulator', 'par', 'auth', 'registry'}

# The API has these as a date without time; the SDK's model says datetime.
PLAIN_DATES = {'versionDate'}

# A real answer carries null here although the model calls the field required.
# (the address of a connection string that the database does not have)
# Images of the platform belong to no compartment.
NULLABLE = {('AutonomousDatabaseConnectionStrings', 'dedicated'), ('Image', 'compartmentId')}

# Values that the API answers but the model does not list: move_compartment is documented to answer
# with a work request, yet no type is listed for it.
UNLISTED = {('WorkRequest', 'operationType'): {'MOVE_COMPARTMENT'},
            ('WorkRequestSummary', 'operationType'): {'MOVE_COMPARTMENT'}}

DATE_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$')
DATE = re.compile(r'\d{4}-\d\d-\d\d$')


class Model:
    """One class of an SDK's models: JSON names, types, allowed values, required fields."""

    def __init__(self, sdk, name):
        module = importlib.import_module(f'oci.{sdk}.models')
        self.sdk = sdk
        self.name = name
        self.cls = getattr(module, name)
        instance = self.cls()
        self.fields = {}  # JSON name -> (attribute, type)
        for attribute, json_name in instance.attribute_map.items():
            self.fields[json_name] = (attribute, instance.swagger_types[attribute])
        self.allowed = {}
        self.required = set()
        self._read_source(sys.modules[self.cls.__module__].__file__, instance.attribute_map)

    def _read_source(self, path, attribute_map):
        for base in reversed(self.cls.__mro__[:-1]):
            source = sys.modules[base.__module__].__file__
            tree = syntax_tree(source)
            for node in ast.walk(tree):
                if not isinstance(node, ast.FunctionDef) or node.name not in attribute_map:
                    continue
                json_name = attribute_map[node.name]
                text = ast.get_docstring(node) or ''
                if len(node.args.args) == 1 and text.startswith('**[Required]**'):
                    self.required.add(json_name)
                for statement in node.body:
                    if assigned_name(statement) == 'allowed_values':
                        self.allowed[json_name] = set(ast.literal_eval(statement.value))

    def subtype(self, data):
        """The model that the discriminator in data chooses; None when it chooses none."""
        if not hasattr(self.cls, 'get_subtype'):
            return self
        try:
            name = self.cls.get_subtype(data)
        except KeyError:
            return None
        if name == self.name:
            # The SDK falls back to the base class for values it does not know. A class that is
            # itself a subtype answers with its own name.
            return self if self.cls.__mro__[1] is not object else None
        return model(self.sdk, name)


_trees = {}
_models = {}


def syntax_tree(path):
    if path not in _trees:
        _trees[path] = ast.parse(Path(path).read_text(encoding='utf-8'))
    return _trees[path]


def assigned_name(statement):
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return ''


def model(sdk, name):
    if (sdk, name) not in _models:
        _models[sdk, name] = Model(sdk, name)
    return _models[sdk, name]


class Operation:
    """One method of an SDK client: path, parameters, models."""

    def __init__(self, sdk, client, services, base_path, node):
        self.sdk = sdk
        self.client = client
        self.services = services
        self.name = node.name
        self.query = {}       # name -> 'single', 'multi', 'csv', …
        self.allowed = {}     # name -> allowed values
        self.required = set()
        self.response = None
        self.body = None
        self.template = None
        arguments = {}        # Python name of a keyword -> allowed values
        body_variable = None
        for item in ast.walk(node):
            if assigned_name(item):
                self._read_assignment(assigned_name(item), item.value, base_path)
            elif isinstance(item, ast.If):
                name = self._membership(item.test)
                for statement in item.body if name else ():
                    if assigned_name(statement).endswith('_allowed_values'):
                        arguments[name] = set(ast.literal_eval(statement.value))
            elif isinstance(item, ast.keyword):
                if item.arg == 'response_type' and isinstance(item.value, ast.Constant):
                    self.response = item.value.value
                elif item.arg == 'body' and isinstance(item.value, (ast.Name, ast.Call)):
                    body_variable = (item.value.id if isinstance(item.value, ast.Name)
                                     else item.value.args[0].value)
        for name, python_name in self.python_names.items():
            if python_name in arguments:
                self.allowed[name] = arguments[python_name]
        if body_variable:
            found = re.search(r':param (\S+) %s:' % body_variable, ast.get_docstring(node) or '')
            self.body = found.group(1) if found else None
            self.body_required = f'{body_variable}: (required)' in (ast.get_docstring(node) or '')
        if self.template is not None:
            pattern = re.sub(r'\\\{[^}]*\\\}', '([^/]+)', re.escape(self.template))
            # Names of objects may contain slashes.
            if self.template.endswith('{objectName}'):
                pattern = pattern[:-len('([^/]+)')] + '(.+)'
            self.pattern = re.compile(pattern + '$')
            self.fixed = len(re.sub(r'\{[^}]*\}', '', self.template))

    python_names = {}

    @staticmethod
    def _membership(test):
        if (isinstance(test, ast.Compare) and isinstance(test.left, ast.Constant)
                and isinstance(test.ops[0], ast.In)):
            return test.left.value
        return None

    def _read_assignment(self, target, value, base_path):
        if target == 'resource_path':
            self.template = base_path + value.value
        elif target == 'method':
            self.method = value.value
        elif target == 'required_arguments':
            self.required = set(ast.literal_eval(value))
        elif target == 'query_params' and isinstance(value, ast.Dict):
            self.python_names = {}
            for key, expression in zip(value.keys, value.values):
                self.query[key.value], python_name = self._parameter(expression)
                self.python_names[key.value] = python_name

    @staticmethod
    def _parameter(expression):
        if isinstance(expression, ast.Name):
            return 'single', expression.id
        style = 'single'
        if expression.func.attr == 'generate_collection_format_param':
            style = expression.args[1].value
            expression = expression.args[0]
            if isinstance(expression, ast.Name):
                return style, expression.id
        return style, expression.args[0].value


def load_operations():
    operations = []
    for sdk, client, services in CLIENTS:
        module = importlib.import_module(f'oci.{sdk}')
        cls = getattr(module, client)
        tree = syntax_tree(sys.modules[cls.__module__].__file__)
        body = next(node for node in tree.body
                    if isinstance(node, ast.ClassDef) and node.name == client)
        base_path = ''
        for node in ast.walk(body):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values):
                    if isinstance(key, ast.Constant) and key.value == 'base_path':
                        base_path = value.value.rstrip('/')
        for node in body.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith('_'):
                operation = Operation(sdk, client, services, base_path, node)
                if operation.template:
                    operations.append(operation)
    return operations


class Checker:
    def __init__(self, operations, requests=True, responses=True):
        self.operations = operations
        self.requests = requests
        self.responses = responses
        self.checked = 0
        self.outside = 0
        self.seen = set()
        self.violations = []

    def check_line(self, name, number, line):
        try:
            exchange = json.loads(line)
        except ValueError as error:
            self.violations.append(f'{name}:{number}: not JSON: {error}')
            return
        title = f'{name}:{number}: {exchange.get("method")} {exchange.get("path")}'
        target = exchange.get('path') or ''
        path, _, query = target.partition('?')
        if OUTSIDE.match(path) or exchange.get('service') in OUTSIDE_SERVICES:
            self.outside += 1
            return
        operation = self.find(exchange.get('method'), path, exchange.get('service'))
        if operation is None:
            # What no client of the SDK can ask may only have been refused.
            if exchange.get('status', 0) < 400 and self.responses:
                self.violations.append(f'{title}: no such operation in the SDK, yet answered '
                                       f'{exchange.get("status")}')
            return
        self.checked += 1
        self.seen.add((operation.sdk, operation.name))
        say = lambda where, what: self.violations.append(
            f'{title} ({operation.sdk}.{operation.name}): {where}: {what}')
        # A refused request may be wrong: that is what it was refused for.
        if self.requests and exchange.get('status', 0) not in (400, 401, 404, 405, 413):
            self.check_request(operation, query, exchange, say)
        if self.responses:
            self.check_response(operation, exchange, say)

    def find(self, method, path, service):
        found = [operation for operation in self.operations
                 if operation.method == method and operation.pattern.match(path)]
        owned = [operation for operation in found if service in operation.services]
        found = owned or found
        return max(found, key=lambda operation: operation.fixed) if found else None

    # --- requests ---

    def check_request(self, operation, query, exchange, say):
        given = {}
        for key, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
            given.setdefault(key, []).append(value)
        for key, values in given.items():
            if key not in operation.query:
                say(f'query {key}', 'the operation has no such parameter')
                continue
            if len(values) > 1 and operation.query[key] != 'multi':
                say(f'query {key}', f'given {len(values)} times')
            if operation.query[key] == 'csv':
                values = [part for value in values for part in value.split(',')]
            for value in values:
                if key in operation.allowed and value not in operation.allowed[key]:
                    say(f'query {key}', f'"{value}" is none of {sorted(operation.allowed[key])}')
        for key in operation.required:
            if key in operation.query and key not in given:
                say(f'query {key}', 'required, missing')
        body = exchange.get('body')
        if operation.body is None:
            if body not in (None, ''):
                say('body', 'the operation takes none')
        elif operation.body.startswith('oci.'):
            body = decoded(body)
            if body is None:
                if operation.body_required:
                    say('body', 'required, missing')
                return
            _, sdk, _, name = operation.body.split('.')
            self.check_value(sdk, name, body, 'body', say, False)

    # --- responses ---

    def check_response(self, operation, exchange, say):
        status = exchange.get('status', 0)
        headers = {key.lower() for key in (exchange.get('response_headers') or {})}
        if status and 'opc-request-id' not in headers:
            say('response header opc-request-id', 'missing')
        response = exchange.get('response')
        if status >= 400:
            self.check_error(exchange, response, say)
            return
        if not 200 <= status < 300 or exchange.get('method') == 'HEAD':
            return
        if operation.response is None:
            if response not in (None, ''):
                say('response', 'the operation answers without a body')
        elif operation.response not in ('stream',):
            value = decoded(response)
            if value is None:
                if status != 204:
                    say('response', 'missing')
                return
            self.check_value(operation.sdk, operation.response, value, 'response', say, True)

    @staticmethod
    def check_error(exchange, response, say):
        if exchange.get('method') == 'HEAD' or exchange.get('status') == 304:
            return
        response = decoded(response)
        if not isinstance(response, dict):
            say('response', f'an error body is an object with code and message, not {response!r}')
            return
        for key in ('code', 'message'):
            if not isinstance(response.get(key), str) or not response[key]:
                say(f'response {key}', 'missing in the error body')
        for key in set(response) - {'code', 'message', 'originalMessage', 'messageArguments',
                                    'originalMessageTemplate'}:
            say(f'response {key}', 'no such field in an error body')

    # --- values ---

    def check_value(self, sdk, kind, value, where, say, reply):
        """value against a type as the SDK writes it: str, list[X], dict(str, X), a model."""
        found = re.match(r'list\[(.*)\]$', kind)
        if found:
            if not isinstance(value, list):
                say(where, f'wants a list, has {shown(value)}')
                return
            for index, item in enumerate(value):
                self.check_value(sdk, found.group(1), item, f'{where}[{index}]', say, reply)
            return
        found = re.match(r'dict\(str, (.*)\)$', kind)
        if found:
            if not isinstance(value, dict):
                say(where, f'wants an object, has {shown(value)}')
                return
            for key, item in value.items():
                # A metadata key is removed by sending it with null.
                if item is not None or reply:
                    self.check_value(sdk, found.group(1), item, f'{where}.{key}', say, reply)
            return
        if kind in PRIMITIVES:
            if not PRIMITIVES[kind](value):
                say(where, f'wants {kind}, has {shown(value)}')
            return
        if not hasattr(importlib.import_module(f'oci.{sdk}.models'), kind):
            # An enum without a class of its own, such as CycleMode.
            self.check_value(sdk, 'str', value, where, say, reply)
            return
        self.check_model(model(sdk, kind), value, where, say, reply)

    def check_model(self, shape, value, where, say, reply):
        if not isinstance(value, dict):
            say(where, f'wants an object ({shape.name}), has {shown(value)}')
            return
        chosen = shape.subtype(value)
        if chosen is None:
            say(where, f'no subtype of {shape.name} has the discriminator of {shown(value)}')
            return
        for key, item in value.items():
            if key not in chosen.fields:
                say(f'{where}.{key}', f'{chosen.name} has no such field')
                continue
            if item is None:
                if not reply:
                    say(f'{where}.{key}', 'null is not sent: leave the field out')
                elif key in chosen.required and (chosen.name, key) not in NULLABLE:
                    say(f'{where}.{key}', f'null, but {chosen.name} requires it')
                continue
            attribute, kind = chosen.fields[key]
            if key in PLAIN_DATES and isinstance(item, str) and DATE.match(item):
                continue
            self.check_value(chosen.sdk, kind, item, f'{where}.{key}', say, reply)
            if key in chosen.allowed:
                allowed = chosen.allowed[key] | UNLISTED.get((chosen.name, key), set())
                for one in item if isinstance(item, list) else [item]:
                    if isinstance(one, str) and one not in allowed:
                        say(f'{where}.{key}', f'"{one}" is none of {sorted(chosen.allowed[key])}')
        for key in sorted(chosen.required - set(value)):
            say(f'{where}.{key}', f'missing, but {chosen.name} requires it')


PRIMITIVES = {
    'str': lambda value: isinstance(value, str),
    'int': lambda value: isinstance(value, int) and not isinstance(value, bool),
    'float': lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    'bool': lambda value: isinstance(value, bool),
    'datetime': lambda value: isinstance(value, str) and bool(DATE_TIME.match(value)),
    'date': lambda value: isinstance(value, str) and bool(DATE.match(value)),
    'object': lambda value: True,
    'bytes': lambda value: isinstance(value, str),
}


def decoded(body):
    """The record holds JSON bodies as JSON; those of other types as text."""
    if isinstance(body, str) and body.strip():
        try:
            return json.loads(body)
        except ValueError:
            return body
    return None if body == '' else body


def shown(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + '...'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    side = parser.add_mutually_exclusive_group()
    side.add_argument('--requests-only', action='store_true')
    side.add_argument('--responses-only', action='store_true')
    parser.add_argument('records', nargs='+')
    options = parser.parse_args()
    checker = Checker(load_operations(), not options.responses_only, not options.requests_only)
    for name in options.records:
        try:
            with open(name, encoding='utf-8') as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        checker.check_line(name, number, line)
        except OSError as error:
            print(f'cannot read {name}: {error.strerror}', file=sys.stderr)
            return 2
    for violation in checker.violations:
        print(violation)
    print(f'{checker.checked} exchanges of {len(checker.seen)} operations checked, '
          f'{checker.outside} outside the models, {len(checker.violations)} violations',
          file=sys.stderr)
    return 1 if checker.violations or not checker.checked else 0


if __name__ == '__main__':
    sys.exit(main())
