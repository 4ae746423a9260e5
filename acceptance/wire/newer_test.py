"""What only Terraform after 1.11 calls: identity, list resources, actions, generated configuration;
and what every RPC owes to every type, on all types of the schema. Against the emulator."""

import json
import os
import tempfile
import unittest

import grpc

from wire import NULL, PATIENCE, Emulator, Provider, errors, message, pack, unpack

BUILD = os.environ["OKESTRA_BUILD"]
PROGRAM = os.path.join(BUILD, "terraform-provider-oke")
EMULATOR = os.path.join(BUILD, "oci-emulator")
IdentityData = message("tfplugin6.ResourceIdentityData")
RawState = message("tfplugin6.RawState")


def setUpModule():
    global cloud, provider, tenancy
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    cloud = Emulator(EMULATOR, folder.name)
    unittest.addModuleCleanup(cloud.stop)
    provider = Provider(PROGRAM, environment={**cloud.environment, "OKE_CONFORMANCE": "fatal"})
    provider.__enter__()
    unittest.addModuleCleanup(provider.__exit__)
    provider.configure({})
    tenancy = find_tenancy(os.path.join(folder.name, "config"))


def find_tenancy(path):
    with open(path) as config:
        for line in config:
            name, _, value = line.partition("=")
            if name.strip() == "tenancy":
                return value.strip()
    raise AssertionError("the emulator's config names no tenancy")


def make_vcn(name, cidr="10.7.0.0/16"):
    return provider.create("oke_vcn", compartment_id=tenancy, cidr_blocks=[cidr],
                           display_name=name)


class Identity(unittest.TestCase):
    def test_schemas(self):
        identities = provider.call("GetResourceIdentitySchemas").identity_schemas
        schemas = provider.call("GetProviderSchema").resource_schemas
        self.assertEqual(sorted(identities), sorted(schemas))
        for type_name, identity in identities.items():
            attributes = {a.name: a.type for a in schemas[type_name].block.attributes}
            with self.subTest(type=type_name):
                self.assertTrue(any(a.required_for_import for a in identity.identity_attributes))
                for attribute in identity.identity_attributes:
                    self.assertEqual(attributes[attribute.name], attribute.type)
                    self.assertNotEqual(attribute.required_for_import,
                                        attribute.optional_for_import)

    def test_life_of_an_object(self):
        created = make_vcn("identity")
        state = unpack(created.new_state)
        identity = unpack(created.new_identity.identity_data)
        self.assertEqual(identity["id"], state["id"])
        read = provider.read("oke_vcn", created.new_state, created.private, created.new_identity)
        self.assertEqual(unpack(read.new_identity.identity_data), identity)
        planned = provider.plan("oke_vcn", provider.complete("oke_vcn", {
            "compartment_id": tenancy, "cidr_blocks": ["10.7.0.0/16"], "display_name": "renamed"}),
            state, created.new_identity)
        self.assertFalse(errors(planned))
        self.assertEqual(unpack(planned.planned_identity.identity_data), identity)

        imported = provider.call("ImportResourceState", type_name="oke_vcn",
                                 identity=created.new_identity)
        self.assertFalse(imported.diagnostics)
        (entry,) = imported.imported_resources
        self.assertEqual(unpack(entry.identity.identity_data), identity)
        after = provider.read("oke_vcn", entry.state, entry.private, entry.identity)
        self.assertEqual(unpack(after.new_state)["display_name"], "identity")

        upgraded = provider.call("UpgradeResourceIdentity", type_name="oke_vcn", version=0,
                                 raw_identity=RawState(json=json.dumps(identity).encode()))
        self.assertFalse(upgraded.diagnostics)
        self.assertEqual(unpack(upgraded.upgraded_identity.identity_data), identity)
        provider.destroy("oke_vcn", created.new_state, created.private)

    def test_import_of_nothing(self):
        for fields in ({}, {"id": "no ocid"},
                       {"identity": IdentityData(identity_data=pack({"id": "nonsense"}))}):
            imported = provider.call("ImportResourceState", type_name="oke_vcn", **fields)
            self.assertTrue(errors(imported), fields)


class List(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = [make_vcn(f"list-{i}") for i in range(5)]
        cls.ids = {unpack(vcn.new_state)["id"] for vcn in cls.made}
        cls.config = pack(provider.complete("oke_vcn", {"compartment_id": tenancy},
                                            "list_resource_schemas"))

    @classmethod
    def tearDownClass(cls):
        for vcn in cls.made:
            provider.destroy("oke_vcn", vcn.new_state, vcn.private)

    def list(self, **fields):
        return list(provider.stream("ListResource", type_name="oke_vcn", config=self.config,
                                    **fields))

    def test_config_is_validated(self):
        good = provider.call("ValidateListResourceConfig", type_name="oke_vcn", config=self.config)
        self.assertFalse(good.diagnostics)
        bad = provider.complete("oke_vcn", {"compartment_id": "nonsense"}, "list_resource_schemas")
        self.assertTrue(errors(provider.call("ValidateListResourceConfig", type_name="oke_vcn",
                                             config=pack(bad))))

    def test_identities_and_names(self):
        events = self.list()
        found = {unpack(event.identity.identity_data)["id"]: event for event in events}
        self.assertLessEqual(self.ids, set(found))
        for vcn in self.made:
            state = unpack(vcn.new_state)
            event = found[state["id"]]
            self.assertEqual(event.display_name, state["display_name"])
            self.assertFalse(event.HasField("resource_object"))
            self.assertFalse(event.diagnostic)

    def test_objects(self):
        expected = {unpack(vcn.new_state)["id"]: unpack(vcn.new_state) for vcn in self.made}
        for event in self.list(include_resource_object=True):
            listed = unpack(event.resource_object)
            if listed["id"] in expected:
                self.assertEqual(listed, expected[listed["id"]])

    def test_limit(self):
        for limit in (1, 3):
            self.assertEqual(len(self.list(limit=limit)), limit)

    def test_a_listed_object_can_be_imported(self):
        event = self.list(limit=1)[0]
        imported = provider.call("ImportResourceState", type_name="oke_vcn",
                                 identity=event.identity)
        (entry,) = imported.imported_resources
        read = provider.read("oke_vcn", entry.state, entry.private, entry.identity)
        self.assertEqual(unpack(read.new_state)["display_name"], event.display_name)

    def test_cancelled_in_the_middle(self):
        stream = provider.stream("ListResource", type_name="oke_vcn", config=self.config)
        next(stream)
        stream.cancel()
        self.assertEqual(stream.code(), grpc.StatusCode.CANCELLED)
        self.assertEqual(len(self.list(limit=2)), 2)

    def test_unknown_type_is_an_event_with_an_error(self):
        (event,) = provider.stream("ListResource", type_name="oke_nothing", config=self.config)
        self.assertEqual([d.severity for d in event.diagnostic], [1])


class Config(unittest.TestCase):
    def test_generated_configuration_plans_empty(self):
        created = make_vcn("generated")
        state = unpack(created.new_state)
        generated = provider.call("GenerateResourceConfig", type_name="oke_vcn",
                                  state=created.new_state)
        self.assertFalse(generated.diagnostics)
        config = unpack(generated.config)
        for attribute in provider.schema("resource_schemas", "oke_vcn").attributes:
            if attribute.computed and not attribute.optional:
                self.assertIsNone(config[attribute.name], attribute.name)
        self.assertEqual(config["display_name"], "generated")
        validated = provider.call("ValidateResourceConfig", type_name="oke_vcn",
                                  config=generated.config)
        self.assertFalse(errors(validated))
        planned = provider.plan("oke_vcn", config, state, created.new_identity)
        self.assertFalse(errors(planned))
        self.assertEqual(unpack(planned.planned_state), state)
        self.assertFalse(planned.requires_replace)
        provider.destroy("oke_vcn", created.new_state, created.private)


class Kubernetes:
    """A cluster with a node pool, made once; the emulator ends with the tests."""
    made = None

    @classmethod
    def make(cls):
        if not cls.made:
            vcn = cls.create("oke_vcn", compartment_id=tenancy, cidr_blocks=["10.20.0.0/16"])
            subnet = cls.create("oke_subnet", compartment_id=tenancy, vcn_id=vcn["id"],
                                cidr_block="10.20.0.0/24")
            version = cls.read("oke_cluster_option", cluster_option_id="all")["kubernetes_versions"][0]
            image = cls.read("oke_node_image", kubernetes_version=version,
                             shape="VM.Standard.A1.Flex")
            domain = cls.read("oke_availability_domains",
                              compartment_id=tenancy)["availability_domains"][0]["name"]
            cluster = cls.create(
                "oke_cluster", compartment_id=tenancy, name="wire", vcn_id=vcn["id"],
                kubernetes_version=version, type="ENHANCED_CLUSTER",
                endpoint_config=[{"subnet_id": subnet["id"]}])
            cls.pool = {
                "compartment_id": tenancy, "cluster_id": cluster["id"], "name": "wire",
                "node_shape": "VM.Standard.A1.Flex",
                "node_shape_config": [{"ocpus": 1, "memory_in_gbs": 6}],
                "node_source_details": [{"source_type": "IMAGE", "image_id": image["image_id"]}],
                "node_config_details": [{"size": 2, "placement_configs": [
                    {"availability_domain": domain, "subnet_id": subnet["id"]}]}]}
            cls.made = cluster, cls.create("oke_node_pool", **cls.pool)
        return cls.made

    @staticmethod
    def create(type_name, **values):
        return unpack(provider.create(type_name, **values).new_state)

    @staticmethod
    def update(type_name, prior, **values):
        config = provider.complete(type_name, values)
        planned = provider.plan(type_name, config, prior)
        applied = provider.call("ApplyResourceChange", type_name=type_name, config=pack(config),
                                prior_state=pack(prior), planned_state=planned.planned_state,
                                planned_private=planned.planned_private)
        assert not errors(planned) and not errors(applied), applied.diagnostics
        return unpack(applied.new_state)

    @staticmethod
    def read(type_name, **values):
        config = provider.complete(type_name, values, "data_source_schemas")
        answer = provider.call("ReadDataSource", type_name=type_name, config=pack(config))
        assert not errors(answer), answer.diagnostics
        return unpack(answer.state)


class EveryList(unittest.TestCase):
    """Each kind is listed with what its list asks for; what is found can be imported."""

    def test_every_list(self):
        cluster, pool = Kubernetes.make()
        user = Kubernetes.read("oke_users", compartment_id=tenancy)["users"][0]["id"]
        namespace = Kubernetes.read("oke_objectstorage_namespace")["namespace"]
        group = Kubernetes.create("oke_log_group", compartment_id=tenancy, display_name="wire")
        Kubernetes.create("oke_log", log_group_id=group["id"], display_name="wire", log_type="CUSTOM")
        Kubernetes.create("oke_bucket", compartment_id=tenancy, namespace=namespace, name="wire")
        Kubernetes.create("oke_preauthenticated_request", namespace=namespace, bucket="wire", name="wire",
                          access_type="AnyObjectRead", time_expires="2036-01-01T00:00:00Z")
        security = Kubernetes.create("oke_network_security_group", compartment_id=tenancy,
                                     vcn_id=cluster["vcn_id"])
        Kubernetes.create("oke_network_security_group_security_rule", direction="EGRESS", protocol="6",
                          network_security_group_id=security["id"], destination="0.0.0.0/0",
                          destination_type="CIDR_BLOCK")
        known = {"compartment_id": tenancy, "user_id": user, "namespace": namespace, "bucket": "wire",
                 "log_group_id": group["id"], "cluster_id": cluster["id"],
                 "network_security_group_id": security["id"]}
        found = {}
        for name, schema in provider.call("GetProviderSchema").list_resource_schemas.items():
            required = [a.name for a in schema.block.attributes if a.required]
            config = pack(provider.complete(name, {one: known[one] for one in required},
                                            "list_resource_schemas"))
            with self.subTest(list=name):
                events = list(provider.stream("ListResource", type_name=name, config=config,
                                              include_resource_object=True))
                found[name] = len(events)
                for event in events:
                    self.assertFalse(event.diagnostic)
                    imported = provider.call("ImportResourceState", type_name=name,
                                             identity=event.identity)
                    self.assertFalse(errors(imported))
                    (entry,) = imported.imported_resources
                    read = provider.read(name, entry.state, entry.private, entry.identity)
                    self.assertEqual(unpack(read.new_state), unpack(event.resource_object))
        for name in ("oke_cluster", "oke_node_pool", "oke_subnet", "oke_log", "oke_log_group", "oke_bucket",
                     "oke_preauthenticated_request", "oke_network_security_group_security_rule"):
            self.assertGreaterEqual(found[name], 1, name)


class Actions(unittest.TestCase):
    def invoke(self, name, **values):
        """Progress lines and the diagnostics at the end."""
        config = pack(provider.complete(name, values, "action_schemas"))
        events = list(provider.stream("InvokeAction", action_type=name, config=config))
        self.assertEqual(events[-1].WhichOneof("type"), "completed")
        return ([event.progress.message for event in events[:-1]],
                errors(events[-1].completed))

    def nodes(self, pool):
        nodes = Kubernetes.read("oke_node_pool", node_pool_id=pool["id"])["nodes"]
        return {node["id"] for node in nodes if node["state"] == "ACTIVE"}

    def test_a_pool_is_cycled(self):
        _, pool = Kubernetes.make()
        before = self.nodes(pool)
        self.assertEqual(len(before), 2)
        Kubernetes.update("oke_node_pool", pool, **Kubernetes.pool, node_metadata={"generation": "2"})
        self.assertEqual(self.nodes(pool), before)
        lines, wrong = self.invoke("oke_node_pool_cycle", node_pool_id=pool["id"],
                                   maximum_unavailable="50%")
        self.assertFalse(wrong)
        self.assertIn("cycle nodes: SUCCEEDED", lines[-1])
        after = self.nodes(pool)
        self.assertEqual(len(after), 2)
        self.assertFalse(before & after)

    def test_credentials_are_rotated(self):
        cluster, _ = Kubernetes.make()
        lines, wrong = self.invoke("oke_cluster_rotate_credentials", cluster_id=cluster["id"],
                                   complete=True)
        self.assertFalse(wrong)
        self.assertTrue(any(line.startswith("issue new credentials") for line in lines))
        self.assertTrue(any(line.startswith("retire old credentials") for line in lines))

    def test_what_does_not_exist_is_an_error(self):
        lines, wrong = self.invoke("oke_node_pool_cycle",
                                   node_pool_id="ocid1.nodepool.oc1.eu-frankfurt-1.none")
        self.assertFalse(lines)
        self.assertIn("UpdateNodePool", wrong[0].detail)

    def test_every_action_validates_and_plans(self):
        for name in provider.call("GetProviderSchema").action_schemas:
            config = pack(provider.complete(name, {}, "action_schemas"))
            with self.subTest(action=name):
                for rpc, field in (("ValidateActionConfig", "type_name"),
                                   ("PlanAction", "action_type")):
                    provider.call(rpc, **{field: name}, config=config)

    def test_unknown_action(self):
        events = list(provider.stream("InvokeAction", action_type="oke_nothing", config=NULL))
        self.assertEqual(events[-1].WhichOneof("type"), "completed")
        self.assertTrue(errors(events[-1].completed))
        self.assertTrue(errors(provider.call("PlanAction", action_type="oke_nothing")))


class EveryType(unittest.TestCase):
    """What Terraform relies on, for each managed resource."""

    def test_null_objects(self):
        for type_name in provider.call("GetProviderSchema").resource_schemas:
            with self.subTest(type=type_name):
                planned = provider.call("PlanResourceChange", type_name=type_name, config=NULL,
                                        prior_state=NULL, proposed_new_state=NULL)
                self.assertIsNone(unpack(planned.planned_state))
                read = provider.call("ReadResource", type_name=type_name, current_state=NULL)
                self.assertIsNone(unpack(read.new_state))

    def test_malformed_values_are_diagnostics(self):
        for type_name in provider.call("GetProviderSchema").resource_schemas:
            for broken in (b"\xc1", b"\x81", b"\x81\xa1x\x01", b"\xdf\xff\xff\xff\xff", b"\x05"):
                with self.subTest(type=type_name, bytes=broken):
                    value = message("tfplugin6.DynamicValue")(msgpack=broken)
                    answer = provider.call("ValidateResourceConfig", type_name=type_name,
                                           config=value)
                    self.assertTrue(errors(answer))

    def test_upgrade_of_a_partial_state(self):
        for type_name, schema in provider.call("GetProviderSchema").resource_schemas.items():
            with self.subTest(type=type_name):
                answer = provider.call("UpgradeResourceState", type_name=type_name,
                                       version=schema.version,
                                       raw_state=RawState(json=b'{"no_longer_there":1}'))
                self.assertFalse(answer.diagnostics)
                self.assertEqual(set(unpack(answer.upgraded_state)),
                                 {a.name for a in schema.block.attributes} |
                                 {b.type_name for b in schema.block.block_types})
                old = provider.call("UpgradeResourceState", type_name=type_name,
                                    raw_state=RawState(flatmap={"id": "x"}))
                self.assertTrue(errors(old))


class Stop(unittest.TestCase):
    def test_stop_reaches_running_operations(self):
        with Provider(PROGRAM, environment=dict(cloud.environment)) as other:
            other.configure({})
            stop = other.request("StopProvider")
            self.assertEqual(other.method("StopProvider")(stop, timeout=PATIENCE).Error, "")
            config = other.complete("oke_vcn", {"compartment_id": tenancy,
                                                "cidr_blocks": ["10.9.0.0/16"]})
            planned = other.plan("oke_vcn", config)
            applied = other.call("ApplyResourceChange", type_name="oke_vcn", config=pack(config),
                                 prior_state=NULL, planned_state=planned.planned_state,
                                 planned_private=planned.planned_private)
            self.assertTrue(errors(applied))
            self.assertIsNone(unpack(applied.new_state))


if __name__ == "__main__":
    unittest.main()
