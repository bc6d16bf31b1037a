/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of the kernel tests share: saying things, failing, and sockets of loopback. They define _GNU_SOURCE. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static inline void must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(99);
	}
}

static inline void say(const char *name, long value)
{
	printf("%s=%ld\n", name, value);
	fflush(stdout);
}

/* What this machine can't do is no failure of what is tested. */
static inline void can(int ok)
{
	if (!ok) {
		say("missing", errno);
		exit(0);
	}
}

/* Whom the next call is about. */
static union {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} address;
static socklen_t address_len;

static inline void to(int family, const char *host, int port)
{
	memset(&address, 0, sizeof(address));
	address.any.sa_family = family;
	if (family == AF_INET) {
		address.v4.sin_port = htons(port);
		inet_pton(AF_INET, host, &address.v4.sin_addr);
		address_len = sizeof(address.v4);
	} else {
		address.v6.sin6_port = htons(port);
		inet_pton(AF_INET6, host, &address.v6.sin6_addr);
		address_len = sizeof(address.v6);
	}
}

/* The port of this end; its address is then in @address. */
static inline int port_of(int fd)
{
	address_len = sizeof(address);
	getsockname(fd, &address.any, &address_len);
	return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

/* A socket that no child of exec gets. */
static inline int make(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	can(fd >= 0);
	return fd;
}

/* A socket at a port that the kernel chooses. */
static inline int bound(int family, int type, int protocol, const char *host)
{
	int fd = make(family, type, protocol);

	to(family, host, 0);
	must(!bind(fd, &address.any, address_len), "bind");
	return fd;
}

/* With nothing but loopback in it. */
static inline void network_of_its_own(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	must(!unshare(CLONE_NEWNET), "unshare");
	must(!ioctl(make(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &lo), "lo up");
}
