#!/usr/bin/env python3
"""verify_signature.py RECORD.jsonl CONFIG: checks the signatures in a record of the emulator with the
openssl command line, and by OCI's rules as written down here: nothing of this project's code takes part.

Every request that is signed with the API key of CONFIG must verify, its body hash and length must be
those of its body, and with one bit changed, in the signature or in what is signed, it must not verify.
"""

import base64
import collections
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ALWAYS = ['date', '(request-target)', 'host']
WITH_BODY = ALWAYS + ['content-length', 'content-type', 'x-content-sha256']
# Uploads of objects may leave the body unsigned; these rules allow it.
UNSIGNED_BODY = re.compile(r'/n/[^/]+/b/[^/]+/(o|u)/')
AT_MOST = 400


class Verifier:
    def __init__(self, config, folder):
        profile = Path(config).read_text().partition('[DEFAULT]')[2].partition('\n[')[0]
        pairs = dict(re.findall(r'^(\w+) *= *(.*)$', profile, re.M))
        self.key_id = f"{pairs['tenancy']}/{pairs['user']}/{pairs['fingerprint']}"
        self.public = Path(folder, 'public.pem')
        self.signature = Path(folder, 'signature')
        command = ['openssl', 'pkey', '-in', pairs['key_file'], '-pubout', '-out', str(self.public)]
        if 'pass_phrase' in pairs:
            command += ['-passin', 'pass:' + pairs['pass_phrase']]
        subprocess.run(command, check=True, capture_output=True)

    def accepts(self, text, signature):
        self.signature.write_bytes(signature)
        done = subprocess.run(['openssl', 'dgst', '-sha256', '-verify', str(self.public),
                               '-signature', str(self.signature)], input=text, capture_output=True)
        return done.returncode == 0


def parse(authorization):
    scheme, _, rest = authorization.partition(' ')
    if scheme.lower() != 'signature':
        return None
    return dict(re.findall(r'(\w+)="([^"]*)"', rest))


def signing_string(entry, headers, names):
    lines = []
    for name in names:
        value = f"{entry['method'].lower()} {entry['path']}" if name == '(request-target)' \
            else headers[name]
        lines.append(f'{name}: {value}')
    return '\n'.join(lines).encode()


def body_of(entry):
    body = entry.get('body')
    if body is None:
        return b''
    if isinstance(body, dict) and set(body) == {'base64'}:
        return base64.b64decode(body['base64'])
    return body.encode() if isinstance(body, str) else None


def check(entry, verifier):
    """None for a request that is not ours to check, else what is wrong with it ('' if nothing)."""
    headers = {name.lower(): value for name, value in entry['headers'].items()}
    fields = parse(headers.get('authorization', ''))
    if not fields or fields.get('keyId') != verifier.key_id:
        return None
    if fields.get('version') != '1' or fields.get('algorithm') != 'rsa-sha256':
        return f'version and algorithm are {fields}'
    names = fields['headers'].split()
    has_body = entry['method'] in ('POST', 'PUT', 'PATCH')
    allowed = [WITH_BODY] + ([ALWAYS] if UNSIGNED_BODY.search(entry['path']) else [])
    if names not in (allowed if has_body else [ALWAYS]):
        return f'these headers are signed: {names}'
    if 'x-content-sha256' in names:
        body = body_of(entry)
        if body is not None:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            if headers['x-content-sha256'] != digest or headers['content-length'] != str(len(body)):
                return 'hash or length of the body are of another body'
    text = signing_string(entry, headers, names)
    signature = base64.b64decode(fields['signature'], validate=True)
    if not verifier.accepts(text, signature):
        return f'openssl refuses the signature of {text.decode()!r}'
    return ''


def one_bit_changed(entry, verifier):
    """What of it is accepted although one bit is wrong."""
    headers = {name.lower(): value for name, value in entry['headers'].items()}
    fields = parse(headers['authorization'])
    text = signing_string(entry, headers, fields['headers'].split())
    signature = base64.b64decode(fields['signature'])
    wrong = []
    for at in (0, len(signature) // 2, len(signature) - 1):
        changed = bytearray(signature)
        changed[at] ^= 1
        if verifier.accepts(text, bytes(changed)):
            wrong.append(f'bit in byte {at} of the signature')
    for at in (0, len(text) // 2, len(text) - 1):
        changed = bytearray(text)
        changed[at] ^= 1
        if verifier.accepts(bytes(changed), signature):
            wrong.append(f'bit in byte {at} of what is signed')
    return wrong


def main():
    record, config = sys.argv[1:3]
    checked = collections.Counter()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        verifier = Verifier(config, folder)
        for number, line in enumerate(open(record, encoding='utf-8'), 1):
            entry = json.loads(line)
            first = not checked[entry['method']]
            if sum(checked.values()) >= AT_MOST and not first:
                continue
            wrong = check(entry, verifier)
            if wrong is None:
                continue
            checked[entry['method']] += 1
            accepted = one_bit_changed(entry, verifier) if first and not wrong else []
            for what in [wrong] * bool(wrong) + [f'accepted with a wrong {one}' for one in accepted]:
                failed += 1
                print(f"FAILED {record}:{number}: {entry['method']} {entry['path']}: {what}")
    print(f'{sum(checked.values())} signatures checked {dict(checked)}, {failed} wrong')
    if not {'GET', 'POST'} <= set(checked):
        print('FAILED: the record holds too little')
        failed += 1
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
