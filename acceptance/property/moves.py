#!/usr/bin/env python3
"""A state of Oracle's provider moves over by `moved` blocks: the plan finds nothing to change.

    moves.py [--without KIND]... [--folder DIR]

One object of each kind is made. Then the state is rewritten as oracle/oci has it: its types and address,
empty collections where nothing is set, Go's time format, an attribute that we do not know. Terraform only
wants that provider to be there; a copy of ours under its name stands in.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import descriptors
from all_kinds import HERE, AllKinds
from cloud import Cloud
from terraform import Failed, action, changed_members, changes

HEADER = '''terraform {
  required_providers {
    oke = { source = "okestra/oke" }
    oci = { source = "oracle/oci" }
  }
}
'''
EMPTY = {'string_list': [], 'string_set': [], 'object_list': [], 'object_set': [], 'string_map': {}}


def blocks_without(text, kinds):
    """The configuration without the resources of these kinds."""
    for kind in kinds:
        text = re.sub(rf'^resource "oke_{kind}" .*?^}}\n', '', text, flags=re.M | re.S)
    return text


def foreign(attribute, value):
    """A value as Oracle's provider would have stored it."""
    if value is None:
        return EMPTY.get(attribute.kind)
    if attribute.name.startswith('time_') and isinstance(value, str):
        return value.replace('T', ' ').replace('Z', ' +0000 UTC')
    if attribute.fields and isinstance(value, list):
        return [{one.name: foreign(one, item.get(one.name)) for one in attribute.fields}
                for item in value]
    return value


def rewrite(state, kinds, sources):
    """The state as that of oracle/oci; returns {address: address before}."""
    moves = {}
    for resource in state['resources']:
        if resource['mode'] != 'managed':
            continue
        kind = kinds[resource['type'].removeprefix('oke_')]
        moves[f"{resource['type']}.{resource['name']}"] = f"{sources[kind.name]}.{resource['name']}"
        resource['type'] = sources[kind.name]
        resource['provider'] = 'provider["registry.terraform.io/oracle/oci"]'
        for instance in resource['instances']:
            for name in ('identity', 'identity_schema_version', 'dependencies', 'private'):
                instance.pop(name, None)
            values = instance['attributes']
            instance['attributes'] = {
                one.name: foreign(one, values.get(one.name)) for one in kind.attributes
                if not one.write_only}
            instance['attributes'].update(timeouts=None, of_another_version='x')
    return moves


def stand_in(workspace):
    """Makes the build under test the provider oracle/oci as well."""
    folder = workspace.folder / 'stand-in'
    folder.mkdir()
    shutil.copy(Path(os.environ['OKESTRA_BUILD'], 'terraform-provider-oke'),
                folder / 'terraform-provider-oci')
    path = Path(workspace.environment['TF_CLI_CONFIG_FILE'])
    path.write_text(path.read_text().replace(
        'dev_overrides {', f'dev_overrides {{\n    "oracle/oci" = "{folder}"'))


def judge(plan, moves):
    wrong = [f'{address}: {action(change)} of {sorted(changed_members(change))}'
             for address, change in changes(plan).items()]
    moved = {one['address'].split('[')[0]: one['previous_address'].split('[')[0]
             for one in plan['resource_changes'] if 'previous_address' in one}
    return wrong + [f'{address} did not move' for address, before in moves.items()
                    if moved.get(address) != before]


def run(folder, cloud, without):
    loaded = descriptors.load_all()['resources']
    sources = {one['name'].removeprefix('oke_'): one['moved_from'][0]
               for one in loaded if one.get('moved_from')}
    text = blocks_without((HERE / 'all_kinds.tf').read_text(), without)
    workspace = AllKinds(folder, cloud)
    workspace.write('main.tf', text)
    workspace.apply()
    path = workspace.folder / 'terraform.tfstate'
    state = json.loads(path.read_text())
    moves = rewrite(state, descriptors.load(), sources)
    state['serial'] += 1
    path.write_text(json.dumps(state))
    stand_in(workspace)
    workspace.write('main.tf', HEADER + text + ''.join(
        f'moved {{\n  from = {before}\n  to   = {address}\n}}\n'
        for address, before in moves.items()), header=False)
    wrong = judge(workspace.plan(), moves)
    workspace.apply()
    workspace.plan(ok=(0,))
    workspace.destroy()
    left = cloud.living()
    wrong += [f'left over: {left}'] if left else []
    for one in wrong:
        print(f'FAILED {one}')
    print(f'{len(moves)} resources moved, {len(wrong)} wrong')
    return 1 if wrong else 0


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--without', action='append', default=[])
    options.add_argument('--folder')
    options = options.parse_args()
    with tempfile.TemporaryDirectory(prefix='okestra-moves-') as folder:
        folder = Path(options.folder or folder)
        with Cloud(folder / 'cloud') as cloud:
            try:
                return run(folder / 'work', cloud, options.without)
            except Failed as failure:
                print(f'FAILED {failure}')
                return 1


if __name__ == '__main__':
    sys.exit(main())
