/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of traffic that the kernel tests watch, one for each first argument. Prints ports and the like as NAME=VALUE
 * lines, or `missing=` and the errno if this kernel has no such thing. Everything stays on loopback, and where addresses
 * are changed on the way, in a network of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopback.h"

#define UDPLITE 136
#define MPTCP 262

static int listening(int protocol)
{
	int fd = bound(AF_INET, SOCK_STREAM, protocol, "127.0.0.1");

	must(!listen(fd, 5), "listen");
	say("server", port_of(fd));
	return fd;
}

/* One datagram of a connected socket. */
static int connected(int family, int protocol, const char *listen, const char *host, int options)
{
	/* Destination options: six bytes of padding. */
	static const unsigned char padding[8] = {0, 0, 1, 4};
	int server = bound(family, SOCK_DGRAM, protocol, listen), port = port_of(server);
	int client = make(family, SOCK_DGRAM, protocol);
	char bytes[16];

	say("server", port);
	if (options)
		must(!setsockopt(client, IPPROTO_IPV6, IPV6_DSTOPTS, padding, sizeof(padding)), "IPV6_DSTOPTS");
	to(family, host, port);
	must(!connect(client, &address.any, address_len), "connect");
	must(send(client, "ping", 4, 0) == 4, "send");
	must(recv(server, bytes, sizeof(bytes), 0) == 4, "recv");
	say("client", port_of(client));
	return 0;
}

static int sent(int family, const char *listen, const char *host)
{
	int server = bound(family, SOCK_DGRAM, 0, listen), port = port_of(server);
	int client = make(family, SOCK_DGRAM, 0);
	char bytes[16];

	say("server", port);
	to(family, host, port);
	must(sendto(client, "ping", 4, 0, &address.any, address_len) == 4, "sendto");
	must(recv(server, bytes, sizeof(bytes), 0) == 4, "recv");
	return 0;
}

static int multicast(void)
{
	struct ip_mreqn group = {.imr_ifindex = if_nametoindex("lo")};
	int server = bound(AF_INET, SOCK_DGRAM, 0, "0.0.0.0"), port = port_of(server);
	int client = make(AF_INET, SOCK_DGRAM, 0);
	char bytes[16];

	inet_pton(AF_INET, "239.77.1.2", &group.imr_multiaddr);
	must(!setsockopt(server, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)), "IP_ADD_MEMBERSHIP");
	must(!setsockopt(client, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group)), "IP_MULTICAST_IF");
	say("server", port);
	to(AF_INET, "239.77.1.2", port);
	must(sendto(client, "ping", 4, 0, &address.any, address_len) == 4, "sendto");
	must(recv(server, bytes, sizeof(bytes), 0) == 4, "recv");
	say("client", port_of(client));
	return 0;
}

static int stream(int protocol)
{
	int server = listening(protocol), port = port_of(server), client = make(AF_INET, SOCK_STREAM, protocol);

	to(AF_INET, "127.0.0.1", port);
	must(!connect(client, &address.any, address_len), "connect");
	must(accept(server, 0, 0) >= 0, "accept");
	return 0;
}

static int fast_open(void)
{
	int queue = 5, server = listening(0), port = port_of(server), client = make(AF_INET, SOCK_STREAM, 0);

	setsockopt(server, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue));
	to(AF_INET, "127.0.0.1", port);
	must(sendto(client, "hello", 5, MSG_FASTOPEN, &address.any, address_len) == 5, "MSG_FASTOPEN");
	must(accept(server, 0, 0) >= 0, "accept");
	return 0;
}

/* One operation by io_uring; returns its result. @polled: taken by a kernel thread of the process that looks for work. */
static int ring_does(struct io_uring_sqe *what, int polled)
{
	struct io_uring_params p = {.flags = polled ? IORING_SETUP_SQPOLL : 0, .sq_thread_idle = 100};
	int ring = syscall(SYS_io_uring_setup, 4, &p);
	struct io_uring_sqe *entries;
	struct io_uring_cqe *done;
	char *sq, *cq;

	can(ring >= 0);
	sq = mmap(0, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(0, p.cq_off.cqes + p.cq_entries * sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		  IORING_OFF_CQ_RING);
	entries = mmap(0, p.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	must(sq != MAP_FAILED && cq != MAP_FAILED && entries != MAP_FAILED, "mmap");
	entries[0] = *what;
	*(unsigned *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_SEQ_CST);
	must(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS | (polled ? IORING_ENTER_SQ_WAKEUP : 0), 0, 0) ==
		     1,
	     "io_uring_enter");
	done = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	return done->res;
}

/* @async: in a kernel thread of the process instead of the calling one */
static int ring_connect(int async, int polled)
{
	int server = listening(0), port = port_of(server), client = make(AF_INET, SOCK_STREAM, 0);
	struct io_uring_sqe what = {.opcode = IORING_OP_CONNECT, .fd = client, .flags = async ? IOSQE_ASYNC : 0};

	to(AF_INET, "127.0.0.1", port);
	what.addr = (uintptr_t)&address;
	what.off = address_len;
	must(ring_does(&what, polled) == 0, "connect by io_uring");
	must(accept(server, 0, 0) >= 0, "accept");
	return 0;
}

static int ring_send(int polled)
{
	int server = bound(AF_INET, SOCK_DGRAM, 0, "127.0.0.1"), port = port_of(server);
	int client = make(AF_INET, SOCK_DGRAM, 0);
	struct iovec bytes = {.iov_base = "ping", .iov_len = 4};
	struct msghdr message = {.msg_name = &address, .msg_iov = &bytes, .msg_iovlen = 1};
	struct io_uring_sqe what = {.opcode = IORING_OP_SENDMSG, .fd = client, .addr = (uintptr_t)&message, .len = 1};
	char got[16];

	say("server", port);
	to(AF_INET, "127.0.0.1", port);
	message.msg_namelen = address_len;
	must(ring_does(&what, polled) == 4, "sendmsg by io_uring");
	must(recv(server, got, sizeof(got), 0) == 4, "recv");
	return 0;
}

static void pass(int channel, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	must(sendmsg(channel, &m, 0) == 1, "sendmsg");
}

static int passed(int channel)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec bytes = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	int fd;

	must(recvmsg(channel, &m, 0) == 1, "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
	return fd;
}

/* Two sockets made here and used by a child: one it connects, one that is connected already and only sends. */
static int hand_over(void)
{
	int server = listening(0), port = port_of(server), channel[2];
	int datagrams = bound(AF_INET, SOCK_DGRAM, 0, "127.0.0.1"), client = make(AF_INET, SOCK_DGRAM, 0);
	char got[16];
	pid_t child;

	say("datagrams", port_of(datagrams));
	to(AF_INET, "127.0.0.1", port_of(datagrams));
	must(!connect(client, &address.any, address_len), "connect");
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, channel), "socketpair");
	child = fork();
	if (child == 0) {
		int fd = passed(channel[1]);

		to(AF_INET, "127.0.0.1", port);
		must(!connect(fd, &address.any, sizeof(address.v4)), "connect");
		must(send(passed(channel[1]), "ping", 4, 0) == 4, "send");
		_exit(0);
	}
	say("child", child);
	pass(channel[0], make(AF_INET, SOCK_STREAM, 0));
	must(accept(server, 0, 0) >= 0, "accept");
	pass(channel[0], client);
	must(recv(datagrams, got, sizeof(got), 0) == 4, "recv");
	wait(0);
	return 0;
}

/* A socket of this family, type and protocol, open until the input ends. */
static int other(int family, int type, int protocol)
{
	char byte;

	make(family, type, protocol);
	say("open", 1);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

/* Has connect4 and sendmsg4 of this cgroup go to another port, behind what is attached there already. */
static void redirect(const char *cgroup, int attach_type, int from, int target)
{
	int at = offsetof(struct bpf_sock_addr, user_port);
	struct bpf_insn code[] = {
		{.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1, .off = at},
		{.code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = 2, .imm = htons(from), .off = 2},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = htons(target)},
		{.code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = 1, .src_reg = 2, .off = at},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
		.expected_attach_type = attach_type,
		.insns = (uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.license = (uintptr_t) "GPL",
	};
	union bpf_attr attach = {.attach_type = attach_type, .attach_flags = BPF_F_ALLOW_MULTI};

	attach.target_fd = open(cgroup, O_RDONLY | O_DIRECTORY);
	must((int)attach.target_fd >= 0, cgroup);
	attach.attach_bpf_fd = syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	must((int)attach.attach_bpf_fd >= 0, "BPF_PROG_LOAD");
	must(!syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)), "BPF_PROG_ATTACH");
}

static void redirect_packets(const char *protocol, int from, int target)
{
	char rule[256];

	snprintf(rule, sizeof(rule),
		 "iptables -w -t nat -A OUTPUT -d 127.0.0.9 -p %s --dport %d -j DNAT --to-destination 127.0.0.1:%d", protocol,
		 from, target);
	errno = ENOSYS;
	can(system(rule) == 0);
}

/* A question to 127.0.0.9:53 that goes to another port of 127.0.0.1 and is answered from there, twice. */
static int dns_elsewhere(void)
{
	static const unsigned char query[] = {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
	static const unsigned char answer[] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0,
					       1,    0xc0, 12,	 0,    1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7};
	int server, client;
	char bytes[512];

	network_of_its_own();
	server = bound(AF_INET, SOCK_DGRAM, 0, "127.0.0.1");
	say("server", port_of(server));
	redirect_packets("udp", 53, port_of(server));
	client = make(AF_INET, SOCK_DGRAM, 0);
	to(AF_INET, "127.0.0.9", 53);
	must(!connect(client, &address.any, address_len), "connect");
	for (int i = 0; i < 2; i++) {
		must(send(client, query, sizeof(query), 0) == sizeof(query), "send");
		address_len = sizeof(address);
		must(recvfrom(server, bytes, sizeof(bytes), 0, &address.any, &address_len) == sizeof(query), "recvfrom");
		must(sendto(server, answer, sizeof(answer), 0, &address.any, address_len) == sizeof(answer), "sendto");
		must(recv(client, bytes, sizeof(bytes), 0) == sizeof(answer), "recv");
	}
	return 0;
}

/* A port that nobody listens on is asked for, and the server reached. By the packet filter, or by a program at the cgroup. */
static int tcp_elsewhere(const char *cgroup)
{
	const char *host = cgroup ? "127.0.0.1" : "127.0.0.9";
	int reserved, server, client, asked;

	if (!cgroup)
		network_of_its_own();
	reserved = bound(AF_INET, SOCK_STREAM, 0, "127.0.0.1");
	asked = port_of(reserved);
	say("asked", asked);
	server = listening(0);
	if (cgroup)
		redirect(cgroup, BPF_CGROUP_INET4_CONNECT, asked, port_of(server));
	else
		redirect_packets("tcp", asked, port_of(server));
	client = make(AF_INET, SOCK_STREAM, 0);
	to(AF_INET, host, asked);
	must(!connect(client, &address.any, address_len), "connect");
	must(accept(server, 0, 0) >= 0, "accept");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

#define IS(name, n) (!strcmp(what, name) && argc == (n) + 2)
	if (IS("udplite", 0))
		return connected(AF_INET, UDPLITE, "127.0.0.1", "127.0.0.1", 0);
	if (IS("mapped-connected", 0))
		return connected(AF_INET6, 0, "::", "::ffff:127.0.0.1", 0);
	if (IS("mapped-sent", 0))
		return sent(AF_INET6, "::", "::ffff:127.0.0.1");
	if (IS("udp6-sent", 0))
		return sent(AF_INET6, "::1", "::1");
	if (IS("udp6-options", 0))
		return connected(AF_INET6, 0, "::1", "::1", 1);
	if (IS("multicast", 0))
		return multicast();
	if (IS("mptcp", 0))
		return stream(MPTCP);
	if (IS("fast-open", 0))
		return fast_open();
	if (IS("ring-connect", 0))
		return ring_connect(0, 0);
	if (IS("ring-connect-async", 0))
		return ring_connect(1, 0);
	if (IS("ring-connect-polled", 0))
		return ring_connect(0, 1);
	if (IS("ring-send", 0))
		return ring_send(0);
	if (IS("ring-send-polled", 0))
		return ring_send(1);
	if (IS("hand-over", 0))
		return hand_over();
	if (IS("other", 3))
		return other(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
	if (IS("dns-elsewhere", 0))
		return dns_elsewhere();
	if (IS("tcp-elsewhere", 0))
		return tcp_elsewhere(0);
	if (IS("tcp-elsewhere", 1))
		return tcp_elsewhere(argv[2]);
	fprintf(stderr, "unknown: %s\n", what);
	return 95;
}
