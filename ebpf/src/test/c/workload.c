/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The things that the kernel tests watch, one for each first argument. What a test can't know before, such as a port, is
 * printed as NAME=VALUE lines. Talks to loopback only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopback.h"

static void *idle(void *unused)
{
	return unused;
}

static int threads(void)
{
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		must(!pthread_create(&t[i], 0, idle, 0), "pthread_create");
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], 0);
	return 5;
}

static void *exec_true(void *path)
{
	execl(path, "from-thread", (char *)0);
	return 0;
}

static int thread_exec(char *path)
{
	pthread_t t;

	must(!pthread_create(&t, 0, exec_true, path), "pthread_create");
	pause();
	return 98;
}

static void *outlive(void *leader)
{
	pthread_join(*(pthread_t *)leader, 0);
	exit(7);
}

static int leader_exits(void)
{
	static pthread_t self;
	pthread_t t;

	self = pthread_self();
	must(!pthread_create(&t, 0, outlive, &self), "pthread_create");
	pthread_exit(0);
}

static void spawn(char *path, char *number)
{
	pid_t pid = vfork();

	must(pid >= 0, "vfork");
	if (pid == 0) {
		execl(path, path, number, (char *)0);
		_exit(97);
	}
	waitpid(pid, 0, 0);
}

static int spawn_many(int n, char *path)
{
	for (int i = 0; i < n; i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", i);
		spawn(path, number);
	}
	return 0;
}

static int copy_into(int to, const char *path)
{
	char bytes[65536];
	int from = open(path, O_RDONLY);
	ssize_t n;

	must(from >= 0, path);
	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		must(write(to, bytes, n) == n, "write");
	close(from);
	return to;
}

static int exec_memfd(char *path)
{
	int fd = copy_into(memfd_create("hidden", MFD_CLOEXEC), path);
	char *args[] = {"from-memory", "exit", "0", 0};

	fexecve(fd, args, environ);
	return 96;
}

static int exec_deleted(char *path, char *copy)
{
	int fd = open(copy, O_RDWR | O_CREAT | O_EXCL, 0700);
	char *args[] = {"from-nowhere", "exit", "0", 0};

	must(fd >= 0, copy);
	copy_into(fd, path);
	close(fd);
	fd = open(copy, O_RDONLY | O_CLOEXEC);
	unlink(copy);
	fexecve(fd, args, environ);
	return 96;
}

/* Listens as one family and connects as another or the same; five bytes go to the server, three come back. */
static int tcp(int server_family, const char *server_host, int family, const char *host)
{
	int server = bound(server_family, SOCK_STREAM, 0, server_host), client, accepted, port;
	char bytes[16];

	must(!listen(server, 5), "listen");
	port = port_of(server);
	say("server", port);
	client = make(family, SOCK_STREAM, 0);
	to(family, host, port);
	must(!connect(client, &address.any, address_len), "connect");
	say("client", port_of(client));
	accepted = accept(server, 0, 0);
	must(write(client, "hello", 5) == 5, "write");
	must(read(accepted, bytes, sizeof(bytes)) == 5, "read");
	must(write(accepted, "bye", 3) == 3, "write");
	must(read(client, bytes, sizeof(bytes)) == 3, "read");
	close(client);
	must(read(accepted, bytes, sizeof(bytes)) == 0, "read");
	close(accepted);
	close(server);
	return 0;
}

/* Listens without bind, so that the kernel chooses the port late. */
static int unbound(void)
{
	int server = make(AF_INET, SOCK_STREAM, 0), client;

	must(!listen(server, 5), "listen");
	say("server", port_of(server));
	client = make(AF_INET, SOCK_STREAM, 0);
	to(AF_INET, "127.0.0.1", port_of(server));
	must(!connect(client, &address.any, sizeof(address.v4)), "connect");
	return 0;
}

static int refused(void)
{
	int reserved = bound(AF_INET, SOCK_STREAM, 0, "127.0.0.1"), port = port_of(reserved);
	int client = make(AF_INET, SOCK_STREAM, 0);

	say("server", port);
	to(AF_INET, "127.0.0.1", port);
	must(connect(client, &address.any, address_len) && errno == ECONNREFUSED, "refusal");
	return 0;
}

/* Two datagrams each way: only the first makes a connection. */
static int udp(int connected)
{
	int server = bound(AF_INET, SOCK_DGRAM, 0, "127.0.0.1"), port = port_of(server);
	int client = make(AF_INET, SOCK_DGRAM, 0);
	char bytes[16];

	say("server", port);
	to(AF_INET, "127.0.0.1", port);
	if (connected)
		must(!connect(client, &address.any, address_len), "connect");
	for (int i = 0; i < 2; i++) {
		to(AF_INET, "127.0.0.1", port);
		if (connected)
			must(send(client, "ping", 4, 0) == 4, "send");
		else
			must(sendto(client, "ping", 4, 0, &address.any, address_len) == 4, "sendto");
		address_len = sizeof(address);
		must(recvfrom(server, bytes, sizeof(bytes), 0, &address.any, &address_len) == 4, "recvfrom");
		say("client", ntohs(address.v4.sin_port));
		must(sendto(server, "pong", 4, 0, &address.any, address_len) == 4, "sendto");
		must(recv(client, bytes, sizeof(bytes), 0) == 4, "recv");
	}
	close(client);
	close(server);
	return 0;
}

/* A.example asked of a resolver at 127.0.0.1:53 in a network of its own; the answer says 192.0.2.7. */
static const unsigned char query[] = {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
				      0,    0,	  1, 0, 1};
static const unsigned char answer[] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1,  0, 0, 0,  0, 1, 'a', 7, 'e',
				       'x',  'a',  'm',	 'p',  'l', 'e', 0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0,
				       1,    0,	   0,	 0,    60, 0, 4, 192, 0, 2, 7};

static int dns(void)
{
	int server, client;
	char bytes[512];

	network_of_its_own();
	server = make(AF_INET, SOCK_DGRAM, 0);
	to(AF_INET, "127.0.0.1", 53);
	must(!bind(server, &address.any, address_len), "bind");
	client = make(AF_INET, SOCK_DGRAM, 0);
	must(!connect(client, &address.any, address_len), "connect");
	must(send(client, query, sizeof(query), 0) == sizeof(query), "send");
	address_len = sizeof(address);
	must(recvfrom(server, bytes, sizeof(bytes), 0, &address.any, &address_len) == sizeof(query), "recvfrom");
	say("client", ntohs(address.v4.sin_port));
	must(sendto(server, answer, sizeof(answer), 0, &address.any, address_len) == sizeof(answer), "sendto");
	must(recv(client, bytes, sizeof(bytes), 0) == sizeof(answer), "recv");
	return 0;
}

static void send_all(int fd, const void *bytes, size_t length)
{
	must(send(fd, bytes, length, 0) == (ssize_t)length, "send");
}

static void receive_all(int fd, size_t length)
{
	char bytes[8192];

	must(length <= sizeof(bytes) && recv(fd, bytes, length, MSG_WAITALL) == (ssize_t)length, "recv");
}

/* The same by TCP, where each message follows its length: in pieces, then 5,000 bytes more at once. */
static int dns_tcp(void)
{
	static const unsigned char asked[] = {0, sizeof(query)}, answered[] = {0, sizeof(answer)};
	static unsigned char large[5002] = {5000 >> 8, 5000 & 255};
	int listening, server, client, on = 1;

	network_of_its_own();
	listening = make(AF_INET, SOCK_STREAM, 0);
	to(AF_INET, "127.0.0.1", 53);
	must(!bind(listening, &address.any, address_len) && !listen(listening, 1), "listen");
	client = make(AF_INET, SOCK_STREAM, 0);
	must(!connect(client, &address.any, address_len), "connect");
	server = accept(listening, 0, 0);
	must(server >= 0 && !setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) &&
		     !setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)),
	     "nodelay");
	send_all(client, asked, 1);
	send_all(client, asked + 1, 1);
	send_all(client, query, sizeof(query));
	receive_all(server, 2 + sizeof(query));
	send_all(server, answered, 2);
	send_all(server, answer, sizeof(answer));
	receive_all(client, 2 + sizeof(answer));
	for (unsigned i = 2; i < sizeof(large); i++)
		large[i] = i;
	send_all(server, large, sizeof(large));
	receive_all(client, sizeof(large));
	return 0;
}

static int become(int uid)
{
	must(!seteuid(uid), "seteuid");
	if (fork() == 0)
		_exit(0);
	wait(0);
	return 0;
}

/* Changes its user and does nothing else until its input ends. */
static int become_quietly(int uid)
{
	char byte;

	must(!seteuid(uid), "seteuid");
	say("ready", 1);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

static int into_cgroup(char *folder, char *path)
{
	struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
	pid_t pid;

	args.cgroup = open(folder, O_RDONLY | O_DIRECTORY);
	must((int)args.cgroup >= 0, folder);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	must(pid >= 0, "clone3");
	if (pid == 0) {
		execl(path, "inside", (char *)0);
		_exit(97);
	}
	say("child", pid);
	wait(0);
	return 0;
}

/* Listens and waits until its input ends, so that a later sensor finds it. */
static int serve(void)
{
	int server = bound(AF_INET, SOCK_STREAM, 0, "127.0.0.1");
	char byte;

	must(!listen(server, 5), "listen");
	say("server", port_of(server));
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

static int visit(int port)
{
	int client = make(AF_INET, SOCK_STREAM, 0);

	to(AF_INET, "127.0.0.1", port);
	must(!connect(client, &address.any, address_len), "connect");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

#define IS(name, n) (!strcmp(what, name) && argc == (n) + 2)
	/* Does nothing, as one of many. */
	if (argc == 2 && what[0] >= '0' && what[0] <= '9')
		return 0;
	if (IS("exit", 1))
		return atoi(argv[2]);
	if (IS("signal", 1))
		return raise(atoi(argv[2]));
	if (IS("threads", 0))
		return threads();
	if (IS("thread-exec", 1))
		return thread_exec(argv[2]);
	if (IS("leader-exits", 0))
		return leader_exits();
	if (IS("many", 2))
		return spawn_many(atoi(argv[2]), argv[3]);
	if (IS("memfd", 1))
		return exec_memfd(argv[2]);
	if (IS("deleted", 2))
		return exec_deleted(argv[2], argv[3]);
	if (IS("tcp4", 0))
		return tcp(AF_INET, "127.0.0.1", AF_INET, "127.0.0.1");
	if (IS("tcp6", 0))
		return tcp(AF_INET6, "::1", AF_INET6, "::1");
	if (IS("mapped", 0))
		return tcp(AF_INET6, "::", AF_INET6, "::ffff:127.0.0.1");
	if (IS("unbound", 0))
		return unbound();
	if (IS("refused", 0))
		return refused();
	if (IS("udp", 0))
		return udp(0);
	if (IS("udp-connected", 0))
		return udp(1);
	if (IS("dns", 0))
		return dns();
	if (IS("dns-tcp", 0))
		return dns_tcp();
	if (IS("become", 1))
		return become(atoi(argv[2]));
	if (IS("become-quietly", 1))
		return become_quietly(atoi(argv[2]));
	if (IS("into-cgroup", 2))
		return into_cgroup(argv[2], argv[3]);
	if (IS("serve", 0))
		return serve();
	if (IS("visit", 1))
		return visit(atoi(argv[2]));
	fprintf(stderr, "unknown: %s\n", what);
	return 95;
}
