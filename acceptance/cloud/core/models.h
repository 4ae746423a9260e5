/* Request bodies of the core services. Included by core.c alone. */
#ifndef OKESTRA_CLOUD_CORE_MODELS_H
#define OKESTRA_CLOUD_CORE_MODELS_H

#include "acceptance/cloud/api/model.h"

static const struct model byoipv6_cidr_details = {
    "Byoipv6CidrDetails", (const struct field[]){{"byoipv6RangeId", FIELD_TEXT, .required = true},
                                                 {"ipv6CidrBlock", FIELD_TEXT, .required = true},
                                                 FIELDS_END}};

static const struct model create_vcn_details = {
    "CreateVcnDetails",
    (const struct field[]){{"cidrBlock", FIELD_TEXT},
                           {"cidrBlocks", FIELD_TEXT, .list = true},
                           FIELD_COMPARTMENT,
                           {"ipv6PrivateCidrBlocks", FIELD_TEXT, .list = true},
                           {"isOracleGuaAllocationEnabled", FIELD_BOOL, .hidden = true},
                           {"byoipv6CidrDetails", FIELD_MODEL, .list = true, .hidden = true,
                            .model = &byoipv6_cidr_details},
                           FIELD_DISPLAY_NAME,
                           {"dnsLabel", FIELD_TEXT},
                           {"securityAttributes", FIELD_DEFINED_TAGS},
                           {"isIpv6Enabled", FIELD_BOOL, .hidden = true},
                           {"isZprOnly", FIELD_BOOL},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_vcn_details = {
    "UpdateVcnDetails", (const struct field[]){FIELD_DISPLAY_NAME,
                                               {"securityAttributes", FIELD_DEFINED_TAGS},
                                               {"isZprOnly", FIELD_BOOL},
                                               FIELDS_TAGS,
                                               FIELDS_END}};

static const struct model create_subnet_details = {
    "CreateSubnetDetails",
    (const struct field[]){{"availabilityDomain", FIELD_TEXT},
                           {"cidrBlock", FIELD_TEXT},
                           {"ipv4CidrBlocks", FIELD_TEXT, .list = true},
                           FIELD_COMPARTMENT,
                           {"dhcpOptionsId", FIELD_TEXT},
                           FIELD_DISPLAY_NAME,
                           {"dnsLabel", FIELD_TEXT},
                           {"ipv6CidrBlock", FIELD_TEXT},
                           {"ipv6CidrBlocks", FIELD_TEXT, .list = true},
                           {"prohibitInternetIngress", FIELD_BOOL},
                           {"prohibitPublicIpOnVnic", FIELD_BOOL},
                           {"routeTableId", FIELD_TEXT},
                           {"securityListIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"vcnId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_subnet_details = {
    "UpdateSubnetDetails",
    (const struct field[]){{"dhcpOptionsId", FIELD_TEXT},
                           FIELD_DISPLAY_NAME,
                           {"routeTableId", FIELD_TEXT},
                           {"securityListIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"cidrBlock", FIELD_TEXT},
                           {"ipv6CidrBlock", FIELD_TEXT},
                           {"ipv6CidrBlocks", FIELD_TEXT, .list = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model create_internet_gateway_details = {
    "CreateInternetGatewayDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_DISPLAY_NAME,
                           {"isEnabled", FIELD_BOOL, .required = true},
                           {"vcnId", FIELD_TEXT, .required = true},
                           {"routeTableId", FIELD_TEXT},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_internet_gateway_details = {
    "UpdateInternetGatewayDetails", (const struct field[]){FIELD_DISPLAY_NAME,
                                                           {"isEnabled", FIELD_BOOL},
                                                           {"routeTableId", FIELD_TEXT},
                                                           FIELDS_TAGS,
                                                           FIELDS_END}};

static const struct model create_nat_gateway_details = {
    "CreateNatGatewayDetails", (const struct field[]){FIELD_COMPARTMENT,
                                                      FIELD_DISPLAY_NAME,
                                                      {"blockTraffic", FIELD_BOOL},
                                                      {"vcnId", FIELD_TEXT, .required = true},
                                                      {"publicIpId", FIELD_TEXT},
                                                      {"routeTableId", FIELD_TEXT},
                                                      FIELDS_TAGS,
                                                      FIELDS_END}};

static const struct model update_nat_gateway_details = {
    "UpdateNatGatewayDetails", (const struct field[]){FIELD_DISPLAY_NAME,
                                                      {"blockTraffic", FIELD_BOOL},
                                                      {"routeTableId", FIELD_TEXT},
                                                      FIELDS_TAGS,
                                                      FIELDS_END}};

static const struct model service_id_request_details = {
    "ServiceIdRequestDetails",
    (const struct field[]){{"serviceId", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model create_service_gateway_details = {
    "CreateServiceGatewayDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_DISPLAY_NAME,
                           {"routeTableId", FIELD_TEXT},
                           {"services", FIELD_MODEL, .required = true, .list = true,
                            .model = &service_id_request_details},
                           {"vcnId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_service_gateway_details = {
    "UpdateServiceGatewayDetails", (const struct field[]){{"blockTraffic", FIELD_BOOL},
                                                          FIELD_DISPLAY_NAME,
                                                          {"routeTableId", FIELD_TEXT},
                                                          {"services", FIELD_MODEL, .list = true,
                                                           .model = &service_id_request_details},
                                                          FIELDS_TAGS,
                                                          FIELDS_END}};

static const struct model route_rule = {
    "RouteRule", (const struct field[]){
                     {"cidrBlock", FIELD_TEXT},
                     {"destination", FIELD_TEXT},
                     {"destinationType", FIELD_TEXT, .one_of = "CIDR_BLOCK|SERVICE_CIDR_BLOCK"},
                     {"networkEntityId", FIELD_TEXT, .required = true},
                     {"description", FIELD_TEXT, .min = 1, .max = 255},
                     {"routeType", FIELD_TEXT, .one_of = "LOCAL|STATIC"},
                     FIELDS_END}};

static const struct model create_route_table_details = {
    "CreateRouteTableDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_DISPLAY_NAME,
                           {"routeRules", FIELD_MODEL, .required = true, .list = true,
                            .list_max = 200, .model = &route_rule},
                           {"vcnId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_route_table_details = {
    "UpdateRouteTableDetails", (const struct field[]){FIELD_DISPLAY_NAME,
                                                      {"routeRules", FIELD_MODEL, .list = true,
                                                       .list_max = 200, .model = &route_rule},
                                                      FIELDS_TAGS,
                                                      FIELDS_END}};

static const struct model icmp_options = {
    "IcmpOptions",
    (const struct field[]){{"code", FIELD_INTEGER, .min = 0, .max = 255},
                           {"type", FIELD_INTEGER, .required = true, .min = 0, .max = 255},
                           FIELDS_END}};

static const struct model port_range = {
    "PortRange",
    (const struct field[]){{"max", FIELD_INTEGER, .required = true, .min = 1, .max = 65535},
                           {"min", FIELD_INTEGER, .required = true, .min = 1, .max = 65535},
                           FIELDS_END}};

static const struct model tcp_options = {
    "TcpOptions",
    (const struct field[]){{"destinationPortRange", FIELD_MODEL, .model = &port_range},
                           {"sourcePortRange", FIELD_MODEL, .model = &port_range},
                           FIELDS_END}};

static const struct model udp_options = {
    "UdpOptions",
    (const struct field[]){{"destinationPortRange", FIELD_MODEL, .model = &port_range},
                           {"sourcePortRange", FIELD_MODEL, .model = &port_range},
                           FIELDS_END}};

static const struct model egress_security_rule = {
    "EgressSecurityRule",
    (const struct field[]){
        {"destination", FIELD_TEXT, .required = true},
        {"destinationType", FIELD_TEXT, .one_of = "CIDR_BLOCK|SERVICE_CIDR_BLOCK"},
        {"icmpOptions", FIELD_MODEL, .model = &icmp_options},
        {"isStateless", FIELD_BOOL},
        {"protocol", FIELD_TEXT, .required = true},
        {"tcpOptions", FIELD_MODEL, .model = &tcp_options},
        {"udpOptions", FIELD_MODEL, .model = &udp_options},
        {"description", FIELD_TEXT, .min = 1, .max = 255},
        FIELDS_END}};

static const struct model ingress_security_rule = {
    "IngressSecurityRule",
    (const struct field[]){{"icmpOptions", FIELD_MODEL, .model = &icmp_options},
                           {"isStateless", FIELD_BOOL},
                           {"protocol", FIELD_TEXT, .required = true},
                           {"source", FIELD_TEXT, .required = true},
                           {"sourceType", FIELD_TEXT, .one_of = "CIDR_BLOCK|SERVICE_CIDR_BLOCK"},
                           {"tcpOptions", FIELD_MODEL, .model = &tcp_options},
                           {"udpOptions", FIELD_MODEL, .model = &udp_options},
                           {"description", FIELD_TEXT, .min = 1, .max = 255},
                           FIELDS_END}};

static const struct model create_security_list_details = {
    "CreateSecurityListDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_DISPLAY_NAME,
                           {"egressSecurityRules", FIELD_MODEL, .required = true, .list = true,
                            .list_max = 200, .model = &egress_security_rule},
                           {"ingressSecurityRules", FIELD_MODEL, .required = true, .list = true,
                            .list_max = 200, .model = &ingress_security_rule},
                           {"vcnId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_security_list_details = {
    "UpdateSecurityListDetails",
    (const struct field[]){FIELD_DISPLAY_NAME,
                           {"egressSecurityRules", FIELD_MODEL, .list = true, .list_max = 200,
                            .model = &egress_security_rule},
                           {"ingressSecurityRules", FIELD_MODEL, .list = true, .list_max = 200,
                            .model = &ingress_security_rule},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model create_network_security_group_details = {
    "CreateNetworkSecurityGroupDetails",
    (const struct field[]){FIELD_COMPARTMENT,
                           FIELD_DISPLAY_NAME,
                           {"vcnId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_network_security_group_details = {
    "UpdateNetworkSecurityGroupDetails",
    (const struct field[]){FIELD_DISPLAY_NAME, FIELDS_TAGS, FIELDS_END}};

static const struct model dhcp_dns_option = {
    "DhcpDnsOption",
    (const struct field[]){{"type", FIELD_TEXT, .required = true},
                           {"customDnsServers", FIELD_TEXT, .list = true},
                           {"serverType", FIELD_TEXT, .required = true,
                            .one_of = "CustomDnsServer|VcnLocal|VcnLocalPlusInternet"},
                           FIELDS_END}};

static const struct model dhcp_search_domain_option = {
    "DhcpSearchDomainOption",
    (const struct field[]){{"type", FIELD_TEXT, .required = true},
                           {"searchDomainNames", FIELD_TEXT, .required = true, .list = true},
                           FIELDS_END}};

static const struct model dhcp_option = {
    "DhcpOption", .discriminator = "type",
    .subtypes = (const struct subtype[]){{"DomainNameServer", &dhcp_dns_option},
                                         {"SearchDomain", &dhcp_search_domain_option},
                                         {NULL}}};

static const struct model create_dhcp_details = {
    "CreateDhcpDetails",
    (const struct field[]){
        FIELD_COMPARTMENT,
        FIELD_DISPLAY_NAME,
        {"options", FIELD_MODEL, .required = true, .list = true, .model = &dhcp_option},
        {"vcnId", FIELD_TEXT, .required = true},
        {"domainNameType", FIELD_TEXT, .one_of = "CUSTOM_DOMAIN|SUBNET_DOMAIN|VCN_DOMAIN"},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model update_dhcp_details = {
    "UpdateDhcpDetails",
    (const struct field[]){
        FIELD_DISPLAY_NAME,
        {"options", FIELD_MODEL, .list = true, .model = &dhcp_option},
        {"domainNameType", FIELD_TEXT, .one_of = "CUSTOM_DOMAIN|SUBNET_DOMAIN|VCN_DOMAIN"},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model create_public_ip_details = {
    "CreatePublicIpDetails", (const struct field[]){FIELD_COMPARTMENT,
                                                    FIELD_DISPLAY_NAME,
                                                    {"lifetime", FIELD_TEXT, .required = true,
                                                     .one_of = "EPHEMERAL|RESERVED"},
                                                    {"privateIpId", FIELD_TEXT},
                                                    {"publicIpPoolId", FIELD_TEXT},
                                                    FIELDS_TAGS,
                                                    FIELDS_END}};

static const struct model update_public_ip_details = {
    "UpdatePublicIpDetails",
    (const struct field[]){
        FIELD_DISPLAY_NAME, {"privateIpId", FIELD_TEXT}, FIELDS_TAGS, FIELDS_END}};

static const struct model change_vcn_compartment_details = {
    "ChangeVcnCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_subnet_compartment_details = {
    "ChangeSubnetCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_internet_gateway_compartment_details = {
    "ChangeInternetGatewayCompartmentDetails",
    (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_nat_gateway_compartment_details = {
    "ChangeNatGatewayCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_service_gateway_compartment_details = {
    "ChangeServiceGatewayCompartmentDetails",
    (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_route_table_compartment_details = {
    "ChangeRouteTableCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_security_list_compartment_details = {
    "ChangeSecurityListCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_network_security_group_compartment_details = {
    "ChangeNetworkSecurityGroupCompartmentDetails",
    (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_dhcp_options_compartment_details = {
    "ChangeDhcpOptionsCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model change_public_ip_compartment_details = {
    "ChangePublicIpCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

static const struct model add_vcn_cidr_details = {
    "AddVcnCidrDetails",
    (const struct field[]){{"cidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model remove_vcn_cidr_details = {
    "RemoveVcnCidrDetails",
    (const struct field[]){{"cidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model modify_vcn_cidr_details = {
    "ModifyVcnCidrDetails",
    (const struct field[]){{"originalCidrBlock", FIELD_TEXT, .required = true},
                           {"newCidrBlock", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model add_vcn_ipv6_cidr_details = {
    "AddVcnIpv6CidrDetails",
    (const struct field[]){{"ipv6PrivateCidrBlock", FIELD_TEXT},
                           {"isOracleGuaAllocationEnabled", FIELD_BOOL},
                           {"byoipv6CidrDetail", FIELD_MODEL, .model = &byoipv6_cidr_details},
                           FIELDS_END}};

static const struct model remove_vcn_ipv6_cidr_details = {
    "RemoveVcnIpv6CidrDetails", (const struct field[]){{"ipv6CidrBlock", FIELD_TEXT}, FIELDS_END}};

static const struct model add_ipv4_subnet_cidr_details = {
    "AddIpv4SubnetCidrDetails",
    (const struct field[]){{"ipv4CidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model remove_ipv4_subnet_cidr_details = {
    "RemoveIpv4SubnetCidrDetails",
    (const struct field[]){{"ipv4CidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model modify_ipv4_subnet_cidr_details = {
    "ModifyIpv4SubnetCidrDetails",
    (const struct field[]){{"ipv4CidrBlock", FIELD_TEXT, .required = true},
                           {"updatedIpv4CidrBlock", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model add_subnet_ipv6_cidr_details = {
    "AddSubnetIpv6CidrDetails",
    (const struct field[]){{"ipv6CidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model remove_subnet_ipv6_cidr_details = {
    "RemoveSubnetIpv6CidrDetails",
    (const struct field[]){{"ipv6CidrBlock", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model add_security_rule_details = {
    "AddSecurityRuleDetails",
    (const struct field[]){{"description", FIELD_TEXT, .min = 1, .max = 255},
                           {"destination", FIELD_TEXT},
                           {"destinationType", FIELD_TEXT,
                            .one_of = "CIDR_BLOCK|NETWORK_SECURITY_GROUP|SERVICE_CIDR_BLOCK"},
                           {"direction", FIELD_TEXT, .required = true, .one_of = "EGRESS|INGRESS"},
                           {"icmpOptions", FIELD_MODEL, .model = &icmp_options},
                           {"isStateless", FIELD_BOOL},
                           {"protocol", FIELD_TEXT, .required = true},
                           {"source", FIELD_TEXT},
                           {"sourceType", FIELD_TEXT,
                            .one_of = "CIDR_BLOCK|NETWORK_SECURITY_GROUP|SERVICE_CIDR_BLOCK"},
                           {"tcpOptions", FIELD_MODEL, .model = &tcp_options},
                           {"udpOptions", FIELD_MODEL, .model = &udp_options},
                           FIELDS_END}};

static const struct model add_network_security_group_security_rules_details = {
    "AddNetworkSecurityGroupSecurityRulesDetails",
    (const struct field[]){{"securityRules", FIELD_MODEL, .list = true, .list_min = 1,
                            .list_max = 25, .model = &add_security_rule_details},
                           FIELDS_END}};

static const struct model update_security_rule_details = {
    "UpdateSecurityRuleDetails",
    (const struct field[]){{"description", FIELD_TEXT, .min = 1, .max = 255},
                           {"destination", FIELD_TEXT},
                           {"destinationType", FIELD_TEXT,
                            .one_of = "CIDR_BLOCK|NETWORK_SECURITY_GROUP|SERVICE_CIDR_BLOCK"},
                           {"direction", FIELD_TEXT, .required = true, .one_of = "EGRESS|INGRESS"},
                           {"icmpOptions", FIELD_MODEL, .model = &icmp_options},
                           {"id", FIELD_TEXT, .required = true},
                           {"isStateless", FIELD_BOOL},
                           {"protocol", FIELD_TEXT, .required = true},
                           {"source", FIELD_TEXT},
                           {"sourceType", FIELD_TEXT,
                            .one_of = "CIDR_BLOCK|NETWORK_SECURITY_GROUP|SERVICE_CIDR_BLOCK"},
                           {"tcpOptions", FIELD_MODEL, .model = &tcp_options},
                           {"udpOptions", FIELD_MODEL, .model = &udp_options},
                           FIELDS_END}};

static const struct model update_network_security_group_security_rules_details = {
    "UpdateNetworkSecurityGroupSecurityRulesDetails",
    (const struct field[]){{"securityRules", FIELD_MODEL, .list = true, .list_min = 1,
                            .list_max = 25, .model = &update_security_rule_details},
                           FIELDS_END}};

static const struct model remove_network_security_group_security_rules_details = {
    "RemoveNetworkSecurityGroupSecurityRulesDetails",
    (const struct field[]){
        {"securityRuleIds", FIELD_TEXT, .list = true, .list_min = 1, .list_max = 25}, FIELDS_END}};

static const struct model update_vnic_details = {
    "UpdateVnicDetails", (const struct field[]){FIELD_DISPLAY_NAME,
                                                {"securityAttributes", FIELD_DEFINED_TAGS},
                                                {"hostnameLabel", FIELD_TEXT},
                                                {"nsgIds", FIELD_TEXT, .list = true},
                                                {"skipSourceDestCheck", FIELD_BOOL},
                                                {"routeTableId", FIELD_TEXT},
                                                FIELDS_TAGS,
                                                FIELDS_END}};

static const struct model get_public_ip_by_ip_address_details = {
    "GetPublicIpByIpAddressDetails",
    (const struct field[]){{"ipAddress", FIELD_TEXT, .required = true}, FIELDS_END}};

static const struct model get_public_ip_by_private_ip_id_details = {
    "GetPublicIpByPrivateIpIdDetails",
    (const struct field[]){{"privateIpId", FIELD_TEXT, .required = true}, FIELDS_END}};

#endif
