#include "acceptance/cluster/namespaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptance/cluster/cluster.h"
#include "lib/base/file.h"

#define NODE_DEVICE "node0"

bool namespaces_set_up_mounts(struct error *err)
{
    static const struct {
        const char *type, *target, *data;
        unsigned long flags;
    } mounts[] = {
        {NULL, "/", NULL, MS_REC | MS_SLAVE},
        {"proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
        {"tmpfs", "/run", "mode=755", MS_NOSUID | MS_NODEV},
        {"tmpfs", "/var/lib", "mode=755", MS_NOSUID | MS_NODEV},
        {"tmpfs", "/var/log", "mode=755", MS_NOSUID | MS_NODEV},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(mounts); i++)
        if (mount("none", mounts[i].target, mounts[i].type, mounts[i].flags, mounts[i].data) < 0)
            return error_set_errno(err, "mount %s for the cluster", mounts[i].target);
    return true;
}

static void set_ipv4(struct sockaddr *address, const char *text)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    inet_pton(AF_INET, text, &ipv4.sin_addr);
    memcpy(address, &ipv4, sizeof(ipv4));
}

static struct ifreq request_for(const char *device)
{
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
    return request;
}

static bool bring_up(int control, const char *device)
{
    struct ifreq request = request_for(device);
    if (ioctl(control, SIOCGIFFLAGS, &request) < 0)
        return false;
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    return ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

static bool add_address(int control, const char *device, const char *address)
{
    struct ifreq request = request_for(device);
    set_ipv4(&request.ifr_addr, address);
    if (ioctl(control, SIOCSIFADDR, &request) < 0)
        return false;
    set_ipv4(&request.ifr_netmask, "255.255.255.255");
    return ioctl(control, SIOCSIFNETMASK, &request) == 0;
}

/* Services' addresses are looked up before they are translated: without a route there is no packet. */
static bool add_default_route(int control)
{
    char device[] = NODE_DEVICE;
    struct rtentry route = {.rt_flags = RTF_UP, .rt_dev = device};
    set_ipv4(&route.rt_dst, "0.0.0.0");
    set_ipv4(&route.rt_genmask, "0.0.0.0");
    set_ipv4(&route.rt_gateway, "0.0.0.0");
    return ioctl(control, SIOCADDRT, &route) == 0;
}

static bool forward_packets(void)
{
    CLEANUP(file_close_pointer)
    int fd = open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC);
    return fd >= 0 && write(fd, "1", 1) == 1;
}

bool namespaces_set_up_loopback(struct error *err)
{
    CLEANUP(file_close_pointer) int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return (control >= 0 && bring_up(control, "lo")) ||
           error_set_errno(err, "set up the loopback device");
}

bool namespaces_set_up_network(const char *node_address, struct error *err)
{
    CLEANUP(file_close_pointer) int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    /* A bridge without ports: the device that every kernel which runs pods has. */
    if (!namespaces_set_up_loopback(err))
        return false;
    if (control < 0 || ioctl(control, SIOCBRADDBR, NODE_DEVICE) < 0 ||
        !add_address(control, NODE_DEVICE, node_address) || !bring_up(control, NODE_DEVICE) ||
        !add_address(control, NODE_DEVICE ":1", CLUSTER_API_ADDRESS) ||
        !add_default_route(control) || !forward_packets())
        return error_set_errno(err, "set up the cluster's network");
    return true;
}

bool namespaces_set_node_address(const char *address, struct error *err)
{
    CLEANUP(file_close_pointer) int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return (control >= 0 && add_address(control, NODE_DEVICE, address)) ||
           error_set_errno(err, "give the node the address %s", address);
}

int namespaces_open_network(struct error *err)
{
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        error_set_errno(err, "open the network namespace");
    return fd;
}

int namespaces_socket(int network, int home)
{
    if (network == home)
        return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (setns(network, CLONE_NEWNET) < 0)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int reason = errno;
    if (setns(home, CLONE_NEWNET) < 0)
        fatal_error("return to the cluster's network: %s", strerror(errno));
    errno = reason;
    return fd;
}
