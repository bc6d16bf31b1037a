/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether something is watched: by this generation of programs, in this cgroup, of a process that is not left out. */

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
