/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Datagrams: the first from a remote, and DNS messages. Everything else passes after one look at the IP header. */

struct datagram {
	struct endpoint source;
	struct endpoint target;
	__u32 payload_at;
	__u32 payload_len;
};

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

static __always_inline bool read_datagram(struct __sk_buff *skb, struct datagram *d)
{
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		__u8 ip[20];
		__be32 source, target;

		if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
			return false;
		if (ip[9] != IPPROTO_UDP && ip[9] != IPPROTO_UDPLITE)
			return false;
		__builtin_memcpy(&source, ip + 12, 4);
		__builtin_memcpy(&target, ip + 16, 4);
		set_v4(&d->source, source, 0);
		set_v4(&d->target, target, 0);
		return udp_header(skb, (ip[0] & 0xf) * 4, d);
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		__u8 ip[40];

		if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
			return false;
		if (ip[6] != IPPROTO_UDP && ip[6] != IPPROTO_UDPLITE)
			return false;
		no_endpoint(&d->source);
		no_endpoint(&d->target);
		__builtin_memcpy(d->source.address, ip + 8, 16);
		__builtin_memcpy(d->target.address, ip + 24, 16);
		d->source.family = d->target.family = AF_INET6;
		return udp_header(skb, 40, d);
	}
	return false;
}

static __always_inline void who(struct __sk_buff *skb, struct rec_header *h, struct owner *owner)
{
	if (owner)
		by_owner(h, owner);
	else
		by_nobody(h, bpf_skb_cgroup_id(skb));
}

static __always_inline void datagram_record(struct __sk_buff *skb, __u16 kind, __u64 cookie, struct owner *owner,
					    const struct endpoint *local, const struct endpoint *remote)
{
	struct rec_socket r;

	begin_socket(&r, kind);
	who(skb, &r.header, owner);
	r.cookie = cookie;
	r.net_ns = owner ? owner->net_ns : 0;
	r.protocol = IPPROTO_UDP;
	r.local = *local;
	r.remote = *remote;
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
				     struct owner *owner, const struct datagram *d, bool answer)
{
	r->header = *h;
	r->cookie = cookie;
	r->net_ns = owner ? owner->net_ns : 0;
	r->full_length = d->payload_len;
	r->local = answer ? d->target : d->source;
	r->remote = answer ? d->source : d->target;
}

/*
 * Copies a message, at most "most" bytes of it, and returns how many. Verifiers up to 6.1 learn nothing from a test for
 * zero and lose a bound that the compiler moved to another register; hence the count less one, and the barrier.
 */
static __always_inline __u32 read_message(struct __sk_buff *skb, const struct datagram *d, void *to, __u32 most)
{
	__u32 less_one = d->payload_len - 1;

	if (d->payload_len > most)
		less_one = most - 1;
	barrier_var(less_one);
	if (less_one >= most || bpf_skb_load_bytes(skb, d->payload_at, to, less_one + 1))
		return 0;
	return less_one + 1;
}

static __always_inline void dns_record(struct __sk_buff *skb, __u64 cookie, struct owner *owner, const struct datagram *d,
				       bool answer)
{
	__u32 len = d->payload_len;
	struct rec_header h;

	begin(&h, answer ? KIND_DNS_ANSWER : KIND_DNS_QUERY);
	who(skb, &h, owner);
	number(&h);
	if (len <= DNS_SMALL_BYTES) {
		struct dns_small *small = bpf_ringbuf_reserve(&ring, sizeof(*small), 0);

		if (!small) {
			count_loss(h.kind);
			return;
		}
		fill_dns(skb, &small->r, &h, cookie, owner, d, answer);
		small->r.length = read_message(skb, d, small->message, DNS_SMALL_BYTES);
		bpf_ringbuf_submit(small, wake_flags(h.kind));
	} else {
		struct dns_large *large = bpf_ringbuf_reserve(&ring, sizeof(*large), 0);

		if (!large) {
			count_loss(h.kind);
			return;
		}
		fill_dns(skb, &large->r, &h, cookie, owner, d, answer);
		large->r.length = read_message(skb, d, large->message, DNS_BYTES);
		bpf_ringbuf_submit(large, wake_flags(h.kind));
	}
}

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *skb)
{
	struct datagram d;
	struct owner *owner;
	__u64 cookie;

	if (!read_datagram(skb, &d) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (owner && excluded(owner->tgid))
		return 1;
	if (new_peer(cookie, &d.source, bpf_ktime_get_boot_ns()))
		datagram_record(skb, KIND_ACCEPT, cookie, owner, &d.target, &d.source);
	if (d.source.port == DNS_PORT)
		dns_record(skb, cookie, owner, &d, true);
	return 1;
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *skb)
{
	struct datagram d;
	struct owner *owner;
	__u64 cookie;

	if (!read_datagram(skb, &d) || !active())
		return 1;
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	if (owner && excluded(owner->tgid))
		return 1;
	/* The port was chosen after connect or sendmsg was seen. */
	if (owner && !owner->local.port)
		owner->local = d.source;
	if (new_peer(cookie, &d.target, bpf_ktime_get_boot_ns()))
		datagram_record(skb, KIND_CONNECT, cookie, owner, &d.source, &d.target);
	if (d.target.port == DNS_PORT)
		dns_record(skb, cookie, owner, &d, false);
	return 1;
}
