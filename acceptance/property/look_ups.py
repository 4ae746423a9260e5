"""Every data source that follows from a resource finds what all_kinds.tf makes: one object by its id and by
its name, and all in a list; what they tell is what the resource's state says.

    look_ups.py [RECORD.jsonl]
"""

import sys
import tempfile

import descriptors
from all_kinds import AllKinds
from cloud import Cloud
from descriptors import Attribute
from hcl import value
from terraform import Failed

# What goes on by itself between the apply and the look.
MOVING = {'bucket': {'approximate_count', 'approximate_size'}}


class Source:
    def __init__(self, data):
        self.type = data['name']
        self.attributes = {one['name']: Attribute(one) for one in data['attributes']}

    def list(self):
        """The attribute with the objects, and whether they are within one more object."""
        (found,) = [one for one in self.attributes.values() if one.kind == 'object_list']
        wrapped = found.fields[0].name == 'items'
        return found.name, wrapped


def plural(name):
    return name[:-1] + 'ies' if name.endswith('y') and not name.endswith('ay') else name + 's'


def agrees(told, state):
    """What a state has null nobody wrote down; the order of sets means nothing."""
    if state is None:
        return True
    if isinstance(state, dict) and isinstance(told, dict):
        return all(agrees(told.get(name), one) for name, one in state.items() if name in told)
    if isinstance(state, list) and isinstance(told, list):
        rest = list(told)
        for one in state:
            match = next((at for at, other in enumerate(rest) if agrees(other, one)), None)
            if match is None:
                return False
            del rest[match]
        return not rest
    return told == state


def arguments_by_id(kind, source, state):
    own = {name for name in source.attributes if name not in {one.name for one in kind.attributes}}
    named = {name: state['id'] for name in own if source.attributes[name].optional and name.endswith('_id')}
    parts = [name for name in kind.identity or ['id'] if source.attributes[name].optional]
    return {name: state[name] for name in parts} | named or arguments_by_name(kind, source, state)


def arguments_by_name(kind, source, state):
    known = {one.name for one in kind.attributes} - {'id'}
    return {name: state[name] for name, one in source.attributes.items()
            if name in known and one.optional and state.get(name) is not None}


def block(source, label, arguments):
    lines = ''.join(f'  {name} = {value(one)}\n' for name, one in arguments.items())
    return f'data "{source.type}" "{label}" {{\n{lines}}}\n'


def questions(kind, sources, state):
    """Triples of source, label and arguments."""
    one, many = sources[kind.type], sources[f'oke_{plural(kind.name)}']
    yield one, 'by_id', arguments_by_id(kind, one, state)
    yield one, 'by_name', arguments_by_name(kind, one, state)
    yield many, 'all', {name: state[name] for name, one in many.attributes.items() if one.required}


def check(kind, source, label, told, state):
    """Texts of what is wrong."""
    if label == 'all':
        name, wrapped = source.list()
        items = told[name][0]['items'] if wrapped else told[name]
        told = next((one for one in items if one['id'] == state['id']), None)
        if told is None:
            yield 'is not in the list'
            return
    for attribute in kind.attributes:
        name = attribute.name
        if name in told and name not in MOVING.get(kind.name, ()) and not agrees(told[name], state[name]):
            yield f'{name} is {told[name]!r}, and {state[name]!r} in the state'


def main():
    kinds = descriptors.load()
    sources = {one['name']: Source(one) for one in descriptors.load_all()['data_sources']}
    record = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder, Cloud(f'{folder}/cloud', record=record) as cloud:
        workspace = AllKinds(f'{folder}/work', cloud)
        workspace.apply()
        states = {address.split('.')[0]: values for address, values in workspace.state().items()}
        asked = [(kinds[name.removeprefix('oke_')], *question, state) for name, state in states.items()
                 if name in sources for question in questions(kinds[name.removeprefix('oke_')], sources, state)]
        workspace.write('look_ups.tf', ''.join(block(*one[1:4]) for one in asked), header=False)
        workspace.apply()
        told = workspace.data()
        wrong = [f'data.{source.type}.{label}: {text}' for kind, source, label, _, state in asked
                 for text in check(kind, source, label, told[f'data.{source.type}.{label}'], state)]
        print('\n'.join(wrong))
        print(f'{len(asked)} look-ups of {len(states)} kinds, {len(wrong)} differences')
        workspace.destroy()
    sys.exit(bool(wrong))


if __name__ == '__main__':
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
