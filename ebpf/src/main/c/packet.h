/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Datagrams: the first from a remote, and DNS messages, by TCP too. Everything else passes after one look at its headers. */

struct datagram {
	struct endpoint source;
	struct endpoint target;
	__u32 payload_at;
	__u32 payload_len;
	/* Of TCP: the number of its first byte. */
	__u32 sequence;
	__u8 opening;
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

/* Of TCP the packet that opens a connection is looked at, and what goes to or from a DNS server. */
static __always_inline bool tcp_header(struct __sk_buff *skb, __u32 at, struct datagram *d)
{
	struct {
		__be16 source;
		__be16 target;
		__be32 sequence;
		__be32 acknowledged;
		__u8 words;
		__u8 flags;
	} tcp;

	if (bpf_skb_load_bytes(skb, at, &tcp, 14))
		return false;
	d->source.port = bpf_ntohs(tcp.source);
	d->target.port = bpf_ntohs(tcp.target);
	d->opening = (tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	/* The opening itself counts as a byte; data may come with it. */
	d->sequence = bpf_ntohl(tcp.sequence) + (tcp.flags & TCP_SYN ? 1 : 0);
	d->payload_at = at + (tcp.words >> 4) * 4;
	d->payload_len = skb->len > d->payload_at ? skb->len - d->payload_at : 0;
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
static __always_inline __u8 read_ip(struct __sk_buff *skb, struct datagram *d, __u32 *at)
{
	__u8 protocol;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		__u8 ip[20];
		__be32 source, target;

		if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
			return 0;
		protocol = ip[9];
		if (protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE && protocol != IPPROTO_TCP)
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
		if (protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE && protocol != IPPROTO_TCP)
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
	const __u32 *x = (const void *)a->address, *y = (const void *)b->address;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && a->port == b->port;
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
	struct rec_socket *r;
	struct rec_header h;

	begin(&h, kind);
	who(skb, &h, owner);
	number(&h);
	/* Made in the ring: the stack is needed for what else a packet leads to. */
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r) {
		count_loss(kind, h.cgroup_id, 0);
		return;
	}
	__builtin_memset(r, 0, sizeof(*r));
	r->header = h;
	r->cookie = cookie;
	r->net_ns = owner ? owner->net_ns : 0;
	r->protocol = protocol == IPPROTO_TCP ? IPPROTO_TCP : IPPROTO_UDP;
	r->local = *local;
	r->remote = *remote;
	r->used = *used;
	bpf_ringbuf_submit(r, wake_flags(kind));
}

/*
 * Whether what DNS takes of the ring leaves room for everything else: a workload could send as much to port 53 as its network
 * carries. Processors may count at the same time and lose some of it, which does no harm.
 */
static __always_inline bool within_budget(const struct rec_header *h, __u32 bytes, __u32 *skipped)
{
	struct dns_budget *budget = bpf_map_lookup_elem(&dns_budgets, &h->cgroup_id);
	struct dns_budget first = {.since = h->boot_ns, .bytes = bytes};

	*skipped = 0;
	if (!budget) {
		bpf_map_update_elem(&dns_budgets, &h->cgroup_id, &first, BPF_ANY);
		return true;
	}
	if (h->boot_ns - budget->since > 1000000000ull) {
		budget->since = h->boot_ns;
		budget->bytes = 0;
	}
	if (budget->bytes > DNS_BYTES_PER_SECOND) {
		budget->skipped++;
		return false;
	}
	budget->bytes += bytes;
	*skipped = budget->skipped;
	budget->skipped = 0;
	return true;
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
				     bool answer, __u32 skipped)
{
	r->header = *h;
	r->cookie = cookie;
	r->net_ns = owner ? owner->net_ns : 0;
	r->full_length = d->payload_len;
	r->local = answer ? d->target : d->source;
	r->remote = answer ? d->source : *asked;
	r->used = answer ? d->source : d->target;
	r->loopback = skb->ifindex == LOOPBACK_IFINDEX;
	r->skipped = skipped;
	r->reserved = 0;
}

/*
 * Copies a message, at most "most" bytes of it, and returns how many. Verifiers up to 6.1 learn nothing from a test for
 * zero and lose a bound that the compiler moved to another register; hence the count less one, and the barrier.
 */
static __always_inline __u32 read_message(struct __sk_buff *skb, __u32 at, __u32 length, void *to, __u32 most)
{
	__u64 less_one = (__u64)length - 1;

	if (length > most)
		less_one = most - 1;
	barrier_var(less_one);
	if (less_one >= most || bpf_skb_load_bytes(skb, at, to, less_one + 1))
		return 0;
	return less_one + 1;
}

static __always_inline void dns_record(struct __sk_buff *skb, __u64 cookie, struct owner *owner, const struct datagram *d,
				       const struct endpoint *asked, bool answer)
{
	__u32 len = d->payload_len, skipped;
	struct rec_header h;

	begin(&h, answer ? KIND_DNS_ANSWER : KIND_DNS_QUERY);
	who(skb, &h, owner);
	if (!within_budget(&h, len <= DNS_SMALL_BYTES ? sizeof(struct dns_small) : sizeof(struct dns_large), &skipped))
		return;
	number(&h);
	if (len <= DNS_SMALL_BYTES) {
		struct dns_small *small = bpf_ringbuf_reserve(&ring, sizeof(*small), 0);

		if (!small) {
			count_loss(h.kind, h.cgroup_id, 0);
			return;
		}
		fill_dns(skb, &small->r, &h, cookie, owner, d, asked, answer, skipped);
		small->r.length = read_message(skb, d->payload_at, len, small->message, DNS_SMALL_BYTES);
		bpf_ringbuf_submit(small, wake_flags(h.kind));
	} else {
		struct dns_large *large = bpf_ringbuf_reserve(&ring, sizeof(*large), 0);

		if (!large) {
			count_loss(h.kind, h.cgroup_id, 0);
			return;
		}
		fill_dns(skb, &large->r, &h, cookie, owner, d, asked, answer, skipped);
		large->r.length = read_message(skb, d->payload_at, len, large->message, DNS_BYTES);
		bpf_ringbuf_submit(large, wake_flags(h.kind));
	}
}

struct segment_small {
	struct rec_segment r;
	__u8 bytes[DNS_SMALL_BYTES];
};

struct segment_large {
	struct rec_segment r;
	__u8 bytes[DNS_BYTES];
};

static __always_inline void fill_segment(struct __sk_buff *skb, struct rec_segment *r, const struct rec_header *h,
					 __u64 cookie, const struct owner *owner, const struct endpoint *remote,
					 __u32 sequence, __u32 offset, bool answer, __u32 skipped)
{
	r->header = *h;
	r->cookie = cookie;
	r->net_ns = owner ? owner->net_ns : 0;
	r->sequence = sequence;
	r->offset = offset;
	r->answer = answer;
	r->loopback = skb->ifindex == LOOPBACK_IFINDEX;
	r->remote = *remote;
	r->skipped = skipped;
}

/* Whom a socket is connected to. A packet filter may send on to another what it says, which the socket isn't told. */
static __always_inline void server_of(const struct bpf_sock *sk, struct endpoint *server)
{
	__u32 parts[4] = {sk->dst_ip6[0], sk->dst_ip6[1], sk->dst_ip6[2], sk->dst_ip6[3]};
	__u32 v4 = sk->dst_ip4;

	/* Read by now: the verifier wants no choice between two places in a socket. */
	barrier_var(v4);
	if (sk->family == AF_INET) {
		set_v4(server, v4, DNS_PORT);
		return;
	}
	no_endpoint(server);
	__builtin_memcpy(server->address, parts, 16);
	server->port = DNS_PORT;
	server->family = AF_INET6;
}

static __always_inline struct bpf_sock *socket_of_packet(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;

	return sk ? bpf_sk_fullsock(sk) : 0;
}

/*
 * One record of a part of a packet, which begins at "at" and has "side" / 2 bytes; odd if it comes from the server. False if
 * there is no use in going on.
 *
 * A function by itself, which the verifier looks at once and not in each round of the loop: that of 5.10 would not come
 * to an end. Such a function takes numbers only.
 */
__noinline int segment_record(struct __sk_buff *skb, __u32 at, __u32 side, __u32 sequence, __u32 offset)
{
	struct bpf_sock *sk = socket_of_packet(skb);
	__u32 length = side >> 1, skipped;
	bool is_small = length <= DNS_SMALL_BYTES, answer = side & 1;
	struct endpoint server;
	struct owner *owner;
	struct rec_header h;
	__u64 cookie;

	if (!sk)
		return 0;
	server_of(sk, &server);
	cookie = bpf_get_socket_cookie(skb);
	owner = bpf_map_lookup_elem(&owners, &cookie);
	begin(&h, KIND_DNS_SEGMENT);
	who(skb, &h, owner);
	if (!within_budget(&h, is_small ? sizeof(struct segment_small) : sizeof(struct segment_large), &skipped))
		return 0;
	number(&h);
	if (is_small) {
		struct segment_small *small = bpf_ringbuf_reserve(&ring, sizeof(*small), 0);

		if (!small) {
			count_loss(h.kind, h.cgroup_id, 0);
			return 0;
		}
		fill_segment(skb, &small->r, &h, cookie, owner, &server, sequence, offset, answer, skipped);
		small->r.length = read_message(skb, at, length, small->bytes, DNS_SMALL_BYTES);
		bpf_ringbuf_submit(small, wake_flags(h.kind));
	} else {
		struct segment_large *large = bpf_ringbuf_reserve(&ring, sizeof(*large), 0);

		if (!large) {
			count_loss(h.kind, h.cgroup_id, 0);
			return 0;
		}
		fill_segment(skb, &large->r, &h, cookie, owner, &server, sequence, offset, answer, skipped);
		large->r.length = read_message(skb, at, length, large->bytes, DNS_BYTES);
		bpf_ringbuf_submit(large, wake_flags(h.kind));
	}
	return 1;
}

/* A packet may hold more than a record does. What is beyond the last part is a gap that the reader sees. */
static __always_inline void segment_records(struct __sk_buff *skb, const struct datagram *d, __u32 offset, bool answer)
{
	__u32 done = 0;

	for (int i = 0; i < DNS_PARTS && done < d->payload_len; i++) {
		__u32 left = d->payload_len - done;

		if (left > DNS_BYTES)
			left = DNS_BYTES;
		if (!segment_record(skb, d->payload_at + done, left << 1 | answer, d->sequence + done, offset + done))
			return;
		done += DNS_BYTES;
	}
}

/* TCP's own account of the connection; none of a packet that belongs to no connection yet, or not any more. */
static __always_inline struct bpf_tcp_sock *tcp_of(struct __sk_buff *skb)
{
	struct bpf_sock *sk = socket_of_packet(skb);

	return sk ? bpf_tcp_sock(sk) : 0;
}

/*
 * What comes from a DNS server over TCP. Where it belongs follows from what TCP has received by now, so no packet has to
 * be remembered here. TCP itself checks the number after this; so does the reader, who takes the bytes in their order.
 */
static __always_inline void heard_by_tcp(struct __sk_buff *skb, const struct datagram *d)
{
	struct bpf_tcp_sock *tcp = tcp_of(skb);
	__u64 cookie;
	__u32 offset;

	if (!tcp)
		return;
	offset = d->sequence - tcp->rcv_nxt + (__u32)tcp->bytes_received;
	cookie = bpf_get_socket_cookie(skb);
	if (packet_watched(bpf_map_lookup_elem(&owners, &cookie)))
		segment_records(skb, d, offset, true);
}

/* What goes to a DNS server over TCP. */
static __always_inline void said_by_tcp(struct __sk_buff *skb, const struct datagram *d)
{
	struct bpf_tcp_sock *tcp = tcp_of(skb);

	/* The opening was acknowledged as a byte. */
	if (tcp)
		segment_records(skb, d, d->sequence - tcp->snd_una + (__u32)tcp->bytes_acked - 1, false);
}

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
