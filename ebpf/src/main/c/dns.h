/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* DNS messages in datagrams, and how much of the ring DNS may take. */

#define DNS_PORT 53
#define DNS_SMALL_BYTES 256
#define DNS_BYTES 1232
/* Of the ring, for each cgroup: the answers to about 10,000 questions. */
#define DNS_BYTES_PER_SECOND (8u << 20)

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
