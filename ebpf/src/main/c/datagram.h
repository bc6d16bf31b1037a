/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Datagrams: whose they are, and the record of the first between a socket and a remote. */

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
	r = has_share(h.cgroup_id, sizeof(*r)) ? bpf_ringbuf_reserve(&ring, sizeof(*r), 0) : 0;
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
