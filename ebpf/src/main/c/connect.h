/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a socket is to speak to: connect(2), and sendmsg(2) with an address. */

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

	set_v6(&remote, ctx->user_ip6);
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
