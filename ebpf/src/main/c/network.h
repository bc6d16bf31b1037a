/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections and sockets. The cgroup hooks run in the process that acts and say who; the state changes of TCP and the
 * packets run wherever the kernel is, so there the owner of the socket, noted by its cookie, says who. Processes that are left
 * out own their sockets too, or what the kernel does with them would be nobody's.
 */

#define PEER_IDLE_NS (60ull * 1000000000ull)
#define DNS_PORT 53
#define DNS_SMALL_BYTES 256
#define DNS_BYTES 1232
/* Of one packet, which the kernel may have put together from many. */
#define DNS_PARTS 14
/* Of the ring, for each cgroup: the answers to about 10,000 questions. */
#define DNS_BYTES_PER_SECOND (8u << 20)

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

/*
 * connect(2), and sendmsg(2) with an address, in the process that calls it and before anything is decided. To connect a
 * UDP socket sends nothing, and the C library does it for every name with several addresses only to sort them: such a
 * socket is remembered here and reported with its first datagram (on_egress).
 */
static __always_inline void on_ask(__u64 cookie, __u32 protocol, const struct endpoint *remote, bool sends)
{
	bool silent = protocol != IPPROTO_TCP && !sends;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct owner *before;
	struct rec_socket r;
	bool left_out = excluded(bpf_get_current_pid_tgid() >> 32);

	if (!own_protocol(protocol) || !cgroup_watched(cgroup_of(task)))
		return;
	begin_socket(&r, KIND_CONNECT);
	r.protocol = protocol == IPPROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	before = bpf_map_lookup_elem(&owners, &cookie);
	if (before && sends) {
		before->sent = *remote;
		before->sending = 1;
	} else if (before) {
		before->remote = *remote;
	}
	if (r.protocol == IPPROTO_UDP && sends && !new_peer(cookie, remote, r.header.boot_ns))
		return;
	if (!left_out)
		watch_user(task);
	by_task(&r.header, task);
	r.cookie = cookie;
	r.net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	r.remote = *remote;
	if (before)
		r.local = before->local;
	/* A bound UDP socket keeps the process that bound it. */
	if (!before || !before->listening)
		own(cookie, &r, 0, sends);
	if (!left_out && !silent)
		emit(&r.header, &r, sizeof(r));
}

static __always_inline int ask4(struct bpf_sock_addr *ctx, bool sends)
{
	struct endpoint remote;

	set_v4(&remote, ctx->user_ip4, bpf_ntohs((__u16)ctx->user_port));
	on_ask(bpf_get_socket_cookie(ctx), ctx->protocol, &remote, sends);
	return 1;
}

static __always_inline int ask6(struct bpf_sock_addr *ctx, bool sends)
{
	struct endpoint remote = {.family = AF_INET6};
	__u32 part;

	part = ctx->user_ip6[0];
	__builtin_memcpy(remote.address, &part, 4);
	part = ctx->user_ip6[1];
	__builtin_memcpy(remote.address + 4, &part, 4);
	part = ctx->user_ip6[2];
	__builtin_memcpy(remote.address + 8, &part, 4);
	part = ctx->user_ip6[3];
	__builtin_memcpy(remote.address + 12, &part, 4);
	remote.port = bpf_ntohs((__u16)ctx->user_port);
	on_ask(bpf_get_socket_cookie(ctx), ctx->protocol, &remote, sends);
	return 1;
}

SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *ctx)
{
	return ask4(ctx, false);
}

SEC("cgroup/connect6")
int on_connect6(struct bpf_sock_addr *ctx)
{
	return ask6(ctx, false);
}

SEC("cgroup/sendmsg4")
int on_sendmsg4(struct bpf_sock_addr *ctx)
{
	return ask4(ctx, true);
}

SEC("cgroup/sendmsg6")
int on_sendmsg6(struct bpf_sock_addr *ctx)
{
	return ask6(ctx, true);
}

/* A UDP socket that is bound can be spoken to: that is its listening. */
static __always_inline void on_bound(struct bpf_sock *ctx, const struct endpoint *local)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct rec_socket r;
	bool left_out = excluded(bpf_get_current_pid_tgid() >> 32);

	if ((ctx->protocol != IPPROTO_UDP && ctx->protocol != IPPROTO_UDPLITE) || !cgroup_watched(cgroup_of(task)))
		return;
	if (!left_out)
		watch_user(task);
	begin_socket(&r, KIND_LISTEN);
	by_task(&r.header, task);
	r.cookie = bpf_get_socket_cookie(ctx);
	r.net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	r.protocol = IPPROTO_UDP;
	r.local = *local;
	own(r.cookie, &r, 1, 0);
	if (!left_out)
		emit(&r.header, &r, sizeof(r));
}

SEC("cgroup/post_bind4")
int on_bound4(struct bpf_sock *ctx)
{
	struct endpoint local;

	set_v4(&local, ctx->src_ip4, (__u16)ctx->src_port);
	on_bound(ctx, &local);
	return 1;
}

SEC("cgroup/post_bind6")
int on_bound6(struct bpf_sock *ctx)
{
	struct endpoint local = {.family = AF_INET6};
	__u32 part;

	part = ctx->src_ip6[0];
	__builtin_memcpy(local.address, &part, 4);
	part = ctx->src_ip6[1];
	__builtin_memcpy(local.address + 4, &part, 4);
	part = ctx->src_ip6[2];
	__builtin_memcpy(local.address + 8, &part, 4);
	part = ctx->src_ip6[3];
	__builtin_memcpy(local.address + 12, &part, 4);
	local.port = (__u16)ctx->src_port;
	on_bound(ctx, &local);
	return 1;
}

/* The end of a UDP socket; TCP has its state changes. */
SEC("cgroup/sock_release")
int on_release(struct bpf_sock *ctx)
{
	struct rec_socket r;
	struct owner *owner;
	__u64 cookie;

	if ((ctx->protocol != IPPROTO_UDP && ctx->protocol != IPPROTO_UDPLITE) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(ctx);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (!owner)
		return 1;
	begin_socket(&r, KIND_CLOSE);
	by_owner(&r.header, owner);
	r.cookie = cookie;
	r.net_ns = owner->net_ns;
	r.protocol = IPPROTO_UDP;
	r.local = owner->local;
	if (!owner->listening)
		r.remote = owner->remote;
	bpf_map_delete_elem(&owners, &cookie);
	if (!excluded(r.header.tgid))
		emit(&r.header, &r, sizeof(r));
	return 1;
}

static __always_inline void ends_of(const struct sock *sk, struct endpoint *local, struct endpoint *remote)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	__u16 local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	__u16 remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));

	if (family == AF_INET6) {
		bpf_core_read(local->address, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(remote->address, 16, &sk->__sk_common.skc_v6_daddr);
		local->port = local_port;
		remote->port = remote_port;
		local->family = remote->family = AF_INET6;
		local->reserved = remote->reserved = 0;
	} else {
		set_v4(local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr), local_port);
		set_v4(remote, BPF_CORE_READ(sk, __sk_common.skc_daddr), remote_port);
	}
}

static __always_inline __u64 *listener_at(struct listener_key *key)
{
	__u64 *cookie = bpf_map_lookup_elem(&listeners, key);

	if (cookie)
		return cookie;
	__builtin_memset(key->address, 0, 16);
	cookie = bpf_map_lookup_elem(&listeners, key);
	if (cookie)
		return cookie;
	key->address[10] = 0xff;
	key->address[11] = 0xff;
	cookie = bpf_map_lookup_elem(&listeners, key);
	if (cookie)
		return cookie;
	/* listen without bind: the kernel chose the port after that was seen. */
	key->port = 0;
	cookie = bpf_map_lookup_elem(&listeners, key);
	if (cookie)
		return cookie;
	__builtin_memset(key->address, 0, 16);
	return bpf_map_lookup_elem(&listeners, key);
}

static __always_inline void listener_of(struct listener_key *key, __u64 cgroup, __u32 net_ns, const struct endpoint *local)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->cgroup_id = cgroup;
	key->net_ns = net_ns;
	key->port = local->port;
	__builtin_memcpy(key->address, local->address, 16);
}

/* The child of a listener: its process is the one that called listen, found as TCP finds the listener. */
static __always_inline void on_accepted(struct rec_socket *r, __u64 cgroup)
{
	struct listener_key key;
	struct owner *owner = 0;
	__u64 *listener, cookie;

	r->header.kind = KIND_ACCEPT;
	listener_of(&key, cgroup, r->net_ns, &r->local);
	listener = listener_at(&key);
	if (listener) {
		cookie = *listener;
		owner = bpf_map_lookup_elem(&owners, &cookie);
	}
	if (owner && excluded(owner->tgid))
		return;
	if (owner)
		by_owner(&r->header, owner);
	else if (on_v1() && !watches_all())
		return;
	else
		by_nobody(&r->header, cgroup);
	own(r->cookie, r, 0, 0);
	emit(&r->header, r, sizeof(*r));
}

static __always_inline void on_listen(struct rec_socket *r, __u64 cgroup)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct listener_key key;
	bool left_out = excluded(bpf_get_current_pid_tgid() >> 32);

	r->header.kind = KIND_LISTEN;
	no_endpoint(&r->remote);
	if (!left_out)
		watch_user(task);
	by_task(&r->header, task);
	listener_of(&key, cgroup, r->net_ns, &r->local);
	bpf_map_update_elem(&listeners, &key, &r->cookie, BPF_ANY);
	own(r->cookie, r, 1, 0);
	if (!left_out)
		emit(&r->header, r, sizeof(*r));
}

static __always_inline void on_closed(struct rec_socket *r, const struct sock *sk, __u64 cgroup)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct owner *owner = bpf_map_lookup_elem(&owners, &r->cookie);

	if (!owner)
		return;
	r->header.kind = KIND_CLOSE;
	by_owner(&r->header, owner);
	/* The port is gone from the socket by now. */
	r->local = owner->local;
	r->remote = owner->remote;
	if (owner->listening) {
		struct listener_key key;
		__u64 *cookie;

		listener_of(&key, cgroup, r->net_ns, &r->local);
		cookie = bpf_map_lookup_elem(&listeners, &key);
		if (cookie && *cookie == r->cookie)
			bpf_map_delete_elem(&listeners, &key);
	} else {
		r->rx_bytes = BPF_CORE_READ(tcp, bytes_received);
		/* The end mark of the other side counts as a byte there. */
		if (r->rx_bytes && BPF_CORE_READ(sk, __sk_common.skc_flags) & (1 << SOCK_DONE))
			r->rx_bytes--;
		r->tx_bytes = BPF_CORE_READ(tcp, bytes_sent) - BPF_CORE_READ(tcp, bytes_retrans);
		r->rx_segments = BPF_CORE_READ(tcp, segs_in);
		r->tx_segments = BPF_CORE_READ(tcp, segs_out);
	}
	bpf_map_delete_elem(&owners, &r->cookie);
	if (!excluded(r->header.tgid))
		emit(&r->header, r, sizeof(*r));
}

/* connect(2) where no cgroup hook saw it. Runs in the process that called it. */
static __always_inline void on_syn_sent(struct rec_socket *r)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	bool left_out = excluded(bpf_get_current_pid_tgid() >> 32);

	if (bpf_map_lookup_elem(&owners, &r->cookie))
		return;
	r->header.kind = KIND_CONNECT;
	if (!left_out)
		watch_user(task);
	by_task(&r->header, task);
	no_endpoint(&r->local);
	own(r->cookie, r, 0, 0);
	if (!left_out)
		emit(&r->header, r, sizeof(*r));
}

static __always_inline void on_answered(struct rec_socket *r, struct owner *owner)
{
	r->header.kind = KIND_ESTABLISHED;
	by_owner(&r->header, owner);
	owner->local = r->local;
	owner->remote = r->remote;
	if (!excluded(owner->tgid))
		emit(&r->header, r, sizeof(*r));
}

/*
 * Whether a change of a TCP socket is watched, and the cgroup that its listener is found by: none on v1, where only those
 * changes that are made by a process say by themselves whose they are, and the others belong to owners that are watched.
 */
static __always_inline bool tcp_watched(const struct sock *sk, int after, __u64 *cgroup)
{
	struct cgroup *own;

	*cgroup = 0;
	if (on_v1()) {
		if (after != TCP_LISTEN && after != TCP_SYN_SENT)
			return active();
		return cgroup_watched(cgroup_of((void *)bpf_get_current_task()));
	}
	own = cgroup_of_socket(sk);
	if (!cgroup_watched(own))
		return false;
	*cgroup = cgroup_id(own);
	return true;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_tcp_state, struct sock *sk, int before, int after)
{
	__u64 cgroup;
	struct owner *owner;
	struct rec_socket r;

	if (after != TCP_ESTABLISHED && after != TCP_CLOSE && after != TCP_LISTEN && after != TCP_SYN_SENT)
		return 0;
	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (!tcp_watched(sk, after, &cgroup))
		return 0;
	begin_socket(&r, 0);
	r.cookie = cookie_of(sk);
	r.net_ns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	r.protocol = IPPROTO_TCP;
	ends_of(sk, &r.local, &r.remote);
	if (after == TCP_LISTEN) {
		on_listen(&r, cgroup);
	} else if (after == TCP_SYN_SENT) {
		on_syn_sent(&r);
	} else if (after == TCP_CLOSE) {
		on_closed(&r, sk, cgroup);
	} else {
		/* A simultaneous open passes through SYN_RECV too, but has an owner. */
		owner = bpf_map_lookup_elem(&owners, &r.cookie);
		if (owner)
			on_answered(&r, owner);
		else if (before == TCP_SYN_RECV)
			on_accepted(&r, cgroup);
	}
	return 0;
}

/* Every open socket of every process, with its owner noted for what the kernel does with it later. */
SEC("iter/task_file")
int each_socket(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	struct file *file = ctx->file;
	struct open_socket out = {};
	struct rec_socket r;
	struct socket *socket;
	struct sock *sk;
	__u16 family, protocol;
	__u8 state;

	if (!task || !file || !cgroup_watched(cgroup_of(task)))
		return 0;
	socket = socket_of(file);
	if (!socket)
		return 0;
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	protocol = BPF_CORE_READ(sk, sk_protocol);
	if ((family != AF_INET && family != AF_INET6) || !own_protocol(protocol))
		return 0;
	begin_socket(&r, 0);
	by_task(&r.header, task);
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	r.protocol = protocol == IPPROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	ends_of(sk, &r.local, &r.remote);
	r.net_ns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	out.listening = r.protocol == IPPROTO_TCP ? state == TCP_LISTEN : r.remote.port == 0;
	if (out.listening ? r.local.port == 0 : r.remote.port == 0)
		return 0;
	if (!on_v1())
		r.header.cgroup_id = cgroup_id(cgroup_of_socket(sk));
	r.cookie = cookie_in(socket, sk);
	if (!bpf_map_lookup_elem(&owners, &r.cookie))
		own(r.cookie, &r, out.listening, 0);
	if (out.listening && r.protocol == IPPROTO_TCP) {
		struct listener_key key;

		listener_of(&key, on_v1() ? 0 : r.header.cgroup_id, r.net_ns, &r.local);
		bpf_map_update_elem(&listeners, &key, &r.cookie, BPF_NOEXIST);
	}
	if (excluded(r.header.tgid))
		return 0;
	out.start_boot_ns = r.header.start_boot_ns;
	out.cookie = r.cookie;
	out.cgroup_id = r.header.cgroup_id;
	out.tgid = r.header.tgid;
	out.net_ns = r.net_ns;
	out.protocol = r.protocol;
	out.local = r.local;
	out.remote = r.remote;
	bpf_seq_write(seq, &out, sizeof(out));
	return 0;
}

/*
 * A socket that no hook of this file sees at work: packets by hand (AF_PACKET, raw IP), other transports (SCTP), ways to
 * other machines beside IP (AF_VSOCK, AF_XDP). What only speaks to this kernel or this machine is left out.
 */
static __always_inline bool other_socket(__u16 family, __u16 type, __u16 protocol)
{
	if (family == AF_INET || family == AF_INET6)
		return type == SOCK_RAW || !(own_protocol(protocol) || protocol == IPPROTO_MPTCP);
	return family > AF_UNIX && family != AF_NETLINK && family != AF_ALG;
}

static __always_inline void tell_other_socket(struct task_struct *task, __u16 family, __u16 type, __u16 protocol)
{
	struct other_key key = {
		.start_boot_ns = start_of(task),
		.tgid = BPF_CORE_READ(task, tgid),
		.exec_id = BPF_CORE_READ(task, self_exec_id),
		.family = family,
		.type = type,
		.protocol = protocol,
	};
	struct rec_other_socket r;
	__u32 told = 1;

	if (bpf_map_lookup_elem(&others, &key))
		return;
	begin(&r.header, KIND_OTHER_SOCKET);
	by_task(&r.header, task);
	r.family = family;
	r.type = type;
	r.protocol = protocol;
	r.reserved = 0;
	if (emit(&r.header, &r, sizeof(r)))
		bpf_map_update_elem(&others, &key, &told, BPF_ANY);
}

/* At the making of a socket, where the kernel lets this attach: security_socket_post_create(socket, family, type, ...). */
SEC("kprobe/security_socket_post_create")
int on_socket(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 family, type, protocol, kernel;

	if (bpf_core_field_exists(((struct pt_regs___amd64 *)0)->si)) {
		struct pt_regs___amd64 *regs = ctx;

		family = BPF_CORE_READ(regs, si);
		type = BPF_CORE_READ(regs, dx);
		protocol = BPF_CORE_READ(regs, cx);
		kernel = BPF_CORE_READ(regs, r8);
	} else {
		struct pt_regs___arm64 *regs = ctx;

		family = BPF_CORE_READ(regs, regs[1]);
		type = BPF_CORE_READ(regs, regs[2]);
		protocol = BPF_CORE_READ(regs, regs[3]);
		kernel = BPF_CORE_READ(regs, regs[4]);
	}
	if (kernel || !other_socket(family, type, protocol) || !current_watched(task))
		return 0;
	tell_other_socket(task, family, type, protocol);
	return 0;
}

/* The same for sockets that are open: no tracepoint tells of their making, so they are looked for now and then. */
SEC("iter/task_file")
int each_other_socket(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	__u16 family, type, protocol;
	struct sock *sk;

	if (!task || !file)
		return 0;
	socket = socket_of(file);
	if (!socket)
		return 0;
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	type = BPF_CORE_READ(sk, sk_type);
	protocol = BPF_CORE_READ(sk, sk_protocol);
	if (!other_socket(family, type, protocol))
		return 0;
	if (!cgroup_watched(cgroup_of(task)) || excluded(BPF_CORE_READ(task, tgid)))
		return 0;
	tell_other_socket(task, family, type, protocol);
	return 0;
}
