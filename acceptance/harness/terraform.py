"""Runs Terraform or OpenTofu in a folder of its own, with the provider under test and nothing of the
user's configuration."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from hcl import HEADER

PARALLELISM = '32'


class Failed(AssertionError):
    """A run that ended otherwise than wanted. The message holds its output."""


def cli_configuration(folder):
    """The CLI configuration that makes the build under test the provider okestra/oke."""
    path = Path(folder) / 'terraform.rc'
    path.write_text(f'''disable_checkpoint = true
provider_installation {{
  dev_overrides {{
    "okestra/oke" = "{os.environ['OKESTRA_BUILD']}"
  }}
  direct {{}}
}}
''')
    return path


def program(name='terraform'):
    """The program to run: Terraform, or OpenTofu where there is no Terraform or it is asked for."""
    order = ('TOFU', 'TERRAFORM') if name == 'tofu' else ('TERRAFORM', 'TOFU')
    return os.environ.get(order[0]) or os.environ[order[1]]


class Workspace:
    """A folder with a configuration and a state."""

    def __init__(self, folder, cloud=None, environment=None, terraform=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.terraform = terraform or program()
        self.environment = dict(cloud.environment if cloud else
                                {'PATH': os.environ['PATH'], 'HOME': str(self.folder)})
        self.environment.update(
            TF_CLI_CONFIG_FILE=str(cli_configuration(self.folder)), CHECKPOINT_DISABLE='1',
            TF_IN_AUTOMATION='1', OKE_CONFORMANCE='fatal')
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS'):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.environment.update(environment or {})

    def write(self, name, text, header=True):
        (self.folder / name).write_text((HEADER if header else '') + text)

    def copy(self, example):
        for path in Path(os.environ['OKESTRA_ROOT'], 'examples', example).glob('*.tf'):
            shutil.copy(path, self.folder)

    def start(self, *arguments, **options):
        return subprocess.Popen([self.terraform, *arguments], cwd=self.folder, env=self.environment,
                                stdin=subprocess.DEVNULL, **options)

    def run(self, *arguments, ok=(0,), environment=None):
        """Runs and returns the finished process; Failed when its status is not among ok."""
        done = subprocess.run([self.terraform, *arguments], cwd=self.folder, text=True,
                              env={**self.environment, **(environment or {})},
                              stdin=subprocess.DEVNULL, capture_output=True)
        if ok and done.returncode not in ok:
            said = '\n'.join(describe(one) for one in errors(diagnostics(done.stdout)))
            raise Failed(f'{os.path.basename(self.terraform)} {" ".join(arguments)}: status '
                         f'{done.returncode}\n{said or done.stdout[-6000:]}\n{done.stderr[-6000:]}')
        return done

    def init(self, *arguments):
        """A provider by development override needs no init; backends and modules do."""
        return self.run('init', '-input=false', '-no-color', *arguments)

    def apply(self, *arguments, ok=(0,)):
        """Applies. Returns the diagnostics (apply -json)."""
        done = self.run('apply', '-json', '-auto-approve', '-input=false', '-parallelism',
                        PARALLELISM, *arguments, ok=ok)
        return diagnostics(done.stdout)

    def destroy(self, *arguments, ok=(0,)):
        return self.apply('-destroy', *arguments, ok=ok)

    def plan(self, *arguments, ok=(0, 2)):
        """Plans. Returns the parsed plan."""
        self.run('plan', '-input=false', '-no-color', '-out=plan', '-detailed-exitcode',
                 '-parallelism', PARALLELISM, *arguments, ok=ok)
        return json.loads(self.run('show', '-json', 'plan').stdout)

    def plan_diagnostics(self, *arguments):
        done = self.run('plan', '-json', '-input=false', '-parallelism', PARALLELISM, *arguments,
                        ok=None)
        return diagnostics(done.stdout)

    def validate(self):
        return json.loads(self.run('validate', '-json', ok=(0, 1)).stdout)['diagnostics']

    def output(self, name):
        return json.loads(self.run('output', '-json', name).stdout)

    def state(self):
        """The state's resources as {address: values}."""
        shown = json.loads(self.run('show', '-json').stdout)
        return {one['address']: one['values'] for one in resources_of(shown.get('values'))}

    def data(self):
        """The state's data sources as {address: values}."""
        shown = json.loads(self.run('show', '-json').stdout)
        return {one['address']: one['values'] for one in resources_of(shown.get('values'), 'data')}


def resources_of(values, mode='managed'):
    """All managed resources (data sources) of a state or of planned values, child modules included."""
    module = (values or {}).get('root_module', {})
    pending = [module]
    while pending:
        module = pending.pop()
        yield from (one for one in module.get('resources', []) if one['mode'] == mode)
        pending += module.get('child_modules', [])


def diagnostics(text):
    """The diagnostics among the lines of a -json run."""
    found = []
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if 'diagnostic' in entry:
            found.append(entry['diagnostic'])
    return found


def errors(found):
    return [one for one in found if one['severity'] == 'error']


def describe(one):
    return f"{one.get('address', '-')}: {one['summary']}: {one.get('detail', '')}"


# --- what a plan says -------------------------------------------------------------------------------

def changes(plan):
    """{address: change} of all that the plan would do to managed resources (import included)."""
    return {one['address']: one['change'] for one in plan.get('resource_changes', [])
            if one['mode'] == 'managed'
            and (one['change']['actions'] not in (['no-op'], ['read'])
                 or 'importing' in one['change'])}


def changed_members(change):
    """Names of the top-level attributes with another known value after than before."""
    before, after = change['before'] or {}, change['after'] or {}
    unknown = change.get('after_unknown') or {}
    return {name for name in set(before) | set(after)
            if before.get(name) != after.get(name) and unknown.get(name) is not True}


def action(change):
    """create, update, replace, delete, no-op."""
    actions = change['actions']
    return 'replace' if set(actions) == {'create', 'delete'} else actions[0]
