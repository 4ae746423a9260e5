#!/usr/bin/env python3
"""Faults: what a cloud does to its clients on a bad day, for create, read, update and delete of each kind.

    faults.py [--only FAULT]...

A round takes one fault: an apply of one object of each kind while every create meets it, a plan while every
read does, an apply of changes, a destroy. What a client can get over must go through: no error, no twin.
What it cannot must be an error that names the object and the cause; then the state is true, and the next
run, without the fault, finishes.
"""

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from all_kinds import CAPACITY, VERBS, WORK_REQUESTS, AllKinds, operations
from cloud import Cloud
from terraform import changes, describe, errors


class Fault:
    """orders: what the emulator is told about an operation. survivable: the client gets over it."""

    def __init__(self, order, verbs=VERBS, kinds=None, survivable=True, cause=None):
        self.order = order
        self.verbs = verbs
        self.kinds = kinds
        self.survivable = survivable
        self.cause = cause


FAULTS = {
    'throttled': Fault({'kind': 'status', 'status': 429}),
    'broken': Fault({'kind': 'status', 'status': 500}),
    'dropped before': Fault({'kind': 'drop', 'when': 'before'}),
    'dropped after': Fault({'kind': 'drop', 'when': 'after'}),
    'busy': Fault({'kind': 'conflict'}, verbs=('create', 'update', 'delete')),
    'work request': Fault({'kind': 'work', 'message': 'A step failed.'},
                          verbs=('create', 'update', 'delete'), kinds=WORK_REQUESTS, survivable=False,
                          cause='A step failed'),
    'capacity': Fault({'kind': 'work'}, verbs=('create',), kinds=CAPACITY, survivable=False,
                      cause='(?i)out of host capacity'),
    'refused': Fault({'kind': 'status', 'status': 400, 'code': 'LimitExceeded',
                      'message': 'The limit was reached.'},
                     verbs=('create', 'update'), survivable=False, cause='The limit was reached'),
}


def kind_of(diagnostic):
    """Destroying has no place in the configuration, and so no address in its diagnostics."""
    return re.search(r'oke_\w+', diagnostic.get('address') or diagnostic['summary'])[0]


class Round:
    def __init__(self, cloud, folder, name, fault):
        self.cloud = cloud
        self.name = name
        self.fault = fault
        self.workspace = AllKinds(folder, cloud)
        self.failed = 0

    def fail(self, step, what):
        self.failed += 1
        print(f'FAILED {self.name}, {step}: {what}', flush=True)

    def order(self, verb):
        """Tells the emulator. Returns {operation: kind} of what will meet the fault."""
        self.cloud.clear_faults()
        if verb not in self.fault.verbs:
            return {}
        ordered = {}
        for kind, operation in operations(verb).items():
            if self.fault.kinds is None or kind in self.fault.kinds:
                self.cloud.fault(operation, **self.fault.order)
                ordered[operation] = kind
        return ordered

    def struck(self, step, ordered):
        """Each fault that was ordered must have happened, or nothing was tested."""
        for operation in sorted(self.cloud.faults_left() & set(ordered)):
            self.fail(step, f'{operation} of {ordered[operation]} never met the fault')
        self.cloud.clear_faults()

    def judge(self, step, ordered, found):
        """Errors are wrong where the fault can be survived; else they name object and cause."""
        kinds = {f'oke_{kind}' for kind in ordered.values()}
        for one in found:
            kind = kind_of(one)
            if self.fault.survivable or kind not in kinds:
                self.fail(step, describe(one))
            elif not re.search(self.fault.cause, one['summary'] + one.get('detail', '')):
                self.fail(step, f'the cause is not in: {describe(one)}')
            kinds.discard(kind)
        return not found

    def apply(self, step, verb, *arguments):
        ordered = self.order(verb)
        found = errors(self.workspace.apply(*arguments, ok=(0, 1)))
        if not self.fault.survivable and ordered:
            self.judge(step, ordered, found)
            self.true_state(step)
            # What failed keeps others that need it from being tried: again, as often as it takes.
            for _ in range(8):
                if not found:
                    break
                found = errors(self.workspace.apply(*arguments, ok=(0, 1)))
                self.judge(step, ordered, found)
            self.struck(step, ordered)
            found = errors(self.workspace.apply(*arguments, ok=(0, 1)))
            for one in found:
                self.fail(f'{step}, again without the fault', describe(one))
        else:
            self.judge(step, ordered, found)
            self.struck(step, ordered)
        self.true_state(step)
        return not found

    def true_state(self, step):
        for one in self.workspace.differences():
            self.fail(step, one)

    def empty_plan(self, step):
        ordered = self.order('read')
        for address, change in changes(self.workspace.plan()).items():
            self.fail(step, f'the plan is not empty: {address} {change["actions"]}')
        self.struck(step, ordered)

    def run(self):
        if not self.apply('create', 'create'):
            return
        self.empty_plan('read')
        self.workspace.environment['TF_VAR_word'] = 'second'
        if not self.apply('update', 'update'):
            return
        self.empty_plan('read after the update')
        self.apply('delete', 'delete', '-destroy')
        for one in self.cloud.living():
            self.fail('delete', f'left over: {one}')


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--only', action='append')
    options.add_argument('--folder')
    options = options.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix='okestra-faults-') as folder:
        folder = Path(options.folder or folder)
        for name in options.only or FAULTS:
            began = time.monotonic()
            place = folder / name.replace(' ', '-')
            with Cloud(place / 'cloud') as cloud:
                one = Round(cloud, place / 'work', name, FAULTS[name])
                one.run()
                failed += one.failed
            print(f'{name}: {one.failed} failed, {time.monotonic() - began:.0f} s', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
