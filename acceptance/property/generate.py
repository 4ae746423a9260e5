"""Valid configurations out of the descriptors, at random, and changes of one attribute of them.

What the descriptors say (types, flags, limits, allowed values) is taken from them; what they cannot say
(what a reference points to, which CIDR is free, which values go together) is in knowledge.py.
"""

import copy

from descriptors import COLLECTIONS, OBJECTS
from hcl import Blocks, resource
from knowledge import COUNTS, RULES, Fixed, Skip

CHANCE_OF_OPTIONAL = 0.4
WORDS = ('amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron', 'islet', 'jade')


class Instance:
    """One resource of a configuration: its members, and what it needs around it."""

    def __init__(self, kind, number, rng):
        self.kind = kind
        self.number = number
        self.rng = rng
        self.name = f'{kind.name}_{number}'
        self.address = f'{kind.type}.{self.name}'
        self.unique = f'{kind.name}-{number}'.replace('_', '-')
        self.support = []  # (type, name, members)
        self.members = {}
        self.needs = set()  # names that it sets beyond what its kind needs
        self.shared = {}  # what the rules of one instance agree on

    def add(self, kind, suffix, members):
        """A supporting resource of this instance alone. Returns its address."""
        name = f'{self.name}_{suffix}'
        address = f'{kind}.{name}'
        if not any(one[:2] == (kind, name) for one in self.support):
            self.support.append((kind, name, members))
        return address

    def text(self):
        return ''.join(resource(*one) for one in self.support) + \
            resource(self.kind.type, self.name, self.members)


class Impossible(Exception):
    """No other valid value is known."""


def rule_of(kind, path):
    own = RULES.get(kind.name, {})
    if path in own:
        return own[path]
    common = RULES['*']
    return common.get(path) or common.get(path.rsplit('.', 1)[-1])


def skipped(kind, attribute):
    """True for what no configuration sets."""
    return (not attribute.settable or attribute.deprecated
            or isinstance(rule_of(kind, attribute.path), Skip)
            or bool(attribute.fields) and all(skipped(kind, one) for one in attribute.fields))


# --- one value --------------------------------------------------------------------------------------

def scalar(attribute, rng):
    kind = attribute.kind
    if attribute.one_of:
        return rng.choice(attribute.one_of)
    if kind == 'bool':
        return rng.random() < 0.5
    if kind in ('integer', 'number'):
        low = attribute.minimum
        high = attribute.maximum or low + 100
        return rng.randint(low, min(high, low + 1000))
    if attribute.json_kind in ('integer_text', 'number_text'):
        return str(rng.randint(50, 200))
    text = f'{rng.choice(WORDS)}-{rng.randint(1, 9999)}'
    text += 'x' * max(0, attribute.min_length - len(text))
    return text[:attribute.max_length] if attribute.max_length else text


def generate(instance, attribute):
    """A random valid value of the attribute."""
    rule = rule_of(instance.kind, attribute.path)
    if isinstance(rule, Fixed):
        rule = rule.make
    if callable(rule):
        value = rule(instance)
        return Blocks(value) if attribute.kind in OBJECTS else value
    if attribute.kind in OBJECTS:
        most = 1 if attribute.single else min(attribute.max_items or 2, 2)
        count = instance.rng.randint(max(1, attribute.min_items), max(1, attribute.min_items, most))
        return Blocks(members(instance, attribute.fields) for _ in range(count))
    if attribute.kind == 'string_map':
        return {instance.rng.choice(WORDS): scalar(attribute, instance.rng)
                for _ in range(instance.rng.randint(1, 3))}
    if attribute.kind in COLLECTIONS:
        least = max(1, attribute.min_items)
        most = max(least, min(attribute.max_items or 3, 3))
        if attribute.one_of:
            most = min(most, len(attribute.one_of))
        wanted, found = instance.rng.randint(least, most), []
        while len(found) < wanted:
            one = scalar(attribute, instance.rng)
            if one not in found:
                found.append(one)
        return found
    return scalar(attribute, instance.rng)


def members(instance, fields, force=(), omitted=()):
    """Random members for a table of attributes: all required ones, those to force, some others."""
    chosen = {}
    usable = [one for one in fields
              if not skipped(instance.kind, one) and one.name not in omitted]
    needed = {one.name for one in usable if one.required} | set(force)
    for one in usable:
        if one.requires_one and not needed & set(one.requires_one):
            needed.add(instance.rng.choice([name for name in one.requires_one
                                            if any(u.name == name for u in usable)]))
    order = sorted(usable, key=lambda one: one.name not in needed)
    excluded = set()
    for one in order:
        wanted = one.name in needed or instance.rng.random() < CHANCE_OF_OPTIONAL
        if wanted and one.name not in excluded:
            excluded |= set(one.conflicts) | {other.name for other in fields
                                              if one.name in other.conflicts}
            chosen[one.name] = generate(instance, one)
    # In the order of the table, as a user would write them.
    return {one.name: chosen[one.name] for one in fields if one.name in chosen}


def make(kind, number, rng, force=()):
    """An instance. force: names of attributes that it must have."""
    instance = Instance(kind, number, rng)
    rules = RULES.get(kind.name, {})
    if 'prepare' in rules:
        rules['prepare'](instance, force)
    omitted = rules['omit'](instance) if 'omit' in rules else set()
    instance.members = members(instance, kind.attributes,
                               set(force) | set(rules.get('needs', ())) | instance.needs, omitted)
    finish(instance)
    return instance


def finish(instance):
    """What the members must agree on with each other."""
    agree = RULES.get(instance.kind.name, {}).get('agree')
    if agree:
        agree(instance.members, instance)


# --- one change -------------------------------------------------------------------------------------

def kept(kind):
    """Paths that are never taken away."""
    rules = RULES.get(kind.name, {})
    return (*rules.get('needs', ()), *rules.get('keep', ()))


def changeable(kind):
    """The attributes whose change can be tried."""
    return [one for one in kind.attributes
            if not skipped(kind, one) and not one.write_only
            and not isinstance(rule_of(kind, one.path), Fixed)]


class Change:
    """Another value for one attribute of an instance, or for one member deep within it."""

    def __init__(self, instance, attribute, only_present=False):
        self.instance = instance
        self.attribute = attribute
        self.before = instance.members.get(attribute.name)
        self.only_present = only_present  # nothing is set or taken away
        rules = RULES.get(instance.kind.name, {})
        if 'omit' in rules and attribute.name in rules['omit'](instance):
            raise Impossible(attribute.name)
        self.members = copy.deepcopy(instance.members)
        self.alter(attribute, self.members, instance.kind.attributes)
        after = copy.copy(instance)
        after.members = self.members
        finish(after)
        if self.members == instance.members:
            raise Impossible(attribute.name)

    def alter(self, attribute, members, siblings):
        """Gives members another value of the attribute, sets it, or takes it away."""
        excluded = set(attribute.conflicts) | {one.name for one in siblings
                                               if attribute.name in one.conflicts}
        if excluded & set(members):
            raise Impossible(attribute.path)
        instance, name = self.instance, attribute.name
        present = name in members
        if self.only_present and not present:
            raise Impossible(attribute.path)
        removable = not self.only_present and not attribute.required and not attribute.requires_one \
            and attribute.path not in kept(instance.kind)
        if present and removable and instance.rng.random() < 0.15:
            del members[name]
            self.what = f'{attribute.path} removed'
        elif present and attribute.kind in OBJECTS and members[name] \
                and not callable(rule_of(instance.kind, attribute.path)):
            self.alter_below(attribute, members)
        else:
            members[name] = self.other(attribute, members.get(name))
            self.what = f'{attribute.path} {"changed" if present else "set"}'

    def alter_below(self, attribute, members):
        rng = self.instance.rng
        element = rng.choice(members[attribute.name])
        below = [one for one in attribute.fields if not skipped(self.instance.kind, one)
                 and not one.write_only and not isinstance(rule_of(self.instance.kind, one.path), Fixed)
                 and not (self.only_present and one.replace)]
        rng.shuffle(below)
        for one in below:
            try:
                self.alter(one, element, attribute.fields)
                return
            except Impossible:
                continue
        raise Impossible(attribute.path)

    def other(self, attribute, before):
        """A valid value that is not the present one, nor what nothing means."""
        avoid = before if before is not None else default_of(attribute)
        for _ in range(40):
            value = generate(self.instance, attribute)
            if not same(attribute, value, avoid) and (not self.only_present or alike(value, before)):
                return value
        raise Impossible(attribute.path)

    def describe(self):
        return (f'{self.instance.address}: {self.what}: '
                f'{self.before!r} -> {self.members.get(self.attribute.name)!r}')


def walk(fields):
    for one in fields:
        yield one
        yield from walk(one.fields)


def alike(a, b):
    """The same members are set in both."""
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(alike(a[name], b[name]) for name in a)
    if isinstance(a, Blocks) and isinstance(b, Blocks):
        return len(a) == len(b) and all(map(alike, a, b))
    return True


def default_of(attribute):
    text = attribute.default
    if text is None:
        return {'bool': False, 'string': '', 'string_map': {}}.get(
            attribute.kind, [] if attribute.kind in COLLECTIONS else None)
    if attribute.kind == 'bool':
        return text == 'true'
    return int(text) if attribute.kind == 'integer' else text


def same(attribute, a, b):
    if attribute.kind.endswith('_set') and isinstance(a, list) and isinstance(b, list):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    return a == b


def plan_counts(kinds, total):
    """{kind name: number of instances}: in proportion to what there is to change, at least 3."""
    weights = {name: max(3, len(changeable(kind))) for name, kind in kinds.items()}
    scale = max(1.0, total / sum(weights.values()))
    counts = {name: min(round(weight * scale + 0.5), COUNTS.get(name, total))
              for name, weight in weights.items()}
    missing = total - sum(counts.values())
    free = [name for name in counts if name not in COUNTS]
    for at in range(max(0, missing)):
        counts[free[at % len(free)]] += 1
    return counts
