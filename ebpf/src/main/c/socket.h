/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets: their ends, what names them, and their owners. The cgroup hooks run in the process that acts and say who; the
 * state changes of TCP and the packets run wherever the kernel is, so there the owner of the socket, noted by its cookie,
 * says who. Processes that are left out own their sockets too, or what the kernel does with them would be nobody's.
 */

#define PEER_IDLE_NS (60ull * 1000000000ull)

static __always_inline void set_v4(struct endpoint *e, __be32 address, __u16 port)
{
	__builtin_memset(e->address, 0, 10);
	e->address[10] = 0xff;
	e->address[11] = 0xff;
	__builtin_memcpy(e->address + 12, &address, 4);
	e->port = port;
	e->family = AF_INET;
	e->reserved = 0;
}

/* From the words of a context, which the verifier lets nobody read but one by one. */
#define set_v6(e, words)                                    \
	do {                                                \
		__u32 part;                                 \
                                                            \
		part = (words)[0];                          \
		__builtin_memcpy((e)->address, &part, 4);      \
		part = (words)[1];                          \
		__builtin_memcpy((e)->address + 4, &part, 4);  \
		part = (words)[2];                          \
		__builtin_memcpy((e)->address + 8, &part, 4);  \
		part = (words)[3];                          \
		__builtin_memcpy((e)->address + 12, &part, 4); \
	} while (0)

static __always_inline void no_endpoint(struct endpoint *e)
{
	__builtin_memset(e, 0, sizeof(*e));
}

static __always_inline void begin_socket(struct rec_socket *r, __u16 kind)
{
	__builtin_memset(r, 0, sizeof(*r));
	begin(&r->header, kind);
}

/* Where its kernel keeps it as a pointer; before 5.15 it shares its place with a class, of which the low bits tell. */
static __always_inline struct cgroup *cgroup_of_socket(const struct sock *sk)
{
	const struct sock___before_5_15 *old = (const void *)sk;
	__u64 value;

	if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		return BPF_CORE_READ(sk, sk_cgrp_data.cgroup);
	value = BPF_CORE_READ(old, sk_cgrp_data.val);
	return value & 3 ? 0 : (struct cgroup *)value;
}

/*
 * What names a socket where the kernel calls, not a process. Before 5.12 tracing can't ask for a cookie: then it is the
 * cookie that something else has asked for already, or else the socket's address, which stays its name while it is owned.
 */
#ifdef BEFORE_5_12
extern const void socket_file_ops __ksym __weak;

static __always_inline __u64 cookie_of(const struct sock *sk)
{
	struct config *c = the_config();
	__u64 cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	__u64 named;

	/* A copy that the verifier takes for a number. */
	bpf_probe_read_kernel(&named, sizeof(named), &sk);
	if (cookie && bpf_map_lookup_elem(&owners, &cookie))
		return cookie;
	/* An odd factor keeps different ones different; cookies are never so large. */
	named = (named ^ (c ? c->salt : 0)) * 0x9e3779b97f4a7c15ull | 1ull << 63;
	return !cookie || bpf_map_lookup_elem(&owners, &named) ? named : cookie;
}

static __always_inline struct socket *socket_of(struct file *file)
{
	return BPF_CORE_READ(file, f_op) == &socket_file_ops ? BPF_CORE_READ(file, private_data) : 0;
}
#define cookie_in(socket, sk) cookie_of(sk)
#else
#define cookie_of(sk) bpf_get_socket_cookie(sk)
#define cookie_in(socket, sk) bpf_get_socket_cookie((socket)->sk)
#define socket_of(file) bpf_sock_from_file(file)
#endif

static __always_inline void own(__u64 cookie, const struct rec_socket *r, __u8 listening, __u8 sending)
{
	struct owner o = {
		.start_boot_ns = r->header.start_boot_ns,
		.cgroup_id = r->header.cgroup_id,
		.tgid = r->header.tgid,
		.tid = r->header.tid,
		.euid = r->header.euid,
		.user_ns = r->header.user_ns,
		.net_ns = r->net_ns,
		.protocol = r->protocol,
		.listening = listening,
		.sending = sending,
		.local = r->local,
		.remote = r->remote,
		.sent = r->remote,
	};

	bpf_map_update_elem(&owners, &cookie, &o, BPF_ANY);
}

static __always_inline bool own_protocol(__u32 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE;
}

static __always_inline void peer_of(struct peer_key *key, __u64 cookie, const struct endpoint *remote)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->cookie = cookie;
	__builtin_memcpy(key->address, remote->address, 16);
	key->port = remote->port;
}

/* True if nothing went between the two for so long that it counts as a new connection. */
static __always_inline bool new_peer(__u64 cookie, const struct endpoint *remote, __u64 now)
{
	struct peer_key key;
	__u64 *last;

	peer_of(&key, cookie, remote);
	last = bpf_map_lookup_elem(&peers, &key);
	if (last) {
		__u64 idle = now - *last;

		*last = now;
		return idle > PEER_IDLE_NS;
	}
	bpf_map_update_elem(&peers, &key, &now, BPF_ANY);
	return true;
}
