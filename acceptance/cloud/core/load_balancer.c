/*
 * Load balancers, as far as a cluster that is going away leaves them behind: listed, read, deleted. The
 * cloud controller of a cluster makes them; tests put them here by POST /_emulator/objects.
 */
#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/core.h"

static const struct lifecycle life = {.active = "ACTIVE",
                                      .deleting = "DELETING",
                                      .deleted = "DELETED",
                                      .delete_ms = 2000,
                                      .linger_ms = 20 * 1000};

const struct kind kind_load_balancer = {
    .type = "loadbalancer",
    .title = "load balancer",
    .references =
        (const struct reference[]){{"subnetIds", &kind_subnet},
                                   {"networkSecurityGroupIds", &kind_network_security_group},
                                   {NULL}},
    .life = &life};

static const struct query queries[] = {QUERY_COMPARTMENT,
                                       {"detail"},
                                       QUERY_DISPLAY_NAME,
                                       {"lifecycleState",
                                        .one_of = "CREATING|FAILED|ACTIVE|DELETING|DELETED",
                                        .filter = "lifecycleState", .ignore_case = true},
                                       QUERIES_SORT("TIMECREATED|DISPLAYNAME"),
                                       QUERIES_PAGING,
                                       QUERIES_END};

const struct service service_load_balancer = {
    .name = "loadbalancer",
    .hosts = "iaas",
    .base_path = "/20170115",
    .operations =
        (const struct operation[]){
            {"ListLoadBalancers", "GET", "/loadBalancers", crud_list, &kind_load_balancer, queries},
            {"GetLoadBalancer", "GET", "/loadBalancers/{loadBalancerId}", crud_get,
             &kind_load_balancer},
            {"DeleteLoadBalancer", "DELETE", "/loadBalancers/{loadBalancerId}", crud_delete,
             &kind_load_balancer},
            {NULL}},
    .kinds = (const struct kind *const[]){&kind_load_balancer, NULL}};
