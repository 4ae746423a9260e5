#!/usr/bin/env python3
"""wrong_input.py CASES.toml: each wrong configuration gets the diagnostic it should, where it should be.

All cases of one stage are files of one workspace: Terraform reports every one of them in one run, and a
diagnostic says which file it is about. Cases with a provider block of their own run by themselves. Prints
one line for each case.
"""

import hashlib
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path

from cloud import Cloud
from hcl import HEADER
from terraform import Workspace, describe, errors

FIXTURE = '''
data "oke_cluster_option" "all" {
  cluster_option_id = "all"
}

data "oke_availability_domains" "all" {
  compartment_id = "TENANCY"
}

locals {
  versions = data.oke_cluster_option.all.kubernetes_versions
  domains  = data.oke_availability_domains.all.availability_domains[*].name
}

resource "oke_compartment" "main" {
  compartment_id = "TENANCY"
  name           = "wrong-input"
  description    = "What wrong configurations refer to"
  enable_delete  = true
}

resource "oke_vcn" "main" {
  compartment_id = oke_compartment.main.id
  cidr_blocks    = ["10.0.0.0/16"]
}

resource "oke_subnet" "main" {
  compartment_id = oke_compartment.main.id
  vcn_id         = oke_vcn.main.id
  cidr_block     = "10.0.0.0/24"
}

resource "oke_cluster" "main" {
  compartment_id     = oke_compartment.main.id
  name               = "main"
  vcn_id             = oke_vcn.main.id
  kubernetes_version = local.versions[0]

  endpoint_config {
    subnet_id = oke_subnet.main.id
  }
}
'''


def ocid(kind, region='phx'):
    """A well-formed OCID of nothing."""
    unique = hashlib.sha256(kind.encode()).hexdigest()[:60].translate(str.maketrans('0189', 'wxyz'))
    place = '' if kind in ('compartment', 'user', 'group') else region
    return f'ocid1.{kind}.oc1.{place}.{unique}'


WORDS = {name.upper(): ocid(name) for name in
         ('compartment', 'vcn', 'subnet', 'cluster', 'group', 'loggroup')}
WORDS.update(NSG=ocid('networksecuritygroup'), AN_IMAGE=ocid('image'))


def fill(text, words):
    return re.sub(r'"(%s)"' % '|'.join(words), lambda found: f'"{words[found[1]]}"',
                  re.sub(r"'(COMPARTMENT)'", lambda found: f"'{words[found[1]]}'", text))


def rename(text, number):
    """The resource of a case is called x in the table; in one workspace each needs its own name."""
    text = re.sub(r'^((?:resource|data|ephemeral) "\w+"|output) "x"', rf'\1 "case_{number}"', text, flags=re.M)
    return re.sub(r'(to = oke_\w+)\.x', rf'\1.case_{number}', text)


def marked_lines(text):
    return [number for number, line in enumerate(text.splitlines(), 1) if re.search('#[!?]$', line)]


def judge(case, text, found):
    """None, or what is wrong with the diagnostics of a case."""
    if not found:
        return 'no error'
    matching = [one for one in found if re.search(case['says'], f"{one['summary']} {one.get('detail')}",
                                                  re.S)]
    said = '; '.join(f"line {one.get('range', {}).get('start', {}).get('line')}: {describe(one)}"
                     for one in found)
    if not matching:
        return f'no error says {case["says"]!r}: {said}'
    lines = marked_lines(text)
    if lines and not any(one.get('range', {}).get('start', {}).get('line') in lines
                         for one in matching):
        return f'the error is not at a marked line {lines}: {said}'
    return None


class Runner:
    def __init__(self, cloud, folder):
        self.cloud = cloud
        self.folder = folder
        self.words = {**WORDS, 'TENANCY': cloud.config['tenancy']}
        self.failed = 0

    def result(self, case, text, found):
        wrong = judge(case, text, found)
        self.failed += bool(wrong)
        print(f"{'FAILED' if wrong else 'ok'} {case['name']}{': ' + wrong if wrong else ''}", flush=True)

    def together(self, cases, stage):
        """Cases of one stage in one workspace."""
        workspace = Workspace(self.folder / stage, self.cloud)
        fixture = fill(FIXTURE, self.words)
        workspace.write('main.tf', fixture)
        if stage == 'plan':
            wrong = errors(workspace.apply(ok=(0, 1)))
            if wrong:
                sys.exit('the fixture does not apply: ' + '; '.join(map(describe, wrong)))
        texts = {}
        for number, case in enumerate(cases):
            name = f'case_{number}.tf'
            texts[name] = rename(fill(case['config'], self.words), number)
            workspace.write(name, texts[name], header=False)
        found = workspace.validate() if stage == 'validate' else workspace.plan_diagnostics()
        for (name, text), case in zip(texts.items(), cases):
            mine = [one for one in found if one['severity'] == case.get('severity', 'error')
                    and self.about(one, name)]
            self.result(case, text, mine)

    @staticmethod
    def about(diagnostic, name):
        """By its file, or by its address when it has no place in the configuration."""
        if 'range' in diagnostic:
            return diagnostic['range']['filename'] == name
        return diagnostic.get('address', '').endswith('.' + name.removesuffix('.tf'))

    def alone(self, case):
        workspace = Workspace(self.folder / 'alone', self.cloud)
        provider = case.get('provider', 'provider "oke" {}\n')
        text = provider + fill(case.get('config', 'data "oke_services" "all" {}\n'), self.words)
        workspace.write('versions.tf', HEADER.replace('provider "oke" {}\n', ''), header=False)
        workspace.write('main.tf', text, header=False)
        found = workspace.validate() if case['stage'] == 'validate' else workspace.plan_diagnostics()
        self.result(case, text, errors(found))


def main():
    cases = tomllib.loads(Path(sys.argv[1]).read_text())['case']
    with tempfile.TemporaryDirectory(prefix='okestra-wrong-') as folder, \
            Cloud(Path(folder) / 'cloud') as cloud:
        runner = Runner(cloud, Path(folder))
        for stage in ('validate', 'plan'):
            runner.together([one for one in cases if one['stage'] == stage and 'config' in one], stage)
        for case in cases:
            if 'provider' in case or case['stage'] == 'import':
                runner.alone(case)
    print(f'{len(cases)} wrong configurations, {runner.failed} without the right diagnostic')
    return 1 if runner.failed else 0


if __name__ == '__main__':
    sys.exit(main())
