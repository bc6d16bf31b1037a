/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The headers of a packet. */

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
