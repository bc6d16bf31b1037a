/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Users and ids: what they are in a namespace, and whether a process has changed its own. */

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
