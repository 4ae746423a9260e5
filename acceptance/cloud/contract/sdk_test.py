#!/usr/bin/env python3
"""Drives the emulator with Oracle's own Python SDK, unmodified, and prints TAP.

OKESTRA_EMULATOR names the emulator's binary (default: build/oci-emulator). The first part speaks to it
as endpoint, the second through its HTTPS proxy mode with the real host names. At the end the record of
all exchanges goes through check_record.py, and a record with errors put in must not pass.
"""

import base64
import hashlib
import hmac
import io
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import oci
from oci import (artifacts, container_engine, core, database, identity, logging, object_storage,
                 psql, work_requests)

HERE = Path(__file__).resolve().parent
EMULATOR = os.environ.get('OKESTRA_EMULATOR', str(HERE.parents[2] / 'build' / 'oci-emulator'))
SPEED = '100'
WAIT = {'max_interval_seconds': 1, 'max_wait_seconds': 60}

# Set, they would decide whom the SDK trusts, instead of session.verify.
for variable in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'):
    os.environ.pop(variable, None)

cases = []


def case(title):
    def register(function):
        cases.append((title, function))
        return function
    return register


class Emulator:
    """The running program; .config is what the SDK reads, .ca its certificate authority."""

    def __init__(self, state):
        self.state = Path(state)
        self.record = self.state / 'record.jsonl'
        self.start()
        self.config = oci.config.from_file(str(self.state / 'config'))
        self.ca = str(self.state / 'ca.pem')

    def start(self, listen='127.0.0.1:0'):
        self.log = open(self.state / 'emulator.log', 'ab')
        self.process = subprocess.Popen(
            [EMULATOR, '--state', str(self.state), '--listen', listen,
             '--record', str(self.record), '--speed', SPEED],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith('ready https://'):
            raise RuntimeError(f'the emulator did not start: {line!r}')
        self.url = line.split()[1].rstrip('/')

    def stop(self, kill=False):
        (self.process.kill if kill else self.process.terminate)()
        status = self.process.wait(20)
        # With sanitizers in it, the program ends with another status when they found something.
        return kill or status == 0

    def client(self, cls, proxy=False):
        """A client of the SDK; without proxy it has the emulator as its endpoint."""
        options = {} if proxy else {'service_endpoint': self.url}
        # One attempt: what a retry would hide is to be seen here.
        one = cls(self.config, retry_strategy=oci.retry.NoneRetryStrategy(), **options)
        one.base_client.session.verify = self.ca
        return one


class World:
    """What one case leaves for the next."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.tenancy = emulator.config['tenancy']
        self.user = emulator.config['user']
        self.connect(False)

    def connect(self, proxy):
        make = self.emulator.client
        self.identity = make(identity.IdentityClient, proxy)
        self.network = make(core.VirtualNetworkClient, proxy)
        self.compute = make(core.ComputeClient, proxy)
        self.requests = make(work_requests.WorkRequestClient, proxy)
        self.engine = make(container_engine.ContainerEngineClient, proxy)
        self.artifacts = make(artifacts.ArtifactsClient, proxy)
        self.storage = make(object_storage.ObjectStorageClient, proxy)
        self.logs = make(logging.LoggingManagementClient, proxy)
        self.database = make(database.DatabaseClient, proxy)
        self.psql = make(psql.PostgresqlClient, proxy)

    # --- waiting ---

    def wait(self, client, get, *path, state, missing=False):
        response = get(*path)
        return oci.wait_until(client, response, 'lifecycle_state', state,
                              succeed_on_not_found=missing, **WAIT)

    def finish(self, client, response, status='SUCCEEDED', fields=None):
        """Waits for the work request of a mutation; its resources as {entity type: identifier}."""
        number = response.headers['opc-work-request-id']
        done = oci.wait_until(client, client.get_work_request(number), evaluate_response=lambda answer:
                              answer.data.status in ('SUCCEEDED', 'FAILED', 'CANCELED'), **WAIT)
        equal(done.data.status, status)
        self.last = done.data
        return {one.entity_type.lower(): one.identifier for one in done.data.resources}


def equal(actual, wanted, what=''):
    if actual != wanted:
        raise AssertionError(f'{what or "value"}: {actual!r}, wanted {wanted!r}')


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(status, code, function, *arguments, says='', **keywords):
    """The call must be refused with this status and code (a tuple allows several)."""
    try:
        function(*arguments, **keywords)
    except oci.exceptions.ServiceError as error:
        codes = code if isinstance(code, tuple) else (code,)
        if error.status != status or error.code not in codes or says not in str(error.message):
            raise AssertionError(f'refused with {error.status} {error.code} "{error.message}", wanted '
                                 f'{status} {code} {says!r}') from None
        return error
    raise AssertionError(f'accepted, wanted {status} {code}')


def altered(number):
    """An OCID that nothing has."""
    return number[:-1] + ('a' if number[-1] != 'a' else 'b')


def every(function, *arguments, **keywords):
    """All items of a list operation, two at a time, so that paging is at work."""
    return oci.pagination.list_call_get_all_results(function, *arguments, limit=2, **keywords).data


# === identity =======================================================================================

@case('identity: availability domains, fault domains, regions, tenancy, initial user')
def identity_basics(w):
    domains = w.identity.list_availability_domains(w.tenancy).data
    equal(len(domains), 3)
    w.ads = sorted(domain.name for domain in domains)
    equal([name[-5:] for name in w.ads], ['-AD-1', '-AD-2', '-AD-3'])
    faults = w.identity.list_fault_domains(w.tenancy, w.ads[0]).data
    equal(sorted(one.name for one in faults), [f'FAULT-DOMAIN-{n}' for n in (1, 2, 3)])
    refused(404, 'NotAuthorizedOrNotFound', w.identity.list_fault_domains, w.tenancy, 'nowhere')
    holds(any(region.name == w.emulator.config['region']
              for region in w.identity.list_regions().data), 'the own region is listed')
    home = [one for one in w.identity.list_region_subscriptions(w.tenancy).data if one.is_home_region]
    equal([one.region_name for one in home], [w.emulator.config['region']])
    equal(w.identity.get_tenancy(w.tenancy).data.home_region_key, home[0].region_key)
    equal(w.identity.get_compartment(w.tenancy).data.id, w.tenancy)
    equal(w.identity.get_user(w.user).data.id, w.user)


@case('identity: compartment created, found, changed; name unique among siblings')
def compartment(w):
    details = identity.models.CreateCompartmentDetails(
        compartment_id=w.tenancy, name='TodoApp', description='the application',
        freeform_tags={'a': 'b'})
    created = w.identity.create_compartment(details)
    holds(created.headers.get('etag'), 'etag')
    w.compartment = created.data.id
    w.wait(w.identity, w.identity.get_compartment, w.compartment, state='ACTIVE')
    refused(409, 'CompartmentAlreadyExists', w.identity.create_compartment, details,
            says='already exists')
    refused(400, 'InvalidParameter', w.identity.create_compartment,
            identity.models.CreateCompartmentDetails(compartment_id=w.tenancy, name='no blanks',
                                                     description='x'))
    listed = w.identity.list_compartments(w.tenancy, name='TodoApp').data
    equal([one.id for one in listed], [w.compartment])
    changed = w.identity.update_compartment(
        w.compartment, identity.models.UpdateCompartmentDetails(description='changed')).data
    equal((changed.description, changed.name, changed.freeform_tags),
          ('changed', 'TodoApp', {'a': 'b'}))
    refused(412, 'NoEtagMatch', w.identity.update_compartment, w.compartment,
            identity.models.UpdateCompartmentDetails(description='x'), if_match='stale')
    refused(404, 'NotAuthorizedOrNotFound', w.identity.get_compartment, altered(w.compartment))


@case('identity: retry token gives the same compartment, not a second one')
def retry_token(w):
    details = identity.models.CreateCompartmentDetails(
        compartment_id=w.compartment, name='again', description='once')
    first = w.identity.create_compartment(details, opc_retry_token='token-1').data
    second = w.identity.create_compartment(details, opc_retry_token='token-1').data
    equal(second.id, first.id)
    w.child = first.id
    w.wait(w.identity, w.identity.get_compartment, w.child, state='ACTIVE')
    details.name = 'other'
    refused(409, 'InvalidatedRetryToken', w.identity.create_compartment, details,
            opc_retry_token='token-1')


@case('identity: compartment paging, subtree, delete with work request, move')
def compartment_tree(w):
    for name in ('one', 'two', 'three'):
        made = w.identity.create_compartment(identity.models.CreateCompartmentDetails(
            compartment_id=w.child, name=name, description=name)).data
        w.wait(w.identity, w.identity.get_compartment, made.id, state='ACTIVE')
    children = every(w.identity.list_compartments, w.child)
    equal(sorted(one.name for one in children), ['one', 'three', 'two'])
    names = {one.name for one in every(w.identity.list_compartments, w.tenancy,
                                       compartment_id_in_subtree=True)}
    holds({'TodoApp', 'again', 'one', 'two', 'three'} <= names, f'subtree: {names}')
    three = next(one for one in children if one.name == 'three')
    w.finish(w.identity, w.identity.move_compartment(
        three.id, identity.models.MoveCompartmentDetails(target_compartment_id=w.compartment)))
    equal(w.identity.get_compartment(three.id).data.compartment_id, w.compartment)
    # Not empty: the work request fails and the compartment is active again.
    failed = w.identity.delete_compartment(w.child)
    w.finish(w.identity, failed, status='FAILED')
    equal(w.identity.get_compartment(w.child).data.lifecycle_state, 'ACTIVE')
    for one in [child for child in children if child.name != 'three'] + [three]:
        w.finish(w.identity, w.identity.delete_compartment(one.id))
    gone = w.identity.get_compartment(three.id).data
    equal(gone.lifecycle_state, 'DELETED')
    holds(gone.name.startswith('three.'), f'a deleted name gets a suffix: {gone.name}')
    w.finish(w.identity, w.identity.delete_compartment(w.child))


@case('identity: policies, and statements that do not parse')
def policies(w):
    group = w.identity.create_group(identity.models.CreateGroupDetails(
        compartment_id=w.tenancy, name='admins', description='x')).data
    statements = ['Allow group admins to manage cluster-family in compartment TodoApp',
                  "Allow any-user to use keys in tenancy where all {request.principal.type = "
                  "'workload', target.key.id = 'x'}"]
    policy = w.identity.create_policy(identity.models.CreatePolicyDetails(
        compartment_id=w.tenancy, name='oke', description='d', statements=statements)).data
    equal(policy.lifecycle_state, 'ACTIVE')
    equal(policy.version_date, None)
    changed = w.identity.update_policy(policy.id, identity.models.UpdatePolicyDetails(
        statements=statements[:1], version_date=datetime(2026, 1, 1, tzinfo=timezone.utc))).data
    equal(changed.statements, statements[:1])
    equal(changed.version_date.date().isoformat(), '2026-01-01')
    for bad in ('Let group admins manage everything', 'Allow group admins to fly vcns in tenancy',
                'Allow group nobody-here to manage vcns in tenancy',
                'Allow group admins to manage vcns in compartment nowhere',
                'Allow group admins to manage vcns in tenancy where'):
        refused(400, 'InvalidParameter', w.identity.create_policy,
                identity.models.CreatePolicyDetails(compartment_id=w.tenancy, name='bad',
                                                    description='d', statements=[bad]))
    refused(409, ('PolicyAlreadyExists', 'NotAuthorizedOrResourceAlreadyExists'),
            w.identity.create_policy, identity.models.CreatePolicyDetails(
                compartment_id=w.tenancy, name='oke', description='d', statements=statements))
    equal([one.id for one in every(w.identity.list_policies, w.tenancy)], [policy.id])
    w.identity.delete_policy(policy.id)
    refused(404, 'NotAuthorizedOrNotFound', w.identity.get_policy, policy.id)
    member = w.identity.add_user_to_group(identity.models.AddUserToGroupDetails(
        user_id=w.user, group_id=group.id)).data
    refused(409, ('Conflict', 'IncorrectState'), w.identity.delete_group, group.id)
    equal([one.id for one in w.identity.list_user_group_memberships(
        w.tenancy, user_id=w.user, group_id=group.id).data], [member.id])
    w.identity.remove_user_from_group(member.id)
    w.identity.delete_group(group.id)


@case('identity: dynamic groups')
def dynamic_groups(w):
    rule = "ALL {instance.compartment.id = '%s'}" % w.compartment
    details = identity.models.CreateDynamicGroupDetails(
        compartment_id=w.tenancy, name='nodes', description='d', matching_rule=rule)
    group = w.identity.create_dynamic_group(details).data
    equal(group.matching_rule, rule)
    refused(400, 'InvalidParameter', w.identity.update_dynamic_group, group.id,
            identity.models.UpdateDynamicGroupDetails(matching_rule='ALL {instance'))
    changed = w.identity.update_dynamic_group(group.id, identity.models.UpdateDynamicGroupDetails(
        matching_rule="Any {instance.id = 'x', tag.a.b.value='c'}")).data
    holds('Any' in changed.matching_rule, changed.matching_rule)
    w.identity.create_policy(identity.models.CreatePolicyDetails(
        compartment_id=w.compartment, name='dg', description='d', statements=[
            'allow dynamic-group nodes to read repos in compartment TodoApp']))
    refused(400, 'InvalidParameter', w.identity.create_dynamic_group,
            identity.models.CreateDynamicGroupDetails(compartment_id=w.compartment, name='x',
                                                      description='d', matching_rule=rule))
    listed = w.identity.list_policies(w.compartment).data
    w.identity.delete_policy(listed[0].id)
    w.identity.delete_dynamic_group(group.id)


@case('identity: auth tokens, API keys, secret keys: shown once, counted')
def credentials(w):
    details = identity.models.CreateAuthTokenDetails(description='push')
    first = w.identity.create_auth_token(details, w.user).data
    holds(len(first.token) >= 16, 'a token')
    second = w.identity.create_auth_token(details, w.user).data
    refused(400, 'LimitExceeded', w.identity.create_auth_token, details, w.user)
    listed = w.identity.list_auth_tokens(w.user).data
    equal([one.token for one in listed], [None, None])
    changed = w.identity.update_auth_token(
        w.user, first.id, identity.models.UpdateAuthTokenDetails(description='pull')).data
    equal((changed.description, changed.token), ('pull', None))
    for token in (first, second):
        w.identity.delete_auth_token(w.user, token.id)
    key = w.identity.create_customer_secret_key(
        identity.models.CreateCustomerSecretKeyDetails(display_name='s3'), w.user).data
    holds(key.key, 'a secret')
    w.secret_key = key
    keys = w.identity.list_api_keys(w.user).data
    equal(keys[0].fingerprint, w.emulator.config['fingerprint'])
    pem = subprocess.run(['openssl', 'genrsa', '2048'], capture_output=True, check=True).stdout
    public = subprocess.run(['openssl', 'rsa', '-pubout'], input=pem, capture_output=True,
                            check=True).stdout.decode()
    uploaded = w.identity.upload_api_key(
        w.user, identity.models.CreateApiKeyDetails(key=public)).data
    equal(uploaded.key_id, f'{w.tenancy}/{w.user}/{uploaded.fingerprint}')
    # A request signed with the new key is let in; after its deletion it is not.
    config = dict(w.emulator.config, fingerprint=uploaded.fingerprint, key_content=pem.decode())
    config.pop('key_file')
    other = identity.IdentityClient(config, service_endpoint=w.emulator.url,
                                    retry_strategy=oci.retry.NoneRetryStrategy())
    other.base_client.session.verify = w.emulator.ca
    equal(other.get_user(w.user).data.id, w.user)
    w.identity.delete_api_key(w.user, uploaded.fingerprint)
    refused(401, 'NotAuthenticated', other.get_user, w.user)
    refused(400, 'InvalidParameter', w.identity.upload_api_key, w.user,
            identity.models.CreateApiKeyDetails(key='no key'))


# === core ===========================================================================================

def vcn_details(w, **more):
    given = dict(compartment_id=w.compartment, cidr_blocks=['10.0.0.0/16'], display_name='todo',
                 dns_label='todo')
    given.update(more)
    return core.models.CreateVcnDetails(**given)


@case('core: VCN with its default objects')
def vcn(w):
    made = w.network.create_vcn(vcn_details(w))
    holds(made.headers.get('etag'), 'etag')
    w.vcn = w.wait(w.network, w.network.get_vcn, made.data.id, state='AVAILABLE').data
    equal((w.vcn.cidr_block, w.vcn.cidr_blocks, w.vcn.vcn_domain_name),
          ('10.0.0.0/16', ['10.0.0.0/16'], 'todo.oraclevcn.com'))
    table = w.network.get_route_table(w.vcn.default_route_table_id).data
    equal((table.display_name, table.route_rules), ('Default Route Table for todo', []))
    rules = w.network.get_security_list(w.vcn.default_security_list_id).data
    equal(len(rules.ingress_security_rules), 3)
    equal(len(rules.egress_security_rules), 1)
    options = w.network.get_dhcp_options(w.vcn.default_dhcp_options_id).data
    equal([one.type for one in options.options], ['DomainNameServer', 'SearchDomain'])
    for delete, number in ((w.network.delete_route_table, table.id),
                           (w.network.delete_security_list, rules.id),
                           (w.network.delete_dhcp_options, options.id)):
        refused(409, ('IncorrectState', 'Conflict'), delete, number)


@case('core: VCN rules: host bits, sizes, overlaps, both forms, DNS labels')
def vcn_rules(w):
    bad = [{'cidr_blocks': ['10.0.0.1/16']}, {'cidr_blocks': ['10.0.0.0/15']},
           {'cidr_blocks': ['10.0.0.0/31']}, {'cidr_blocks': ['10.0.0.0/16', '10.0.1.0/24']},
           {'cidr_block': '10.0.0.0/16'}, {'cidr_blocks': []}, {'cidr_blocks': ['x']},
           {'dns_label': '1abc'}, {'dns_label': 'a-b'}, {'dns_label': 'a' * 16}]
    for more in bad:
        error = refused(400, ('InvalidParameter', 'MissingParameter'), w.network.create_vcn,
                        vcn_details(w, **more))
        holds(error.request_id, 'opc-request-id')
    refused(404, 'NotAuthorizedOrNotFound', w.network.create_vcn,
            vcn_details(w, compartment_id=altered(w.compartment)))


@case('core: CIDR blocks of a VCN are added, changed, removed with a work request')
def vcn_cidrs(w):
    m = core.models
    w.finish(w.requests, w.network.add_vcn_cidr(
        w.vcn.id, m.AddVcnCidrDetails(cidr_block='10.1.0.0/16')))
    w.finish(w.requests, w.network.modify_vcn_cidr(w.vcn.id, m.ModifyVcnCidrDetails(
        original_cidr_block='10.1.0.0/16', new_cidr_block='10.2.0.0/16')))
    equal(w.network.get_vcn(w.vcn.id).data.cidr_blocks, ['10.0.0.0/16', '10.2.0.0/16'])
    refused(400, 'InvalidParameter', w.network.add_vcn_cidr, w.vcn.id,
            m.AddVcnCidrDetails(cidr_block='10.2.4.0/24'))
    w.finish(w.requests, w.network.remove_vcn_cidr(
        w.vcn.id, m.RemoveVcnCidrDetails(cidr_block='10.2.0.0/16')))
    w.finish(w.requests, w.network.add_ipv6_vcn_cidr(
        w.vcn.id, add_vcn_ipv6_cidr_details=m.AddVcnIpv6CidrDetails()))
    block = w.network.get_vcn(w.vcn.id).data.ipv6_cidr_blocks[0]
    holds(block.endswith('/56'), block)
    w.finish(w.requests, w.network.remove_ipv6_vcn_cidr(
        w.vcn.id, remove_vcn_ipv6_cidr_details=m.RemoveVcnIpv6CidrDetails(ipv6_cidr_block=block)))
    refused(400, 'InvalidParameter', w.network.remove_vcn_cidr, w.vcn.id,
            m.RemoveVcnCidrDetails(cidr_block='10.0.0.0/16'))
    request = w.requests.get_work_request(w.last.id).data
    equal((request.status, request.percent_complete), ('SUCCEEDED', 100.0))
    equal(w.requests.list_work_request_errors(w.last.id).data, [])
    holds(w.requests.list_work_request_logs(w.last.id).data, 'log lines')
    listed = every(w.requests.list_work_requests, w.compartment, resource_id=w.vcn.id)
    equal(len(listed), 5)


@case('core: gateways, their limits and services')
def gateways(w):
    m = core.models
    common = {'compartment_id': w.compartment, 'vcn_id': w.vcn.id}
    w.igw = w.network.create_internet_gateway(m.CreateInternetGatewayDetails(
        is_enabled=True, **common)).data
    holds(w.igw.display_name.lower().startswith('internetgateway'), w.igw.display_name)
    refused(400, 'LimitExceeded', w.network.create_internet_gateway,
            m.CreateInternetGatewayDetails(is_enabled=True, **common))
    w.nat = w.network.create_nat_gateway(m.CreateNatGatewayDetails(
        display_name='nat', **common)).data
    holds(w.nat.nat_ip and w.nat.public_ip_id and w.nat.block_traffic is False, 'NAT address')
    refused(400, 'LimitExceeded', w.network.create_nat_gateway,
            m.CreateNatGatewayDetails(**common))
    services = w.network.list_services().data
    equal(len(services), 2)
    w.all = next(one for one in services if one.name.startswith('All '))
    storage = next(one for one in services if one.name.startswith('OCI '))
    equal(w.network.get_service(w.all.id).data.cidr_block, w.all.cidr_block)
    w.sgw = w.network.create_service_gateway(m.CreateServiceGatewayDetails(
        services=[m.ServiceIdRequestDetails(service_id=w.all.id)], **common)).data
    equal([one.service_name for one in w.sgw.services], [w.all.name])
    refused(400, 'InvalidParameter', w.network.attach_service_id, w.sgw.id,
            m.ServiceIdRequestDetails(service_id=storage.id))
    w.network.detach_service_id(w.sgw.id, m.ServiceIdRequestDetails(service_id=w.all.id))
    equal(w.network.get_service_gateway(w.sgw.id).data.services, [])
    w.network.attach_service_id(w.sgw.id, m.ServiceIdRequestDetails(service_id=w.all.id))
    equal(w.network.update_internet_gateway(w.igw.id, m.UpdateInternetGatewayDetails(
        is_enabled=False)).data.is_enabled, False)
    equal(w.network.update_nat_gateway(w.nat.id, m.UpdateNatGatewayDetails(
        block_traffic=True)).data.block_traffic, True)
    for get, number in ((w.network.get_internet_gateway, w.igw.id),
                        (w.network.get_nat_gateway, w.nat.id),
                        (w.network.get_service_gateway, w.sgw.id)):
        w.wait(w.network, get, number, state='AVAILABLE')


@case('core: route tables and the rules about rules')
def route_tables(w):
    m = core.models
    common = {'compartment_id': w.compartment, 'vcn_id': w.vcn.id}
    rules = [m.RouteRule(network_entity_id=w.nat.id, destination='0.0.0.0/0',
                         destination_type='CIDR_BLOCK'),
             m.RouteRule(network_entity_id=w.sgw.id, destination=w.all.cidr_block,
                         destination_type='SERVICE_CIDR_BLOCK', description='services')]
    w.table = w.network.create_route_table(m.CreateRouteTableDetails(
        route_rules=rules, **common)).data
    by_type = {rule.destination_type: rule for rule in w.table.route_rules}
    equal(by_type['CIDR_BLOCK'].cidr_block, '0.0.0.0/0')
    equal(by_type['SERVICE_CIDR_BLOCK'].cidr_block, None)
    equal(by_type['CIDR_BLOCK'].route_type, 'STATIC')

    def rule(**more):
        return m.CreateRouteTableDetails(route_rules=[m.RouteRule(**more)], **common)
    for bad in ({'network_entity_id': w.nat.id, 'destination': '0.0.0.0/0'},
                {'network_entity_id': w.nat.id, 'destination': '0.0.0.0/0',
                 'destination_type': 'CIDR_BLOCK', 'cidr_block': '0.0.0.0/0'},
                {'network_entity_id': w.nat.id, 'destination': '10.9.0.1/16',
                 'destination_type': 'CIDR_BLOCK'},
                {'network_entity_id': w.nat.id, 'destination': w.all.cidr_block,
                 'destination_type': 'SERVICE_CIDR_BLOCK'},
                {'network_entity_id': w.sgw.id, 'destination': 'oci-xyz-objectstorage',
                 'destination_type': 'SERVICE_CIDR_BLOCK'}):
        refused(400, 'InvalidParameter', w.network.create_route_table, rule(**bad))
    refused(404, 'NotAuthorizedOrNotFound', w.network.create_route_table,
            rule(network_entity_id=altered(w.nat.id), destination='0.0.0.0/0',
                 destination_type='CIDR_BLOCK'))
    for delete, number in ((w.network.delete_nat_gateway, w.nat.id),
                           (w.network.delete_service_gateway, w.sgw.id)):
        refused(409, ('Conflict', 'IncorrectState'), delete, number)
    refused(409, ('Conflict', 'IncorrectState'), w.network.detach_service_id, w.sgw.id,
            m.ServiceIdRequestDetails(service_id=w.all.id))
    w.network.update_route_table(w.vcn.default_route_table_id, m.UpdateRouteTableDetails(
        route_rules=[m.RouteRule(network_entity_id=w.igw.id, cidr_block='0.0.0.0/0')]))
    table = w.network.get_route_table(w.vcn.default_route_table_id).data
    equal(table.route_rules[0].destination, '0.0.0.0/0')
    equal(table.route_rules[0].destination_type, 'CIDR_BLOCK')


@case('core: security lists')
def security_lists(w):
    m = core.models
    ports = m.TcpOptions(destination_port_range=m.PortRange(min=6443, max=6443))
    details = m.CreateSecurityListDetails(
        compartment_id=w.compartment, vcn_id=w.vcn.id, display_name='api',
        ingress_security_rules=[
            m.IngressSecurityRule(protocol='6', source='10.0.0.0/24', tcp_options=ports),
            m.IngressSecurityRule(protocol='1', source='0.0.0.0/0',
                                  icmp_options=m.IcmpOptions(type=3, code=4))],
        egress_security_rules=[m.EgressSecurityRule(
            protocol='all', destination=w.all.cidr_block, destination_type='SERVICE_CIDR_BLOCK')])
    w.list = w.network.create_security_list(details).data
    rule = w.list.ingress_security_rules[0]
    equal((rule.is_stateless, rule.source_type), (False, 'CIDR_BLOCK'))
    for bad in (m.IngressSecurityRule(protocol='17', source='0.0.0.0/0', tcp_options=ports),
                m.IngressSecurityRule(protocol='tcp', source='0.0.0.0/0'),
                m.IngressSecurityRule(protocol='6', source='0.0.0.0/0', tcp_options=m.TcpOptions(
                    destination_port_range=m.PortRange(min=10, max=9))),
                m.IngressSecurityRule(protocol='6', source='0.0.0.0/0', tcp_options=m.TcpOptions(
                    destination_port_range=m.PortRange(min=1, max=70000))),
                m.IngressSecurityRule(protocol='6', source='nonsense')):
        details.ingress_security_rules = [bad]
        refused(400, 'InvalidParameter', w.network.create_security_list, details)
    changed = w.network.update_security_list(w.list.id, m.UpdateSecurityListDetails(
        egress_security_rules=[])).data
    equal((len(changed.ingress_security_rules), changed.egress_security_rules), (2, []))


@case('core: network security groups and their rules')
def security_groups(w):
    m = core.models
    w.nsg = w.network.create_network_security_group(m.CreateNetworkSecurityGroupDetails(
        compartment_id=w.compartment, vcn_id=w.vcn.id, display_name='nsg')).data
    add = m.AddNetworkSecurityGroupSecurityRulesDetails
    one = m.AddSecurityRuleDetails(direction='INGRESS', protocol='6', source=w.nsg.id,
                                   source_type='NETWORK_SECURITY_GROUP')
    two = m.AddSecurityRuleDetails(direction='EGRESS', protocol='all', destination='0.0.0.0/0',
                                   destination_type='CIDR_BLOCK', is_stateless=True)
    made = w.network.add_network_security_group_security_rules(
        w.nsg.id, add(security_rules=[one, two, two])).data.security_rules
    holds(all(len(rule.id) == 6 and rule.is_valid for rule in made), f'ids: {made}')
    equal(len(every(w.network.list_network_security_group_security_rules, w.nsg.id)), 3)
    equal(len(w.network.list_network_security_group_security_rules(
        w.nsg.id, direction='EGRESS').data), 2)
    changed = w.network.update_network_security_group_security_rules(
        w.nsg.id, m.UpdateNetworkSecurityGroupSecurityRulesDetails(security_rules=[
            m.UpdateSecurityRuleDetails(id=made[0].id, direction='INGRESS', protocol='17',
                                        source='10.0.0.0/8', source_type='CIDR_BLOCK')]))
    equal(changed.data.security_rules[0].protocol, '17')
    for bad in (m.AddSecurityRuleDetails(direction='INGRESS', protocol='6'),
                m.AddSecurityRuleDetails(direction='EGRESS', protocol='6', source='0.0.0.0/0',
                                         source_type='CIDR_BLOCK'),
                m.AddSecurityRuleDetails(direction='INGRESS', protocol='6', source='nsg',
                                         source_type='NETWORK_SECURITY_GROUP')):
        refused(400, 'InvalidParameter', w.network.add_network_security_group_security_rules,
                w.nsg.id, add(security_rules=[bad]))
    refused(400, ('InvalidParameter', 'LimitExceeded'),
            w.network.add_network_security_group_security_rules, w.nsg.id,
            add(security_rules=[two] * 26))
    w.network.remove_network_security_group_security_rules(
        w.nsg.id, m.RemoveNetworkSecurityGroupSecurityRulesDetails(
            security_rule_ids=[rule.id for rule in made]))
    equal(w.network.list_network_security_group_security_rules(w.nsg.id).data, [])
    equal(w.network.list_network_security_group_vnics(w.nsg.id).data, [])


@case('core: DHCP options')
def dhcp(w):
    m = core.models
    details = m.CreateDhcpDetails(
        compartment_id=w.compartment, vcn_id=w.vcn.id, display_name='dhcp', options=[
            m.DhcpDnsOption(server_type='CustomDnsServer', custom_dns_servers=['10.0.0.2']),
            m.DhcpSearchDomainOption(search_domain_names=['example.com'])])
    made = w.network.create_dhcp_options(details).data
    equal(made.options[0].custom_dns_servers, ['10.0.0.2'])
    details.options = [m.DhcpDnsOption(server_type='CustomDnsServer', custom_dns_servers=[])]
    refused(400, 'InvalidParameter', w.network.create_dhcp_options, details)
    changed = w.network.update_dhcp_options(made.id, m.UpdateDhcpDetails(
        options=[m.DhcpDnsOption(server_type='VcnLocalPlusInternet')])).data
    equal(len(changed.options), 1)
    w.wait(w.network, w.network.get_dhcp_options, made.id, state='AVAILABLE')
    w.network.delete_dhcp_options(made.id)


def subnet_details(w, cidr, **more):
    given = dict(compartment_id=w.compartment, vcn_id=w.vcn.id, cidr_block=cidr)
    given.update(more)
    return core.models.CreateSubnetDetails(**given)


@case('core: subnets, inside the VCN and apart')
def subnets(w):
    m = core.models
    w.api = w.network.create_subnet(subnet_details(
        w, '10.0.0.0/28', dns_label='api', display_name='api', security_list_ids=[w.list.id])).data
    equal((w.api.virtual_router_ip, w.api.subnet_domain_name, w.api.availability_domain),
          ('10.0.0.1', 'api.todo.oraclevcn.com', None))
    equal(w.api.route_table_id, w.vcn.default_route_table_id)
    w.nodes = w.network.create_subnet(subnet_details(
        w, '10.0.10.0/24', prohibit_public_ip_on_vnic=True, route_table_id=w.table.id)).data
    equal((w.nodes.prohibit_internet_ingress, w.nodes.security_list_ids),
          (True, [w.vcn.default_security_list_id]))
    w.lb = w.network.create_subnet(subnet_details(w, '10.0.20.0/24')).data
    for subnet in (w.api, w.nodes, w.lb):
        w.wait(w.network, w.network.get_subnet, subnet.id, state='AVAILABLE')
    for cidr, more in (('10.0.10.128/25', {}), ('10.1.0.0/24', {}), ('10.0.30.1/24', {}),
                       ('10.0.30.0/24', {'dns_label': 'api'}),
                       ('10.0.30.0/24', {'dns_label': 'not_good'}),
                       ('10.0.30.0/24', {'prohibit_public_ip_on_vnic': True,
                                         'prohibit_internet_ingress': False}),
                       ('10.0.30.0/24', {'security_list_ids': [w.list.id] * 6})):
        refused(400, ('InvalidParameter', 'LimitExceeded'), w.network.create_subnet,
                subnet_details(w, cidr, **more))
    changed = w.network.update_subnet(w.lb.id, m.UpdateSubnetDetails(display_name='lb')).data
    equal(changed.display_name, 'lb')
    listed = every(w.network.list_subnets, w.compartment, vcn_id=w.vcn.id)
    equal({one.id for one in listed}, {w.api.id, w.nodes.id, w.lb.id})
    equal(len(w.network.list_subnets(w.compartment, display_name='lb').data), 1)
    w.finish(w.requests, w.network.add_ipv4_subnet_cidr(
        w.lb.id, m.AddIpv4SubnetCidrDetails(ipv4_cidr_block='10.0.21.0/24')))
    equal(w.network.get_subnet(w.lb.id).data.ipv4_cidr_blocks, ['10.0.20.0/24', '10.0.21.0/24'])
    w.finish(w.requests, w.network.remove_ipv4_subnet_cidr(
        w.lb.id, m.RemoveIpv4SubnetCidrDetails(ipv4_cidr_block='10.0.21.0/24')))
    for delete, number in ((w.network.delete_route_table, w.table.id),
                           (w.network.delete_security_list, w.list.id),
                           (w.network.delete_vcn, w.vcn.id)):
        refused(409, ('IncorrectState', 'Conflict'), delete, number)


@case('core: images and shapes')
def images(w):
    found = w.compute.list_images(w.compartment, operating_system='Oracle Linux',
                                  shape='VM.Standard.A1.Flex').data
    holds(found and all('aarch64' in image.display_name for image in found), f'{found}')
    equal(w.compute.get_image(found[0].id).data.id, found[0].id)
    holds(any(one.shape == 'VM.Standard.A1.Flex' for one in
              w.compute.list_image_shape_compatibility_entries(found[0].id).data), 'compatible')
    shapes = w.compute.list_shapes(w.compartment, availability_domain=w.ads[0]).data
    flexible = next(one for one in shapes if one.shape == 'VM.Standard.A1.Flex')
    holds(flexible.is_flexible and flexible.ocpu_options.max >= 2, 'flexible')


# === container engine ===============================================================================

@case('container engine: options: versions, shapes, images')
def engine_options(w):
    options = w.engine.get_cluster_options('all').data
    w.versions = options.kubernetes_versions
    holds(w.versions == sorted(w.versions) and len(w.versions) >= 3, f'{w.versions}')
    equal({one.cni_type for one in options.cluster_pod_network_options},
          {'FLANNEL_OVERLAY', 'OCI_VCN_IP_NATIVE'})
    pools = w.engine.get_node_pool_options('all', node_pool_os_arch='AARCH64',
                                           node_pool_k8s_version=w.versions[-2]).data
    holds('VM.Standard.A1.Flex' in pools.shapes, 'A1')
    holds(pools.sources and all('aarch64' in one.source_name and
                                'OKE-' + w.versions[-2][1:] in one.source_name
                                for one in pools.sources), f'{pools.sources}')
    w.image = pools.sources[0].image_id
    every_source = w.engine.get_node_pool_options('all').data.sources
    w.x86 = next(one.image_id for one in every_source
                 if 'OKE-' + w.versions[-2][1:] in one.source_name
                 and 'aarch64' not in one.source_name and 'GPU' not in one.source_name)
    w.new_image = next(one.image_id for one in every_source
                       if 'OKE-' + w.versions[-1][1:] in one.source_name
                       and 'aarch64' in one.source_name)


def cluster_details(w, **more):
    m = container_engine.models
    given = dict(name='todo', compartment_id=w.compartment, vcn_id=w.vcn.id,
                 kubernetes_version=w.versions[-2],
                 endpoint_config=m.CreateClusterEndpointConfigDetails(
                     subnet_id=w.api.id, is_public_ip_enabled=True),
                 options=m.ClusterCreateOptions(service_lb_subnet_ids=[w.lb.id]))
    given.update(more)
    return m.CreateClusterDetails(**given)


@case('container engine: cluster')
def cluster(w):
    m = container_engine.models
    made = w.engine.create_cluster(cluster_details(w))
    first = w.engine.get_work_request(made.headers['opc-work-request-id']).data
    holds(first.resources[0].identifier.startswith('ocid1.cluster.'), 'the id at the first look')
    w.cluster = w.finish(w.engine, made)['cluster']
    one = w.engine.get_cluster(w.cluster).data
    equal((one.lifecycle_state, one.type, one.options.kubernetes_network_config.pods_cidr),
          ('ACTIVE', 'BASIC_CLUSTER', '10.244.0.0/16'))
    holds('://' not in one.endpoints.public_endpoint and one.endpoints.private_endpoint, 'endpoints')
    equal(one.available_kubernetes_upgrades, [w.versions[-1]])
    equal([each.id for each in every(w.engine.list_clusters, w.compartment,
                                     lifecycle_state=['ACTIVE', 'CREATING'])], [w.cluster])
    text = w.engine.create_kubeconfig(w.cluster, create_cluster_kubeconfig_content_details=m.
                                      CreateClusterKubeconfigContentDetails(
                                          token_version='2.0.0', endpoint='PUBLIC_ENDPOINT')).data.text
    holds(f'server: https://{one.endpoints.public_endpoint}' in text and 'kind: ""' in text, text)
    equal(w.engine.list_work_request_errors(w.compartment, w.last.id).data, [])
    holds(w.engine.list_work_request_logs(w.compartment, w.last.id).data, 'log lines')
    for more in ({'kubernetes_version': 'v1.2.3'}, {'kubernetes_version': w.versions[-2][1:]},
                 {'endpoint_config': m.CreateClusterEndpointConfigDetails(
                     subnet_id=w.nodes.id, is_public_ip_enabled=True)},
                 {'options': m.ClusterCreateOptions(kubernetes_network_config=m.
                                                    KubernetesNetworkConfig(pods_cidr='10.0.0.0/16'))}):
        refused(400, 'InvalidParameter', w.engine.create_cluster, cluster_details(w, **more))
    refused(400, 'InvalidParameter', w.engine.install_addon, w.cluster, m.InstallAddonDetails(
        addon_name='CertManager'))


def pool_details(w, size=2, **more):
    m = container_engine.models
    given = dict(
        compartment_id=w.compartment, cluster_id=w.cluster, name='pool',
        node_shape='VM.Standard.A1.Flex',
        node_shape_config=m.CreateNodeShapeConfigDetails(ocpus=1, memory_in_gbs=6),
        node_source_details=m.NodeSourceViaImageDetails(image_id=w.image,
                                                        boot_volume_size_in_gbs=50),
        initial_node_labels=[m.KeyValue(key='a', value='b')],
        node_config_details=m.CreateNodePoolNodeConfigDetails(size=size, placement_configs=[
            m.NodePoolPlacementConfigDetails(availability_domain=ad, subnet_id=w.nodes.id)
            for ad in w.ads]))
    given.update(more)
    return m.CreateNodePoolDetails(**given)


def living(pool):
    return [node for node in pool.nodes if node.lifecycle_state == 'ACTIVE']


@case('container engine: node pool: nodes come and go with its size')
def node_pool(w):
    m = container_engine.models
    w.pool = w.finish(w.engine, w.engine.create_node_pool(pool_details(w)))['nodepool']
    pool = w.engine.get_node_pool(w.pool).data
    equal((pool.lifecycle_state, len(living(pool)), pool.kubernetes_version),
          ('ACTIVE', 2, w.versions[-2]))
    holds(all(node.private_ip.startswith('10.0.10.') for node in pool.nodes), 'addresses')
    equal({node.availability_domain for node in pool.nodes}, set(w.ads[:2]))
    scaled = m.UpdateNodePoolDetails(
        node_config_details=m.UpdateNodePoolNodeConfigDetails(size=3))
    answer = w.engine.update_node_pool(w.pool, scaled)
    refused(409, ('IncorrectState', 'Conflict'), w.engine.update_node_pool, w.pool, scaled)
    w.finish(w.engine, answer)
    pool = w.engine.get_node_pool(w.pool).data
    equal(len(living(pool)), 3)
    w.finish(w.engine, w.engine.delete_node(w.pool, living(pool)[0].id, is_decrement_size=True))
    after = w.engine.get_node_pool(w.pool).data
    equal((after.node_config_details.size, len(living(after))), (2, 2))
    w.finish(w.engine, w.engine.delete_node(w.pool, living(after)[0].id))
    equal(len(living(w.engine.get_node_pool(w.pool).data)), 2)
    equal([one.id for one in every(w.engine.list_node_pools, w.compartment,
                                   cluster_id=w.cluster)], [w.pool])
    refused(409, ('IncorrectState', 'Conflict'), w.network.delete_subnet, w.nodes.id,
            says='references the VNIC')
    # The same nodes, as the compute and network services see them.
    alive = {node.id: node for node in living(w.engine.get_node_pool(w.pool).data)}
    equal({one.id for one in every(w.compute.list_instances, w.compartment,
                                   lifecycle_state='RUNNING')}, set(alive))
    for one in w.compute.list_vnic_attachments(w.compartment).data:
        if one.instance_id in alive:
            vnic = w.network.get_vnic(one.vnic_id).data
            equal((vnic.private_ip, vnic.subnet_id),
                  (alive[one.instance_id].private_ip, w.nodes.id))
    equal(w.compute.get_instance(next(iter(alive))).data.shape, 'VM.Standard.A1.Flex')


@case('container engine: node pool rules')
def node_pool_rules(w):
    m = container_engine.models
    source = m.NodeSourceViaImageDetails
    for status, code, more in (
            (400, 'InvalidParameter', {'node_shape_config': None}),
            (400, 'InvalidParameter', {'node_shape': 'VM.Imaginary.1'}),
            (400, 'InvalidParameter', {'node_source_details': source(image_id=w.x86)}),
            (400, 'InvalidParameter', {'node_source_details': source(image_id='nonsense')}),
            (400, 'InvalidParameter', {'node_source_details': source(
                image_id=w.image, boot_volume_size_in_gbs=20)}),
            (400, 'InvalidParameter', {'kubernetes_version': w.versions[-1]}),
            (409, 'Conflict', {'kubernetes_version': w.versions[-3]}),
            (400, 'InvalidParameter', {'node_config_details': m.CreateNodePoolNodeConfigDetails(
                size=1, placement_configs=[m.NodePoolPlacementConfigDetails(
                    availability_domain=w.ads[0], subnet_id=w.lb.id)])}),
            (400, 'InvalidParameter', {'node_pool_cycling_details': m.NodePoolCyclingDetails(
                is_node_cycling_enabled=True)})):
        refused(status, code, w.engine.create_node_pool, pool_details(w, **more))
    refused(404, 'NotAuthorizedOrNotFound', w.engine.create_node_pool,
            pool_details(w, cluster_id=altered(w.cluster)))


@case('container engine: upgrade, one minor up and never down; ENHANCED; addons')
def upgrade(w):
    m = container_engine.models
    refused(400, 'InvalidParameter', w.engine.update_cluster, w.cluster,
            m.UpdateClusterDetails(kubernetes_version=w.versions[0]))
    w.finish(w.engine, w.engine.update_cluster(w.cluster, m.UpdateClusterDetails(
        name='renamed', kubernetes_version=w.versions[-1], type='ENHANCED_CLUSTER')))
    one = w.engine.get_cluster(w.cluster).data
    equal((one.name, one.kubernetes_version, one.type),
          ('renamed', w.versions[-1], 'ENHANCED_CLUSTER'))
    refused(400, 'InvalidParameter', w.engine.update_cluster, w.cluster,
            m.UpdateClusterDetails(type='BASIC_CLUSTER'))
    w.finish(w.engine, w.engine.update_cluster_endpoint_config(
        w.cluster, m.UpdateClusterEndpointConfigDetails(nsg_ids=[w.nsg.id])))
    refused(409, ('IncorrectState', 'Conflict'), w.network.delete_network_security_group, w.nsg.id)
    w.finish(w.engine, w.engine.update_cluster_endpoint_config(
        w.cluster, m.UpdateClusterEndpointConfigDetails(nsg_ids=[], is_public_ip_enabled=True)))
    w.finish(w.engine, w.engine.update_node_pool(w.pool, m.UpdateNodePoolDetails(
        kubernetes_version=w.versions[-1], node_source_details=m.NodeSourceViaImageDetails(
            image_id=w.new_image, boot_volume_size_in_gbs=50))))
    options = w.engine.list_addon_options(w.versions[-1]).data
    holds({'CoreDNS', 'CertManager', 'KubernetesMetricsServer'} <=
          {option.name for option in options}, 'addon options')
    w.finish(w.engine, w.engine.install_addon(w.cluster, m.InstallAddonDetails(
        addon_name='CertManager', configurations=[
            m.AddonConfiguration(key='numOfReplicas', value='1')])))
    addon = w.engine.get_addon(w.cluster, 'CertManager').data
    equal((addon.lifecycle_state, addon.configurations[0].value), ('ACTIVE', '1'))
    holds(addon.current_installed_version, 'installed version')
    w.finish(w.engine, w.engine.update_addon(w.cluster, 'CertManager', m.UpdateAddonDetails(
        configurations=[m.AddonConfiguration(key='numOfReplicas', value='2')])))
    holds('CertManager' in {one.name for one in w.engine.list_addons(w.cluster).data}, 'listed')
    w.finish(w.engine, w.engine.disable_addon(w.cluster, 'CertManager', True))


def bearer_token(w, cluster=None, config=None, when=None, spoil=lambda url: url):
    """A token as Oracle's command line makes it: base64 of a signed URL."""
    config = config or w.emulator.config
    signer = oci.signer.Signer(config['tenancy'], config['user'], config['fingerprint'],
                               config.get('key_file'),
                               private_key_content=config.get('key_content'))
    host = f'https://containerengine.{config["region"]}.oraclecloud.com'
    request = oci._vendor.requests.Request('GET', f'{host}/cluster_request/{cluster or w.cluster}')
    if when:
        request.headers['date'] = when.strftime('%a, %d %b %Y %H:%M:%S GMT')
    signed = signer(request.prepare())
    query = urllib.parse.urlencode({'authorization': signed.headers['authorization'],
                                    'date': signed.headers['date']})
    return base64.urlsafe_b64encode(spoil(f'{signed.url}?{query}').encode()).decode()


def review(w, token):
    body = {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenReview', 'spec': {'token': token}}
    request = urllib.request.Request(f'{w.emulator.url}/cluster_request/{w.cluster}/token_review',
                                     json.dumps(body).encode(), {'content-type': 'application/json'})
    context = ssl.create_default_context(cafile=w.emulator.ca)
    with urllib.request.urlopen(request, context=context) as answer:
        return json.load(answer)['status']


def control(w, path, body):
    """The emulator's own endpoint for tests."""
    request = urllib.request.Request(f'{w.emulator.url}/_emulator/{path}', json.dumps(body).encode(),
                                     {'content-type': 'application/json'}, method='POST')
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=w.emulator.ca)):
        pass


def new_source(w):
    return container_engine.models.NodeSourceViaImageDetails(image_id=w.new_image,
                                                             boot_volume_size_in_gbs=50)


@case('container engine: failed work requests leave what OKE leaves')
def failed_work(w):
    m = container_engine.models
    order = lambda operation: control(w, 'faults', {'operation': operation, 'kind': 'work', 'code':
                                                    'LimitExceeded', 'message': 'Out of host capacity.'})
    order('CreateNodePool')
    number = w.finish(w.engine, w.engine.create_node_pool(pool_details(
        w, size=1, name='poor', node_source_details=new_source(w))),
                      status='FAILED')['nodepool']
    equal({one.action_type for one in w.last.resources}, {'FAILED'})
    errors = w.engine.list_work_request_errors(w.compartment, w.last.id).data
    equal([(one.code, one.message) for one in errors], [('LimitExceeded', 'Out of host capacity.')])
    pool = w.engine.get_node_pool(number).data
    equal((pool.lifecycle_state, pool.nodes[0].lifecycle_state, pool.nodes[0].node_error.code),
          ('NEEDS_ATTENTION', 'FAILING', 'LimitExceeded'))
    w.finish(w.engine, w.engine.update_node_pool(number, m.UpdateNodePoolDetails(name='repaired')))
    pool = w.engine.get_node_pool(number).data
    equal((pool.lifecycle_state, pool.name, len(living(pool))), ('ACTIVE', 'repaired', 1))
    order('UpdateCluster')
    w.finish(w.engine, w.engine.update_cluster(w.cluster, m.UpdateClusterDetails(name='nameless')),
             status='FAILED')
    cluster = w.engine.get_cluster(w.cluster).data
    equal((cluster.lifecycle_state, cluster.name), ('ACTIVE', 'renamed'))
    order('CreateCluster')
    poor = w.finish(w.engine, w.engine.create_cluster(cluster_details(w)), status='FAILED')['cluster']
    equal(w.engine.get_cluster(poor).data.lifecycle_state, 'FAILED')
    w.finish(w.engine, w.engine.delete_cluster(poor))
    order('DeleteNodePool')
    w.finish(w.engine, w.engine.delete_node_pool(number), status='FAILED')
    equal(w.engine.get_node_pool(number).data.lifecycle_state, 'NEEDS_ATTENTION')
    w.finish(w.engine, w.engine.delete_node_pool(number))


@case('container engine: a node pool fills its subnet, and says so')
def full_subnet(w):
    small = w.network.create_subnet(core.models.CreateSubnetDetails(
        compartment_id=w.compartment, vcn_id=w.vcn.id, cidr_block='10.0.99.0/30')).data
    until(lambda: w.network.get_subnet(small.id).data.lifecycle_state == 'AVAILABLE')
    m = container_engine.models
    answer = w.engine.create_node_pool(pool_details(
        w, name='full', node_source_details=new_source(w), node_config_details=m.CreateNodePoolNodeConfigDetails(
            size=2, placement_configs=[m.NodePoolPlacementConfigDetails(
                availability_domain=w.ads[0], subnet_id=small.id)])))
    number = w.finish(w.engine, answer, status='FAILED')['nodepool']
    pool = w.engine.get_node_pool(number).data
    equal(sorted(node.lifecycle_state for node in pool.nodes), ['ACTIVE', 'FAILING'])
    w.finish(w.engine, w.engine.delete_node_pool(number))
    w.network.delete_subnet(small.id)


@case('container engine: credentials are rotated')
def rotation(w):
    m = container_engine.models
    ca = lambda: re.search(r'certificate-authority-data: (\S+)',
                           w.engine.create_kubeconfig(w.cluster, create_cluster_kubeconfig_content_details=m.
                                                      CreateClusterKubeconfigContentDetails(
                                                          endpoint='PUBLIC_ENDPOINT')).data.text).group(1)
    before = ca()
    for wrong in ('P91D', 'soon'):
        refused(400, 'InvalidParameter', w.engine.start_credential_rotation, w.cluster,
                m.StartCredentialRotationDetails(auto_completion_delay_duration=wrong))
    refused(409, 'IncorrectState', w.engine.complete_credential_rotation, w.cluster)
    w.finish(w.engine, w.engine.start_credential_rotation(
        w.cluster, m.StartCredentialRotationDetails(auto_completion_delay_duration='P5D')))
    equal(w.engine.get_credential_rotation_status(w.cluster).data.status_details,
          'NEW_CREDENTIALS_ISSUED')
    holds(ca() != before, 'another authority')
    w.finish(w.engine, w.engine.complete_credential_rotation(w.cluster))
    equal(w.engine.get_credential_rotation_status(w.cluster).data.status, 'COMPLETED')


@case('container engine: bearer tokens are judged as the API server will ask')
def bearer_tokens(w):
    status = review(w, bearer_token(w))
    equal((status['authenticated'], status['user']['username']), (True, w.user))
    holds('system:masters' in status['user']['groups'], f'{status}')
    now = datetime.now(timezone.utc)
    key = subprocess.run(['openssl', 'genrsa', '2048'], capture_output=True, check=True).stdout
    stranger = dict(w.emulator.config, key_content=key.decode(), key_file=None)
    for says, token in (
            ('clock skew', bearer_token(w, when=now - timedelta(minutes=6))),
            ('clock skew', bearer_token(w, when=now + timedelta(minutes=6))),
            ('another cluster', bearer_token(w, cluster=altered(w.cluster))),
            ('another region', bearer_token(
                w, spoil=lambda url: url.replace(w.emulator.config['region'], 'us-ashburn-1', 1))),
            ('signature', bearer_token(w, config=stranger)),
            ('not known', bearer_token(w, config=dict(w.emulator.config, user=altered(w.user)))),
            ('signature', bearer_token(
                w, spoil=lambda url: url.replace('signature%3D%22', 'signature%3D%22A'))),
            ('not signed', bearer_token(w, spoil=lambda url: url.split('&date')[0])),
            ('no cluster request', base64.urlsafe_b64encode(b'https://example.com/').decode()),
            ('base64', 'not a token')):
        status = review(w, token)
        holds(not status['authenticated'] and says in status['error'], f'{says}: {status}')


# === artifacts ======================================================================================

@case('artifacts: repositories and the configuration')
def repositories(w):
    m = artifacts.models
    details = m.CreateContainerRepositoryDetails(
        compartment_id=w.compartment, display_name='todo/backend', is_public=False,
        readme=m.ContainerRepositoryReadme(content='# hi', format='TEXT_MARKDOWN'))
    made = w.artifacts.create_container_repository(details).data
    equal((made.lifecycle_state, made.image_count, made.is_immutable), ('AVAILABLE', 0, False))
    refused(409, ('Conflict', 'NotAuthorizedOrResourceAlreadyExists'),
            w.artifacts.create_container_repository, details)
    for name in ('two', 'three'):
        w.artifacts.create_container_repository(m.CreateContainerRepositoryDetails(
            compartment_id=w.compartment, display_name=name))
    listed = w.artifacts.list_container_repositories(w.compartment).data
    equal((listed.repository_count, len(listed.items)), (3, 3))
    found = oci.pagination.list_call_get_all_results(
        w.artifacts.list_container_repositories, w.compartment, limit=2).data
    equal(len(found.items if hasattr(found, 'items') else found), 3)
    changed = w.artifacts.update_container_repository(
        made.id, m.UpdateContainerRepositoryDetails(is_public=True)).data
    equal((changed.is_public, changed.readme.content), (True, '# hi'))
    refused(400, 'InvalidParameter', w.artifacts.create_container_repository,
            m.CreateContainerRepositoryDetails(compartment_id=w.compartment,
                                               display_name='Upper Case'))
    equal(w.artifacts.list_container_images(w.compartment).data.items, [])
    settings = w.artifacts.get_container_configuration(w.tenancy).data
    equal(settings.namespace, made.namespace)
    changed = w.artifacts.update_container_configuration(
        w.tenancy, m.UpdateContainerConfigurationDetails(is_repository_created_on_first_push=False))
    equal(changed.data.is_repository_created_on_first_push, False)
    for one in listed.items:
        w.artifacts.delete_container_repository(one.id)
        w.wait(w.artifacts, lambda number: w.artifacts.get_container_repository(number), one.id,
               state='DELETED', missing=True) if exists(
                   w.artifacts.get_container_repository, one.id) else None


def exists(get, *path):
    try:
        get(*path)
        return True
    except oci.exceptions.ServiceError as error:
        equal(error.status, 404)
        return False


# === object storage =================================================================================

@case('object storage: buckets')
def buckets(w):
    m = object_storage.models
    w.namespace = w.storage.get_namespace().data
    holds(isinstance(w.namespace, str) and w.namespace, 'a bare string')
    meta = w.storage.get_namespace_metadata(w.namespace).data
    equal(meta.default_s3_compartment_id, w.tenancy)
    details = m.CreateBucketDetails(name='state', compartment_id=w.compartment,
                                    versioning='Enabled', metadata={'k': 'v'})
    made = w.storage.create_bucket(w.namespace, details)
    equal((made.data.public_access_type, made.data.storage_tier, made.data.versioning),
          ('NoPublicAccess', 'Standard', 'Enabled'))
    refused(409, 'BucketAlreadyExists', w.storage.create_bucket, w.namespace, details)
    refused(400, ('InvalidBucketName', 'InvalidParameter'), w.storage.create_bucket, w.namespace,
            m.CreateBucketDetails(name='no spaces', compartment_id=w.compartment))
    got = w.storage.get_bucket(w.namespace, 'state').data
    equal((got.approximate_count, got.auto_tiering), (None, None))
    got = w.storage.get_bucket(w.namespace, 'state',
                               fields=['approximateCount', 'approximateSize', 'autoTiering']).data
    equal((got.approximate_count, got.approximate_size, got.auto_tiering), (0, 0, 'Disabled'))
    changed = w.storage.update_bucket(w.namespace, 'state', m.UpdateBucketDetails(
        versioning='Suspended', object_events_enabled=True)).data
    equal((changed.versioning, changed.object_events_enabled, changed.metadata),
          ('Suspended', True, {'k': 'v'}))
    w.storage.head_bucket(w.namespace, 'state')
    for name in ('b1', 'b2'):
        w.storage.create_bucket(w.namespace, m.CreateBucketDetails(
            name=name, compartment_id=w.compartment))
    equal(sorted(one.name for one in every(w.storage.list_buckets, w.namespace, w.compartment)),
          ['b1', 'b2', 'state'])
    refused(404, 'BucketNotFound', w.storage.get_bucket, w.namespace, 'nowhere')
    refused(404, ('LifecyclePolicyNotFound', 'NotAuthorizedOrNotFound'),
            w.storage.get_object_lifecycle_policy, w.namespace, 'state')


@case('object storage: objects, conditions, digests, listing')
def objects(w):
    body = b'{"version": 4}'
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    put = w.storage.put_object(w.namespace, 'state', 'env/terraform.tfstate', body,
                               content_md5=digest, opc_meta={'who': 'me'})
    equal(put.headers['opc-content-md5'], digest)
    refused(412, 'IfNoneMatchFailed', w.storage.put_object, w.namespace, 'state',
            'env/terraform.tfstate', body, if_none_match='*')
    refused(412, 'IfMatchFailed', w.storage.put_object, w.namespace, 'state',
            'env/terraform.tfstate', body, if_match='stale')
    refused(400, 'UnmatchedContentMD5', w.storage.put_object, w.namespace, 'state', 'x', body,
            content_md5=base64.b64encode(b'0' * 16).decode())
    got = w.storage.get_object(w.namespace, 'state', 'env/terraform.tfstate')
    equal((got.data.content, got.headers['content-md5'], got.headers['opc-meta-who']),
          (body, digest, 'me'))
    equal(got.headers['etag'], put.headers['etag'])
    part = w.storage.get_object(w.namespace, 'state', 'env/terraform.tfstate', range='bytes=2-8')
    equal((part.status, part.data.content), (206, body[2:9]))
    head = w.storage.head_object(w.namespace, 'state', 'env/terraform.tfstate')
    equal(head.headers['content-length'], str(len(body)))
    refused(404, 'ObjectNotFound', w.storage.get_object, w.namespace, 'state', 'nothing')
    for name in ('a/1', 'a/2', 'b', 'c'):
        w.storage.put_object(w.namespace, 'state', name, name.encode())
    listed = w.storage.list_objects(w.namespace, 'state', delimiter='/').data
    equal(([one.name for one in listed.objects], listed.prefixes), (['b', 'c'], ['a/', 'env/']))
    equal(listed.objects[0].size, None)
    first = w.storage.list_objects(w.namespace, 'state', limit=2,
                                   fields='name,size,etag,md5,timeCreated').data
    equal([one.size for one in first.objects], [3, 3])
    rest = w.storage.list_objects(w.namespace, 'state', start=first.next_start_with).data
    equal([one.name for one in rest.objects], ['b', 'c', 'env/terraform.tfstate'])
    versions = w.storage.list_object_versions(w.namespace, 'state').data
    equal(len(versions.items), 5)
    refused(409, 'BucketNotEmpty', w.storage.delete_bucket, w.namespace, 'state')


@case('object storage: multipart upload')
def multipart(w):
    m = object_storage.models
    upload = w.storage.create_multipart_upload(
        w.namespace, 'state', m.CreateMultipartUploadDetails(object='big')).data
    parts = []
    for number, body in ((1, b'x' * 1000), (2, b'y' * 10)):
        answer = w.storage.upload_part(w.namespace, 'state', 'big', upload.upload_id, number, body)
        parts.append(m.CommitMultipartUploadPartDetails(part_num=number,
                                                        etag=answer.headers['etag']))
    equal(len(w.storage.list_multipart_upload_parts(w.namespace, 'state', 'big',
                                                    upload.upload_id).data), 2)
    equal(len(w.storage.list_multipart_uploads(w.namespace, 'state').data), 1)
    done = w.storage.commit_multipart_upload(
        w.namespace, 'state', 'big', upload.upload_id,
        m.CommitMultipartUploadDetails(parts_to_commit=parts))
    holds(done.headers['opc-multipart-md5'].endswith('-2'), 'digest of parts')
    equal(w.storage.get_object(w.namespace, 'state', 'big').data.content, b'x' * 1000 + b'y' * 10)
    upload = w.storage.create_multipart_upload(
        w.namespace, 'state', m.CreateMultipartUploadDetails(object='big')).data
    w.storage.abort_multipart_upload(w.namespace, 'state', 'big', upload.upload_id)


@case('object storage: pre-authenticated requests')
def preauthenticated(w):
    m = object_storage.models
    soon = datetime.now(timezone.utc) + timedelta(days=1)
    made = w.storage.create_preauthenticated_request(
        w.namespace, 'state', m.CreatePreauthenticatedRequestDetails(
            name='state', access_type='ObjectReadWrite', object_name='par', time_expires=soon)).data
    holds(made.access_uri.startswith('/p/') and made.full_path.endswith(made.access_uri), 'URI')
    context = ssl.create_default_context(cafile=w.emulator.ca)

    def plain(method, data=None):
        request = urllib.request.Request(w.emulator.url + made.access_uri, data, method=method)
        try:
            with urllib.request.urlopen(request, context=context) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
    equal(plain('GET')[0], 404)
    equal(plain('PUT', b'hello')[0], 200)
    equal(plain('GET'), (200, b'hello'))
    holds(plain('DELETE')[0] in (401, 403, 404, 405), 'a PAR deletes nothing')
    got = w.storage.get_preauthenticated_request(w.namespace, 'state', made.id).data
    holds(not hasattr(got, 'access_uri'), 'shown once')
    listed = w.storage.list_preauthenticated_requests(w.namespace, 'state').data
    equal([one.id for one in listed], [made.id])
    for bad in ({'access_type': 'ObjectRead', 'object_name': None},
                {'time_expires': soon - timedelta(days=2)}):
        given = dict(name='bad', access_type='AnyObjectRead', time_expires=soon)
        given.update(bad)
        refused(400, ('InvalidParameter', 'MissingParameter', 'InvalidObjectName'),
                w.storage.create_preauthenticated_request, w.namespace, 'state',
                m.CreatePreauthenticatedRequestDetails(**given))
    w.storage.delete_preauthenticated_request(w.namespace, 'state', made.id)
    holds(plain('GET')[0] in (401, 404), 'gone')


def s3(w, method, path, body=b'', key=None, query='', date=None, digest=None, **headers):
    """A request to the S3-compatible API, signed by hand; (status, body, headers)."""
    access, secret = key or (w.secret_key.id, w.secret_key.key)
    date = date or datetime.now(timezone.utc).strftime('%Y%m%dT%H%M%SZ')
    scope = f'{date[:8]}/{w.emulator.config["region"]}/s3/aws4_request'
    headers = {name.replace('_', '-'): value for name, value in headers.items()}
    headers.update({'host': w.emulator.url.split('//')[1], 'x-amz-date': date,
                    'x-amz-content-sha256': digest or hashlib.sha256(body).hexdigest()})
    names = sorted(headers)
    canonical = '\n'.join([method, path, query] + [f'{name}:{headers[name]}' for name in names]
                          + ['', ';'.join(names), headers['x-amz-content-sha256']])
    text = '\n'.join(['AWS4-HMAC-SHA256', date, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    derived = b'AWS4' + secret.encode()
    for part in scope.split('/'):
        derived = hmac.digest(derived, part.encode(), 'sha256')
    headers['authorization'] = (
        f'AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={";".join(names)}, '
        f'Signature={hmac.digest(derived, text.encode(), "sha256").hex()}')
    request = urllib.request.Request(f'{w.emulator.url}{path}{"?" if query else ""}{query}',
                                     body or None, headers, method=method)
    context = ssl.create_default_context(cafile=w.emulator.ca)
    try:
        with urllib.request.urlopen(request, context=context) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


@case('S3: signatures, conditional writes, listings, multipart uploads')
def s3_compatible(w):
    equal(s3(w, 'PUT', '/b2/env/lock', b'{}', if_none_match='*')[0], 200)
    equal(w.storage.get_object(w.namespace, 'b2', 'env/lock').data.content, b'{}')
    status, body, _ = s3(w, 'PUT', '/b2/env/lock', b'{"mine": 1}', if_none_match='*')
    holds(status == 412 and b'<Code>PreconditionFailed</Code>' in body, f'{status} {body}')
    status, body, headers = s3(w, 'GET', '/b2/env/lock')
    equal((status, body, headers['ETag']), (200, b'{}', f'"{hashlib.md5(b"{}").hexdigest()}"'))
    equal(s3(w, 'GET', '/b2/env/lock', if_none_match=headers['ETag'])[0], 304)
    equal(s3(w, 'GET', '/b2/env/lock', range='bytes=1-5')[:2], (206, b'}'))
    equal(s3(w, 'HEAD', '/b2/nothing')[0], 404)
    for name in ('a b', 'env/x', 'z'):
        equal(s3(w, 'PUT', '/b2/' + urllib.parse.quote(name), name.encode())[0], 200)
    body = s3(w, 'GET', '/b2', query='delimiter=%2F&list-type=2&max-keys=2')[1].decode()
    holds('<Key>a b</Key>' in body and '<Prefix>env/</Prefix>' in body and '<Key>z' not in body, body)
    token = body.split('<NextContinuationToken>')[1].split('<')[0]
    body = s3(w, 'GET', '/b2', query=f'continuation-token={token}&delimiter=%2F&list-type=2')[1]
    holds(b'<Key>z</Key>' in body and b'<IsTruncated>false' in body, body)

    good = (w.secret_key.id, w.secret_key.key)
    for code, arguments in (
            (b'InvalidAccessKeyId', {'key': ('0' * 40, good[1])}),
            (b'SignatureDoesNotMatch', {'key': (good[0], good[1] + 'x')}),
            (b'RequestTimeTooSkewed', {'date': '20200101T000000Z'}),
            (b'XAmzContentSHA256Mismatch', {'digest': hashlib.sha256(b'other').hexdigest()}),
            (b'NotImplemented', {'digest': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'}),
            (b'InvalidArgument', {'digest': 'nonsense'})):
        status, body, _ = s3(w, 'PUT', '/b2/refused', b'x', **arguments)
        holds(status >= 400 and b'<Code>' + code + b'</Code>' in body, f'{code}: {status} {body}')

    upload = s3(w, 'POST', '/b2/big', query='uploads=')[1].split(b'<UploadId>')[1].split(b'<')[0].decode()
    tags = [s3(w, 'PUT', '/b2/big', part, query=f'partNumber={number}&uploadId={upload}')[2]['ETag']
            for number, part in ((1, b'x' * 1000), (2, b'y'))]
    parts = ''.join(f'<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>'
                    for number, tag in enumerate(tags, 1))
    for wrong in ('<Part/>', parts.replace(tags[0], tags[1]), '<!DOCTYPE x>'):
        equal(s3(w, 'POST', '/b2/big', f'<CompleteMultipartUpload>{wrong}</CompleteMultipartUpload>'
                 .encode(), query=f'uploadId={upload}')[0], 400)
    status, body, _ = s3(w, 'POST', '/b2/big', query=f'uploadId={upload}', body=
                         f'<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>'.encode())
    holds(status == 200 and b'-2' in body, f'{status} {body}')
    equal(s3(w, 'GET', '/b2/big')[1], b'x' * 1000 + b'y')
    equal(s3(w, 'DELETE', '/b2/env/lock')[0], 204)
    equal(s3(w, 'DELETE', '/b2/env/lock')[0], 204)


@case('object storage: retention rules, and the end of the buckets')
def retention(w):
    m = object_storage.models
    rule = w.storage.create_retention_rule(
        w.namespace, 'b1', m.CreateRetentionRuleDetails(
            display_name='keep', duration=m.Duration(time_amount=1, time_unit='DAYS'))).data
    equal(rule.duration.time_amount, 1)
    w.storage.put_object(w.namespace, 'b1', 'kept', b'x')
    refused(409, ('RetentionRuleViolation', 'ObjectLockedByRetentionRule', 'RetentionRuleConflict',
                  'Conflict', 'IncorrectState'),
            w.storage.delete_object, w.namespace, 'b1', 'kept')
    equal(len(w.storage.list_retention_rules(w.namespace, 'b1').data.items), 1)
    w.storage.update_retention_rule(w.namespace, 'b1', rule.id, m.UpdateRetentionRuleDetails(
        display_name='kept'))
    equal(w.storage.get_retention_rule(w.namespace, 'b1', rule.id).data.display_name, 'kept')
    w.storage.delete_retention_rule(w.namespace, 'b1', rule.id)
    refused(409, ('RetentionRuleConflict', 'IncorrectState', 'Conflict'),
            w.storage.create_retention_rule, w.namespace, 'state', m.CreateRetentionRuleDetails(
                display_name='versioned'))
    for bucket in ('b1', 'b2', 'state'):
        for version in w.storage.list_object_versions(w.namespace, bucket).data.items:
            w.storage.delete_object(w.namespace, bucket, version.name,
                                    version_id=version.version_id)
        for one in w.storage.list_objects(w.namespace, bucket).data.objects:
            w.storage.delete_object(w.namespace, bucket, one.name)
        w.storage.delete_bucket(w.namespace, bucket)


# === logging ========================================================================================

@case('logging: groups and logs')
def log_groups(w):
    m = logging.models
    group = w.finish(w.logs, w.logs.create_log_group(m.CreateLogGroupDetails(
        compartment_id=w.compartment, display_name='group')))['loggroup']
    equal(w.logs.get_log_group(group).data.lifecycle_state, 'ACTIVE')
    refused(409, ('Conflict', 'NotAuthorizedOrResourceAlreadyExists'), w.logs.create_log_group,
            m.CreateLogGroupDetails(compartment_id=w.compartment, display_name='group'))
    log = w.finish(w.logs, w.logs.create_log(group, m.CreateLogDetails(
        display_name='flow', log_type='SERVICE', is_enabled=True, retention_duration=30,
        configuration=m.Configuration(source=m.OciService(
            service='flowlogs', resource=w.nodes.id, category='all')))))['log']
    got = w.logs.get_log(group, log).data
    equal((got.is_enabled, got.configuration.source.service, got.tenancy_id),
          (True, 'flowlogs', w.tenancy))
    w.finish(w.logs, w.logs.update_log(group, log, m.UpdateLogDetails(
        is_enabled=False, display_name='flow2')))
    equal(w.logs.get_log(group, log).data.is_enabled, False)
    for bad in ({'log_type': 'SERVICE'}, {'log_type': 'CUSTOM', 'retention_duration': 45}):
        refused(400, ('InvalidParameter', 'MissingParameter'), w.logs.create_log, group,
                m.CreateLogDetails(display_name='bad', **bad))
    equal([one.id for one in every(w.logs.list_logs, group)], [log])
    refused(409, ('Conflict', 'IncorrectState'), w.logs.delete_log_group, group)
    w.finish(w.logs, w.logs.delete_log(group, log))
    refused(404, 'NotAuthorizedOrNotFound', w.logs.get_log, group, log)
    w.finish(w.logs, w.logs.update_log_group(group, m.UpdateLogGroupDetails(
        display_name='g2', description='d')))
    equal([one.display_name for one in every(w.logs.list_log_groups, w.compartment)], ['g2'])
    w.finish(w.logs, w.logs.delete_log_group(group))
    refused(404, 'NotAuthorizedOrNotFound', w.logs.get_log_group, group)


# === databases ======================================================================================

@case('database: autonomous database of the free tier')
def autonomous(w):
    m = database.models

    def details(**more):
        given = dict(compartment_id=w.compartment, db_name='tododb', display_name='todo',
                     admin_password='Secret_Word_123', db_workload='OLTP', is_free_tier=True,
                     cpu_core_count=1, data_storage_size_in_tbs=1, is_auto_scaling_enabled=False)
        given.update(more)
        return m.CreateAutonomousDatabaseDetails(**given)
    for bad in ({'admin_password': 'short'}, {'is_auto_scaling_enabled': True}, {'db_name': '1db'},
                {'subnet_id': w.nodes.id}):
        refused(400, 'InvalidParameter', w.database.create_autonomous_database, details(**bad))
    made = w.database.create_autonomous_database(details())
    w.finish(w.requests, made)
    one = w.database.get_autonomous_database(made.data.id).data
    equal((one.lifecycle_state, one.is_free_tier, one.db_name), ('AVAILABLE', True, 'tododb'))
    holds(one.connection_strings.high and one.connection_urls.apex_url, 'connection')
    refused(409, ('Conflict', 'InvalidParameter'), w.database.create_autonomous_database, details())
    w.finish(w.requests, w.database.stop_autonomous_database(one.id))
    equal(w.database.get_autonomous_database(one.id).data.lifecycle_state, 'STOPPED')
    refused(409, 'IncorrectState', w.database.stop_autonomous_database, one.id)
    w.finish(w.requests, w.database.start_autonomous_database(one.id))
    w.finish(w.requests, w.database.update_autonomous_database(
        one.id, m.UpdateAutonomousDatabaseDetails(display_name='renamed')))
    equal([each.display_name for each in every(
        w.database.list_autonomous_databases, w.compartment)], ['renamed'])
    wallet = w.database.generate_autonomous_database_wallet(
        one.id, m.GenerateAutonomousDatabaseWalletDetails(password='Wallet_word_1')).data
    names = zipfile.ZipFile(io.BytesIO(wallet.content))
    equal(names.testzip(), None)
    holds(b'tododb_high' in names.read('tnsnames.ora'), 'names of the services')
    refused(400, 'InvalidParameter', w.database.generate_autonomous_database_wallet, one.id,
            m.GenerateAutonomousDatabaseWalletDetails(password='onlyletters'))
    w.finish(w.requests, w.database.delete_autonomous_database(one.id))
    if exists(w.database.get_autonomous_database, one.id):
        equal(w.database.get_autonomous_database(one.id).data.lifecycle_state, 'TERMINATED')


@case('postgresql: db system')
def postgresql(w):
    m = psql.models

    def details(**more):
        given = dict(
            compartment_id=w.compartment, display_name='pg', db_version='16',
            shape='PostgreSQL.VM.Standard.E5.Flex', instance_count=1, instance_ocpu_count=2,
            instance_memory_size_in_gbs=32,
            storage_details=m.OciOptimizedStorageDetails(is_regionally_durable=True),
            credentials=m.Credentials(username='todo', password_details=m.PlainTextPasswordDetails(
                password='Secret_Word_123')),
            network_details=m.NetworkDetails(subnet_id=w.nodes.id))
        given.update(more)
        return m.CreateDbSystemDetails(**given)
    refused(400, ('InvalidParameter', 'MissingParameter'), w.psql.create_db_system, details(
        storage_details=m.OciOptimizedStorageDetails(is_regionally_durable=False)))
    refused(400, 'InvalidParameter', w.psql.create_db_system, details(db_version='9'))
    made = w.psql.create_db_system(details())
    w.finish(w.psql, made)
    one = w.psql.get_db_system(made.data.id).data
    equal((one.lifecycle_state, one.admin_username, len(one.instances)), ('ACTIVE', 'todo', 1))
    endpoint = w.psql.get_connection_details(one.id).data.primary_db_endpoint
    equal((endpoint.port, endpoint.ip_address.startswith('10.0.10.')), (5432, True))
    w.finish(w.psql, w.psql.update_db_system(one.id, m.UpdateDbSystemDetails(display_name='pg2')))
    equal([each.display_name for each in every(
        w.psql.list_db_systems, compartment_id=w.compartment)], ['pg2'])
    w.finish(w.psql, w.psql.stop_db_system(one.id))
    equal(w.psql.get_db_system(one.id).data.lifecycle_state, 'INACTIVE')
    w.finish(w.psql, w.psql.start_db_system(one.id, m.StartDbSystemDetails()))
    equal(w.psql.list_work_request_errors(w.last.id).data.items, [])
    w.finish(w.psql, w.psql.delete_db_system(one.id))
    if exists(w.psql.get_db_system, one.id):
        equal(w.psql.get_db_system(one.id).data.lifecycle_state, 'DELETED')


# === protocol =======================================================================================

@case('protocol: a signature of another key, a skewed clock, an unknown field are refused')
def protocol(w):
    body = json.dumps({'compartmentId': w.compartment, 'cidrBlocks': ['10.0.0.0/16'],
                       'colour': 'blue'})
    refused(400, ('InvalidParameter', 'CannotParseRequest'), w.network.base_client.call_api,
            resource_path='/vcns', method='POST', operation_name='create_vcn',
            header_params={'content-type': 'application/json'}, body=json.loads(body),
            api_reference_link='', required_arguments=[])
    key = subprocess.run(['openssl', 'genrsa', '2048'], capture_output=True, check=True).stdout
    config = dict(w.emulator.config, key_content=key.decode())
    config.pop('key_file')
    stranger = identity.IdentityClient(config, service_endpoint=w.emulator.url,
                                       retry_strategy=oci.retry.NoneRetryStrategy())
    stranger.base_client.session.verify = w.emulator.ca
    refused(401, 'NotAuthenticated', stranger.get_user, w.user)


@case('state survives kill -9')
def killed(w):
    port = w.emulator.url.rsplit(':', 1)[1]
    w.emulator.stop(kill=True)
    w.emulator.start(f'127.0.0.1:{port}')
    w.connect(False)
    equal(w.network.get_vcn(w.vcn.id).data.display_name, 'todo')
    equal(len(living(w.engine.get_node_pool(w.pool).data)), 2)


# === proxy mode: the real host names ================================================================

@case('proxy: every service under its real host name')
def proxied(w):
    os.environ['HTTPS_PROXY'] = w.emulator.url.replace('https://', 'http://')
    os.environ.pop('NO_PROXY', None)
    os.environ.pop('no_proxy', None)
    w.connect(True)
    holds(w.network.base_client.endpoint.startswith('https://iaas.'), w.network.base_client.endpoint)
    equal(w.identity.get_compartment(w.compartment).data.id, w.compartment)
    equal(w.network.get_vcn(w.vcn.id).data.id, w.vcn.id)
    equal(w.engine.get_cluster(w.cluster).data.id, w.cluster)
    equal(w.storage.get_namespace().data, w.namespace)
    equal(w.artifacts.list_container_repositories(w.compartment).data.repository_count, 0)
    equal(w.logs.list_log_groups(w.compartment).data, [])
    equal(w.psql.list_db_systems(compartment_id=w.compartment).data.items, [])
    holds(w.database.list_autonomous_databases(w.compartment).data is not None, 'database')
    holds(w.compute.list_shapes(w.compartment).data, 'compute')
    w.finish(w.requests, w.network.add_vcn_cidr(
        w.vcn.id, core.models.AddVcnCidrDetails(cidr_block='10.8.0.0/16')))


@case('proxy: all of it is deleted, in the order the rules allow')
def teardown(w):
    w.finish(w.engine, w.engine.delete_node_pool(w.pool))
    equal(w.engine.get_node_pool(w.pool).data.lifecycle_state, 'DELETED')
    w.finish(w.engine, w.engine.delete_cluster(w.cluster))
    equal(w.engine.get_cluster(w.cluster).data.lifecycle_state, 'DELETED')
    for subnet in (w.api, w.nodes, w.lb):
        w.network.delete_subnet(subnet.id)
        if exists(w.network.get_subnet, subnet.id):
            holds(w.network.get_subnet(subnet.id).data.lifecycle_state in
                  ('TERMINATING', 'TERMINATED'), 'state after delete')
    w.network.update_route_table(w.vcn.default_route_table_id,
                                 core.models.UpdateRouteTableDetails(route_rules=[]))
    for delete, get, number in (
            (w.network.delete_route_table, w.network.get_route_table, w.table.id),
            (w.network.delete_security_list, w.network.get_security_list, w.list.id),
            (w.network.delete_network_security_group, w.network.get_network_security_group, w.nsg.id),
            (w.network.delete_internet_gateway, w.network.get_internet_gateway, w.igw.id),
            (w.network.delete_nat_gateway, w.network.get_nat_gateway, w.nat.id),
            (w.network.delete_service_gateway, w.network.get_service_gateway, w.sgw.id),
            (w.network.delete_vcn, w.network.get_vcn, w.vcn.id)):
        until(lambda: accepted(delete, number))
        until(lambda: not exists(get, number)
              or get(number).data.lifecycle_state == 'TERMINATED')
    w.identity.delete_customer_secret_key(w.user, w.secret_key.id)
    w.finish(w.identity, w.identity.delete_compartment(w.compartment))


def accepted(delete, number):
    """False while what was deleted before still holds on (409)."""
    try:
        delete(number)
        return True
    except oci.exceptions.ServiceError as error:
        equal(error.status, 409, error.message)
        return False


def until(condition):
    end = time.monotonic() + 30
    while not condition():
        holds(time.monotonic() < end, 'it did not come true in 30 s')
        time.sleep(0.1)


# === the record =====================================================================================

def check_record(*arguments):
    return subprocess.run([sys.executable, '-B', str(HERE / 'check_record.py'), *arguments],
                          capture_output=True, text=True)


@case('the record of all this agrees with the published models')
def recorded(w):
    result = check_record(str(w.emulator.record))
    equal(result.returncode, 0, result.stdout[-4000:] + result.stderr)
    print('# ' + result.stderr.strip())


@case('a record with a wrong field, type, enum, missing field does not pass')
def recorded_wrong(w):
    lines = [json.loads(line) for line in w.emulator.record.read_text().splitlines()]
    create = next(line for line in lines if line['method'] == 'POST'
                  and line['path'] == '/20160918/vcns' and line['status'] == 200)
    pool = next(line for line in lines if line['method'] == 'POST'
                and line['path'] == '/20180222/nodePools' and line['status'] < 300)

    def spoil(line, side, change):
        copy = json.loads(json.dumps(line))
        value = copy[side]
        if isinstance(value, str):
            value = copy[side] = json.loads(value)
        change(value)
        return copy
    spoiled = {
        'unknown request field': spoil(create, 'body', lambda b: b.update(colour='blue')),
        'request type': spoil(create, 'body', lambda b: b.update(cidrBlocks='10.0.0.0/16')),
        'required request field': spoil(create, 'body', lambda b: b.pop('compartmentId')),
        'request null': spoil(create, 'body', lambda b: b.update(dnsLabel=None)),
        'request subtype': spoil(pool, 'body', lambda b: b['nodeSourceDetails'].pop('sourceType')),
        'nested request field': spoil(pool, 'body', lambda b: b['nodeShapeConfig'].update(cpus=1)),
        'unknown response field': spoil(create, 'response', lambda b: b.update(colour='blue')),
        'response type': spoil(create, 'response', lambda b: b.update(cidrBlocks=[1])),
        'response enum': spoil(create, 'response', lambda b: b.update(lifecycleState='READY')),
        'required response field': spoil(create, 'response', lambda b: b.pop('id')),
        'response time': spoil(create, 'response', lambda b: b.update(timeCreated='today')),
        'query': dict(create, method='GET', path='/20160918/vcns?colour=blue&compartmentId=x',
                      body=None, response=[]),
        'missing query': dict(create, method='GET', path='/20160918/vcns', body=None, response=[]),
        'path': dict(create, path='/20160918/vcnz'),
    }
    path = w.emulator.state / 'spoiled.jsonl'
    path.write_text(''.join(json.dumps(line) + '\n' for line in spoiled.values()))
    result = check_record(str(path))
    equal(result.returncode, 1)
    for number, what in enumerate(spoiled, 1):
        holds(f'{path}:{number}: ' in result.stdout, f'not found: {what}\n{result.stdout}')


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix='okestra-sdk-') as state:
        world = World(Emulator(state))
        only = sys.argv[1:]
        print(f'1..{len(cases)}', flush=True)
        for number, (title, function) in enumerate(cases, 1):
            if only and function.__name__ not in only:
                print(f'ok {number} - {title} # SKIP not asked for', flush=True)
                continue
            try:
                function(world)
                print(f'ok {number} - {title}', flush=True)
            except Exception:
                failed += 1
                print(f'not ok {number} - {title}')
                for line in traceback.format_exc().splitlines()[1:]:
                    print(f'# {line}')
                sys.stdout.flush()
        if not world.emulator.stop():
            failed += 1
            print('# the emulator did not end as it should')
        if failed:
            print('# the end of the emulator\'s log:')
            for line in (Path(state) / 'emulator.log').read_text(errors='replace').splitlines()[-20:]:
                print(f'# {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
