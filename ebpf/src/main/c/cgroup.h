/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cgroups that come and go, and processes that are moved: a sub-cgroup belongs to the instance above it. */

#define CGROUP_PATH_BYTES 4096

/* With v1, the making of one container makes a cgroup in each of a dozen hierarchies. */
static __always_inline bool tells_workloads(struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, root, hierarchy_id) == (int)settings.hierarchy;
}

static __always_inline void cgroup_record(__u16 kind, struct cgroup *cgroup, const char *path, struct task_struct *moved)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct scratch *s;
	struct rec_cgroup *r;
	struct cgroup_subsys_state *parent;
	long n;

	if (!tells_workloads(cgroup) || !cgroup_watched(cgroup))
		return;
	s = take_scratch();
	if (!s) {
		struct rec_header lost;

		number(&lost);
		count_loss(kind, 0, 0);
		return;
	}
	r = (void *)s->bytes;
	begin(&r->header, kind);
	by_task(&r->header, task);
	r->id = cgroup_id(cgroup);
	parent = BPF_CORE_READ(cgroup, self.parent);
	r->parent_id = parent ? cgroup_id((void *)parent - bpf_core_field_offset(struct cgroup, self)) : 0;
	r->moved_tgid = moved ? BPF_CORE_READ(moved, tgid) : 0;
	r->moved_start_boot_ns = moved ? start_of(moved) : 0;
	n = bpf_probe_read_kernel_str(s->bytes + sizeof(*r), CGROUP_PATH_BYTES, path);
	if (n < 1 || n > CGROUP_PATH_BYTES)
		n = 0;
	r->path_len = n > 0 ? n - 1 : 0;
	emit(&r->header, r, sizeof(*r) + (n & (2 * CGROUP_PATH_BYTES - 1)));
	s->busy = 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	cgroup_record(KIND_CGROUP_MADE, cgroup, path, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	cgroup_record(KIND_CGROUP_GONE, cgroup, path, 0);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *cgroup, const char *path, struct task_struct *moved, bool threadgroup)
{
	if (!excluded(BPF_CORE_READ(moved, tgid)))
		cgroup_record(KIND_CGROUP_ENTERED, cgroup, path, moved);
	return 0;
}
