"""The provider process and its gRPC server, seen by a client that is not ours (grpcio)."""

import concurrent.futures
import gzip
import os
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import grpc

from wire import (COOKIE, Provider, make_certificate, message, pack, service, signal, unpack,
                  wait_until)

PROGRAM = os.path.join(os.environ["OKESTRA_BUILD"], "terraform-provider-oke")


def code_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


class Start(unittest.TestCase):
    """What happens before the first call."""

    def run_program(self, *arguments, **environment):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=30,
                              env={**os.environ, **environment}, stdin=subprocess.DEVNULL)

    def test_by_hand(self):
        result = self.run_program()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "")
        self.assertIn("plugin", result.stderr)
        self.assertEqual(self.run_program(TF_PLUGIN_MAGIC_COOKIE="wrong").returncode, 1)

    def test_commands(self):
        self.assertRegex(self.run_program("--version").stdout,
                         r"^terraform-provider-oke \d+\.\d+\.\d+\n$")
        help_text = self.run_program("--help")
        self.assertEqual(help_text.returncode, 0)
        for command in ("--schema", "--docs", "--debug", "--version"):
            self.assertIn(command, help_text.stdout)
        wrong = self.run_program("--sceme")
        self.assertEqual((wrong.returncode, wrong.stdout), (1, ""))
        self.assertIn("--sceme", wrong.stderr)

    def test_handshake_line(self):
        with Provider(PROGRAM) as provider:
            self.assertRegex(provider.line, r"^1\|6\|unix\|/.+\|grpc\|[A-Za-z0-9+/]+\n$")
            self.assertEqual(os.stat(provider.address).st_mode & 0o777, 0o700)
        with Provider(PROGRAM, tls=False) as provider:
            self.assertRegex(provider.line, r"^1\|6\|unix\|/.+\|grpc\|\n$")
        environment = {**os.environ, "PLUGIN_MULTIPLEX_GRPC": "true"}
        with Provider(PROGRAM, tls=False, environment=environment) as provider:
            self.assertTrue(provider.line.endswith("|grpc||false\n"))

    def test_long_temporary_directory(self):
        with tempfile.TemporaryDirectory() as folder:
            long = os.path.join(folder, *["a-long-name-of-a-folder"] * 8)
            os.makedirs(long)
            with Provider(PROGRAM, environment={**os.environ, "TMPDIR": long}) as provider:
                self.assertLess(len(provider.address), 108)
                self.assertGreater(len(provider.call("GetMetadata").resources), 0)


class Security(unittest.TestCase):
    def refused(self, provider, **credentials):
        with provider.connect(**credentials) as channel:
            code, _ = code_of(lambda: provider.method("GetMetadata", channel)(
                provider.request("GetMetadata"), timeout=5))
            self.assertIn(code, (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED))

    def test_only_the_given_certificate(self):
        with Provider(PROGRAM) as provider:
            provider.call("GetMetadata")
            key, certificate = make_certificate()
            self.refused(provider, key=key, certificate=certificate)
            plain = grpc.insecure_channel(provider.target())
            code, _ = code_of(lambda: plain.unary_unary("/x/y")(b"", timeout=2))
            self.assertNotEqual(code, grpc.StatusCode.UNIMPLEMENTED)
            plain.close()
            provider.call("GetMetadata")  # the rightful client notices nothing

    def test_memory_is_private(self):
        with Provider(PROGRAM) as provider:
            with open(f"/proc/{provider.process.pid}/limits") as limits:
                core = next(line for line in limits if line.startswith("Max core file size"))
            self.assertEqual(core.split()[4:6], ["0", "0"])


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = Provider(PROGRAM).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.provider.__exit__()

    def test_unknown_methods(self):
        for path in ("/tfplugin6.Provider/GetStates", "/tfplugin6.Provider/Nope", "/other/x",
                     "/tfplugin5.Provider/GetSchema"):
            code, _ = code_of(lambda: self.provider.raw(path))
            self.assertEqual(code, grpc.StatusCode.UNIMPLEMENTED, path)

    def test_compressed_requests_are_refused(self):
        code, text = code_of(lambda: self.provider.raw(
            "/tfplugin6.Provider/GetMetadata", b"x" * 4096, compression=grpc.Compression.Gzip))
        self.assertEqual(code, grpc.StatusCode.UNIMPLEMENTED)
        self.assertIn("compress", text)

    def test_malformed_request(self):
        code, _ = code_of(
            lambda: self.provider.raw("/tfplugin6.Provider/ReadResource", b"\xff\xff"))
        self.assertEqual(code, grpc.StatusCode.INTERNAL)

    def test_schema_is_the_same_each_time(self):
        first = self.provider.raw("/tfplugin6.Provider/GetProviderSchema")
        self.assertEqual(first, self.provider.raw("/tfplugin6.Provider/GetProviderSchema"))
        schema = message("tfplugin6.GetProviderSchema.Response").FromString(first)
        capabilities = schema.server_capabilities
        self.assertTrue(capabilities.plan_destroy and capabilities.get_provider_schema_optional
                        and capabilities.move_resource_state
                        and capabilities.generate_resource_config)
        self.assertFalse(schema.diagnostics)

    def test_metadata_names_what_the_schema_has(self):
        schema = self.provider.call("GetProviderSchema")
        metadata = self.provider.call("GetMetadata")
        pairs = [("resources", "resource_schemas"), ("data_sources", "data_source_schemas"),
                 ("ephemeral_resources", "ephemeral_resource_schemas"),
                 ("list_resources", "list_resource_schemas"), ("actions", "action_schemas")]
        for names, schemas in pairs:
            self.assertEqual(sorted(item.type_name for item in getattr(metadata, names)),
                             sorted(getattr(schema, schemas)), names)
        self.assertEqual(sorted(item.name for item in metadata.functions), sorted(schema.functions))
        self.assertEqual(sorted(self.provider.call("GetFunctions").functions),
                         sorted(schema.functions))
        self.assertEqual(metadata.server_capabilities, schema.server_capabilities)

    def test_large_messages(self):
        size = 64 * 1024 * 1024
        answer = self.provider.call("ValidateResourceConfig", type_name="x" * size)
        self.assertEqual(len(answer.diagnostics), 1)
        self.assertGreater(len(answer.diagnostics[0].detail), size)

    def test_empty_type_name(self):
        for name, method in service.methods_by_name.items():
            if name in ("GetProviderSchema", "GetMetadata", "GetFunctions", "StopProvider",
                        "GetResourceIdentitySchemas", "ConfigureProvider",
                        "ValidateProviderConfig", "CallFunction"):
                continue
            with self.subTest(rpc=name):
                if method.server_streaming:
                    events = list(self.provider.stream(name))
                    self.assertTrue(events)
                else:
                    self.assertTrue(self.provider.call(name).diagnostics)

    def test_health(self):
        check = message("plugin.HealthCheckRequest"), message("plugin.HealthCheckResponse")
        answer = self.provider.raw("/grpc.health.v1.Health/Check",
                                   check[0](service="plugin").SerializeToString())
        self.assertEqual(check[1].FromString(answer).status, 1)
        code, _ = code_of(lambda: self.provider.raw(
            "/grpc.health.v1.Health/Check", check[0](service="other").SerializeToString()))
        self.assertEqual(code, grpc.StatusCode.NOT_FOUND)

    def test_held_streams_and_cancellation(self):
        stdio = self.provider.channel.unary_stream("/plugin.GRPCStdio/StreamStdio")(b"")
        released = threading.Event()

        def wait_then_end():
            released.wait(30)
            return
            yield

        broker = self.provider.channel.stream_stream("/plugin.GRPCBroker/StartStream")(
            wait_then_end())
        self.assertEqual(list(stdio.initial_metadata()), list(stdio.initial_metadata()))
        self.assertFalse(stdio.done() or broker.done())
        released.set()
        self.assertEqual(list(broker), [])
        self.assertEqual(broker.code(), grpc.StatusCode.OK)
        self.assertFalse(stdio.done())
        stdio.cancel()
        self.assertEqual(stdio.code(), grpc.StatusCode.CANCELLED)
        self.provider.call("GetMetadata")

    def test_many_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            answers = pool.map(lambda i: self.provider.call("UpgradeResourceState",
                                                            type_name=f"oke_none_{i}"),
                               range(2000))
            self.assertTrue(all(answer.diagnostics for answer in answers))

    def test_many_connections(self):
        channels = [self.provider.connect() for _ in range(20)]
        for channel in channels:
            self.provider.method("GetMetadata", channel)(self.provider.request("GetMetadata"))
        for channel in channels:
            channel.close()


class End(unittest.TestCase):
    def test_shutdown_ends_within_two_seconds(self):
        provider = Provider(PROGRAM)
        with provider:
            provider.call("GetMetadata")
            began = time.monotonic()
            provider.shutdown()
            self.assertEqual(provider.process.wait(5), 0)
            self.assertLess(time.monotonic() - began, 1)
            self.assertFalse(os.path.exists(provider.address))

    def test_signals(self):
        with Provider(PROGRAM) as provider:
            provider.process.send_signal(signal.SIGINT)
            provider.call("GetMetadata")
            provider.process.send_signal(signal.SIGTERM)
            self.assertEqual(provider.process.wait(5), 0)
            self.assertFalse(os.path.exists(provider.address))

    def test_orphans_end(self):
        environment = {**os.environ, "TF_PLUGIN_MAGIC_COOKIE": COOKIE}
        process = subprocess.Popen([PROGRAM], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        address = process.stdout.readline().decode().split("|")[3]
        process.stderr.close()
        self.assertEqual(process.wait(5), 0)
        self.assertFalse(os.path.exists(address))
        process.stdout.close()

    def test_reattach_serves_many_clients(self):
        with Provider(PROGRAM, reattach=True) as provider:
            (entry,) = provider.reattach_config.values()
            self.assertEqual((entry["Protocol"], entry["ProtocolVersion"], entry["Test"]),
                             ("grpc", 6, True))
            for _ in range(5):
                with provider.connect() as channel:
                    provider.method("GetMetadata", channel)(provider.request("GetMetadata"))
            provider.process.send_signal(signal.SIGINT)
            self.assertEqual(provider.process.wait(5), 0)
            self.assertFalse(os.path.exists(provider.address))


class Log(unittest.TestCase):
    def test_records(self):
        with Provider(PROGRAM, log_level="TRACE") as provider:
            provider.call("GetMetadata")
            wait_until(lambda: b"GetMetadata" in provider.log)
            for record in provider.records():
                self.assertIn(record["@level"], ("trace", "debug", "info", "warn", "error"))
                self.assertRegex(record["@timestamp"],
                                 r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
                self.assertIsInstance(record["@message"], str)

    def test_silent_by_default(self):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("TF_LOG")}
        with Provider(PROGRAM, environment=environment) as provider:
            provider.call("GetMetadata")
            code_of(lambda: provider.raw("/x/y"))
            provider.shutdown()
            provider.process.wait(5)
            self.assertEqual(provider.log, b"")


if __name__ == "__main__":
    unittest.main()
