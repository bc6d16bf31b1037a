/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every program does: is this watched, who acts, and how a record gets into the ring. */
#ifndef GUARDIAN_COMMON_H
#define GUARDIAN_COMMON_H

#define CGROUP_DEPTH 32
/* A controller is in one hierarchy; a few more have names only. */
#define HIERARCHIES 24

/*
 * Set by the loader; the verifier leaves out what they rule out. Programs of another generation are silent: so a new run
 * attaches its own and switches at once.
 */
const volatile struct settings settings = {};

#define my_generation settings.generation

static __always_inline struct config *the_config(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&config, &zero);
}

static __always_inline bool active(void)
{
	struct config *c = the_config();

	return c && c->generation == my_generation;
}

static __always_inline __u64 cgroup_id(struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, kn, id);
}

/* Where no workload is in a cgroup of v2, sockets tell none: then what they do is their processes' alone. */
static __always_inline bool on_v1(void)
{
	return settings.controller != CONTROLLER_NONE;
}

/* The cgroup in the hierarchy of a controller of v1. */
static __always_inline struct cgroup *v1_cgroup_of(struct task_struct *task)
{
	void *set = BPF_CORE_READ(task, cgroups);
	struct cgroup_subsys_state *state = 0;
	__u32 index = 0;

	switch (settings.controller) {
	case CONTROLLER_PIDS:
		index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
		break;
	case CONTROLLER_MEMORY:
		index = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
		break;
	case CONTROLLER_CPU:
		index = bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id);
		break;
	case CONTROLLER_CPUACCT:
		index = bpf_core_enum_value(enum cgroup_subsys_id, cpuacct_cgrp_id);
		break;
	case CONTROLLER_DEVICES:
		index = bpf_core_enum_value(enum cgroup_subsys_id, devices_cgrp_id);
		break;
	case CONTROLLER_FREEZER:
		index = bpf_core_enum_value(enum cgroup_subsys_id, freezer_cgrp_id);
		break;
	}
	bpf_probe_read_kernel(&state, sizeof(state),
			      set + bpf_core_field_offset(struct css_set, subsys) + index * sizeof(state));
	return BPF_CORE_READ(state, cgroup);
}

/*
 * The cgroup in a hierarchy that has no controller, so that no array knows it: one of the list that a task's set keeps. The list
 * may change meanwhile; then what is read is memory all the same, and the cgroup is not found.
 */
static __always_inline struct cgroup *named_cgroup_of(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct list_head *next = BPF_CORE_READ(set, cgrp_links.next);

	for (int i = 0; i < HIERARCHIES && next; i++) {
		struct cgrp_cset_link *link = (void *)next - bpf_core_field_offset(struct cgrp_cset_link, cgrp_link);
		struct cgroup *cgroup = BPF_CORE_READ(link, cgrp);

		if (BPF_CORE_READ(cgroup, root, hierarchy_id) == (int)settings.hierarchy)
			return cgroup;
		next = BPF_CORE_READ(next, next);
	}
	return 0;
}

static __always_inline struct cgroup *cgroup_of(struct task_struct *task)
{
	if (settings.controller == CONTROLLER_NAMED)
		return named_cgroup_of(task);
	return on_v1() ? v1_cgroup_of(task) : BPF_CORE_READ(task, cgroups, dfl_cgrp);
}

/* Walks up, since a sub-cgroup of a watched one has an id of its own. */
static __always_inline bool cgroup_watched(struct cgroup *cgroup)
{
	struct config *c = the_config();

	if (!c || c->generation != my_generation)
		return false;
	if (!c->only_cgroups)
		return true;
	for (int i = 0; i < CGROUP_DEPTH && cgroup; i++) {
		__u64 id = cgroup_id(cgroup);
		struct cgroup_subsys_state *parent;

		if (bpf_map_lookup_elem(&only_cgroups, &id))
			return true;
		parent = BPF_CORE_READ(cgroup, self.parent);
		if (!parent)
			return false;
		cgroup = (void *)parent - bpf_core_field_offset(struct cgroup, self);
	}
	return false;
}

static __always_inline bool watches_all(void)
{
	struct config *c = the_config();

	return c && !c->only_cgroups;
}

static __always_inline bool excluded(__u32 tgid)
{
	struct config *c = the_config();

	return c && c->excludes && bpf_map_lookup_elem(&excludes, &tgid);
}

static __always_inline bool current_watched(struct task_struct *task)
{
	return cgroup_watched(cgroup_of(task)) && !excluded(bpf_get_current_pid_tgid() >> 32);
}

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

/* other: a cgroup besides the actor's that the record tells of, or 0. */
static __always_inline bool emit_of(struct rec_header *h, void *record, __u64 size, __u64 other)
{
	number(h);
	if (!bpf_ringbuf_output(&ring, record, size, wake_flags(h->kind)))
		return true;
	count_loss(h->kind, h->cgroup_id, other);
	return false;
}

static __always_inline bool emit(struct rec_header *h, void *record, __u64 size)
{
	return emit_of(h, record, size, 0);
}

/* The uid in a user namespace; a map of more than five ranges is a tree that isn't walked here. */
static __always_inline __u32 uid_in(struct user_namespace *ns, __u32 kuid)
{
	__u32 n = BPF_CORE_READ(ns, uid_map.nr_extents);

	if (n > 5)
		return NO_UID;
	for (__u32 i = 0; i < 5; i++) {
		struct uid_gid_extent e = {};

		if (i >= n)
			break;
		bpf_core_read(&e, sizeof(e), &ns->uid_map.extent[i]);
		if (kuid >= e.lower_first && kuid - e.lower_first < e.count)
			return e.first + (kuid - e.lower_first);
	}
	return NO_UID;
}

static __always_inline __u32 pid_in_ns(struct task_struct *task, __u32 *ns)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	struct upid *number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
			      level * bpf_core_type_size(struct upid);

	if (ns)
		*ns = BPF_CORE_READ(number, ns, ns.inum);
	return BPF_CORE_READ(number, nr);
}

/*
 * Compares the effective user with the one last seen and reports a change, before the record of the act that showed it.
 * There is no tracepoint for setuid, and looking at the end of every system call would slow all of them.
 */
static __always_inline void watch_user(struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct task_user now = {
		.start_boot_ns = start_of(task),
		.euid = BPF_CORE_READ(cred, euid.val),
		.user_ns = BPF_CORE_READ(cred, user_ns, ns.inum),
	};
	__u32 tgid = BPF_CORE_READ(task, tgid);
	struct task_user *seen = bpf_map_lookup_elem(&users, &tgid);
	struct rec_credentials r;

	if (!seen || seen->start_boot_ns != now.start_boot_ns) {
		bpf_map_update_elem(&users, &tgid, &now, BPF_ANY);
		return;
	}
	if (seen->euid == now.euid)
		return;
	begin(&r.header, KIND_CREDENTIALS);
	by_task(&r.header, task);
	r.previous_euid = seen->euid;
	r.euid_in_ns = uid_in(BPF_CORE_READ(cred, user_ns), now.euid);
	seen->euid = now.euid;
	seen->user_ns = now.user_ns;
	emit(&r.header, &r, sizeof(r));
}

static __always_inline void set_user(__u32 tgid, __u64 start, __u32 euid, __u32 user_ns)
{
	struct task_user now = {.start_boot_ns = start, .euid = euid, .user_ns = user_ns};

	bpf_map_update_elem(&users, &tgid, &now, BPF_ANY);
}

#endif
