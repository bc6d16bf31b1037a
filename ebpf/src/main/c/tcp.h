/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TCP sockets by the changes of their state: listen, connect, accept, close. */

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
