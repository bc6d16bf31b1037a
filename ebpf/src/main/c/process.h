/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* exec, fork, exit, and the task iterator. */

/* Appends a kernel string; `at` stays below IMAGE_BYTES / 2. */
static __always_inline __u32 add_string(struct scratch *s, __u32 at, const char *string, __u32 limit)
{
	long n = bpf_probe_read_kernel_str(&s->bytes[at & (IMAGE_BYTES / 2 - 1)], limit, string);

	return n > 1 ? n - 1 : 0;
}

static __always_inline __u32 add_args(struct scratch *s, __u32 at, struct mm_struct *mm)
{
	unsigned long from = BPF_CORE_READ(mm, arg_start);
	unsigned long to = BPF_CORE_READ(mm, arg_end);
	__u64 size = to - from;

	if (to < from || size == 0)
		return 0;
	if (size > ARGS_BYTES) {
		s->image.flags |= IMAGE_ARGS_CUT;
		size = ARGS_BYTES;
	}
	if (bpf_probe_read_user(&s->bytes[at & (IMAGE_BYTES / 2 - 1)], size, (void *)from)) {
		s->image.flags |= IMAGE_ARGS_UNREADABLE;
		return 0;
	}
	return size;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *p, int old_pid, struct linux_binprm *bprm)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct mm_struct *mm;
	struct file *exe;
	const char *filename, *interpreter;
	struct scratch *s;
	struct rec_image *r;
	__u32 at, size;

	if (!current_watched(task))
		return 0;
	s = take_scratch();
	if (!s) {
		struct rec_header lost;

		number(&lost);
		count_loss(KIND_EXEC, cgroup_id(cgroup_of(task)), 0);
		return 0;
	}
	r = &s->image;
	begin(&r->header, KIND_EXEC);
	fill_image(r, task);
	set_user(r->header.tgid, r->header.start_boot_ns, r->header.euid, r->header.user_ns);
	mm = BPF_CORE_READ(task, mm);
	exe = BPF_CORE_READ(mm, exe_file);
	at = 0;
	if (exe)
		at = add_exe(s, exe);
	else
		r->flags |= IMAGE_EXE_MISSING;
	at = add_root(s, at, task);
	filename = BPF_CORE_READ(bprm, filename);
	interpreter = BPF_CORE_READ(bprm, interp);
	at += r->filename_len = add_string(s, at, filename, FILENAME_BYTES);
	if (interpreter != filename)
		at += r->interpreter_len = add_string(s, at, interpreter, NAME_BYTES);
	at += r->args_len = add_args(s, at, mm);
	size = sizeof(*r) + (at & (IMAGE_BYTES - 1));
	emit(&r->header, r, size);
	s->busy = 0;
	return 0;
}

/* Still the old program, so a change of user before the exec belongs to it. */
SEC("tp_btf/sched_prepare_exec")
int BPF_PROG(on_prepare_exec, struct task_struct *p, struct linux_binprm *bprm)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (current_watched(task))
		watch_user(task);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct cgroup *cgroup;
	struct rec_fork r;

	/* A thread isn't a process. */
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid) || BPF_CORE_READ(child, flags) & PF_KTHREAD)
		return 0;
	cgroup = cgroup_of(child);
	if (!cgroup_watched(cgroup) || excluded(BPF_CORE_READ(child, tgid)))
		return 0;
	if (current_watched(task))
		watch_user(task);
	begin(&r.header, KIND_FORK);
	by_task(&r.header, task);
	r.child_start_boot_ns = start_of(child);
	r.child_cgroup_id = cgroup_id(cgroup);
	r.child_tgid = BPF_CORE_READ(child, tgid);
	r.child_pid_in_ns = pid_in_ns(child, 0);
	set_user(r.child_tgid, r.child_start_boot_ns, r.header.euid, r.header.user_ns);
	emit_of(&r.header, &r, sizeof(r), r.child_cgroup_id);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *p)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct exit_key key = {};
	struct rec_exit r;
	__u32 one = 1;

	/* The leader may go first: the process ends with its last thread. */
	if (BPF_CORE_READ(signal, live.counter) != 0)
		return 0;
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD || !current_watched(task))
		return 0;
	watch_user(task);
	begin(&r.header, KIND_EXIT);
	by_task(&r.header, task);
	key.tgid = r.header.tgid;
	key.start_boot_ns = r.header.start_boot_ns;
	/*
	 * Two threads that go at once may both see that none is left. Who goes alone needs no note, since the others are
	 * past this point; noting every exit would cost more than the rest of this program.
	 */
	if (BPF_CORE_READ(signal, nr_threads) > 1) {
		if (bpf_map_update_elem(&exits, &key, &one, BPF_NOEXIST))
			return 0;
	} else if (bpf_map_lookup_elem(&exits, &key)) {
		return 0;
	}
	/* As wait(2) reports it (wait_task_zombie). */
	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		r.status = BPF_CORE_READ(signal, group_exit_code);
	else
		r.status = BPF_CORE_READ(task, group_leader, exit_code);
	r.reserved = 0;
	emit(&r.header, &r, sizeof(r));
	bpf_map_delete_elem(&users, &key.tgid);
	return 0;
}

static __always_inline bool task_watched(struct task_struct *task)
{
	return cgroup_watched(cgroup_of(task)) && !excluded(BPF_CORE_READ(task, tgid));
}

/*
 * One task for each process: its leader, or every other thread where the leader has exited before them (user space takes
 * the first). Kernel threads have no memory.
 */
static __always_inline bool stands_for_process(struct task_struct *task)
{
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD || !BPF_CORE_READ(task, mm))
		return false;
	return BPF_CORE_READ(task, pid) == BPF_CORE_READ(task, tgid) || !BPF_CORE_READ(task, group_leader, mm);
}

/* Every process as an image record without file name and arguments: user memory can't be read from here. */
SEC("iter/task")
int each_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	struct mm_struct *mm;
	struct file *exe;
	struct scratch *s;
	struct rec_image *r;
	__u32 at = 0;

	if (!task || !stands_for_process(task) || !task_watched(task))
		return 0;
	s = take_scratch();
	if (!s)
		return 0;
	r = &s->image;
	begin(&r->header, KIND_EXEC);
	r->header.sequence = 0;
	fill_image(r, task);
	mm = BPF_CORE_READ(task, mm);
	exe = BPF_CORE_READ(mm, exe_file);
	if (exe)
		at = add_exe(s, exe);
	else
		r->flags |= IMAGE_EXE_MISSING;
	at = add_root(s, at, task);
	/* A change of user that nothing has shown yet is reported, not passed over. */
	watch_user(task);
	bpf_seq_write(seq, r, sizeof(*r) + (at & (IMAGE_BYTES - 1)));
	s->busy = 0;
	return 0;
}

/* Reports the changes of user of processes that do nothing else. */
SEC("iter/task")
int each_user(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && stands_for_process(task) && task_watched(task))
		watch_user(task);
	return 0;
}
