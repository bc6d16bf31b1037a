/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Datagrams: the first from a remote, and DNS messages. Everything else passes after one look at the IP header. */

struct datagram {
	struct endpoint source;
	struct endpoint target;
	__u32 payload_at;
	__u32 payload_len;
};

#define EXTENSION_HEADERS 4
#define TCP_SYN 0x02
#define TCP_ACK 0x10

static __always_inline bool udp_header(struct __sk_buff *skb, __u32 at, struct datagram *d)
{
	__be16 udp[4];

	if (bpf_skb_load_bytes(skb, at, udp, sizeof(udp)))
		return false;
	d->source.port = bpf_ntohs(udp[0]);
	d->target.port = bpf_ntohs(udp[1]);
	d->payload_at = at + 8;
	/* From the packet's length, since a jumbo datagram or UDP-Lite has another meaning of the field. */
	d->payload_len = skb->len > d->payload_at ? skb->len - d->payload_at : 0;
	return true;
}

/* Of TCP only the packet that opens a connection is looked at. */
static __always_inline bool tcp_opening(struct __sk_buff *skb, __u32 at, struct datagram *d)
{
	__be16 ports[2];
	__u8 flags;

	if (bpf_skb_load_bytes(skb, at + 13, &flags, 1) || (flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
	    bpf_skb_load_bytes(skb, at, ports, sizeof(ports)))
		return false;
	d->source.port = bpf_ntohs(ports[0]);
	d->target.port = bpf_ntohs(ports[1]);
	d->payload_at = d->payload_len = 0;
	return true;
}

/* Hop-by-hop options, routing, destination options: in front of what they carry, each with its length in eights. */
static __always_inline __u8 skip_extensions(struct __sk_buff *skb, __u8 next, __u32 *at)
{
	__u8 header[2];

#pragma unroll
	for (int i = 0; i < EXTENSION_HEADERS; i++) {
		if (next != 0 && next != 43 && next != 60)
			return next;
		if (bpf_skb_load_bytes(skb, *at, header, sizeof(header)))
			return next;
		next = header[0];
		*at += (header[1] + 1) * 8;
	}
	return next;
}

/* The protocol and both addresses of a packet; 0 if it is of no interest. */
static __always_inline __u8 read_ip(struct __sk_buff *skb, bool tcp, struct datagram *d, __u32 *at)
{
	__u8 protocol;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		__u8 ip[20];
		__be32 source, target;

		if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
			return 0;
		protocol = ip[9];
		if (protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE && !(tcp && protocol == IPPROTO_TCP))
			return 0;
		__builtin_memcpy(&source, ip + 12, 4);
		__builtin_memcpy(&target, ip + 16, 4);
		set_v4(&d->source, source, 0);
		set_v4(&d->target, target, 0);
		*at = (ip[0] & 0xf) * 4;
		return protocol;
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		__u8 ip[40];

		if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
			return 0;
		*at = 40;
		protocol = skip_extensions(skb, ip[6], at);
		if (protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE && !(tcp && protocol == IPPROTO_TCP))
			return 0;
		no_endpoint(&d->source);
		no_endpoint(&d->target);
		__builtin_memcpy(d->source.address, ip + 8, 16);
		__builtin_memcpy(d->target.address, ip + 24, 16);
		d->source.family = d->target.family = AF_INET6;
		return protocol;
	}
	return 0;
}

static __always_inline bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	const __u64 *x = (const void *)a->address, *y = (const void *)b->address;

	return x[0] == y[0] && x[1] == y[1] && a->port == b->port;
}

/*
 * What the program asked for, if the packet goes elsewhere: another program at the cgroup or a rule of the packet filter
 * may have changed it. A socket that is connected may also be told a remote with each datagram, hence the two. A workload
 * can aim a UDP socket at one remote while a packet to another is on its way, so there this is a hint and proves nothing.
 */
static __always_inline bool rewritten(struct owner *owner, const struct endpoint *target, struct endpoint *asked)
{
	bool sending = owner->sending;

	owner->sending = 0;
	if (same_end(&owner->remote, target) || same_end(&owner->sent, target))
		return false;
	*asked = sending ? owner->sent : owner->remote;
	return asked->port != 0;
}

static __always_inline void who(struct __sk_buff *skb, struct rec_header *h, struct owner *owner)
{
	if (owner)
		by_owner(h, owner);
	else
		by_nobody(h, on_v1() ? 0 : bpf_skb_cgroup_id(skb));
}

/* The hooks of v1 are at the root, where the packets of the whole machine pass. */
static __always_inline bool packet_watched(struct owner *owner)
{
	return owner ? !excluded(owner->tgid) : !on_v1() || watches_all();
}

static __always_inline void datagram_record(struct __sk_buff *skb, __u16 kind, __u64 cookie, struct owner *owner,
					    const struct endpoint *local, const struct endpoint *remote,
					    const struct endpoint *used, __u8 protocol)
{
	struct rec_socket r;

	begin_socket(&r, kind);
	who(skb, &r.header, owner);
	r.cookie = cookie;
	r.net_ns = owner ? owner->net_ns : 0;
	r.protocol = protocol == IPPROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	r.local = *local;
	r.remote = *remote;
	r.used = *used;
	emit(&r.header, &r, sizeof(r));
}

struct dns_small {
	struct rec_dns r;
	__u8 message[DNS_SMALL_BYTES];
};

struct dns_large {
	struct rec_dns r;
	__u8 message[DNS_BYTES];
};

static __always_inline void fill_dns(struct __sk_buff *skb, struct rec_dns *r, const struct rec_header *h, __u64 cookie,
				     struct owner *owner, const struct datagram *d, const struct endpoint *asked,
				     bool answer)
{
	r->header = *h;
	r->cookie = cookie;
	r->net_ns = owner ? owner->net_ns : 0;
	r->full_length = d->payload_len;
	r->local = answer ? d->target : d->source;
	r->remote = answer ? d->source : *asked;
	r->used = answer ? d->source : d->target;
	r->loopback = skb->ifindex == LOOPBACK_IFINDEX;
}

/*
 * Copies a message, at most "most" bytes of it, and returns how many. Verifiers up to 6.1 learn nothing from a test for
 * zero and lose a bound that the compiler moved to another register; hence the count less one, and the barrier.
 */
static __always_inline __u32 read_message(struct __sk_buff *skb, const struct datagram *d, void *to, __u32 most)
{
	__u64 less_one = (__u64)d->payload_len - 1;

	if (d->payload_len > most)
		less_one = most - 1;
	barrier_var(less_one);
	if (less_one >= most || bpf_skb_load_bytes(skb, d->payload_at, to, less_one + 1))
		return 0;
	return less_one + 1;
}

static __always_inline void dns_record(struct __sk_buff *skb, __u64 cookie, struct owner *owner, const struct datagram *d,
				       const struct endpoint *asked, bool answer)
{
	__u32 len = d->payload_len;
	struct rec_header h;

	begin(&h, answer ? KIND_DNS_ANSWER : KIND_DNS_QUERY);
	who(skb, &h, owner);
	number(&h);
	if (len <= DNS_SMALL_BYTES) {
		struct dns_small *small = bpf_ringbuf_reserve(&ring, sizeof(*small), 0);

		if (!small) {
			count_loss(h.kind, h.cgroup_id, 0);
			return;
		}
		fill_dns(skb, &small->r, &h, cookie, owner, d, asked, answer);
		small->r.length = read_message(skb, d, small->message, DNS_SMALL_BYTES);
		bpf_ringbuf_submit(small, wake_flags(h.kind));
	} else {
		struct dns_large *large = bpf_ringbuf_reserve(&ring, sizeof(*large), 0);

		if (!large) {
			count_loss(h.kind, h.cgroup_id, 0);
			return;
		}
		fill_dns(skb, &large->r, &h, cookie, owner, d, asked, answer);
		large->r.length = read_message(skb, d, large->message, DNS_BYTES);
		bpf_ringbuf_submit(large, wake_flags(h.kind));
	}
}

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *skb)
{
	struct endpoint nowhere = {};
	struct datagram d;
	struct owner *owner;
	__u64 cookie;
	__u32 at = 0;

	if (!read_ip(skb, false, &d, &at) || !udp_header(skb, at, &d) || !active())
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
 * call of whoever sends it; that the cgroups agree makes sure of it, and on v1 nothing does.
 */
static __always_inline struct owner *adopt(struct __sk_buff *skb, __u64 cookie, const struct datagram *d)
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
	bpf_map_update_elem(&owners, &cookie, &o, BPF_NOEXIST);
	return bpf_map_lookup_elem(&owners, &cookie);
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *skb)
{
	struct endpoint asked = {};
	struct datagram d = {};
	struct owner *owner;
	bool elsewhere;
	__u8 protocol;
	__u64 cookie = 0, now;
	__u32 at = 0;

	protocol = read_ip(skb, true, &d, &at);
	if (!protocol || !(protocol == IPPROTO_TCP ? tcp_opening(skb, at, &d) : udp_header(skb, at, &d)) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (!owner && protocol != IPPROTO_TCP)
		owner = adopt(skb, cookie, &d);
	if (!packet_watched(owner))
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
