/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UDP sockets: when they are bound, and their end. What they say is found by their packets. */

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

	set_v6(&local, ctx->src_ip6);
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
