/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a process is: its executable, users, namespaces. Used at exec and by the task iterator. */
#ifndef GUARDIAN_IMAGE_H
#define GUARDIAN_IMAGE_H

#define PATH_PARTS 96

static __always_inline struct scratch *take_scratch(void)
{
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratches, &zero);

	/* Another program of this CPU may hold it where tracepoints can be preempted. */
	if (!s || s->busy)
		return 0;
	s->busy = 1;
	return s;
}

/* One name or one mount up. False at the top. */
static __noinline bool walk_up(struct scratch *s)
{
	struct walk *w = &s->walk;
	struct dentry *dentry = w->dentry;
	struct mount *mount = w->mount;
	struct dentry *top = BPF_CORE_READ(mount, mnt.mnt_root);
	struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
	__u32 len, from = w->from;

	if (dentry == top || dentry == parent) {
		struct mount *below = BPF_CORE_READ(mount, mnt_parent);

		if (dentry != top || mount == below)
			return false;
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = below;
		w->crossed = 1;
		return true;
	}
	len = BPF_CORE_READ(dentry, d_name.len);
	if (len > NAME_BYTES - 1)
		len = NAME_BYTES - 1;
	if (from < len + 1) {
		w->cut = 1;
		return false;
	}
	from = (from - len - 1) & (PATH_BYTES - 1);
	s->path[from] = '/';
	bpf_probe_read_kernel(&s->path[from + 1], len & (NAME_BYTES - 1), BPF_CORE_READ(dentry, d_name.name));
	w->from = from;
	w->other_mount |= w->crossed;
	w->dentry = parent;
	return true;
}

/*
 * Writes a path into s->path from its end. Names are read without the locks of d_path; a rename at the same moment may
 * show the old or the new name.
 */
static __noinline int walk_path(struct scratch *s)
{
	s->walk.from = PATH_BYTES;
	s->walk.crossed = 0;
	s->walk.other_mount = 0;
	s->walk.cut = 0;
	for (int i = 0; i < PATH_PARTS; i++)
		if (!walk_up(s))
			return 0;
	s->walk.cut = 1;
	return 0;
}

static __always_inline struct mount *mount_of(struct file *file)
{
	struct vfsmount *vfs = BPF_CORE_READ(file, f_path.mnt);

	return (void *)vfs - bpf_core_field_offset(struct mount, mnt);
}

/* Up to the root of the mount namespace: a chroot doesn't shorten it. */
static __always_inline void walk_mounts(struct scratch *s, struct file *file)
{
	s->walk.dentry = BPF_CORE_READ(file, f_path.dentry);
	s->walk.mount = mount_of(file);
	walk_path(s);
}

static __always_inline bool is_top(struct dentry *dentry)
{
	return dentry == BPF_CORE_READ(dentry, d_parent);
}

/* Adds the path of a file within its file system; false if it is too long. */
static __always_inline bool add_inner(struct scratch *s, __u32 at, struct dentry *dentry, __u16 *length)
{
	__u32 from, len;

	s->walk.dentry = dentry;
	s->walk.mount = 0;
	walk_path(s);
	from = s->walk.from & (2 * PATH_BYTES - 1);
	len = PATH_BYTES - from;
	if (s->walk.cut || len >= INNER_BYTES)
		return false;
	bpf_probe_read_kernel(&s->bytes[at & (IMAGE_BYTES / 2 - 1)], len & (INNER_BYTES - 1),
			      &s->path[from & (PATH_BYTES - 1)]);
	*length = len;
	return true;
}

static __always_inline bool is_memfd(struct dentry *dentry)
{
	char name[6] = {};

	bpf_probe_read_kernel(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
	return name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':';
}

/* An overlay inode is followed by a pointer to its dentry in the upper layer (struct ovl_inode, since 4.13). */
static __always_inline bool in_upper_layer(struct inode *inode)
{
	void *upper = 0;

	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
	return upper;
}

/* Returns how many bytes it has added. */
static __always_inline __u32 add_exe(struct scratch *s, struct file *file)
{
	struct rec_image *r = &s->image;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	bool bound, nameless = BPF_CORE_READ(inode, i_nlink) == 0;
	__u32 from, len;

	r->exe_mnt_ns = BPF_CORE_READ(mount_of(file), mnt_ns, ns.inum);
	walk_mounts(s, file);
	from = s->walk.from & (2 * PATH_BYTES - 1);
	len = PATH_BYTES - from;
	r->inode = BPF_CORE_READ(inode, i_ino);
	r->device = BPF_CORE_READ(inode, i_sb, s_dev);
	if (BPF_CORE_READ(inode, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC)
		r->flags |= IMAGE_OVERLAY;
	if (s->walk.cut)
		r->flags |= IMAGE_PATH_CUT;
	if (nameless && is_memfd(dentry))
		r->origin = ORIGIN_MEMFD;
	else if (nameless)
		r->origin = ORIGIN_DELETED;
	else if ((r->flags & IMAGE_OVERLAY) && in_upper_layer(inode))
		r->origin = ORIGIN_UPPER;
	else if (s->walk.other_mount)
		r->origin = ORIGIN_OTHER_MOUNT;
	else
		r->origin = ORIGIN_IMAGE;
	bound = s->walk.other_mount || !is_top(BPF_CORE_READ(file, f_path.mnt, mnt_root));
	if (len == 0) {
		/* Without a path there is still the name, such as memfd:x. */
		long n = bpf_probe_read_kernel_str(s->bytes, NAME_BYTES, BPF_CORE_READ(dentry, d_name.name));

		return r->exe_len = n > 1 ? n - 1 : 0;
	}
	if (len > PATH_BYTES)
		len = PATH_BYTES;
	bpf_probe_read_kernel(s->bytes, len, &s->path[from & (PATH_BYTES - 1)]);
	r->exe_len = len;
	/* Mostly the file system is mounted whole, at the root: then it knows the file by the same path. */
	if (bound && !add_inner(s, len, dentry, &r->inner_len))
		r->flags |= IMAGE_INNER_CUT;
	return len + r->inner_len;
}

/* Where the root folder of the process is; the first process of a container has that of the container. */
static __always_inline __u32 add_root(struct scratch *s, __u32 at, struct task_struct *task)
{
	struct rec_image *r = &s->image;
	struct dentry *root = BPF_CORE_READ(task, fs, root.dentry);

	r->root_device = BPF_CORE_READ(root, d_sb, s_dev);
	if (!is_top(root) && !add_inner(s, at, root, &r->root_len))
		r->flags |= IMAGE_ROOT_CUT;
	return at + r->root_len;
}

/* Everything but the header's number, exe, root, file name and arguments. */
static __always_inline void fill_image(struct rec_image *r, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct user_namespace *user_ns = BPF_CORE_READ(cred, user_ns);
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);
	struct pid *pid;

	by_task(&r->header, task);
	r->parent_tgid = BPF_CORE_READ(parent, tgid);
	r->parent_start_boot_ns = start_of(parent);
	r->ordinal = BPF_CORE_READ(task, self_exec_id) - BPF_CORE_READ(task, parent_exec_id);
	r->flags = 0;
	r->inode = 0;
	r->device = 0;
	r->origin = ORIGIN_UNKNOWN;
	r->uid = BPF_CORE_READ(cred, uid.val);
	r->egid = BPF_CORE_READ(cred, egid.val);
	r->login_uid = NO_UID;
	if (bpf_core_field_exists(task->loginuid))
		r->login_uid = BPF_CORE_READ(task, loginuid.val);
	r->euid_in_ns = uid_in(user_ns, r->header.euid);
	r->mnt_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	r->net_ns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	r->pid_in_ns = pid_in_ns(task, &r->pid_ns);
	pid = BPF_CORE_READ(signal, pids[PIDTYPE_PGID]);
	r->process_group = BPF_CORE_READ(pid, numbers[0].nr);
	pid = BPF_CORE_READ(signal, pids[PIDTYPE_SID]);
	r->session = BPF_CORE_READ(pid, numbers[0].nr);
	r->tty = 0;
	if (tty) {
		__u32 major = BPF_CORE_READ(tty, driver, major);
		__u32 minor = BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index);

		/* The form of /proc/PID/stat. */
		r->tty = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
	}
	bpf_core_read(r->comm, sizeof(r->comm), &task->comm);
	r->exe_len = 0;
	r->exe_mnt_ns = 0;
	r->reserved = 0;
	r->root_device = 0;
	r->inner_len = 0;
	r->root_len = 0;
	r->filename_len = 0;
	r->interpreter_len = 0;
	r->args_len = 0;
}

#endif
