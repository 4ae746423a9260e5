"""A state of oracle/oci moves over by `moved` blocks: the plan does nothing but move, and the next is empty.

The state is one of ours, for all_kinds.tf, made into what oracle/oci would have written: its resource types,
what the API tells (oracle/oci stores that also inside of blocks that the user left alone), and an attribute
that only it knows. Terraform loads the schemas of a provider for what stands in its state; ours answers for it.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import descriptors
import look_ups
from all_kinds import AllKinds
from cloud import Cloud
from terraform import Failed, action, changes


def source_types():
    """{our type: the type of oracle/oci}"""
    return {one['name']: next(name for name in one['moved_from'] if name.startswith('oci_'))
            for one in descriptors.load_all()['resources']
            if any(name.startswith('oci_') for name in one.get('moved_from') or [])}


def offer_source_provider(workspace):
    folder = workspace.folder / 'source'
    folder.mkdir()
    program = Path(os.environ['OKESTRA_BUILD'], 'terraform-provider-oke')
    shutil.copy(program, folder / 'terraform-provider-oci')
    path = Path(workspace.environment['TF_CLI_CONFIG_FILE'])
    path.write_text(path.read_text().replace(
        'dev_overrides {', f'dev_overrides {{\n    "oracle/oci" = "{folder}"'))


def told_by_api(workspace):
    """{our type: what the data source of one object tells}"""
    kinds = descriptors.load()
    sources = {one['name']: look_ups.Source(one) for one in descriptors.load_all()['data_sources']}
    blocks = []
    for address, state in workspace.state().items():
        name = address.split('.')[0]
        if name in sources:
            kind = kinds[name.removeprefix('oke_')]
            blocks.append(look_ups.block(sources[name], 'told',
                                         look_ups.arguments_by_id(kind, sources[name], state)))
    workspace.write('told.tf', ''.join(blocks), header=False)
    workspace.apply()
    (workspace.folder / 'told.tf').unlink()
    return {address.split('.')[1]: values for address, values in workspace.data().items()
            if address.endswith('.told')}


def rewrite(path, types, told):
    """Makes the state file one of oracle/oci's. Returns the addresses (theirs, ours)."""
    state, moved = json.loads(path.read_text()), []
    state['resources'] = [one for one in state['resources'] if one['name'] != 'told']
    for resource in state['resources']:
        ours = resource['type']
        if resource['mode'] != 'managed' or ours not in types:
            continue
        resource['type'] = types[ours]
        resource['provider'] = resource['provider'].replace('okestra/oke', 'oracle/oci')
        moved.append((f"{types[ours]}.{resource['name']}", f"{ours}.{resource['name']}"))
        for instance in resource['instances']:
            for name in ('private', 'identity', 'identity_schema_version'):
                instance.pop(name, None)
            attributes = instance['attributes']
            attributes.update({name: value for name, value in told.get(ours, {}).items()
                               if name in attributes and value is not None}, only_theirs='value')
    state['serial'] += 1
    path.write_text(json.dumps(state))
    return moved


def main():
    types = source_types()
    with tempfile.TemporaryDirectory() as folder, Cloud(f'{folder}/cloud') as cloud:
        workspace = AllKinds(f'{folder}/work', cloud)
        workspace.apply()
        offer_source_provider(workspace)
        moved = rewrite(workspace.folder / 'terraform.tfstate', types, told_by_api(workspace))
        workspace.write('moved.tf', ''.join(f'moved {{\n  from = {source}\n  to   = {to}\n}}\n'
                                            for source, to in moved), header=False)
        plan = workspace.plan()
        wrong = [f'{address}: {action(change)} {change["before"]} {change["after"]}'
                 for address, change in changes(plan).items()]
        came = {one['address']: one.get('previous_address') for one in plan['resource_changes']}
        wrong += [f'{to} did not come from {source}' for source, to in moved
                  if not any(address.startswith(to) and previous and previous.startswith(source)
                             for address, previous in came.items())]
        workspace.apply()
        wrong += [f'second plan: {address}: {action(change)}'
                  for address, change in changes(workspace.plan()).items()]
        print('\n'.join(wrong))
        print(f'{len(moved)} kinds moved over, {len(wrong)} differences')
        workspace.destroy()
    sys.exit(bool(wrong))


if __name__ == '__main__':
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
