#!/usr/bin/env python3
"""Property: what was applied is what the next plan finds, for all resources and all their attributes.

Random valid configurations go through apply → plan is empty → one attribute of each changes → the plan
says exactly update or replace of that attribute, as the descriptor says → apply → plan is empty →
import into a fresh state → plan is empty → destroy → nothing left.

    lifecycle.py [--seed N] [--count N] [--batch N] [--only KIND]... [--folder DIR]

The seed is printed; the same seed makes the same configurations.
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
from cloud import Cloud
from expressions import Scope, expectation
from hcl import Ref, block
from knowledge import FIXTURES, IMPORT_IDS
from terraform import (Failed, Workspace, action, changed_members, changes, describe, errors)


class Batch:
    """Some instances in one workspace. Instances that fail are reported once and then left out."""

    def __init__(self, cloud, kinds, folder, instances, report):
        self.kinds = kinds
        self.cloud = cloud
        self.folder = Path(folder)
        self.instances = {one.address: one for one in instances}
        self.report = report
        self.changes = {}
        self.workspace = self.new_workspace('first')

    def new_workspace(self, name):
        workspace = Workspace(self.folder / name, self.cloud)
        workspace.environment['TF_VAR_tenancy_ocid'] = self.cloud.config['tenancy']
        workspace.environment['TF_VAR_user_ocid'] = self.cloud.config['user']
        return workspace

    def write(self, workspace=None):
        text = FIXTURES + '\n'.join(one.text() for one in self.instances.values())
        (workspace or self.workspace).write('main.tf', text)

    # --- failures ---------------------------------------------------------------------------------

    def owner(self, address):
        """The instance that a resource belongs to, itself or its support."""
        for one in self.instances.values():
            if address == one.address or any(address == f'{kind}.{name}'
                                             for kind, name, _ in one.support):
                return one
        return None

    def fail(self, address, step, what):
        """Reports; the instance takes no further part. What belongs to none ends the batch."""
        instance = self.owner(address)
        if not instance:
            raise Failed(f'{step}: {address}: {what}')
        self.report(instance, step, what)
        del self.instances[instance.address]

    def apply(self, step):
        """Applies until it works, without the instances that fail."""
        for _ in range(6):
            self.write()
            found = errors(self.workspace.apply(ok=(0, 1)))
            if not found:
                self.applied = len(self.instances)
                return
            for one in found:
                if 'address' not in one:
                    raise Failed(f'{step}: {describe(one)} {one.get("snippet")}')
                if self.owner(one['address']):
                    self.fail(one['address'], step, describe(one))
                elif one['address'].rsplit('.', 1)[-1].startswith('base') or \
                        '.' not in one['address']:
                    raise Failed(f'{step}: {describe(one)}')
        raise Failed(f'{step}: does not come to an end')

    def expect_empty(self, step, workspace=None, allowed=lambda attribute: False):
        """A plan without changes, but for attributes that are allowed to differ."""
        found = changes((workspace or self.workspace).plan())
        wrong = False
        for address, change in found.items():
            names = self.differing(address, change, allowed)
            if action(change) == 'no-op' or action(change) == 'update' and not names:
                continue
            wrong = True
            before, after = change['before'] or {}, change['after'] or {}
            self.fail(address, step, f'{action(change)}: ' + '; '.join(
                f'{name}: {before.get(name)!r} -> {after.get(name)!r}' for name in sorted(names)))
        return not wrong

    def differing(self, address, change, allowed):
        names = changed_members(change)
        kind = self.kinds.get(address.split('.')[0].removeprefix('oke_'))
        return {name for name in names if not allowed(kind.attribute(name))}

    # --- the steps --------------------------------------------------------------------------------

    def run(self, which):
        self.apply('apply')
        self.expect_empty('second plan')
        self.change(which)
        self.apply('apply of the change')
        self.expect_empty('plan after the change')
        if len(self.instances) < self.applied:
            self.apply('removal of what failed')
        self.import_all()
        self.destroy()

    def scope(self):
        """(state, values of references)"""
        state = self.workspace.state()
        variables = {name.removeprefix('TF_VAR_'): value
                     for name, value in self.workspace.environment.items()}
        return state, Scope(state, self.workspace.output('locals'), variables)

    def change(self, which):
        state, scope = self.scope()
        wanted = {}
        for one in self.instances.values():
            changed = which(one)
            if changed:
                self.changes[one.address] = changed
                one.members = changed.members
                wanted[one.address] = expectation(one.kind, scope.value(one.members),
                                                  state[one.address])
        self.write()
        planned = changes(self.workspace.plan())
        for address, changed in self.changes.items():
            if address in self.instances:
                self.judge(changed, *wanted[address], planned.pop(address, None))
        for address, change in planned.items():
            if address in self.instances or not self.owner(address):
                self.fail(address, 'plan of the change', f'unexpected {action(change)} of '
                          f'{sorted(changed_members(change))}')

    def judge(self, changed, wanted, names, got):
        address = changed.instance.address
        said = action(got) if got else 'no-op'
        also = changed_members(got) if got else set()
        # What the answer of the API decides is unknown in the plan, and differs, too.
        if said == wanted and (said == 'replace' or also == names):
            return
        before, after = (got['before'], got['after']) if got else ({}, {})
        differences = ', '.join(f'{name} {before.get(name)!r} -> {after.get(name)!r}'
                                for name in sorted(also))
        self.fail(address, 'plan of the change', f'{changed.describe()}: the plan says {said} of '
                  f'{differences or "nothing"}, wanted {wanted} of {sorted(names) or "nothing"}')

    def import_all(self):
        """Everything, fixtures too, into a fresh state."""
        imports = ''
        for address, values in self.workspace.state().items():
            kind = address.split('.')[0].removeprefix('oke_')
            imports += block('import', {
                'to': Ref(address), 'id': IMPORT_IDS.get(kind, '{id}').format(**values)})
        fresh = self.new_workspace('imported')
        self.write(fresh)
        fresh.write('imports.tf', imports, header=False)
        self.expect_empty('plan of the import', fresh, unreadable)
        found = errors(fresh.apply(ok=(0, 1)))
        for one in found:
            self.fail(one.get('address', '-'), 'import', describe(one))
        self.workspace = fresh
        self.expect_empty('plan after the import')

    def destroy(self):
        for one in errors(self.workspace.destroy(ok=(0, 1))):
            self.fail(one.get('address', '-'), 'destroy', describe(one))


def unreadable(attribute):
    """What no import can know: it is in the configuration only, and the first plan says so."""
    return attribute.unreadable or attribute.local


def chooser(kinds):
    """which(instance): a change of one attribute. All attributes of a kind get their turn."""
    turns = collections.Counter()

    def which(instance):
        candidates = generate.changeable(kinds[instance.kind.name])
        for _ in candidates:
            attribute = candidates[(turns[instance.kind.name] + OFFSET) % len(candidates)]
            turns[instance.kind.name] += 1
            try:
                return generate.Change(instance, attribute)
            except generate.Impossible:
                continue
        return None
    return which


OFFSET = 0


def main():
    global OFFSET
    options = argparse.ArgumentParser()
    options.add_argument('--seed', type=int, default=random.SystemRandom().randrange(10 ** 6))
    options.add_argument('--count', type=int, default=200)
    options.add_argument('--batch', type=int, default=70)
    options.add_argument('--only', action='append')
    options.add_argument('--folder')
    options = options.parse_args()
    print(f'seed {options.seed}', flush=True)
    rng = random.Random(options.seed)
    OFFSET = rng.randrange(100)

    kinds = descriptors.load()
    if options.only:
        kinds = {name: kinds[name] for name in options.only}
    failed = collections.Counter()

    def report(instance, step, what):
        failed[instance.kind.name] += 1
        print(f'FAILED {instance.address}, {step}: {what}\n{instance.text()}', flush=True)

    instances = [generate.make(kinds[name], number, rng)
                 for name, count in generate.plan_counts(kinds, options.count).items()
                 for number in range(count)]
    rng.shuffle(instances)
    which = chooser(kinds)
    with tempfile.TemporaryDirectory(prefix='okestra-property-') as folder:
        folder = Path(options.folder or folder)
        with Cloud(folder / 'cloud') as cloud:
            for at in range(0, len(instances), options.batch):
                some = instances[at:at + options.batch]
                began = time.monotonic()
                batch = Batch(cloud, descriptors.load(), folder / f'batch-{at}', some, report)
                batch.run(which)
                left = cloud.living()
                if left:
                    failed['left over'] += 1
                    print(f'FAILED after destroy these are left: {left}')
                print(f'{len(some)} resources in {time.monotonic() - began:.0f} s', flush=True)
    print(f'{len(instances)} resources of {len(kinds)} kinds, {sum(failed.values())} failed '
          f'{dict(failed) or ""}; seed {options.seed}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
