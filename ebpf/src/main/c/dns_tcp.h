/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* DNS by TCP: what goes to and comes from a server, in parts that the reader puts together. */

/* Of one packet, which the kernel may have put together from many. */
#define DNS_PARTS 14

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
