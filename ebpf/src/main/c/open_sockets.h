/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The sockets that are open when somebody looks. */

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
