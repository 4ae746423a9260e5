"""What an expression of a generated configuration is worth once its workspace was applied, and what a plan
must say about new members: the planning rules, told a second time and independently of the engine."""

import re

from descriptors import OBJECTS
from hcl import Ref

ADDRESS = re.compile(r'(oke_\w+\.\w+(?:\["[^"]*"\]|\[\d+\])?)(.*)$', re.S)
STEP = re.compile(r'\.(\w+)|\[(\d+)\]|\["([^"]*)"\]')


class Scope:
    """Values of references: from state, from the output `locals`, from variables."""

    def __init__(self, state, local, variables):
        self.state = state
        self.roots = {'local': local, 'var': variables}

    def value(self, item):
        """A member of a configuration with all references in it resolved."""
        if isinstance(item, Ref):
            return self.evaluate(item)
        if isinstance(item, dict):
            return {name: self.value(one) for name, one in item.items()}
        if isinstance(item, list):
            return [self.value(one) for one in item]
        return item

    def evaluate(self, text):
        if text.startswith('"'):
            return re.sub(r'\$\{([^}]*)\}', lambda found: str(self.evaluate(found[1])), text[1:-1])
        found = ADDRESS.match(text)
        if found and found[1] not in self.state:
            return f'to be made: {text}'
        if found:
            value, rest = self.state[found[1]], found[2]
        else:
            root, _, rest = text.partition('.')
            value, rest = self.roots[root], '.' + rest
        for name, index, key in STEP.findall(rest):
            value = value[int(index)] if index else value[name or key]
        return value


def nothing(value):
    """What means the same as null where the server decides nothing."""
    return value in (None, '', False, 0, [], {})


def same_text(attribute, a, b):
    if a == b:
        return True
    if attribute.kind in ('number', 'integer') or attribute.json_kind in ('integer_text', 'number_text'):
        try:
            return float(a) == float(b)
        except (TypeError, ValueError):
            return False
    if attribute.one_of_any_case or attribute.semantic_equality:
        return str(a).lower() == str(b).lower()
    return False


STRENGTH = {None: 0, 'update': 1, 'replace': 2}


def stronger(a, b):
    return a if STRENGTH[a] >= STRENGTH[b] else b


def fields_differ(fields, wanted, prior):
    answer = None
    for one in fields:
        answer = stronger(answer, differs(one, (wanted or {}).get(one.name), (prior or {}).get(one.name)))
    return answer


def elements_differ(attribute, wanted, prior):
    if attribute.kind == 'object_set' or attribute.any_order:
        left = list(prior)
        for item in wanted:
            twin = next((one for one in left if not fields_differ(attribute.fields, item, one)), None)
            if twin is None:
                return 'update'
            left.remove(twin)
        return 'update' if left else None
    if len(wanted) != len(prior):
        return 'update'
    answer = None
    for item, one in zip(wanted, prior):
        answer = stronger(answer, fields_differ(attribute.fields, item, one))
    return answer


def differs(attribute, wanted, prior):
    """None, 'update' or 'replace': what an attribute needs whose configuration is `wanted` (resolved) and
    whose state is `prior`."""
    if attribute.write_only or not attribute.settable:
        return None
    if attribute.default is not None:
        default = {'true': True, 'false': False}.get(attribute.default, attribute.default)
        wanted = default if wanted is None else wanted
        prior = default if prior is None else prior  # nested defaults are not filled in
    if wanted is None:
        answer = None if attribute.computed or prior in (None, []) else 'update'
    elif attribute.kind in OBJECTS:
        answer = elements_differ(attribute, wanted, prior or [])
    elif attribute.kind == 'string_set' or attribute.any_order:
        answer = None if sorted(wanted) == sorted(prior or []) else 'update'
    elif attribute.kind in ('string_list', 'string_map'):
        answer = None if wanted == prior or nothing(wanted) and nothing(prior) else 'update'
    else:
        answer = None if same_text(attribute, wanted, prior) else 'update'
    return 'replace' if answer and attribute.replace else answer


def expectation(kind, members, prior):
    """(action, names of the attributes that change) for resolved members against a state."""
    answer, names = None, set()
    for attribute in kind.attributes:
        one = differs(attribute, members.get(attribute.name), prior.get(attribute.name))
        if one:
            names.add(attribute.name)
            answer = stronger(answer, one)
    return answer or 'no-op', names
