#!/usr/bin/env python3
"""Drift: whatever is changed behind Terraform's back is what the next plan says, and nothing else.

    drift.py [--seed N] [--only KIND]... [--batch N]

For every attribute of every resource that can be changed in place and read back there is an instance that
sets it. The emulator is told to change the stored object, as another user's hand would; the plan must be
to change exactly that attribute back. Then apply repairs it, and the plan is empty.
"""

import argparse
import collections
import random
import sys
import tempfile
import time
from pathlib import Path

import descriptors
import generate
from all_kinds import disturb
from cloud import Cloud
from knowledge import NO_DRIFT
from lifecycle import Batch
from terraform import action, changed_members, changes


def drifting(kind):
    """Attributes whose change behind the back must show."""
    return [one for one in generate.changeable(kind)
            if not (one.replace or one.unreadable or one.local or one.write_only)
            and not (one.fields and all(leaf.replace for leaf in one.fields if leaf.settable))
            and one.path not in NO_DRIFT.get(kind.name, {})]


def to_json(attribute, value):
    """A resolved value of the configuration as the API's JSON has it."""
    if attribute.fields:
        objects = [{one.json: to_json(one, item[one.name]) for one in attribute.fields
                    if item.get(one.name) is not None} for item in value]
        return objects[0] if attribute.single else objects
    if attribute.json_kind == 'integer_text':
        return int(value)
    if attribute.json_kind == 'number_text':
        return float(value)
    return value


def patch(attribute, value):
    """A merge patch that sets one member; a dotted JSON name is a path."""
    *path, last = attribute.json.split('.')
    for name in [last, *reversed(path)]:
        value = {name: value}
    return value


class DriftBatch(Batch):
    """Instances with the attribute of each that drifts."""

    def run_drift(self, drifts):
        self.apply('apply')
        if not self.expect_empty('second plan'):
            self.apply('removal of what failed')
        state, scope = self.scope()
        self.drifted = {}
        for address in self.instances:
            self.disturb(drifts[address], state, scope)
        self.judge_plan(changes(self.workspace.plan()))
        self.apply('apply that repairs')
        self.expect_empty('plan after the repair')
        self.destroy()

    def disturb(self, change, state, scope):
        instance, attribute = change.instance, change.attribute
        value = to_json(attribute, scope.value(change.members[attribute.name]))
        disturb(self.cloud, instance.kind.name, state[instance.address], patch(attribute, value))
        self.drifted[instance.address] = attribute, value

    def judge_plan(self, planned):
        for address, (attribute, value) in self.drifted.items():
            if address not in self.instances:
                continue
            change = planned.pop(address, None)
            if not change or action(change) != 'update':
                self.fail(address, 'drift', f'{attribute.path} became {value!r} and the plan says '
                          f'{action(change) if change else "no-op"}')
                continue
            names = changed_members(change)
            if names != {attribute.name}:
                before, after = change['before'], change['after']
                self.fail(address, 'drift', f'{attribute.path} became {value!r} and the plan changes '
                          + ', '.join(f'{name} {before.get(name)!r} -> {after.get(name)!r}'
                                      for name in sorted(names)))
        for address, change in planned.items():
            self.fail(address, 'drift', f'did not drift, but the plan says {action(change)} '
                      f'{sorted(changed_members(change))}')


def make(kind, number, attribute, rng):
    """An instance that sets the attribute, and another value for it."""
    for _ in range(TRIES):
        instance = generate.make(kind, number, rng, force=[attribute.name])
        try:
            return generate.Change(instance, attribute, only_present=True)
        except generate.Impossible:
            continue
    raise SystemExit(f'{kind.name}: no other value of {attribute.path} is known: add a rule to '
                     'knowledge.py, or a reason to NO_DRIFT')


TRIES = 50


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--seed', type=int, default=random.SystemRandom().randrange(10 ** 6))
    options.add_argument('--batch', type=int, default=80)
    options.add_argument('--only', action='append')
    options.add_argument('--folder')
    options = options.parse_args()
    print(f'seed {options.seed}', flush=True)
    rng = random.Random(options.seed)
    kinds = descriptors.load()
    failed = collections.Counter()

    def report(instance, step, what):
        failed[instance.kind.name] += 1
        print(f'FAILED {instance.address}, {step}: {what}\n{instance.text()}', flush=True)

    instances, drifts = [], {}
    for name, kind in kinds.items():
        if options.only and name not in options.only:
            continue
        for number, attribute in enumerate(drifting(kind)):
            change = make(kind, number, attribute, rng)
            instances.append(change.instance)
            drifts[change.instance.address] = change
    instances.sort(key=lambda one: one.number)
    with tempfile.TemporaryDirectory(prefix='okestra-drift-') as folder:
        folder = Path(options.folder or folder)
        with Cloud(folder / 'cloud') as cloud:
            for at in range(0, len(instances), options.batch):
                some = instances[at:at + options.batch]
                began = time.monotonic()
                DriftBatch(cloud, kinds, folder / f'batch-{at}', some, report).run_drift(drifts)
                print(f'{len(some)} attributes in {time.monotonic() - began:.0f} s', flush=True)
    print(f'{len(instances)} attributes of {len(kinds)} kinds, {sum(failed.values())} failed '
          f'{dict(failed) or ""}; seed {options.seed}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
