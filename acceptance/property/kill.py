#!/usr/bin/env python3
"""kill -9 at random moments of an apply: of the provider, of Terraform, of both.

    kill.py [--seed N] [--kills N]

An apply of one object of each kind (and of identical ones, where OCI allows them) is killed again and
again, and started again at once, until it gets through. Then the emulator holds each object once, all of
them are in the state, a plan is empty, and destroy leaves nothing. The moments are spread over the whole
apply: a random number of requests, and a random time after the last of them.
"""

import argparse
import collections
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from all_kinds import AllKinds
from cloud import Cloud
from terraform import Failed

PATIENCE = 120


def children(pid):
    """Direct children of a process."""
    found = []
    for task in Path(f'/proc/{pid}/task').glob('*/children'):
        try:
            found += [int(one) for one in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def is_provider(pid):
    try:
        return 'terraform-provider-oke' in os.readlink(f'/proc/{pid}/exe')
    except OSError:
        return False


def providers(terraform):
    return [pid for pid in children(terraform) if is_provider(pid)]


class Killer:
    def __init__(self, cloud, workspace, rng):
        self.cloud = cloud
        self.workspace = workspace
        self.rng = rng
        self.kills = collections.Counter()
        self.output = workspace.folder / 'apply.log'

    def once(self, victim):
        """One apply that is killed. True when it was quicker and finished."""
        self.cloud.clear_log()
        # Few requests are likelier than many: what is left to do becomes less.
        wanted = int(self.rng.random() ** 2 * 50)
        pause = self.rng.random() * 0.02
        with open(self.output, 'w', encoding='utf-8') as log:
            apply = self.workspace.start('apply', '-no-color', '-auto-approve', '-input=false',
                                         '-parallelism', '16', stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while apply.poll() is None and len(self.cloud.log()) < wanted:
            if time.monotonic() > until:
                raise Failed('an apply takes for ever')
            time.sleep(0.005)
        time.sleep(pause)
        self.strike(victim, apply)
        status = apply.wait(PATIENCE)
        if status == 0:
            return True
        if status > 0 and victim == 'terraform':
            raise Failed(f'an apply failed by itself:\n{self.output.read_text()[-4000:]}')
        if status > 0 and not self.struck:
            raise Failed(f'an apply failed without being killed:\n{self.output.read_text()[-4000:]}')
        return False

    def strike(self, victim, apply):
        self.struck = False
        targets = []
        if victim in ('provider', 'both'):
            targets += providers(apply.pid)
        if victim in ('terraform', 'both') or not targets:
            targets.append(apply.pid)
        for pid in targets:
            try:
                os.kill(pid, signal.SIGKILL)
                self.struck = True
            except ProcessLookupError:
                pass
        if self.struck:
            self.kills[victim] += 1


def life(cloud, folder, rng, wanted):
    """One stack from nothing to nothing with at most `wanted` kills on its way up. Returns them."""
    workspace = AllKinds(folder, cloud, twins=2)
    killer = Killer(cloud, workspace, rng)
    finished = False
    while not finished and sum(killer.kills.values()) < wanted:
        finished = killer.once(rng.choice(('provider', 'terraform', 'both')))
    workspace.apply()
    wrong = workspace.differences()
    if wrong:
        raise Failed('after the last apply: ' + '; '.join(wrong))
    workspace.plan(ok=(0,))
    left = list(workspace.folder.rglob('*oke-journal'))
    if left:
        raise Failed(f'the journal of creates is still there: {left[0].read_text()}')
    workspace.destroy()
    if cloud.living():
        raise Failed(f'left over: {cloud.living()}')
    return killer.kills


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--seed', type=int, default=random.SystemRandom().randrange(10 ** 6))
    options.add_argument('--kills', type=int, default=50)
    options.add_argument('--folder')
    options = options.parse_args()
    print(f'seed {options.seed}', flush=True)
    rng = random.Random(options.seed)
    kills = collections.Counter()
    with tempfile.TemporaryDirectory(prefix='okestra-kill-') as folder:
        folder = Path(options.folder or folder)
        with Cloud(folder / 'cloud', speed=500) as cloud:
            lives = 0
            while sum(kills.values()) < options.kills:
                lives += 1
                kills += life(cloud, folder / f'life-{lives}', rng, 12)
                print(f'{dict(kills)} kills so far', flush=True)
    print(f'{sum(kills.values())} kills {dict(kills)} in {lives} lives; seed {options.seed}')
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except Failed as failure:
        print(f'FAILED {failure}')
        sys.exit(1)
