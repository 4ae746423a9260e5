"""A Terraform of our own, at the wire: speaks tfplugin6 with the provider through grpcio.

Real Terraform and OpenTofu test what they call. This client tests the rest: RPCs of newer versions
(list resources, actions, identity, generated configuration), and what a good client never does.

    with Provider(PROGRAM) as provider:            # handshake and AutoMTLS, as Terraform does it
        schema = provider.call("GetProviderSchema")
        provider.configure({"region": "eu-frankfurt-1"})
        for event in provider.stream("ListResource", type_name="oke_vcn", config=pack({...})): ...

Messages are built from provider/proto at run time; nothing is generated into the tree.
"""

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time

import grpc
import msgpack
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
LARGE = 256 * 1024 * 1024
PATIENCE = 30

# --- messages -------------------------------------------------------------------------------------


def _load_protos():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "protos")
        subprocess.run(
            ["protoc-c", f"--descriptor_set_out={path}", "--include_imports",
             "provider/proto/tfplugin6.proto", "provider/proto/plugin.proto"],
            cwd=ROOT, check=True)
        with open(path, "rb") as file:
            protos = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for proto in protos.file:
        pool.Add(proto)
    return pool


_pool = _load_protos()
service = _pool.FindServiceByName("tfplugin6.Provider")


def message(name):
    """The class of a message, for example "tfplugin6.DynamicValue"."""
    return message_factory.GetMessageClass(_pool.FindMessageTypeByName(name))


DynamicValue = message("tfplugin6.DynamicValue")

# --- values ---------------------------------------------------------------------------------------

UNKNOWN = msgpack.ExtType(0, b"\0")
NULL = DynamicValue(msgpack=b"\xc0")


def pack(value):
    """A Python value as a DynamicValue. UNKNOWN stands for unknown."""
    return DynamicValue(msgpack=msgpack.packb(value))


def unpack(value):
    """None for null and for an absent DynamicValue."""
    if not value.msgpack:
        return json.loads(value.json) if value.json else None
    return msgpack.unpackb(value.msgpack, ext_hook=lambda code, data: UNKNOWN)


def errors(response):
    return [d for d in response.diagnostics if d.severity == 1]


# --- certificates ---------------------------------------------------------------------------------


def _openssl(*arguments, **options):
    command = ["openssl", *arguments]
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def make_certificate(curve="secp384r1"):
    """A key and a self-signed certificate as go-plugin makes them, in PEM. (Terraform's own are on
    P-521, which grpcio's BoringSSL does not offer; real Terraform tests that.)"""
    key = _openssl("ecparam", "-name", curve, "-genkey", "-noout")
    with tempfile.NamedTemporaryFile() as file:
        file.write(key)
        file.flush()
        certificate = _openssl(
            "req", "-x509", "-new", "-key", file.name, "-days", "2",
            "-subj", "/O=HashiCorp/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-addext", "extendedKeyUsage=clientAuth,serverAuth")
    return key, certificate


# --- a cloud --------------------------------------------------------------------------------------


class Emulator:
    """The local OCI on a free port; .environment points the provider to it."""

    def __init__(self, program, folder):
        self.folder = folder
        self.process = subprocess.Popen([program, "--state", folder, "--listen", "127.0.0.1:0",
                                         "--speed", "1000"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        assert line.startswith("ready https://"), line
        exported = subprocess.run(["bash", "-c", '. "$1/env" && env -0', "bash", folder],
                                  check=True, capture_output=True).stdout
        self.environment = dict(entry.split("=", 1)
                                for entry in exported.decode().split("\0") if "=" in entry)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


# --- the provider ---------------------------------------------------------------------------------


def complete_value(kind, value):
    """The value with null for the members that nested objects lack. kind: a type in JSON."""
    if not isinstance(kind, list) or value is None:
        return value
    name, inner = kind[:2]
    if name == "object":
        unknown = set(value) - set(inner)
        assert not unknown, f"there are no members {unknown}"
        return {member: complete_value(one, value.get(member)) for member, one in inner.items()}
    if name in ("list", "set"):
        return [complete_value(inner, one) for one in value]
    return value


class Provider:
    """A running provider process and one channel to it."""

    def __init__(self, program, tls=True, reattach=False, environment=None, log_level=None):
        self.program = program
        self.tls = tls and not reattach
        self.reattach = reattach
        self.environment = dict(os.environ if environment is None else environment)
        if log_level:
            self.environment["TF_LOG_PROVIDER"] = log_level
        self.key, self.certificate = make_certificate() if self.tls else (None, None)
        self.log = b""

    def __enter__(self):
        self.start()
        self.channel = self.connect()
        return self

    def __exit__(self, *exception):
        self.channel.close()
        if self.process.poll() is None:
            self.process.terminate()
        self.wait()

    def start(self):
        environment = self.environment
        arguments = [self.program]
        if self.reattach:
            arguments.append("--debug")
        else:
            environment.update(TF_PLUGIN_MAGIC_COOKIE=COOKIE, PLUGIN_PROTOCOL_VERSIONS="5,6",
                               PLUGIN_MIN_PORT="10000", PLUGIN_MAX_PORT="25000")
        environment.pop("PLUGIN_CLIENT_CERT", None)
        if self.tls:
            environment["PLUGIN_CLIENT_CERT"] = self.certificate.decode()
        self.process = subprocess.Popen(arguments, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self._read_address()

    def _read_log(self):
        for chunk in iter(lambda: self.process.stderr.read1(65536), b""):
            self.log += chunk

    def _read_address(self):
        self.server_certificate = ""
        if self.reattach:
            text = ""
            while "TF_REATTACH_PROVIDERS" not in text:
                line = self.process.stdout.readline().decode()
                assert line, f"no address: {self.log}"
                text += line
            self.reattach_config = json.loads(re.search(r"'(.*)'", text)[1])
            (entry,) = self.reattach_config.values()
            self.address = entry["Addr"]["String"]
            return
        self.line = self.process.stdout.readline().decode()
        assert self.line.endswith("\n"), f"no handshake: {self.log}"
        fields = self.line.strip().split("|")
        assert fields[:3] == ["1", "6", "unix"] and fields[4] == "grpc", self.line
        self.address = fields[3]
        self.server_certificate = fields[5]

    def target(self):
        if self.address.startswith("@"):
            return "unix-abstract:" + self.address[1:]
        return "unix:" + self.address

    def connect(self, key=None, certificate=None):
        """A channel; other credentials than Terraform's on request."""
        options = [("grpc.max_receive_message_length", LARGE),
                   ("grpc.max_send_message_length", LARGE),
                   ("grpc.use_local_subchannel_pool", 1),
                   ("grpc.ssl_target_name_override", "localhost")]
        if not self.tls:
            return grpc.insecure_channel(self.target(), options)
        der = base64.b64decode(self.server_certificate + "==")
        trusted = _openssl("x509", "-inform", "DER", input=der)
        credentials = grpc.ssl_channel_credentials(trusted, key or self.key,
                                                   certificate or self.certificate)
        return grpc.secure_channel(self.target(), credentials, options)

    def method(self, name, channel=None):
        """The callable of an RPC: takes a request message and grpcio's keywords."""
        descriptor = service.methods_by_name[name]
        channel = channel or self.channel
        make = channel.unary_stream if descriptor.server_streaming else channel.unary_unary
        return make(
            f"/tfplugin6.Provider/{name}",
            request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=message(descriptor.output_type.full_name).FromString)

    def request(self, name, **fields):
        return message(service.methods_by_name[name].input_type.full_name)(**fields)

    def call(self, name, **fields):
        return self.method(name)(self.request(name, **fields), timeout=PATIENCE)

    def stream(self, name, **fields):
        return self.method(name)(self.request(name, **fields), timeout=PATIENCE)

    def raw(self, path, payload=b"", **options):
        """Any unary method with any bytes."""
        return self.channel.unary_unary(path)(payload, timeout=PATIENCE, **options)

    def configure(self, config, terraform_version="1.14.0"):
        """Configures with all other arguments of the provider block null."""
        block = self.call("GetProviderSchema").provider.block
        full = {attribute.name: None for attribute in block.attributes}
        full.update(config)
        response = self.call("ConfigureProvider", terraform_version=terraform_version,
                             config=pack(full))
        assert not response.diagnostics, response.diagnostics
        return response

    # --- managed resources, in the order in which Terraform calls ---

    def schema(self, kind, type_name):
        """The schema block of a type; kind as in GetProviderSchema, e.g. "resource_schemas"."""
        entry = getattr(self.call("GetProviderSchema"), kind)[type_name]
        return (entry.schema if kind == "action_schemas" else entry).block

    def complete(self, type_name, values, kind="resource_schemas"):
        """An object of the type: what is not given is null, absent blocks are as Terraform sends
        them."""
        block = self.schema(kind, type_name)
        full = {attribute.name: None for attribute in block.attributes}
        full.update({nested.type_name: None if nested.nesting == 1 else []
                     for nested in block.block_types})
        unknown = set(values) - set(full)
        assert not unknown, f"{type_name} has no {unknown}"
        types = {attribute.name: json.loads(attribute.type) for attribute in block.attributes
                 if attribute.type}
        return {**full, **{name: complete_value(types.get(name), value)
                           for name, value in values.items()}}

    def plan(self, type_name, config, prior=None, prior_identity=None):
        """config: a complete object. Returns the response; it may hold errors."""
        computed = {a.name for a in self.schema("resource_schemas", type_name).attributes
                    if a.computed}
        proposed = dict(config)
        for name in computed:
            if prior and config[name] is None:
                proposed[name] = prior[name]
        return self.call("PlanResourceChange", type_name=type_name, config=pack(config),
                         prior_state=pack(prior), proposed_new_state=pack(proposed),
                         prior_identity=prior_identity)

    def create(self, type_name, **values):
        """Validates, plans and applies. Returns the response of ApplyResourceChange."""
        config = self.complete(type_name, values)
        validated = self.call("ValidateResourceConfig", type_name=type_name, config=pack(config),
                              client_capabilities={"write_only_attributes_allowed": True})
        assert not errors(validated), validated.diagnostics
        planned = self.plan(type_name, config)
        assert not errors(planned), planned.diagnostics
        applied = self.call("ApplyResourceChange", type_name=type_name, config=pack(config),
                            prior_state=NULL, planned_state=planned.planned_state,
                            planned_private=planned.planned_private,
                            planned_identity=planned.planned_identity)
        assert not errors(applied), applied.diagnostics
        return applied

    def read(self, type_name, state, private=b"", identity=None):
        response = self.call("ReadResource", type_name=type_name, current_state=state,
                             private=private, current_identity=identity)
        assert not errors(response), response.diagnostics
        return response

    def destroy(self, type_name, state, private=b""):
        response = self.call("ApplyResourceChange", type_name=type_name, config=NULL,
                             prior_state=state, planned_state=NULL, planned_private=private)
        assert not errors(response), response.diagnostics
        assert unpack(response.new_state) is None

    def shutdown(self):
        return self.raw("/plugin.GRPCController/Shutdown")

    def wait(self, seconds=PATIENCE):
        """The exit status; negative for a signal."""
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def records(self):
        """The log so far, as parsed records."""
        return [json.loads(line) for line in self.log.decode().splitlines()]


def wait_until(condition, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


__all__ = [name for name in dir() if not name.startswith("_")] + ["signal"]
