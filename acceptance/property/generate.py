"""Valid configurations out of the descriptors, at random, and changes of one attribute of them.

What the descriptors say (types, flags, limits, allowed values) is taken from them; what they cannot say
(what a reference points to, which CIDR is free, which values go together) is in knowledge.py.
"""

import copy

from descriptors import COLLECTIONS, OBJECTS
from hcl import Blocks, Ref, resource
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
            or isinstance(rule_of(kind, attribute.path), Skip))


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


def members(instance, fields, force=()):
    """Random members for a table of attributes: all required ones, those to force, some others."""
    chosen = {}
    usable = [one for one in fields if not skipped(instance.kind, one)]
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
    prepare = RULES.get(kind.name, {}).get('prepare')
    if prepare:
        prepare(instance)
    instance.members = members(instance, kind.attributes, force)
    finish(instance)
    return instance


def finish(instance):
    """What the members must agree on with each other."""
    agree = RULES.get(instance.kind.name, {}).get('agree')
    if agree:
        agree(instance.members, instance)


# --- one change -------------------------------------------------------------------------------------

def changeable(kind):
    """The attributes whose change can be tried."""
    return [one for one in kind.attributes
            if not skipped(kind, one) and not one.write_only
            and not isinstance(rule_of(kind, one.path), Fixed)]


class Change:
    """Another value for one attribute of an instance. .expected: update, replace or no-op."""

    def __init__(self, instance, attribute, removing=True):
        self.instance = instance
        self.attribute = attribute
        self.before = instance.members.get(attribute.name)
        members = copy.deepcopy(instance.members)
        excluded = set(attribute.conflicts) | {one.name for one in instance.kind.attributes
                                               if attribute.name in one.conflicts}
        if excluded & set(members):
            raise Impossible(attribute.name)
        absent = attribute.name not in members
        removable = removing and not attribute.required and not attribute.requires_one
        if not absent and removable and instance.rng.random() < 0.15:
            del members[attribute.name]
            self.what = 'removed'
        else:
            members[attribute.name] = self.other()
            self.what = 'added' if absent else 'changed'
        self.members = members
        instance_after = copy.copy(instance)
        instance_after.members = members
        finish(instance_after)
        if members == instance.members:
            raise Impossible(attribute.name)
        self.coupled = {name for name in set(members) | set(instance.members)
                        if members.get(name) != instance.members.get(name)} - {attribute.name}
        self.expected = self.expectation()

    def other(self):
        """A valid value that is not the present one, nor the default."""
        attribute, instance = self.attribute, self.instance
        avoid = [self.before] if self.before is not None else [default_of(attribute)]
        for _ in range(40):
            value = generate(instance, attribute)
            if all(not same(attribute, value, one) for one in avoid):
                return value
        raise Impossible(attribute.name)

    def expectation(self):
        attribute = self.attribute
        if self.what == 'removed':
            if attribute.computed and attribute.default is None:
                return 'no-op'
            if same(attribute, self.before, default_of(attribute)):
                return 'no-op'
        if attribute.replace:
            return 'replace'
        return 'replace' if self.replaces_below(attribute.fields, self.before,
                                                self.members.get(attribute.name)) else 'update'

    def replaces_below(self, fields, before, after):
        """Does a member of a nested object differ that makes the object anew?"""
        if not any(one.replace for one in walk(fields)):
            return False
        before, after = before or [{}], after or [{}]
        if len(before) != len(after):
            return True
        return any(one.replace and old.get(one.name) != new.get(one.name)
                   or self.replaces_below(one.fields, old.get(one.name), new.get(one.name))
                   for old, new in zip(before, after) for one in fields)

    def describe(self):
        return (f'{self.instance.address}: {self.attribute.path} {self.what}: '
                f'{self.before!r} -> {self.members.get(self.attribute.name)!r}')


def walk(fields):
    for one in fields:
        yield one
        yield from walk(one.fields)


def default_of(attribute):
    text = attribute.default
    if text is None:
        # Nothing and these are the same to the planner (engine/same.h).
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


__all__ = ['Change', 'Impossible', 'Instance', 'Ref', 'changeable', 'make', 'plan_counts']
