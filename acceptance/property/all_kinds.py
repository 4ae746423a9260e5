"""all_kinds.tf, and how Oracle's API calls what happens to each kind in it."""

from pathlib import Path

from terraform import Workspace

HERE = Path(__file__).resolve().parent

# kind: its operations for create, read, update, delete; None where there is none.
OPERATIONS = {
    'network_security_group_security_rule': (
        'AddNetworkSecurityGroupSecurityRules', 'ListNetworkSecurityGroupSecurityRules',
        'UpdateNetworkSecurityGroupSecurityRules', 'RemoveNetworkSecurityGroupSecurityRules'),
    'auth_token': ('CreateAuthToken', 'ListAuthTokens', 'UpdateAuthToken', 'DeleteAuthToken'),
    'addon': ('InstallAddon', 'GetAddon', 'UpdateAddon', 'DisableAddon'),
    'preauthenticated_request': (
        'CreatePreauthenticatedRequest', 'GetPreauthenticatedRequest', None,
        'DeletePreauthenticatedRequest'),
}
for kind, stem in {
        'compartment': 'Compartment', 'policy': 'Policy', 'dynamic_group': 'DynamicGroup',
        'vcn': 'Vcn', 'internet_gateway': 'InternetGateway', 'nat_gateway': 'NatGateway',
        'service_gateway': 'ServiceGateway', 'route_table': 'RouteTable',
        'security_list': 'SecurityList', 'network_security_group': 'NetworkSecurityGroup',
        'subnet': 'Subnet', 'cluster': 'Cluster', 'node_pool': 'NodePool',
        'container_repository': 'ContainerRepository', 'bucket': 'Bucket', 'log_group': 'LogGroup',
        'log': 'Log', 'autonomous_database': 'AutonomousDatabase',
        'postgresql_db_system': 'DbSystem'}.items():
    OPERATIONS[kind] = tuple(verb + stem for verb in ('Create', 'Get', 'Update', 'Delete'))

VERBS = ('create', 'read', 'update', 'delete')
# Kinds that need a host.
CAPACITY = {'node_pool'}
# Kinds whose mutations are followed by their work request.
WORK_REQUESTS = {'cluster', 'node_pool', 'addon', 'log_group', 'log', 'postgresql_db_system'}


def operations(verb):
    """{kind: operation} of all kinds that have this one."""
    at = VERBS.index(verb)
    return {kind: names[at] for kind, names in OPERATIONS.items() if names[at]}


# Where an object of the emulator has another id than the resource; None: it is part of another object.
IDS = {'addon': None, 'bucket': 'bucket_id', 'network_security_group_security_rule': None,
       'preauthenticated_request': 'par_id'}
# What OCI makes by itself along with others.
BYPRODUCTS = {'bootvolume', 'dhcpoptions', 'instance', 'privateip', 'publicip', 'vnic',
              'vnicattachment'}


def identity(kind, values):
    name = IDS.get(kind, 'id')
    return name and values[name]


def disturb(cloud, kind, values, patch):
    """Changes what the emulator holds of a resource, behind everyone's back."""
    if kind == 'network_security_group_security_rule':
        cloud.mutate(values['network_security_group_id'], patch, part=values['id'])
    else:
        cloud.mutate(identity(kind, values) or values['id'], patch)


def is_byproduct(one):
    return one['kind'] in BYPRODUCTS or (one.get('name') or '').startswith('Default ')


class AllKinds(Workspace):
    """A workspace with all_kinds.tf."""

    def __init__(self, folder, cloud, twins=0):
        super().__init__(folder, cloud)
        self.cloud = cloud
        self.environment.update(
            TF_VAR_tenancy_ocid=cloud.config['tenancy'], TF_VAR_user_ocid=cloud.config['user'],
            TF_VAR_twins=str(twins))
        self.write('main.tf', (HERE / 'all_kinds.tf').read_text())

    def differences(self):
        """What the emulator holds and the state does not know, or the other way round."""
        known = {}
        for address, values in self.state().items():
            number = identity(address.split('.')[0].removeprefix('oke_'), values)
            if number:
                known[number] = address
        there = {one['id']: f"{one['kind']} {one.get('name')}" for one in self.cloud.living()
                 if not is_byproduct(one)}
        return ([f'nobody knows {what} {number}' for number, what in there.items()
                 if number not in known] +
                [f'{address} ({number}) does not exist' for number, address in known.items()
                 if number not in there])
