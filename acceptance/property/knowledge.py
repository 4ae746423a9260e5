"""What the descriptors cannot say about valid configurations: what references point to, which CIDRs are
free, which values go together, what an API allows only so many of.

RULES[kind][path] is one of
  a function of the instance   makes a random valid value
  Fixed(function)              makes the value; it is not changed afterwards
  Skip(reason)                 never set
'*' holds rules for all kinds, by path or by last name. Further entries of a kind:
  'needs'    names that are always set
  'keep'     paths that are not taken away again
  'prepare'  function(instance, force), before members are made; force: names that will be set
  'omit'     function(instance): names that are not set
  'agree'    function(members, instance): changes members that must fit others, also after a change
"""

import base64

from hcl import Blocks, Ref


class Fixed:
    def __init__(self, make):
        self.make = make


class Skip:
    def __init__(self, reason):
        self.reason = reason


# --- what all instances of one batch share ----------------------------------------------------------

FIXTURES = '''
variable "tenancy_ocid" {}
variable "user_ocid" {}

data "oke_availability_domains" "all" {
  compartment_id = var.tenancy_ocid
}

data "oke_objectstorage_namespace" "this" {
  compartment_id = var.tenancy_ocid
}

data "oke_services" "all" {}

data "oke_cluster_option" "all" {
  cluster_option_id = "all"
}

data "oke_node_image" "arm" {
  kubernetes_version = local.versions[0]
  shape              = "VM.Standard.A1.Flex"
}

data "oke_node_image" "amd" {
  kubernetes_version = local.versions[0]
  shape              = "VM.Standard.E4.Flex"
}

locals {
  domains   = data.oke_availability_domains.all.availability_domains[*].name
  images    = { arm = data.oke_node_image.arm.image_id, amd = data.oke_node_image.amd.image_id }
  versions  = data.oke_cluster_option.all.kubernetes_versions
  namespace = data.oke_objectstorage_namespace.this.namespace
  services  = data.oke_services.all.services
}

output "locals" {
  value = { domains = local.domains, versions = local.versions, images = local.images, namespace = local.namespace, services = local.services }
}

resource "oke_compartment" "a" {
  compartment_id = var.tenancy_ocid
  name           = "property-a"
  description    = "Holds the objects of a test"
  enable_delete  = true
}

resource "oke_compartment" "b" {
  compartment_id = var.tenancy_ocid
  name           = "property-b"
  description    = "Objects are moved here"
  enable_delete  = true
}

resource "oke_vcn" "base" {
  compartment_id = oke_compartment.a.id
  cidr_blocks    = ["10.0.0.0/16"]
  display_name   = "base"
  dns_label      = "base"
}

resource "oke_internet_gateway" "base" {
  compartment_id = oke_compartment.a.id
  vcn_id         = oke_vcn.base.id
}

resource "oke_nat_gateway" "base" {
  compartment_id = oke_compartment.a.id
  vcn_id         = oke_vcn.base.id
}

resource "oke_route_table" "base" {
  for_each       = toset(["a", "b"])
  compartment_id = oke_compartment.a.id
  vcn_id         = oke_vcn.base.id
  display_name   = "base-${each.key}"

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oke_internet_gateway.base.id
  }
}

resource "oke_security_list" "base" {
  for_each       = toset(["a", "b"])
  compartment_id = oke_compartment.a.id
  vcn_id         = oke_vcn.base.id
  display_name   = "base-${each.key}"

  ingress_security_rules {
    protocol = "all"
    source   = "10.0.0.0/16"
  }

  egress_security_rules {
    protocol    = "all"
    destination = "0.0.0.0/0"
  }
}

resource "oke_network_security_group" "base" {
  for_each       = toset(["a", "b"])
  compartment_id = oke_compartment.a.id
  vcn_id         = oke_vcn.base.id
  display_name   = "base-${each.key}"
}

resource "oke_subnet" "base" {
  for_each          = { api = 240, nodes = 241, other = 242, pods = 243, lb = 244 }
  compartment_id    = oke_compartment.a.id
  vcn_id            = oke_vcn.base.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, each.value)
  display_name      = each.key
  route_table_id    = oke_route_table.base["a"].id
  security_list_ids = [oke_security_list.base["a"].id]
}

resource "oke_cluster" "base" {
  compartment_id     = oke_compartment.a.id
  name               = "base"
  vcn_id             = oke_vcn.base.id
  kubernetes_version = local.versions[0]
  type               = "ENHANCED_CLUSTER"

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id = oke_subnet.base["api"].id
  }
}

resource "oke_log_group" "base" {
  for_each       = toset(["a", "b"])
  compartment_id = oke_compartment.a.id
  display_name   = "base-${each.key}"
}

resource "oke_bucket" "base" {
  compartment_id = oke_compartment.a.id
  namespace      = local.namespace
  name           = "property-base"
}
'''


# --- rules that many share --------------------------------------------------------------------------

def refs(*choices):
    """One of these expressions."""
    return lambda instance: Ref(instance.rng.choice(choices))


def texts(*choices):
    return lambda instance: instance.rng.choice(choices)


def fixed_ref(expression):
    return Fixed(lambda instance: Ref(expression))


def some(*choices, most=None):
    """A list of one or more of these expressions."""
    def make(instance):
        count = instance.rng.randint(1, most or len(choices))
        return [Ref(one) for one in instance.rng.sample(choices, count)]
    return make


def unique_name(instance):
    return f'{instance.unique}-{instance.rng.randint(1, 99999)}'


def label(instance):
    """A DNS label: letters and digits, at most 15."""
    return f'{instance.kind.name[0]}{instance.number}x{instance.rng.randint(1, 99999)}'[:15]


def sentence(instance):
    return f'Made by a test, number {instance.rng.randint(1, 99999)}'


def free_cidr(instance):
    """A block of 10.0.0.0/16 that no other subnet takes. A change resizes it, which is done in place."""
    return f'10.0.{instance.number % 100 * 2}.0/{instance.rng.choice((23, 24, 25, 26))}'


def any_cidr(instance):
    return f'192.168.{instance.rng.randint(0, 255)}.0/24'


def own_vcn(instance):
    """A VCN of the instance's own, for what a VCN can have only one of."""
    instance.add('oke_vcn', 'vcn', {
        'compartment_id': Ref('oke_compartment.a.id'), 'cidr_blocks': ['10.1.0.0/16'],
        'display_name': f'{instance.unique}-vcn'})
    return Ref(f'oke_vcn.{instance.name}_vcn.id')


def b64(text):
    return base64.b64encode(text.encode()).decode()


def vcn_agree(members, instance):
    """IPv6 is seen by its blocks only: Oracle's own, or private ones."""
    if 'ipv6private_cidr_blocks' in members:
        members['is_ipv6enabled'] = True
    elif members.get('is_oracle_gua_allocation_enabled') is False:
        members.pop('is_ipv6enabled', None)


def port_range(instance):
    low = instance.rng.randint(1, 60000)
    return {'min': low, 'max': low + instance.rng.randint(0, 5000)}


# --- security rules ---------------------------------------------------------------------------------

def protocol_options(instance, rule):
    protocol = instance.rng.choice(('all', '1', '6', '17'))
    rule['protocol'] = protocol
    if protocol == '1' and instance.rng.random() < 0.7:
        rule['icmp_options'] = [{'type': 3, 'code': 4}] if instance.rng.random() < 0.5 else \
            [{'type': 8}]
    name = {'6': 'tcp_options', '17': 'udp_options'}.get(protocol)
    if name and instance.rng.random() < 0.7:
        options = port_range(instance)
        if instance.rng.random() < 0.3:
            options['source_port_range'] = [port_range(instance)]
        rule[name] = [options]
    if instance.rng.random() < 0.5:
        rule['description'] = sentence(instance)
    if instance.rng.random() < 0.3:
        rule['stateless'] = instance.rng.random() < 0.5


def blocks(value):
    """Lists of dicts inside are written as blocks, too."""
    if isinstance(value, dict):
        return {name: blocks(one) for name, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return Blocks(blocks(one) for one in value)
    return value


def security_rules(direction):
    side = {'ingress': 'source', 'egress': 'destination'}[direction]

    def make(instance):
        rules = []
        for _ in range(instance.rng.randint(1, 3)):
            rule = {}
            protocol_options(instance, rule)
            rule[side] = any_cidr(instance)
            if instance.rng.random() < 0.2:
                rule[side] = Ref('local.services[0].cidr_block')
                rule[f'{side}_type'] = 'SERVICE_CIDR_BLOCK'
            elif instance.rng.random() < 0.5:
                rule[f'{side}_type'] = 'CIDR_BLOCK'
            if rule not in rules:
                rules.append(rule)
        return blocks(rules)
    return make


def rule_ports(instance):
    names = instance.rng.sample(('source_port_range', 'destination_port_range'), instance.rng.randint(1, 2))
    return blocks([{name: [port_range(instance)] for name in sorted(names)}])


PEERS = {'NETWORK_SECURITY_GROUP': Ref('oke_network_security_group.base["b"].id'),
         'SERVICE_CIDR_BLOCK': Ref('local.services[0].cidr_block')}


def rule_agree(members, instance):
    """A rule of a group has one side, and options of its protocol only."""
    side, other = ('source', 'destination') if members['direction'] == 'INGRESS' else \
        ('destination', 'source')
    for name in (other, f'{other}_type'):
        members.pop(name, None)
    peer = PEERS.get(members.setdefault(f'{side}_type', 'CIDR_BLOCK'))
    if peer is not None:
        members[side] = peer
    elif side not in members or isinstance(members[side], Ref):
        members[side] = any_cidr(instance)
    for name, protocol in (('tcp_options', '6'), ('udp_options', '17'), ('icmp_options', '1')):
        if members['protocol'] != protocol:
            members.pop(name, None)


def route_rules(instance):
    rules = []
    for _ in range(instance.rng.randint(1, 3)):
        rule = {'destination': any_cidr(instance),
                'network_entity_id': Ref(instance.rng.choice((
                    'oke_internet_gateway.base.id', 'oke_nat_gateway.base.id')))}
        if instance.rng.random() < 0.5:
            rule['destination_type'] = 'CIDR_BLOCK'
        if instance.rng.random() < 0.5:
            rule['description'] = sentence(instance)
        if all(rule['destination'] != one['destination'] for one in rules):
            rules.append(rule)
    return blocks(rules)


# --- kinds ------------------------------------------------------------------------------------------

def upward(*steps):
    """The lower step first, the next one as the change: what never goes down again."""
    def make(instance):
        at = instance.shared.get(steps, -1) + 1
        instance.shared[steps] = at
        step = steps[min(at, len(steps) - 1)]
        return Ref(step) if step.startswith('local.') else step
    return make


def cluster_oidc(instance):
    """Tokens of another issuer: only enhanced clusters take them."""
    config = {'is_open_id_connect_auth_enabled': True, 'client_id': unique_name(instance),
              'issuer_url': f'https://issuer-{instance.rng.randint(1, 99)}.example.com'}
    if instance.rng.random() < 0.5:
        config['username_claim'] = instance.rng.choice(('sub', 'email'))
    if instance.rng.random() < 0.5:
        config['signing_algorithms'] = [instance.rng.choice(('RS256', 'ES256'))]
    if instance.rng.random() < 0.3:
        config['required_claims'] = [{'key': 'team', 'value': instance.rng.choice(('todo', 'ops'))}]
    return blocks([config])


def cluster_agree(members, instance):
    options = (members.get('options') or [{}])[0]
    if any(name.startswith('open_id') for name in options):
        members['type'] = 'ENHANCED_CLUSTER'
    if members.get('type') == 'ENHANCED_CLUSTER' and 'endpoint_config' not in members:
        members['endpoint_config'] = blocks([{'subnet_id': Ref('oke_subnet.base["api"].id')}])


IMAGES = {'VM.Standard.A1.Flex': 'arm', 'VM.Standard.A2.Flex': 'arm',
          'VM.Standard.E4.Flex': 'amd', 'VM.Standard.E5.Flex': 'amd'}


def node_shape(instance):
    """A pool keeps its architecture."""
    architecture = ('arm', 'amd')[instance.number % 2]
    return instance.rng.choice([shape for shape, image in IMAGES.items() if image == architecture])


def node_source(instance):
    source = {'source_type': 'IMAGE', 'image_id': Ref('data.oke_node_image.arm.image_id')}
    if instance.rng.random() < 0.5:
        source['boot_volume_size_in_gbs'] = str(instance.rng.randint(50, 200))
    return [source]


def node_pool_agree(members, instance):
    image = IMAGES[members['node_shape']]
    for source in members['node_source_details']:
        source['image_id'] = Ref(f'local.images["{image}"]')


def node_pool_prepare(instance, force):
    """Every fourth pool says in the old way how many nodes it has."""
    old = {'quantity_per_subnet', 'subnet_ids'}
    instance.shared['old'] = bool(old & set(force)) or not force and instance.number % 4 == 3
    instance.needs = old if instance.shared['old'] else {'node_config_details'}


def node_pool_omit(instance):
    old = instance.shared['old']
    return {'node_config_details'} if old else {'quantity_per_subnet', 'subnet_ids'}


def node_config(instance):
    config = {'size': instance.rng.randint(0, 3), 'placement_configs': [
        {'availability_domain': Ref(f'local.domains[{at}]'), 'subnet_id': Ref('oke_subnet.base["nodes"].id')}
        for at in instance.rng.sample(range(2), instance.rng.randint(1, 2))]}
    if instance.rng.random() < 0.3:
        config['placement_configs'][0]['fault_domains'] = \
            instance.rng.sample(['FAULT-DOMAIN-1', 'FAULT-DOMAIN-2', 'FAULT-DOMAIN-3'], 2)
    if instance.rng.random() < 0.4:
        config['nsg_ids'] = some('oke_network_security_group.base["a"].id',
                                 'oke_network_security_group.base["b"].id')(instance)
    if instance.rng.random() < 0.3:
        config['freeform_tags'] = {'node': str(instance.rng.randint(1, 99))}
    if instance.rng.random() < 0.3:
        config['is_pv_encryption_in_transit_enabled'] = instance.rng.random() < 0.5
    return blocks([config])


def statements(instance):
    verbs = instance.rng.sample(('inspect', 'read', 'use', 'manage'), instance.rng.randint(1, 3))
    return [Ref(f'"Allow group Administrators to {verb} repos in compartment id '
                '${oke_compartment.a.id}"') for verb in verbs]


def matching_rule(instance):
    return Ref('"ALL {instance.compartment.id = \'${oke_compartment.%s.id}\'}"'
               % instance.rng.choice('ab'))


ADDONS = ('CertManager', 'ClusterAutoscaler', 'Istio', 'KubernetesDashboard')


def retention_rules(instance):
    return blocks([{'display_name': f'rule-{n}', 'duration': [
        {'time_amount': str(instance.rng.randint(1, 90)), 'time_unit': instance.rng.choice(('DAYS', 'YEARS'))}]}
        for n in range(instance.rng.randint(1, 2))])


def bucket_agree(members, instance):
    """Versions and retention rules exclude each other, tiers and their automatic ones, too."""
    if 'versioning' in members:
        members.pop('retention_rules', None)
    if members.get('storage_tier') == 'Archive':
        members.pop('auto_tiering', None)


def request_agree(members, instance):
    """One object is named; of many a list may be had."""
    if members['access_type'] in ('ObjectRead', 'ObjectWrite', 'ObjectReadWrite'):
        members.setdefault('object_name', 'one-object')
    if not members['access_type'].startswith('AnyObjectRead'):
        members.pop('bucket_listing_action', None)


def flow_log(instance):
    vcn = own_vcn(instance)
    instance.add('oke_subnet', 'logged', {
        'compartment_id': Ref('oke_compartment.a.id'), 'vcn_id': vcn, 'cidr_block': '10.1.0.0/24'})
    return blocks([{'source': [{
        'source_type': 'OCISERVICE', 'service': 'flowlogs', 'category': 'all',
        'resource': Ref(f'oke_subnet.{instance.name}_logged.id')}]}])


def log_agree(members, instance):
    """What a service writes needs the service, what a program writes has none."""
    if members['log_type'] == 'SERVICE':
        if 'configuration' not in members:
            members['configuration'] = flow_log(instance)
    else:
        members.pop('configuration', None)


def password(instance):
    return f'Sesame_{instance.rng.randint(10000, 99999)}_Opens'


# What a database of the free tier cannot have.
PAID = {'compute_model', 'compute_count', 'data_storage_size_in_tbs', 'license_model',
        'backup_retention_period_in_days', 'is_auto_scaling_enabled',
        'is_auto_scaling_for_storage_enabled', 'subnet_id', 'nsg_ids', 'private_endpoint_label'}


def database_prepare(instance, force):
    """The first one is free; others are private or public; the password is kept in state or not."""
    free = instance.number == 0 and not PAID & set(force)
    private = bool({'subnet_id', 'nsg_ids', 'private_endpoint_label'} & set(force)) or \
        not free and instance.number % 2 == 1 and 'whitelisted_ips' not in force
    stored = {'admin_password'}
    hidden = {'admin_password_wo', 'admin_password_wo_version'}
    if hidden & set(force) or instance.number % 3 == 2 and not stored & set(force):
        stored, hidden = hidden, stored
    omitted = hidden | (PAID if free else {'is_free_tier'})
    omitted |= {'whitelisted_ips'} if private else {'subnet_id', 'nsg_ids', 'private_endpoint_label'}
    instance.needs = stored | ({'is_free_tier'} if free else
                               {'compute_model', 'compute_count', 'data_storage_size_in_tbs'})
    if private:
        instance.needs |= {'subnet_id', 'nsg_ids'}
    instance.shared['omitted'] = omitted


def database_agree(members, instance):
    """Public ones have a list of addresses, private ones a subnet and what goes with it."""
    for name in ('whitelisted_ips',) if 'subnet_id' in members else ('nsg_ids', 'private_endpoint_label'):
        members.pop(name, None)


def management_policy(instance):
    policy = {'maintenance_window_start': f'SUN {instance.rng.randint(10, 20)}:00'}
    if instance.rng.random() < 0.7:
        policy['backup_policy'] = [{'kind': 'DAILY', 'backup_start': f'{instance.rng.randint(10, 20)}:00',
                                    'retention_days': instance.rng.randint(1, 30)}]
    return blocks([policy])


def default_of(what):
    """What comes with a VCN of the instance's own."""
    def make(instance):
        return Ref(str(own_vcn(instance)).replace('_vcn.id', f'_vcn.default_{what}_id'))
    return Fixed(make)


DEFAULT_COMPARTMENT = Skip('goes with its VCN only, which would keep the other compartment')


def own_route_rules(instance):
    gateway = instance.add('oke_internet_gateway', 'gateway', {
        'compartment_id': Ref('oke_compartment.a.id'), 'vcn_id': own_vcn(instance)})
    return blocks([{'destination': any_cidr(instance), 'network_entity_id': Ref(f'{gateway}.id')}])


def dhcp_options(instance):
    server = {'type': 'DomainNameServer', 'server_type': 'VcnLocalPlusInternet'}
    if instance.rng.random() < 0.5:
        server = {'type': 'DomainNameServer', 'server_type': 'CustomDnsServer',
                  'custom_dns_servers': [f'192.168.0.{instance.rng.randint(1, 250)}']}
    return blocks([server, {'type': 'SearchDomain',
                            'search_domain_names': [f'd{instance.rng.randint(1, 99)}.example.com']}])


NO_KEY = Skip('wants a key of the vault service')
NO_ADDRESS = Skip('wants an address that was reserved or brought along')
SECURITY = Skip('wants a namespace of security attributes')

RULES = {
    '*': {
        'compartment_id': refs('oke_compartment.a.id', 'oke_compartment.b.id'),
        'vcn_id': fixed_ref('oke_vcn.base.id'),
        'user_id': fixed_ref('var.user_ocid'),
        'namespace': fixed_ref('local.namespace'),
        'description': sentence,
        'display_name': unique_name,
        'name': unique_name,
        'defined_tags': Skip('wants a tag namespace'),
        'system_tags': Skip('the service sets them'),
        'security_attributes': SECURITY,
        'kms_key_id': NO_KEY,
        'availability_domain': refs('local.domains[0]'),
        'nsg_ids': some('oke_network_security_group.base["a"].id',
                        'oke_network_security_group.base["b"].id'),
        'dns_label': label,
    },
    'compartment': {
        'needs': ('enable_delete',),
        'compartment_id': refs('oke_compartment.a.id', 'oke_compartment.b.id'),
        'enable_delete': Fixed(lambda instance: True),
    },
    'policy': {
        'statements': statements,
        'version_date': texts('2023-01-31', '2024-06-30'),
        'compartment_id': fixed_ref('oke_compartment.a.id'),
    },
    'dynamic_group': {
        'compartment_id': fixed_ref('var.tenancy_ocid'),
        'matching_rule': matching_rule,
    },
    'auth_token': {},
    'vcn': {
        'needs': ('cidr_blocks',),
        'cidr_blocks': lambda i: [f'10.{i.rng.randint(1, 200)}.0.0/16',
                                  f'172.16.{i.rng.randint(0, 200)}.0/24'][:i.rng.randint(1, 2)],
        'is_ipv6enabled': lambda i: True,
        'ipv6private_cidr_blocks': lambda i: [f'fd00:{i.rng.randint(1, 9999)}::/56'],
        'byoipv6cidr_details': NO_ADDRESS,
        'agree': vcn_agree,
    },
    'subnet': {
        'needs': ('cidr_block',),
        'cidr_block': free_cidr,
        'ipv4cidr_blocks': Skip('the alternative to cidr_block'),
        'ipv6cidr_block': NO_ADDRESS,
        'ipv6cidr_blocks': NO_ADDRESS,
        'dhcp_options_id': Skip('only the default of the VCN exists'),
        'route_table_id': refs('oke_route_table.base["a"].id', 'oke_route_table.base["b"].id'),
        'security_list_ids': some('oke_security_list.base["a"].id',
                                  'oke_security_list.base["b"].id'),
    },
    'internet_gateway': {'vcn_id': Fixed(own_vcn), 'route_table_id': Skip('wants no gateway route')},
    'nat_gateway': {'vcn_id': Fixed(own_vcn), 'public_ip_id': NO_ADDRESS,
                    'route_table_id': Skip('wants no gateway route')},
    'service_gateway': {
        'vcn_id': Fixed(own_vcn), 'route_table_id': Skip('wants no gateway route'),
        'services': lambda i: [{'service_id': Ref(f'local.services[{i.rng.randint(0, 1)}].id')}],
    },
    'route_table': {'route_rules': route_rules},
    'security_list': {
        'ingress_security_rules': security_rules('ingress'),
        'egress_security_rules': security_rules('egress'),
    },
    'network_security_group': {},
    'network_security_group_security_rule': {
        'network_security_group_id': refs('oke_network_security_group.base["a"].id',
                                          'oke_network_security_group.base["b"].id'),
        'protocol': texts('all', '1', '6', '17'),
        'source': any_cidr,
        'destination': any_cidr,
        'source_type': texts('CIDR_BLOCK', 'NETWORK_SECURITY_GROUP', 'SERVICE_CIDR_BLOCK'),
        'destination_type': texts('CIDR_BLOCK', 'NETWORK_SECURITY_GROUP', 'SERVICE_CIDR_BLOCK'),
        'icmp_options': lambda i: [{'type': i.rng.choice((3, 5, 11)), 'code': i.rng.randint(0, 1)}],
        'tcp_options': rule_ports,
        'udp_options': rule_ports,
        'agree': rule_agree,
    },
    'cluster': {
        'kubernetes_version': upward('local.versions[0]', 'local.versions[1]'),
        'type': upward('BASIC_CLUSTER', 'ENHANCED_CLUSTER'),
        'endpoint_config.subnet_id': refs('oke_subnet.base["api"].id', 'oke_subnet.base["other"].id'),
        'cluster_pod_network_options': lambda i: [
            {'cni_type': i.rng.choice(('FLANNEL_OVERLAY', 'OCI_VCN_IP_NATIVE'))}],
        'options.service_lb_subnet_ids': some('oke_subnet.base["lb"].id', 'oke_subnet.base["other"].id'),
        'options.ip_families': Fixed(lambda i: ['IPv4']),
        'options.kubernetes_network_config.pods_cidr':
            lambda i: f'10.{i.rng.randint(200, 250)}.0.0/16',
        'options.kubernetes_network_config.services_cidr':
            lambda i: f'10.{i.rng.randint(90, 99)}.0.0/16',
        'options.add_ons': Skip('gone from OKE: only false is taken'),
        'options.admission_controller_options': Skip('gone from Kubernetes: only false is taken'),
        'options.open_id_connect_token_authentication_config': cluster_oidc,
        'options.service_lb_config.backend_nsg_ids': some(
            'oke_network_security_group.base["a"].id', 'oke_network_security_group.base["b"].id'),
        'image_policy_config': NO_KEY,
        'agree': cluster_agree,
    },
    'node_pool': {
        'needs': ('node_shape_config', 'node_source_details'),
        'keep': ('node_config_details', 'quantity_per_subnet', 'subnet_ids', 'node_shape_config.ocpus',
                 'node_shape_config.memory_in_gbs'),
        'prepare': node_pool_prepare,
        'omit': node_pool_omit,
        'agree': node_pool_agree,
        'compartment_id': fixed_ref('oke_compartment.a.id'),
        'cluster_id': fixed_ref('oke_cluster.base.id'),
        'kubernetes_version': Fixed(lambda i: Ref('oke_cluster.base.kubernetes_version')),
        'node_shape': node_shape,
        'node_shape_config': lambda i: [{'ocpus': i.rng.randint(1, 4),
                                         'memory_in_gbs': i.rng.choice((8, 16, 24, 32))}],
        'node_source_details': node_source,
        'node_config_details': node_config,
        'initial_node_labels': lambda i: [{'key': f'key{n}', 'value': f'v{i.rng.randint(1, 99)}'}
                                          for n in range(i.rng.randint(1, 2))],
        'node_eviction_node_pool_settings.eviction_grace_duration':
            lambda i: f'PT{i.rng.randint(1, 59)}M',
        'node_pool_cycling_details.maximum_surge': texts('1', '2', '25%'),
        'node_pool_cycling_details.maximum_unavailable': texts('0', '1', '20%'),
        'node_metadata': lambda i: {'user_data': b64(f'#!/bin/sh\n# {i.rng.randint(1, 9999)}\n')},
        'secondary_vnics': Skip('wants nodes with a second interface'),
        'network_launch_type': Skip('wants a shape that offers it'),
        'quantity_per_subnet': lambda i: i.rng.randint(1, 2),
        'subnet_ids': some('oke_subnet.base["nodes"].id', 'oke_subnet.base["other"].id'),
        'ssh_public_key': lambda i: 'ssh-ed25519 ' + b64(
            '\0\0\0\x0bssh-ed25519\0\0\0\x20' + f'{i.rng.randint(0, 10 ** 31):032d}') + ' test',
    },
    'addon': {
        'cluster_id': fixed_ref('oke_cluster.base.id'),
        'addon_name': Fixed(lambda i: ADDONS[i.number % len(ADDONS)]),
        'remove_addon_resources_on_delete': Fixed(lambda i: True),
        'version': Skip('versions of an add-on come and go'),
        'configurations': lambda i: [{'key': 'numOfReplicas', 'value': str(i.rng.randint(1, 5))}],
    },
    'container_repository': {},
    'bucket': {
        'versioning': upward('Enabled', 'Suspended'),
        'retention_rules': retention_rules,
        'agree': bucket_agree,
    },
    'preauthenticated_request': {
        'bucket': fixed_ref('oke_bucket.base.name'),
        'time_expires': lambda i: f'20{i.rng.randint(40, 60)}-06-01T12:00:00Z',
        'object_name': lambda i: f'folder/{unique_name(i)}',
        'agree': request_agree,
    },
    'log_group': {},
    'log': {
        'log_group_id': refs('oke_log_group.base["a"].id', 'oke_log_group.base["b"].id'),
        'configuration': flow_log,
        'retention_duration': lambda i: i.rng.choice((30, 60, 90, 120, 150, 180)),
        'agree': log_agree,
    },
    'autonomous_database': {
        'prepare': database_prepare,
        'agree': database_agree,
        'omit': lambda i: i.shared['omitted'],
        'keep': ('admin_password', 'admin_password_wo', 'admin_password_wo_version', 'subnet_id',
                 'compute_count', 'data_storage_size_in_tbs', 'nsg_ids'),
        'db_name': label,
        'admin_password': password,
        'admin_password_wo': password,
        'admin_password_wo_version': lambda i: i.rng.randint(1, 1000),
        'secret_id': Skip('wants a secret of the vault service'),
        'secret_version_number': Skip('wants a secret of the vault service'),
        'db_version': Fixed(lambda i: '19c'),
        'db_workload': Fixed(lambda i: i.rng.choice(('OLTP', 'DW'))),
        'license_model': Fixed(lambda i: 'LICENSE_INCLUDED'),
        'database_edition': Skip('wants licences that were brought along'),
        'compute_model': Fixed(lambda i: 'ECPU'),
        'compute_count': lambda i: i.rng.randint(2, 16),
        'ocpu_count': Skip('the older alternative to compute_count'),
        'cpu_core_count': Skip('the older alternative to compute_count'),
        'data_storage_size_in_tbs': lambda i: i.rng.randint(1, 8),
        'data_storage_size_in_gb': Skip('the alternative to data_storage_size_in_tbs'),
        'is_free_tier': Fixed(lambda i: True),
        'is_mtls_connection_required': Fixed(lambda i: True),
        'is_dev_tier': Skip('another kind of database'),
        'is_dedicated': Skip('wants dedicated infrastructure'),
        'is_access_control_enabled': Skip('wants dedicated infrastructure'),
        'autonomous_container_database_id': Skip('wants dedicated infrastructure'),
        'whitelisted_ips': lambda i: [f'203.0.113.{i.rng.randint(1, 250)}'],
        'subnet_id': refs('oke_subnet.base["other"].id', 'oke_subnet.base["pods"].id'),
        'private_endpoint_label': label,
        'private_endpoint_ip': NO_ADDRESS,
        'character_set': Fixed(lambda i: 'AL32UTF8'),
        'ncharacter_set': Fixed(lambda i: 'AL16UTF16'),
        'customer_contacts': lambda i: [{'email': f'dba{i.rng.randint(1, 99)}@example.com'}],
        'source': Skip('wants a database to clone'),
        'source_id': Skip('wants a database to clone'),
        'clone_type': Skip('wants a database to clone'),
        'state': upward('AVAILABLE', 'STOPPED'),
    },
    'postgresql_db_system': {
        'needs': ('credentials', 'instance_count', 'instance_ocpu_count', 'instance_memory_size_in_gbs'),
        'db_version': Fixed(lambda i: '16'),
        'shape': Fixed(lambda i: 'PostgreSQL.VM.Standard.E5.Flex'),
        'network_details.subnet_id': refs('oke_subnet.base["nodes"].id', 'oke_subnet.base["other"].id'),
        'network_details.primary_db_endpoint_private_ip': NO_ADDRESS,
        'storage_details': lambda i: [{'system_type': 'OCI_OPTIMIZED_STORAGE', **i.rng.choice((
            {'is_regionally_durable': True},
            {'is_regionally_durable': False, 'availability_domain': Ref('local.domains[0]')}))}],
        'credentials': lambda i: blocks([{'username': 'todo', 'password_details': [
            {'password_type': 'PLAIN_TEXT', 'password': password(i)}]}]),
        'config_id': Skip('wants a configuration of the service'),
        'instance_count': lambda i: i.rng.randint(1, 3),
        'instance_ocpu_count': lambda i: i.rng.choice((2, 4, 8)),
        'instance_memory_size_in_gbs': lambda i: i.rng.choice((32, 64, 128)),
        'instances_details': Skip('its number is that of instance_count'),
        'management_policy': management_policy,
        'source': Skip('wants a backup'),
        'replication_config': Skip('wants a second system'),
        'patch_operations': Skip('a language of its own'),
        'system_type': Fixed(lambda i: 'OCI_OPTIMIZED_STORAGE'),
        'state': upward('ACTIVE', 'INACTIVE'),
    },
    'default_dhcp_options': {
        'manage_default_resource_id': default_of('dhcp_options'),
        'compartment_id': DEFAULT_COMPARTMENT,
        'options': dhcp_options,
    },
    'default_route_table': {
        'needs': ('route_rules',),  # their gateway is there from the start
        'manage_default_resource_id': default_of('route_table'),
        'compartment_id': DEFAULT_COMPARTMENT,
        'route_rules': own_route_rules,
    },
    'default_security_list': {
        'manage_default_resource_id': default_of('security_list'),
        'compartment_id': DEFAULT_COMPARTMENT,
        'ingress_security_rules': security_rules('ingress'),
        'egress_security_rules': security_rules('egress'),
    },
}

# At most so many instances at a time, where an API allows no more.
COUNTS = {'auth_token': 2, 'addon': 4, 'autonomous_database': 12, 'postgresql_db_system': 8}

# {kind: {path: reason}} of attributes that nobody can change behind the back.
NO_DRIFT = {
    'postgresql_db_system': {'instance_count': 'follows from the nodes',
                             'storage_details': 'what is set of it stays for good'},
    'bucket': {'retention_rules': 'have addresses of their own'},
    'vcn': {'is_ipv6enabled': 'is seen by the blocks'},
    'log': {'log_group_id': 'part of its address: a log that was moved is gone from there'},
    'cluster': {'kubernetes_version': 'never goes back: the plan says so instead',
                'type': 'never goes back: the plan says so instead'},
    'network_security_group_security_rule': {'source_type': 'goes with source',
                                             'destination_type': 'goes with destination'},
}

# How an object is named on import, where that is not its id.
IMPORT_IDS = {
    'auth_token': 'users/{user_id}/authTokens/{id}',
    'log': 'logGroupId/{log_group_id}/logId/{id}',
    'network_security_group_security_rule':
        'networkSecurityGroups/{network_security_group_id}/securityRules/{id}',
}
