/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The packets of a cgroup: the first of a datagram from or to a remote, and DNS. Everything else passes after one look at its
 * headers.
 */

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *skb)
{
	struct endpoint nowhere = {};
	struct datagram d = {};
	struct owner *owner;
	__u8 protocol;
	__u64 cookie;
	__u32 at = 0;

	protocol = read_ip(skb, &d, &at);
	if (protocol == IPPROTO_TCP) {
		if (tcp_header(skb, at, &d) && d.source.port == DNS_PORT && d.payload_len && active())
			heard_by_tcp(skb, &d);
		return 1;
	}
	if (!protocol || !udp_header(skb, at, &d) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (!packet_watched(owner))
		return 1;
	if (new_peer(cookie, &d.source, bpf_ktime_get_boot_ns()))
		datagram_record(skb, KIND_ACCEPT, cookie, owner, &d.target, &d.source, &nowhere, IPPROTO_UDP);
	if (d.source.port == DNS_PORT)
		dns_record(skb, cookie, owner, &d, &nowhere, true);
	return 1;
}

/*
 * A socket that no hook told of, such as of UDP-Lite, whose connect asks no program. A datagram leaves within the system
 * call of whoever sends it; that the cgroups agree makes sure of it, and on v1 nothing does. Not inlined, so that it has a
 * stack of its own.
 */
static __noinline int adopt(struct __sk_buff *skb, __u64 cookie, const struct datagram *d)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct rec_header h;
	struct owner o = {};

	by_task(&h, task);
	if (on_v1() || h.cgroup_id != bpf_skb_cgroup_id(skb))
		return 0;
	o.start_boot_ns = h.start_boot_ns;
	o.cgroup_id = h.cgroup_id;
	o.tgid = h.tgid;
	o.tid = h.tid;
	o.euid = h.euid;
	o.user_ns = h.user_ns;
	o.net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	o.protocol = IPPROTO_UDP;
	o.local = d->source;
	o.remote = o.sent = d->target;
	return !bpf_map_update_elem(&owners, &cookie, &o, BPF_NOEXIST);
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *skb)
{
	struct endpoint asked = {};
	struct datagram d = {};
	struct owner *owner;
	bool elsewhere, speaks = false;
	__u8 protocol;
	__u64 cookie = 0, now;
	__u32 at = 0;

	protocol = read_ip(skb, &d, &at);
	if (!protocol || !(protocol == IPPROTO_TCP ? tcp_header(skb, at, &d) : udp_header(skb, at, &d)))
		return 1;
	if (protocol == IPPROTO_TCP)
		speaks = d.target.port == DNS_PORT && d.payload_len;
	if ((protocol == IPPROTO_TCP && !d.opening && !speaks) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (!owner && protocol != IPPROTO_TCP && adopt(skb, cookie, &d))
		owner = bpf_map_lookup_elem(&owners, &cookie);
	if (!packet_watched(owner))
		return 1;
	if (speaks)
		said_by_tcp(skb, &d);
	if (protocol == IPPROTO_TCP && !d.opening)
		return 1;
	/* The port was chosen after connect or sendmsg was seen. */
	if (owner && !owner->local.port)
		owner->local = d.source;
	elsewhere = owner && rewritten(owner, &d.target, &asked);
	if (!elsewhere) {
		if (protocol == IPPROTO_TCP)
			return 1;
		asked = d.target;
	}
	now = bpf_ktime_get_boot_ns();
	/* A packet filter gives the answer the address that was asked: no stranger's datagram. */
	if (elsewhere)
		new_peer(cookie, &asked, now);
	if (new_peer(cookie, &d.target, now))
		datagram_record(skb, KIND_CONNECT, cookie, owner, &d.source, &asked, &d.target, protocol);
	if (protocol != IPPROTO_TCP && (asked.port == DNS_PORT || d.target.port == DNS_PORT))
		dns_record(skb, cookie, owner, &d, &asked, false);
	return 1;
}
