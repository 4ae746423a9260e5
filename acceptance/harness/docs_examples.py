"""Checks every example of the documentation with `terraform validate` and `terraform fmt`: each becomes a
module of one configuration. What an example refers to and does not hold itself comes from the examples of
those types; variables are declared without a type, and unknown.

    docs_examples.py FOLDER
"""

import re
import sys
from pathlib import Path

import descriptors
from hcl import HEADER
from terraform import Failed, Workspace

# Actions need a newer language than the Terraform that is tested with.
SECTIONS = {'resources': '', 'data_sources': 'data.', 'ephemerals': 'ephemeral.', 'functions': None}
MANIFEST = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: todo\n'

BLOCK = re.compile(r'^(resource|data|ephemeral) "(oke_\w+)" "(\w+)"', re.M)
REFERENCE = re.compile(r'(?<![\w."])((?:data\.|ephemeral\.)?oke_\w+)\.(\w+)')
VARIABLE = re.compile(r'\bvar\.(\w+)')


def defined(text):
    """What a text defines: {("data.oke_vcns", "all")}."""
    prefixes = {'resource': '', 'data': 'data.', 'ephemeral': 'ephemeral.'}
    return {(prefixes[kind] + name, label) for kind, name, label in BLOCK.findall(text)}


def complete(text, blocks):
    """The text, and for each object that it refers to a block out of the example of that type."""
    while missing := set(REFERENCE.findall(text)) - defined(text):
        kind, label = min(missing)
        if kind not in blocks:
            raise LookupError(f'{kind}.{label} is used, and no example defines such')
        block, own = blocks[kind]
        text += '\n' + block.replace(f'"{own}" {{', f'"{label}" {{', 1)
    return text


def own_blocks(examples):
    """{type: (block, label)} of each type's own example."""
    found = {}
    for section, name, text in examples:
        for block in re.split(r'\n(?=[a-z])', text):
            for kind, label in defined(block):
                if SECTIONS[section] is not None and kind == SECTIONS[section] + name:
                    found.setdefault(kind, (block + '\n', label))
    return found


def write_modules(workspace, examples):
    blocks, variables, calls = own_blocks(examples), set(), []
    for section, name, text in examples:
        folder = workspace.folder / section / name
        folder.mkdir(parents=True)
        (folder / 'app.yaml').write_text(MANIFEST)
        (folder / 'example.tf').write_text(text)
        rest = complete(text, blocks)[len(text):]
        names = sorted(set(VARIABLE.findall(text + rest)))
        declared = ''.join(f'variable "{one}" {{}}\n' for one in names)
        (folder / 'rest.tf').write_text(HEADER.split('provider "oke"')[0] + declared + rest)
        arguments = ''.join(f'  {one} = var.{one}\n' for one in names)
        calls.append(f'module "{section}-{name}" {{\n  source = "./{section}/{name}"\n{arguments}}}\n')
        variables.update(names)
    workspace.write('main.tf', ''.join(f'variable "{one}" {{}}\n' for one in sorted(variables)) +
                    ''.join(calls))


def main():
    everything = descriptors.load_all()
    examples = [(section, one['name'], one.get('example', ''))
                for section in SECTIONS for one in everything[section]]
    without = [f'{section}/{name}' for section, name, text in examples if not text]
    assert not without, f'no example: {", ".join(without)}'
    workspace = Workspace(Path(sys.argv[1]))
    write_modules(workspace, examples)
    try:
        workspace.run('get', '-no-color')
        workspace.run('validate', '-no-color')
    except Failed as failed:
        sys.exit(str(failed))
    badly = workspace.run('fmt', '-recursive', '-check', '-no-color', ok=(0, 3)).stdout
    badly = [line for line in badly.splitlines() if line.endswith('example.tf')]
    assert not badly, f'not as `terraform fmt` writes it: {", ".join(badly)}'
    print(f'{len(examples)} examples are valid')


if __name__ == '__main__':
    main()
