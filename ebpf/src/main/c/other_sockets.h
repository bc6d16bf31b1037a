/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets that speak in a way that nothing else here sees. */

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
