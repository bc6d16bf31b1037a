/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a record says who acts, takes its number and gets into the ring. */

static __always_inline __u64 start_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, start_boottime);
}

static __always_inline void begin(struct rec_header *h, __u16 kind)
{
	h->kind = kind;
	h->cpu = 0;
	h->boot_ns = bpf_ktime_get_boot_ns();
	h->reserved = 0;
}

static __always_inline void by_task(struct rec_header *h, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	h->start_boot_ns = start_of(task);
	h->cgroup_id = cgroup_id(cgroup_of(task));
	h->tgid = BPF_CORE_READ(task, tgid);
	h->tid = BPF_CORE_READ(task, pid);
	h->euid = BPF_CORE_READ(cred, euid.val);
	h->user_ns = BPF_CORE_READ(cred, user_ns, ns.inum);
}

static __always_inline void by_owner(struct rec_header *h, const struct owner *owner)
{
	h->start_boot_ns = owner->start_boot_ns;
	h->cgroup_id = owner->cgroup_id;
	h->tgid = owner->tgid;
	h->tid = owner->tid;
	h->euid = owner->euid;
	h->user_ns = owner->user_ns;
}

static __always_inline void by_nobody(struct rec_header *h, __u64 cgroup)
{
	h->start_boot_ns = 0;
	h->cgroup_id = cgroup;
	h->tgid = 0;
	h->tid = 0;
	h->euid = NO_UID;
	h->user_ns = 0;
}

static __always_inline void doubt(struct reader *r, __u32 kind, __u64 cgroup)
{
	__u32 slot = cgroup & (LOSS_SLOTS - 1);

	switch (kind) {
	case KIND_EXEC:
	case KIND_FORK:
	case KIND_CREDENTIALS:
		if (cgroup)
			__sync_fetch_and_add(&r->lost_in[slot], 1);
		else
			__sync_fetch_and_add(&r->lost_anywhere, 1);
		break;
	case KIND_DNS_QUERY:
	case KIND_DNS_ANSWER:
	case KIND_DNS_SEGMENT:
		if (cgroup)
			__sync_fetch_and_add(&r->names_lost_in[slot], 1);
		else
			__sync_fetch_and_add(&r->lost_anywhere, 1);
		break;
	case KIND_CGROUP_MADE:
	case KIND_CGROUP_GONE:
	case KIND_CGROUP_ENTERED:
		__sync_fetch_and_add(&r->lost_anywhere, 1);
		break;
	}
}

/* cgroup: whose the record was; other: another that it told of, or 0. */
static __always_inline void count_loss(__u32 kind, __u64 cgroup, __u64 other)
{
	__u32 zero = 0;
	__u64 *lost = bpf_map_lookup_elem(&losses, &kind);
	struct reader *r = bpf_map_lookup_elem(&reader, &zero);

	if (lost)
		__sync_fetch_and_add(lost, 1);
	if (!r)
		return;
	doubt(r, kind, cgroup);
	if (other && other != cgroup)
		doubt(r, kind, other);
	__sync_fetch_and_add(&r->lost, 1);
}

/*
 * The number is taken before the room, so that a record without room leaves a hole that user space sees. Interrupts nest,
 * hence the atomic addition to a value of this CPU alone.
 *
 * Kernels before 5.12 have no addition that returns the old value (BEFORE_5_12, an object of its own). There whoever takes
 * a number says so while it does, and who interrupts it at that moment numbers in another lane. A nested program has put
 * the depth back when the interrupted goes on, and on these kernels no program of a CPU is preempted by another (it is
 * interrupted only, by at most three: softirq, interrupt, NMI), so a lane has one user at a time. A lane counts as a CPU
 * of its own: each is without holes.
 */
static __always_inline void number(struct rec_header *h)
{
	__u32 zero = 0, lane = 0;
	struct sequence *s = bpf_map_lookup_elem(&sequences, &zero);

	h->sequence = 0;
	if (s) {
#ifdef BEFORE_5_12
		volatile struct sequence *now = s;
		__u32 depth = now->depth;

		now->depth = depth + 1;
		lane = depth & (SEQUENCE_LANES - 1);
		h->sequence = now->next[lane];
		now->next[lane] = h->sequence + 1;
		now->depth = depth;
#else
		h->sequence = __sync_fetch_and_add(&s->next[0], 1);
#endif
	}
	h->cpu = bpf_get_smp_processor_id() | lane << CPU_BITS;
}

/* What somebody may want to act on at once. */
static __always_inline bool urgent(__u16 kind)
{
	return kind == KIND_EXEC || kind == KIND_CONNECT || kind == KIND_ACCEPT || kind == KIND_LISTEN ||
	       kind == KIND_CREDENTIALS || kind == KIND_CGROUP_MADE;
}

/*
 * Wakes the reader only if it waits: a busy reader takes a whole batch without one wake-up. The other kinds wait for the next
 * of these or for the reader's own time, unless the ring fills.
 */
static __always_inline __u64 wake_flags(__u16 kind)
{
	__u32 zero = 0;
	struct reader *r = bpf_map_lookup_elem(&reader, &zero);

	if (!r || !r->waiting)
		return BPF_RB_NO_WAKEUP;
	if (!urgent(kind) &&
	    bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 8)
		return BPF_RB_NO_WAKEUP;
	r->waiting = 0;
	return BPF_RB_FORCE_WAKEUP;
}

#define SHARE_PART 4

/*
 * Whether a cgroup may have more of the ring. Who writes faster than anybody can read must not take the room of the others:
 * once a quarter of the ring is unread, a cgroup may write another quarter until the reader has come to where that began.
 * Then it may do so again, so at most half of the ring is one cgroup's. Two processors may both write the last of it; the
 * bound is no closer than that. DNS has a budget of its own.
 */
static __noinline bool has_share(__u64 cgroup, __u64 size)
{
	__u64 part = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / SHARE_PART;
	__u32 slot = cgroup & (LOSS_SLOTS - 1);
	struct ring_share *share;

	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < part)
		return true;
	share = bpf_map_lookup_elem(&ring_shares, &slot);
	if (!share)
		return true;
	if (bpf_ringbuf_query(&ring, BPF_RB_CONS_POS) >= share->since) {
		share->since = bpf_ringbuf_query(&ring, BPF_RB_PROD_POS);
		share->bytes = 0;
	}
	if (share->bytes >= part)
		return false;
	__sync_fetch_and_add(&share->bytes, size);
	return true;
}

/* other: a cgroup besides the actor's that the record tells of, or 0. */
static __always_inline bool emit_of(struct rec_header *h, void *record, __u64 size, __u64 other)
{
	number(h);
	if (has_share(h->cgroup_id, size) && !bpf_ringbuf_output(&ring, record, size, wake_flags(h->kind)))
		return true;
	count_loss(h->kind, h->cgroup_id, other);
	return false;
}

static __always_inline bool emit(struct rec_header *h, void *record, __u64 size)
{
	return emit_of(h, record, size, 0);
}
