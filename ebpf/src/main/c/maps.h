/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All maps. Each is pinned; each has a limit; what doesn't fit is counted or the least recently used goes. */
#ifndef GUARDIAN_MAPS_H
#define GUARDIAN_MAPS_H

#define PATH_BYTES 4096
#define ARGS_BYTES 4096
#define NAME_BYTES 256
#define FILENAME_BYTES 1024
#define INNER_BYTES 1024
#define IMAGE_BYTES 16384

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct config);
} config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct reader);
} reader SEC(".maps");

/* The numbers of records, by lane; how many of the interrupted are taking one. */
struct sequence {
	__u64 next[SEQUENCE_LANES];
	__u32 depth;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sequence);
} sequences SEC(".maps");

/* Records that found no room, by kind. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, KIND_MAX);
	__type(key, __u32);
	__type(value, __u64);
} losses SEC(".maps");

/* What the cgroups of a number (as in `reader`) wrote while much of the ring was unread, since its writer was at `since`. */
struct ring_share {
	__u64 since;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LOSS_SLOTS);
	__type(key, __u32);
	__type(value, struct ring_share);
} ring_shares SEC(".maps");

/* Ids of the cgroups whose subtrees are watched, if config.only_cgroups. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u32);
} only_cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} excludes SEC(".maps");

/* The effective user a process was last seen with. */
struct task_user {
	__u64 start_boot_ns;
	__u32 euid;
	__u32 user_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u32);
	__type(value, struct task_user);
} users SEC(".maps");

/* Processes whose exit is reported: two threads may both see that they were the last. */
struct exit_key {
	__u64 start_boot_ns;
	__u32 tgid;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct exit_key);
	__type(value, __u32);
} exits SEC(".maps");

/* Who opened a socket, by cookie, for what the kernel does with it outside that process. */
struct owner {
	__u64 start_boot_ns;
	__u64 cgroup_id;
	__u32 tgid;
	__u32 tid;
	__u32 euid;
	__u32 user_ns;
	__u32 net_ns;
	__u8 protocol;
	__u8 listening;
	/* sendmsg with an address was called, and its packet wasn't seen yet. */
	__u8 sending;
	__u8 reserved;
	struct endpoint local;
	/* What connect was given, and the last that sendmsg was. */
	struct endpoint remote;
	struct endpoint sent;
	__u32 reserved2;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct owner);
} owners SEC(".maps");

struct listener_key {
	__u64 cgroup_id;
	__u32 net_ns;
	__u16 port;
	__u16 reserved;
	__u8 address[16];
};

/* Cookies of the TCP sockets that listen. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener_key);
	__type(value, __u64);
} listeners SEC(".maps");

/* When a datagram last went between a UDP socket and a remote. */
struct peer_key {
	__u64 cookie;
	__u8 address[16];
	__u16 port;
	__u8 reserved[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct peer_key);
	__type(value, __u64);
} peers SEC(".maps");

/* What DNS has cost of the ring lately, by cgroup. */
struct dns_budget {
	__u64 since;
	__u32 bytes;
	__u32 skipped;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct dns_budget);
} dns_budgets SEC(".maps");

/* Which processes were told of already, by the kind of their other sockets. */
struct other_key {
	__u64 start_boot_ns;
	__u32 tgid;
	__u32 exec_id;
	__u16 family;
	__u16 type;
	__u16 protocol;
	__u16 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct other_key);
	__type(value, __u32);
} others SEC(".maps");

/* Where a walk up a path is. In memory, so that the verifier sees the same unknown state in every round. */
struct walk {
	struct dentry *dentry;
	struct mount *mount;
	__u32 from;
	__u8 crossed;
	__u8 other_mount;
	__u8 cut;
	__u8 reserved;
};

union record_types {
	struct rec_fork fork;
	struct rec_exit exit;
	struct rec_socket socket;
	struct rec_dns dns;
	struct rec_segment segment;
	struct rec_other_socket other_socket;
	struct rec_credentials credentials;
	struct rec_cgroup cgroup;
	struct open_socket open_socket;
};

/* Room to build an image record in; too large for the stack. */
struct scratch {
	__u32 busy;
	__u32 reserved;
	struct walk walk;
	/* Takes no room: so that the BTF of the object describes all records. */
	union record_types types[0];
	struct rec_image image;
	__u8 bytes[IMAGE_BYTES];
	__u8 path[PATH_BYTES + 2 * NAME_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

#endif
