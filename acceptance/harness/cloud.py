"""The local OCI as the tests use it: started, ended, killed, and its control endpoint
(acceptance/cloud/README.md)."""

import json
import os
import signal
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PATIENCE = 30


class Cloud:
    """One emulator with its state in a folder of its own. Ends with its `with` block."""

    def __init__(self, folder, speed=2000, record=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.program = os.path.join(os.environ['OKESTRA_BUILD'], 'oci-emulator')
        self.speed = speed
        self.record = record
        self.process = None

    @classmethod
    def attach(cls, url, ca):
        """An emulator that somebody else started: for its control endpoint."""
        cloud = cls.__new__(cls)
        cloud.url = url.rstrip('/')
        cloud.context = ssl.create_default_context(cafile=ca)
        return cloud

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self, listen='127.0.0.1:0'):
        command = [self.program, '--state', str(self.folder), '--listen', listen,
                   '--speed', str(self.speed)]
        if self.record:
            command += ['--record', str(self.record)]
        with open(self.folder / 'emulator.log', 'ab') as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log,
                                            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith('ready https://'):
            raise RuntimeError(f'the emulator does not start: {line!r}; see {log.name}')
        self.url = line.split()[1].rstrip('/')
        self.context = ssl.create_default_context(cafile=str(self.folder / 'ca.pem'))
        self.config = self._read_config()
        self.environment = self._read_environment()

    def stop(self, kill=False):
        if not self.process:
            return
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process = None

    def _read_config(self):
        pairs = (line.split('=', 1) for line in (self.folder / 'config').read_text().splitlines()
                 if '=' in line)
        return {name.strip(): value.strip() for name, value in pairs}

    def _read_environment(self):
        """What `env` of the state folder exports, on top of a bare environment."""
        bare = {'PATH': os.environ['PATH'], 'HOME': str(self.folder)}
        text = subprocess.run(['bash', '-c', '. "$1/env" && env -0', 'bash', str(self.folder)],
                              env=bare, check=True, capture_output=True).stdout.decode()
        pairs = dict(entry.split('=', 1) for entry in text.split('\0') if '=' in entry)
        return {name: value for name, value in pairs.items()
                if name not in ('_', 'SHLVL', 'PWD', 'OLDPWD')}

    # --- control endpoint -------------------------------------------------------------------------

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f'{self.url}/_emulator/{path}', data=data, method=method,
                                         headers={'content-type': 'application/json'})
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=PATIENCE) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f'{method} {path} {body}: {error.code} '
                               f'{error.read().decode(errors="replace")}') from None
        return json.loads(text) if text.strip() else None

    def living(self):
        """Objects that exist, of those that were not there from the start: [{kind, id, name, state}]."""
        return [{'kind': kind, **one} for kind, found in self.control('GET', 'objects').items()
                for one in found]

    def object(self, number):
        """The stored body of an object."""
        return self.control('GET', f'object?id={urllib.parse.quote(number, safe="")}')['body']

    def mutate(self, number, patch, part=None):
        """Changes a stored object, or a part of it that has an id, as another user would (RFC 7396)."""
        self.control('POST', 'mutate', {'id': number, 'patch': patch,
                                        **({'part': part} if part else {})})

    def fault(self, operation, **order):
        """Orders one fault for the next call of the operation."""
        self.control('POST', 'faults', {'operation': operation, **order})

    def faults_left(self):
        """Operations whose faults did not strike yet."""
        return {one['operation'] for one in self.control('GET', 'faults')}

    def clear_faults(self):
        self.control('DELETE', 'faults')

    def log(self):
        return self.control('GET', 'log')

    def clear_log(self):
        self.control('DELETE', 'log')
